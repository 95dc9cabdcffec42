"""Words to single people that a language model may say more finely: what is asked of it, and who wants it."""

import hashlib
import json
from dataclasses import asdict, dataclass

from tactful.kernel.settings import Setting

# What it is called beside the purposes of live sessions.
OUTREACH = "OUTREACH"
# Characters of a message before anything is filled in, with room for what stands in braces.
LONGEST_TITLE, LONGEST_BODY = 120, 240
FRIENDLY, PLAIN, FORMAL = TONES = ("friendly", "plain", "formal")

POLISH = Setting(
    "llm.polish",
    False,
    "Whether the language model may word outreach to single people more finely, ahead of sending; never in a test of "
    "wordings.",
    own=True,
)
TONE = Setting("llm.tone", FRIENDLY, "How outreach sounds that a language model worded.", choices=TONES, own=True)


@dataclass(frozen=True, slots=True)
class Original:
    """A wording that is to be said more finely.

    title, body: with the names that it is about filled in; numbers and days stay in braces, so that it is the same for
    everybody. names: those that are filled in. language: one of `compose.languages`.
    """

    kind: str
    language: str
    tone: str
    title: str
    body: str
    names: tuple[str, ...] = ()

    @property
    def print(self) -> str:
        """A fingerprint: equal words, equal print."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Polished:
    """The same, said more finely; in braces what its original has in braces. model: who wrote it."""

    title: str
    body: str
    model: str
