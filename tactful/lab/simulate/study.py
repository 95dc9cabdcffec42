"""Many studies of some sessions each: an organisation that learns from evening to evening, many times over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from tactful.decide.live.choosing import Known
from tactful.decide.live.rules import rules
from tactful.decide.live.settings import CONTROL
from tactful.decide.policies import RANKED, Policy, exploring, thompson
from tactful.kernel.settings import Settings
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.rooms import Believing, Evening
from tactful.lab.simulate.scenarios import EXPECTED, SCENARIOS
from tactful.learn.arms import Arms, Beliefs

BEGINS = datetime(2026, 1, 5, 18, tzinfo=UTC)
# Sessions of an evening; and evenings are days apart.
EVENING = 10

# What chooses, by name: as it serves; all alike; and as was expected before anything was learned.
POLICIES: dict[str, Policy] = {"thompson": exploring(Settings({})), "uniform": thompson(1.0), "ranked": RANKED}


@dataclass(slots=True)
class Study:
    """So many organisations with so many sessions each, under one scenario and policy. seed: of all chance."""

    scenario: str
    sessions: int
    studies: int
    policy: str = "thompson"
    seed: int = 1
    share: float = CONTROL.default
    _arms: list[Arms] = field(init=False)
    _beliefs: list[Beliefs] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing learned yet."""
        self._arms = [Arms.unlearned(Settings({}))] * self.studies
        self._beliefs = [arms.beliefs(expected) for arms in self._arms]

    def run(self, progress: Callable[[int], None] = lambda _: None) -> pl.DataFrame:
        """All moments, in order of their time, with `study`, `without` and `done` (what would have been and was)."""
        parts = []
        for first in range(0, self.sessions, EVENING):
            moments = self._evening(first, min(EVENING, self.sessions - first))
            parts.append(moments)
            if self.policy == "thompson":
                self._learn(moments, first)
            progress(first)
        return pl.concat(parts)

    def _evening(self, first: int, sessions: int) -> pl.DataFrame:
        luck = Luck.of(self.seed, first * self.studies, sessions * self.studies)
        whose = np.repeat(np.arange(self.studies), sessions)
        starts_at = BEGINS + timedelta(days=first // EVENING)
        by = rules(Settings({CONTROL.name: self.share}), policy=POLICIES[self.policy])
        evening = Evening(SCENARIOS[self.scenario], luck, whose, starts_at, by, self._believing())
        return pl.DataFrame(evening.run(), schema=SCHEMA, infer_schema_length=None)

    def _believing(self) -> Believing:
        def believed(moments: pl.DataFrame) -> Known:
            asked = moments.select("organisation_id", "context", "anomaly_type").unique(maintain_order=True).rows()
            found = {
                (study, context, kind): self._beliefs[study].of(context, kind)
                for study, context, trouble in asked
                for kind in EXPECTED[trouble]
            }
            return {key: (mean, variance**0.5) for key, (mean, variance) in found.items()}

        return believed

    def _learn(self, moments: pl.DataFrame, first: int) -> None:
        now = (BEGINS + timedelta(days=first // EVENING + 1)).timestamp()
        for (study,), part in moments.group_by("study"):
            number = int(str(study))
            self._arms[number] = self._arms[number].learned(part, now)
            self._beliefs[number] = self._arms[number].beliefs(expected)


def expected(context: str, kind: str) -> float:
    """The gain that was expected before anything was learned."""
    return EXPECTED[context.split("/")[0]][kind]


SCHEMA: dict[str, Any] = {
    "study": pl.Int64, "live_session_id": pl.Int64, "at": pl.Datetime("us", "UTC"), "anomaly_type": pl.String,
    "context": pl.String, "kind": pl.String, "offered": pl.List(pl.String), "acted": pl.Boolean,
    "propensity": pl.Float64, "before": pl.Float64, "expected": pl.Float64, "regret": pl.Float64,
    "after": pl.Float64, "without": pl.Float64, "done": pl.Float64,
}  # fmt: skip
