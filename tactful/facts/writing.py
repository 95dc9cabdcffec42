"""Words that a language model writes ahead: what is asked of it, what comes back, and the port between."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# What can be written, by the kinds of live interventions. Everything else is templates.
POLL, CHAT_PROMPT = PURPOSES = ("POLL", "CHAT_PROMPT")
MULTIPLE_CHOICE, RATING, OPEN_ENDED = TYPES = ("multiple_choice", "rating", "open_ended")
# Characters of what is written, and how many answers there may be.
SHORTEST, LONGEST, LONGEST_OPTION = 8, 140, 60
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6


class Outcome(StrEnum):
    """What came of asking a language model.

    WRITTEN: words that may be used. UNFIT: well formed, but against a rule of ours. MALFORMED: not what was asked for.
    REFUSED: the model would not. LATE: it took too long. BUSY: too many ask it. DENIED: it does not know us, or the
    model. FAILED: anything else. CLAIMED: asked, and nothing heard since.
    """

    CLAIMED = "claimed"
    WRITTEN = "written"
    UNFIT = "unfit"
    MALFORMED = "malformed"
    REFUSED = "refused"
    LATE = "late"
    BUSY = "busy"
    DENIED = "denied"
    FAILED = "failed"


# The provider itself, not what it wrote: asking once more at once would not help.
TROUBLE = (Outcome.LATE, Outcome.BUSY, Outcome.DENIED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. system: how to go about it; about: what is known, data alone.

    purpose: one of PURPOSES, or `polishing.OUTREACH`.
    """

    purpose: str
    system: str
    about: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written: a question with its type and options, or a message; one to a single person has a title."""

    text: str
    type: str = ""
    options: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. tokens: as the provider counts them; seconds: how long it took; error: one line, no secrets."""

    outcome: Outcome
    draft: Draft | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    error: str = ""


class Writer(Protocol):
    """A language model. model: its name; output_tokens: the most it may write at a time."""

    model: str
    output_tokens: int

    async def write(self, order: Order) -> Answer:
        """Write once, within the time that is allowed. Never raises: what goes wrong is an outcome."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
