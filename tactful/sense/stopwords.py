"""Words that say nothing of what a message is about, by language: our own lists of the commonest ones.

They need not be complete: a word too many among the topics of one message fades among those of many.
"""

from collections.abc import Mapping

SAYING_NOTHING: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": """
        amazing awesome awful bad beautiful boring cool easy excellent fine hard hate hated horrible love loved nice sad
        stupid terrible wonderful worst wrong glad happy angry tired sorry hello bye lol
        a about actually after again all already also always am an and any anything are aren't around as ask asked at
        back be because been before being better between both but by came can can't cannot come could couldn't did
        didn't do does doesn't doing don't done down each else even ever every everything feel few first for from get
        gets getting give go goes going good got great had has hasn't have haven't having he hello help her here hers
        him his how i i'd i'll i'm i've if in into is isn't it it's its just keep kind know last least less let like
        little look lot made make makes many may maybe me mean might mine more most much must my need never new next
        no not nothing now of off often okay on once one only or other our out over own part people please quite
        rather really right said same say see seem seems she should shouldn't since so some someone something soon
        still such sure take tell than thank thanks that that's the their them then there there's these they they're
        thing things think this those though through time to today together tomorrow too tried try trying two under
        until up upon us use used using very want wanted was wasn't way we we're well went were weren't what what's
        when where which while who whole why will with within without won't work would wouldn't yes yesterday yet you
        you're your yours""",
        "de": """
        aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist bitte da
        dabei damit danach danke dann das dass dein deine dem den denn der des dich die dies diese dieser dieses dir
        doch dort du durch eben ein eine einem einen einer eines einfach er es etwas euch euer für ganz gar gegen
        gehabt geht genau gern gestern gibt gut habe haben hallo hat hatte hätte heute hier hin ich ihm ihn ihr ihre
        im immer in ins irgendwie ist ja jede jeder jetzt kann kannst kein keine keinen klar können könnte machen
        macht mal man manchmal mehr mein meine meinen meiner mich mir mit möchte morgen muss müssen nach nein nicht
        nichts noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so soll sollte sondern sonst über um
        und uns unser unter viel viele vielleicht vom von vor wann war waren warum was weil weiß welche wenn wer
        werden wie wieder will wir wird wirklich wo wohl wurde würde zu zum zur zwar zwischen""",
        "fr": """
        afin ai aie alors après as au aucun aussi autre aux avaient avais avait avant avec avez avoir avons beaucoup
        bien bon bonjour c'est car ce cela ces cet cette ceux chaque chez comme comment d'un d'une dans de déjà depuis
        des dire doit donc dont du elle elles en encore entre est et était étais être eux faire fait faut hier ici il
        ils j'ai jamais je jour juste l'on la là laquelle le les leur leurs lui ma mais me même merci mes mieux moi
        moins mon ne ni non nos notre nous on ont ou où oui par parce pas pendant peu peut peux plus plutôt pour
        pourquoi pouvez près puis qu'il quand que quel quelle quelque qui quoi rien s'il sa sais sans se sera ses si
        sinon soi son sont sous souvent suis sur ta tant te tes toi ton toujours tous tout toute toutes très trop tu
        un une va vais vers veux voici voilà voir vos votre voudrais vous vraiment""",
        "es": """
        a ahora al algo alguien algún alguna algunos allí ante antes aquí así aún aunque ayer bien bueno cada casi
        como cómo con contigo creo cuando cuándo de del desde después dice donde dónde durante e el él ella ellas
        ellos en entonces entre era eran eres es esa ese eso esos esta está están estar estas este esto estos estoy
        fue fueron gracias gran ha había hace hacer hacia han hasta hay he hola hoy la las le les lo los luego mañana
        más me mejor menos mi mis mismo mucha mucho muchos muy nada nadie ni ningún no nos nosotros nuestro nunca o
        otra otro otros para parece pero poco por porque pues puede puedo que qué quien quién quiero sabe se sé sea
        según ser será si sí siempre sin sobre solo sólo son soy su sus también tampoco tan tanto te tengo ti tiene
        tienen todo todos tu tú un una unas uno unos usted va vamos verdad vez voy y ya yo""",
        "it": """
        ad adesso agli ai al alla alle allora altri altro anche ancora avere aveva bene c'è che chi ci ciao come con
        cosa così da dagli dai dal dalla de degli dei del della delle dello di dopo dove e è ed era erano essere fa
        fare fatto finché forse fra già gli grazie ha hai hanno ho i ieri il in io l'ho la le lei li lo loro lui ma
        mai me meglio meno mentre mi mia mie miei mio molta molti molto ne nei nel nella niente no noi non nostro
        nulla o oggi ogni ora per perché però più poco poi posso prima proprio può qua qualche qualcosa quale quando
        quanto quella quello questa queste questi questo qui quindi sai se sei sempre senza si sia siamo sono sopra
        sotto sta stato sto su sua subito sul sulla suo te ti tra troppo tu tua tuo tutta tutti tutto un una uno va
        vedere vi voglio voi vorrei""",
        "pt": """
        a agora ai ainda além algo alguém algum alguma ali amanhã antes ao aos apenas aqui as assim até bem boa bom
        cada com como contra da daqui das de dela dele depois desde dessa desse deve do dos e é ela elas ele eles em
        então entre era eram essa esse esta está estamos estão estar estava este estou eu faz fazer foi foram fui há
        hoje isso isto já la lá lhe lo logo mais mas me melhor menos mesmo meu meus mim minha muita muito muitos na
        nada não nas nem nenhum no nos nós nossa nosso nunca o obrigada obrigado olá onde ontem os ou outra outro para
        pela pelo pode podem por porque porém posso pouco pra quais qual quando quanto que quê quem quer quero se seja
        sem sempre ser será seu sim sobre sou sua são só talvez também tão tem tenho ter teu teve tinha toda todo
        todos tu tua tudo um uma umas uns vai vamos você vocês vou""",
        "nl": """
        aan al alle alleen als altijd ander andere anders ben bent beter bij bijna daar daarna dag dan dank dankje dat
        de denk deze die dit doe doen doet dus echt een eens eerst en er erg even gaan gaat gedaan geen geweest gewoon
        gisteren goed graag haar had hallo heb hebben heeft heel hem hen het hier hij hoe hun iemand iets ik in is ja
        je jij jou jouw jullie kan kon kunnen kunt laat leuk maar maken meer meest met mij mijn misschien moet moeten
        mogen morgen na naar niet niets nieuw no nog nooit nou nu of om omdat onder ons onze ook op over par per samen
        sinds snel soms staat steeds te tegen toch toen tot tussen u uit van vandaag vanuit veel vind voor vooral waar
        waarom wanneer want waren was wat we weer weet wel welke werd wie wij wil willen worden wordt zal ze zeer zei
        zelf zich zij zijn zo zoals zonder zou""",
    }.items()
}
# Where the language is not known, what says nothing in any of them.
ANY = frozenset().union(*SAYING_NOTHING.values())


def stop_words(language: str | None) -> frozenset[str]:
    """Words of `language` (a BCP 47 primary tag) that say nothing; of all known ones where it is unknown.

    >>> "nicht" in stop_words("de"), "nicht" in stop_words("en"), "nicht" in stop_words("und")
    (True, False, True)
    """
    return SAYING_NOTHING.get(language or "", ANY)
