"""What a template is, and what is known when one is looked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

POLL, CHAT_PROMPT, NOTIFICATION, GAMIFICATION = KINDS = ("POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION")
ANOMALIES = ("SUDDEN_DROP", "GRADUAL_DECLINE", "LOW_ENGAGEMENT", "MASS_EXIT")
SEVERITIES = ("low", "medium", "high", "critical")
PHASES = ("start", "middle", "end")
LANGUAGES = ("en", "de")
MULTIPLE_CHOICE, RATING, OPEN_ENDED = TYPES = ("multiple_choice", "rating", "open_ended")
AUDIENCE, ORGANISERS = "audience", "organisers"
# The parts of a wording, by kind of intervention.
PARTS = {
    POLL: ("question",),
    CHAT_PROMPT: ("text",),
    NOTIFICATION: ("title", "body"),
    GAMIFICATION: ("title", "body"),
}
# How many of the templates used last are left out.
REMEMBERED = 10
VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or two; `names` are the variables in it."""

    words: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A template in one language. parts: for each part its texts, of which the first that can be filled in is taken."""

    parts: Mapping[str, tuple[Text, ...]]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """What can be said, and when it fits.

    family: of polls pulse, opinion, engaging, tech or crisis; of the others prompt, audience, organisers, achievement
        or leaderboard
    type, seconds: of polls: what is asked for, and how long it stays open [s], 45 to 90
    fewest, most: viewers it is for; most is 0 where there are never too many
    topics: groups of topics it is for; any where there are none
    severity: what it is for alone, where it is for one
    achievement: what the room calls it, of achievements
    """

    name: str
    kind: str
    family: str
    wordings: Mapping[str, Wording]
    anomalies: frozenset[str]
    phases: frozenset[str] = frozenset(PHASES)
    type: str = ""
    seconds: int = 0
    fewest: int = 0
    most: int = 0
    topics: frozenset[str] = frozenset()
    to: str = AUDIENCE
    severity: str = ""
    achievement: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a live session at the moment something is to be said in it.

    anomaly, severity: as they were noticed; empty where nothing was, and an organiser asks
    viewers: how many are there now; phase: start, middle or end of the session
    topic, title: the organiser's words; language: a tag such as `en` or `de-AT`; English where we do not speak it
    used: names of the templates used last, newest first
    facts: for organisers: `lost` [percent], `before` [viewers], `minutes`; what is not known is left out
    """

    anomaly: str
    severity: str
    viewers: int
    phase: str
    topic: str = ""
    title: str = ""
    language: str = "en"
    used: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The language of ours to say it in.

        >>> Context("", "", 10, "start", language="de-AT").spoken
        'de'
        """
        tag = self.language[:2].lower()
        return tag if tag in LANGUAGES and not self.language[2:3].isalpha() else LANGUAGES[0]
