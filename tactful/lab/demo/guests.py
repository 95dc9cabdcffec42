"""Those of a made-up audience who have names: whoever has voted. The others are told as numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import log
from typing import Any

from tactful.facts.audiences import Signal
from tactful.kernel.chance import draw

# Share of those there who vote, at most so many; and mean time until they do [s].
VOTING, MOST_VOTERS, TAKING = 0.4, 250, 9
# What those say who are asked for words.
WORDS = ("More examples, please.", "Slower would help.", "All clear so far.", "How does it behave under load?")
# Numbers of questions put to chance.
WHEN, WHAT, WHO = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote that will be given at a second. choice: the place of an option; None where words are asked for."""

    second: int
    poll: str
    guest: str
    choice: int | None
    words: str | None

    def told(self) -> dict[str, Any]:
        """As it is told over HTTP."""
        said = {"words": self.words} if self.choice is None else {"choice": self.choice}
        return {"user_id": self.guest, **said}


@dataclass(slots=True)
class Guests:
    """Those with names, in order of their coming. votes: still to be given, soonest first."""

    seed: int
    here: list[str] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    _named: int = 0
    _new: int = 0

    def asked(self, poll: Mapping[str, Any], *, viewers: int, second: int) -> None:
        """A poll was opened: some of those there will vote, the first options more often."""
        many, last = min(int(VOTING * viewers), MOST_VOTERS), second + max(2, int(poll["duration"]) - 3)
        options = len(poll["options"])
        for number in range(many):
            early = 1 - draw(self.seed, number, second, WHEN)
            at = min(second + 1 + int(-TAKING * log(early)), last)
            chance = draw(self.seed, number, second, WHAT)
            choice = None if poll["type"] == "open_ended" else int(options * chance**1.6)
            words = WORDS[int(chance * len(WORDS))] if choice is None else None
            self.votes.append(Vote(at, poll["poll_id"], self._guest(number), choice, words))
        self.votes.sort(key=lambda vote: vote.second)

    def due(self, second: int) -> list[Vote]:
        """Votes whose time has come; they are given once."""
        ready = [vote for vote in self.votes if vote.second <= second]
        self.votes = self.votes[len(ready) :]
        # Who votes has a name from then on, and is no longer one of a number.
        new = dict.fromkeys(vote.guest for vote in ready if vote.guest not in self.here)
        self.here += new
        self._new += len(new)
        return ready

    def _guest(self, number: int) -> str:
        """Somebody of those there; a new name where there are not so many."""
        if number < len(self.here):
            return self.here[number]
        self._named += 1
        return f"guest-{self._named}"

    def among(self, told: list[Signal], viewers: int, at: datetime, session: str) -> list[Signal]:
        """Signals of a second, with those who leave by name named, and less of a number where a name stands now."""
        signals = [each for each in told if each.kind != "leave"]
        leaving = sum(each.count for each in told if each.kind == "leave")
        gone = [
            self.here.pop()
            for number in range(leaving)
            if self.here and draw(self.seed, number, int(at.timestamp()), WHO) * max(viewers, 1) < len(self.here)
        ]
        stamp = f"{at.timestamp():.0f}"
        signals += [Signal(f"{stamp}-{name}-leave", session, "leave", at, name) for name in gone]
        nameless, self._new = leaving - len(gone) + self._new, 0
        return signals + ([Signal(f"{stamp}-leave", session, "leave", at, count=nameless)] if nameless else [])
