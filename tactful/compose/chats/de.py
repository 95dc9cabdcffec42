"""German."""

WORDS = {
    "consent": "Du hast diesen Chat mit deinem eigenen Link geöffnet. Ab jetzt können hier Nachrichten für dich "
    "kommen; "
    "STOP beendet sie.",
    "linked": "Hallo! Ab jetzt können hier Nachrichten für dich kommen. Schick jederzeit STOP, dann kommt nichts mehr.",
    "already": "Dieser Chat gehört schon dir. Es ist nichts weiter zu tun.",
    "link_over": "Dieser Link wurde schon benutzt oder ist zu alt. Bitte öffne in der App einen neuen.",
    "stranger": "Hallo! Ich weiß noch nicht, wer du bist. Bitte öffne den Link zu diesem Chat in der App, die du "
    "benutzt; bis dahin wird nichts von dem aufbewahrt, was du schreibst.",
    "stopped": "Erledigt. Dir wird nichts mehr geschickt, weder hier noch anderswo, auch nicht, was schon geplant war. "
    "Wenn du es dir anders überlegst, öffne in der App einen neuen Link.",
    "quiet": "Verstanden: zwischen {start} und {end} deines Tages wird dir nichts geschickt.",
    "not_quiet": "Verstanden: du hast keine Ruhezeit mehr.",
    "quiet_unfit": "Das konnte ich nicht lesen. Schreib es so: /quiet 22:00-08:00, oder /quiet off.",
    "nothing_yet": "Dir wurde noch nichts geschickt.",
    "why": "Du hast „{title}“ bekommen, weil:",
    "way_out": "Nicht, was du willst? /quiet 22:00-08:00 für Ruhezeiten, /stop beendet alle Nachrichten.",
    "engaged": "Schön!",
    "snoozed": "In Ordnung, dann später.",
    "dismissed": "In Ordnung, danke für die Antwort.",
    "over": "Danke. Das ist schon vorbei.",
    "most_one": "Du bekommst höchstens 1 Nachricht am Tag.",
    "most": "Du bekommst höchstens {most} Nachrichten am Tag.",
    "quiet_now": "Ruhezeit: {start} bis {end} deines Tages.",
    "do_not_disturb": "Nicht stören ist an: dir wird nichts geschickt.",
    "switched_off": "Nachrichten in diesem Chat sind ausgeschaltet.",
    "help": "/why – warum du die letzte Nachricht bekommen hast\n/quiet 22:00-08:00 – Ruhezeit, /quiet off beendet "
    "sie\n"
    "/preferences – wie du erreicht wirst\n/stop – keine Nachrichten mehr",
    "unknown": "Das kann ich nicht lesen. /help sagt, was ich verstehe.",
    "trouble": "Das hat gerade nicht geklappt. Bitte versuch es gleich noch einmal.",
}
