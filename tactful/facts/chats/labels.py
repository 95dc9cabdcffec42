"""What stands on buttons in chats, by language."""

from collections.abc import Mapping

from tactful.kernel.records import Response

OPEN, STOP = "open", "stop"
LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        OPEN: "Open",
        Response.ENGAGED: "Yes",
        Response.SNOOZED: "Later",
        Response.DISMISSED: "No, thanks",
        STOP: "Stop these messages",
    },
    "pt": {
        OPEN: "Abrir",
        Response.ENGAGED: "Sim",
        Response.SNOOZED: "Mais tarde",
        Response.DISMISSED: "Não, obrigado",
        STOP: "Parar estas mensagens",
    },
    "es": {
        OPEN: "Abrir",
        Response.ENGAGED: "Sí",
        Response.SNOOZED: "Más tarde",
        Response.DISMISSED: "No, gracias",
        STOP: "No más mensajes",
    },
    "de": {
        OPEN: "Öffnen",
        Response.ENGAGED: "Ja",
        Response.SNOOZED: "Später",
        Response.DISMISSED: "Nein, danke",
        STOP: "Keine Nachrichten mehr",
    },
    "fr": {
        OPEN: "Ouvrir",
        Response.ENGAGED: "Oui",
        Response.SNOOZED: "Plus tard",
        Response.DISMISSED: "Non, merci",
        STOP: "Ne plus rien recevoir",
    },
}


def language(tag: str) -> str:
    """The language to write in, by a tag such as `pt-BR`; English where we have not its words.

    >>> language("pt-BR"), language("ja"), language("")
    ('pt', 'en', 'en')
    """
    spoken = tag.lower().replace("_", "-").partition("-")[0]
    return spoken if spoken in LABELS else "en"


def labels(tag: str) -> Mapping[str, str]:
    """What stands on each button, by response, OPEN and STOP."""
    return LABELS[language(tag)]
