"""Languages that can be told apart, each by its commonest small words."""

import re

WORD = re.compile(r"[^\W\d_]+")

# Lists of our own: the words that hold sentences together, and hardly stand in another of these languages.
SMALL_WORDS = {
    "en": """the a an of and to in is are was were that this these you your we our for with what which how why who when
        would should do does have has it be on at from or not more most about if can could will""",
    "de": """der die das ein eine einen und oder zu zum zur im in ist sind war waren dass du ihr sie wir euch uns für
        mit was welche welcher welches wie warum wer wann wird würde soll sollte haben hat es sein auf am an von
        nicht mehr über wenn kann könnt den dem des noch jetzt gerade""",
    "fr": """le la les un une des et ou à au aux en est sont était que qui quoi quel quelle quels quelles vous votre
        nous notre pour avec comment pourquoi quand serait avez il elle ce cette sur de du ne pas plus si peut
        dans""",
    "es": """el la los las un una unos y o a al en es son era que quién qué cuál cuáles cómo por para con usted su nos
        nuestro cuándo sería tiene ha lo de del no más si puede este esta sobre""",
    "it": """il lo la gli le un una uno e o a al alla in è sono era che chi cosa quale quali come perché per con voi
        noi vostro nostro quando sarebbe avete ha di del della non più se può questo questa su""",
    "nl": """de het een en of aan in is zijn was dat deze dit je jouw jullie we ons voor met wat welke hoe waarom wie
        wanneer zou moet hebben heeft van op niet meer als kan kunnen nog nu""",
    "pt": """o os as um uma e ou ao à em é são era que quem qual quais como por para com você seu nós nosso quando
        seria tem há de do da dos das não mais se pode este esta sobre""",
}
SMALL = {language: frozenset(words.split()) for language, words in SMALL_WORDS.items()}
NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}


def spoken(tag: str) -> str:
    """The language to write in, by a tag such as `pt-BR`: English where we could not tell whether it was written.

    >>> spoken("pt-BR"), spoken("ja")
    ('pt', 'en')
    """
    language = tag.lower().replace("_", "-").split("-")[0]
    return language if language in SMALL else "en"


def foreign(text: str, language: str) -> bool:
    """Whether `text` is clearly not in `language`: another one's small words are more, or its letters are not Latin.

    >>> foreign("Was soll als Nächstes kommen?", "de"), foreign("Was soll als Nächstes kommen?", "en")
    (False, True)
    """
    words = [word.lower() for word in WORD.findall(text)]
    own = sum(word in SMALL[language] for word in words)
    others = max(sum(word in small for word in words) for name, small in SMALL.items() if name != language)
    letters = [letter for word in words for letter in word]
    strange = sum(letter > "\u024f" for letter in letters)
    return others > own or strange * 5 > len(letters)
