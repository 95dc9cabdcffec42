"""What is said in a chat when somebody says something to us: short, the same in every chat, in their language."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from tactful.compose.chats import de, en, es, fr, pt
from tactful.facts.chats.labels import language
from tactful.kernel.records import Response

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": en.WORDS,
    "pt": pt.WORDS,
    "es": es.WORDS,
    "de": de.WORDS,
    "fr": fr.WORDS,
}
THANKS = {Response.ENGAGED: "engaged", Response.SNOOZED: "snoozed", Response.DISMISSED: "dismissed"}


def say(name: str, tag: str, **facts: str) -> str:
    """One sentence or more. tag: of the language, such as `pt-BR`; English where we have not its words.

    >>> say("quiet", "de", start="22:00", end="08:00")
    'Verstanden: zwischen 22:00 und 08:00 deines Tages wird dir nichts geschickt.'
    """
    return LANGUAGES[language(tag)][name].format_map(facts)


def thanks(response: Response, tag: str) -> str:
    """What is said to an answer."""
    return say(THANKS[response], tag)


def quiet(start: time | None, end: time | None, tag: str) -> str:
    """What is said where quiet hours were set, or ended."""
    if start is None or end is None:
        return say("not_quiet", tag)
    return say("quiet", tag, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def preferences(theirs: Mapping[str, Any], tag: str, *, channel: str) -> str:
    """How somebody is reached, a line each. theirs: see `store.described.preferences`; channel: the one they ask in."""
    most = theirs["max_notifications_per_day"]
    told = [say("most_one" if most == 1 else "most", tag, most=str(most))]
    start, end = theirs["quiet_hours_start"], theirs["quiet_hours_end"]
    if start is not None and end is not None:
        told.append(say("quiet_now", tag, start=f"{start:%H:%M}", end=f"{end:%H:%M}"))
    if theirs["dnd_enabled"]:
        told.append(say("do_not_disturb", tag))
    if channel in theirs["disabled_channels"]:
        told.append(say("switched_off", tag))
    return "\n".join([*told, "", say("help", tag)])


def why(told: Mapping[str, Any], tag: str) -> str:
    """Why somebody got what they got last. told: its title, and `because`, `facts` and `limits` in sentences."""
    reasons: Sequence[str] = (told["because"], *told["facts"], *told["limits"])
    opening = say("why", tag, title=told["title"])
    return "\n".join([opening, *(f"- {each}" for each in reasons), "", say("way_out", tag)])
