"""Having outreach worded more finely before it is due; sending takes what is there and never waits for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from tactful.compose.writing import Limits
from tactful.compose.writing.polishing import polishing, worse
from tactful.compose.writing.settings import POLISH_DAYS, POLISH_HOURS
from tactful.decide import Rules
from tactful.facts.polishing import POLISH, Original
from tactful.facts.writing import Answer, Draft, Order, Writer
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database
from tactful.store.running import polished
from tactful.uses import ahead, experiments, spending
from tactful.uses.governing import governing

# Interventions that are looked at each time, and wordings that are asked for of them.
MOST, MOST_ASKED = 2000, 100
# What nothing came of is not asked for again before.
AGAIN = timedelta(hours=1)

Want = tuple[int, Original]


async def polish_ahead(
    database: Database, rules: Rules, settings: Settings, writer: Writer, now: Callable[[], datetime]
) -> int:
    """Have worded more finely what becomes due. Answers how many wordings are there that were not before."""
    return await Work(database, settings, writer, now, rules=rules).all()


@dataclass(slots=True)
class Work(ahead.Work[Want]):
    """One time of wording more finely, of messages that become due."""

    longest: ClassVar[float] = 12.0

    rules: Rules = field(kw_only=True)

    def wants(self) -> list[Want]:
        """What should be worded more finely, each once, however many people are told it."""
        now = self.now()
        until = now + timedelta(hours=self.settings[POLISH_HOURS])
        with self.database.batch() as connection:
            rules = governing(connection, self.rules)
            mind = {whose: Settings(each.values)[POLISH] for whose, each in rules.own.items()}
            common = Settings(rules.values)[POLISH]
            rows = polished.waiting(connection, at=now, until=until, wanted=mind, common=common, most=MOST)
            told = experiments.originals(connection, rows, now, rules=rules)
            keys = list(dict.fromkeys((whose, each.print) for whose, each in told))
            there = polished.known(connection, keys, at=now)
        wants = {(whose, each.print): (whose, each) for whose, each in told}
        return [want for key, want in wants.items() if key not in there][:MOST_ASKED]

    def order(self, want: Want) -> Order:
        """The words there are, and how to make them finer."""
        return polishing(want[1])

    def claim(self, connection: Connection, want: Want, most: float) -> int | None:
        """A call for these words, where nobody has asked for them lately."""
        whose, told = want
        return polished.claim(
            connection, whose, told, at=self.now(), again=AGAIN, model=self.writer.model, cost=most,
            budget=spending.budget(self.settings),
        )  # fmt: skip

    def fault(self, want: Want, draft: Draft) -> str:
        """What makes a draft worse than the words there are."""
        return worse(want[1], draft, Limits.of(self.settings))

    def keep(self, connection: Connection, want: Want, call: int, draft: Draft, answer: Answer, cost: float) -> None:
        """Store the finer words."""
        until = self.now() + timedelta(days=self.settings[POLISH_DAYS])
        polished.keep(connection, call, draft.title, draft.text, until=until)
