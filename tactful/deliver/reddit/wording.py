"""A delivery as Reddit takes it: a subject that names it, and Markdown in which no word is read as a mark."""

import re

from tactful.facts.chats.labels import OPEN, language
from tactful.facts.chats.labels import labels as words_of
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery

LONGEST, LONGEST_SUBJECT = 10_000, 100
# Room for the link, the answers and the way out.
ROOM = 1500
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|&<>^~:/])")
MARK = re.compile(r"\[([A-Za-z0-9_-]{1,64})\]\s*$")
# How answers are given, by language: the words that `facts.chats.commands` understands.
ANSWERS = {
    "en": "Reply YES, LATER or NO. WHY tells you why you got this, HELP what else there is. STOP ends all messages, "
    "and so does this link:",
    "pt": "Responde SIM, DEPOIS ou NÃO. WHY diz porque recebeste isto, HELP o que mais há. STOP termina todas as "
    "mensagens, e esta ligação também:",
    "es": "Responde SÍ, LUEGO o NO. WHY dice por qué recibiste esto, HELP qué más hay. STOP termina todos los "
    "mensajes, y este enlace también:",
    "de": "Antworte JA, SPÄTER oder NEIN. WHY sagt, warum du das bekommen hast, HELP, was es sonst gibt. STOP beendet "
    "alle Nachrichten, und dieser Link auch:",
    "fr": "Répondez OUI, PLUS TARD ou NON. WHY dit pourquoi vous avez reçu ceci, HELP ce qu'il y a d'autre. STOP met "
    "fin à tous les messages, et ce lien aussi :",
}


def subject(delivery: Delivery) -> str:
    """One line with the mark at its end, by which a reply says what it answers.

    raises: ChannelRefused where the mark is one that would not come back.
    """
    mark = f" [{delivery.mark}]" if delivery.mark else ""
    if mark and not MARK.search(mark):
        raise ChannelRefused("The mark of this delivery does not fit into a subject.", refusal=Refusal.INVALID)
    title = " ".join(CONTROLS.sub(" ", delivery.message.title).split())
    return cut(title, LONGEST_SUBJECT - len(mark)) + mark


def text(delivery: Delivery) -> str:
    """Its words as Markdown."""
    said, tag = delivery.message, delivery.language
    parts = [plain(cut(CONTROLS.sub("", said.body), (LONGEST - ROOM) // 2))]
    if said.action.startswith(("http://", "https://")):
        parts.append(f"[{words_of(tag)[OPEN]}]({_address(said.action)})")
    if delivery.mark or delivery.out:
        parts.append(f"{ANSWERS[language(tag)]} [STOP]({_address(delivery.out)})")
    return "\n\n".join(parts)


def plain(told: str) -> str:
    """Words as Markdown that shows them as they are.

    >>> plain("*you* & [a](b)")
    '\\\\*you\\\\* \\\\& \\\\[a\\\\]\\\\(b\\\\)'
    """
    return MARKS.sub(r"\\\1", told).replace("\n", "  \n")


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def cut(told: str, most: int) -> str:
    """At most so many characters, and an ellipsis where it was more.

    >>> cut("so much to say", 8)
    'so much…'
    """
    return told if len(told) <= most else told[: most - 1].rstrip() + ELLIPSIS


def marked(subject_: str) -> str:
    """The mark of the delivery that a subject answers; empty for none.

    >>> marked("re: Hello [0af3]"), marked("Hello")
    ('0af3', '')
    """
    found = MARK.search(subject_)
    return found[1] if found and subject_.lower().startswith("re:") else ""
