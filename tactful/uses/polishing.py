"""Having outreach worded more finely before it is due; sending takes what is there and never waits for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tactful.compose.writing import Limits
from tactful.compose.writing.polishing import polishing, worse
from tactful.compose.writing.settings import AT_ONCE, POLISH_DAYS, POLISH_HOURS
from tactful.decide import Rules
from tactful.facts.polishing import POLISH, Original
from tactful.facts.writing import TROUBLE, Answer, Outcome, Writer
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running import polished, writing
from tactful.uses import experiments, spending
from tactful.uses.governing import governing

# What is not begun by then waits for the next time [s].
LONGEST = 12.0
# After so many failures in a row the rest waits for the next time: the provider is away.
PATIENCE = 5
# Interventions that are looked at each time, and wordings that are asked for of them.
MOST, MOST_ASKED = 2000, 100
# What nothing came of is not asked for again before.
AGAIN = timedelta(hours=1)

Want = tuple[int, Original]


async def polish_ahead(
    database: Database, rules: Rules, settings: Settings, writer: Writer, now: Callable[[], datetime]
) -> int:
    """Have worded more finely what becomes due. Answers how many wordings are there that were not before."""
    work = Work(database, rules, settings, writer, now)
    wants = await asyncio.to_thread(work.wants)
    waiting, clock = asyncio.Semaphore(settings[AT_ONCE]), asyncio.get_running_loop().time
    until = clock() + LONGEST

    async def one(want: Want) -> bool:
        async with waiting:
            return work.failures < PATIENCE and clock() < until and await work.write(want)

    return sum(await asyncio.gather(*(one(want) for want in wants)))


@dataclass(slots=True)
class Work:
    """One time of writing. failures: of the provider, in a row; claiming: one by one, in the order of wants."""

    database: Database
    rules: Rules
    settings: Settings
    writer: Writer
    now: Callable[[], datetime]
    failures: int = 0
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)

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

    async def write(self, want: Want) -> bool:
        """Claim, ask, judge, keep. Whether there are finer words now."""
        _, told = want
        order = polishing(told)
        most = spending.most(self.settings, order, self.writer.output_tokens)
        async with self.claiming:
            call = await asyncio.to_thread(self._claim, want, most)
        if call is None:
            return False
        answer = self._judged(told, await self.writer.write(order))
        self.failures = self.failures + 1 if answer.outcome in TROUBLE else 0
        await asyncio.to_thread(self._keep, call, spending.paid(self.settings, answer, most), answer)
        return answer.outcome is Outcome.WRITTEN

    def _claim(self, want: Want, most: float) -> int | None:
        whose, told = want
        with self.database.batch() as connection:
            return polished.claim(
                connection, whose, told, at=self.now(), again=AGAIN, model=self.writer.model, cost=most,
                budget=spending.budget(self.settings),
            )  # fmt: skip

    def _judged(self, told: Original, answer: Answer) -> Answer:
        if answer.draft is None:
            return answer
        rule = worse(told, answer.draft, Limits.of(self.settings))
        return replace(answer, outcome=Outcome.UNFIT, draft=None, error=rule) if rule else answer

    def _keep(self, call: int, cost: float, answer: Answer) -> None:
        with self.database.batch() as connection:
            writing.settle(connection, call, answer, cost=cost)
            if answer.draft is not None:
                until = self.now() + timedelta(days=self.settings[POLISH_DAYS])
                polished.keep(connection, call, answer.draft.title, answer.draft.text, until=until)
