"""How well the risk ranked those who really stayed silent, on your own past.

Everybody seen before the instant is judged by what was known then; truth is silence through all
of the following days. Beside it stands what days since the last activity alone would have said.
"""

from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
import polars as pl

from tactful import loop
from tactful.decide import Rules
from tactful.kernel.errors import BadInput
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.ranking import CALIBRATION, RANKING
from tactful.store.database import Database
from tactful.store.decided import silence as store
from tactful.store.decided.moments import Scope
from tactful.store.reading import reader

PART = "silence"


def silence(database: Database, rules: Rules, *, at: datetime | None, days: int) -> list[Row]:
    """Rows for everybody seen up to `at` [UTC] against who stayed silent for `days` afterwards.

    raises: BadInput when the events do not reach to the end of those days.
    """
    if at is None:
        raise BadInput("Name an instant of the past with --at, for example 2026-01-31T18:00:00Z.", fields=["at"])
    if days < 1:
        raise BadInput("The days of silence must be at least one.", fields=["days"])
    until = at + timedelta(days=days)
    start = perf_counter()
    with reader(database, few=False) as source:
        seen = loop.look(source, Scope(), at=at, rules=rules, past=True)
    seconds = perf_counter() - start
    if seen.filter(pl.col("first_seen_at") <= at).is_empty():
        raise BadInput(f"Nobody was known yet at {at:%Y-%m-%d %H:%M} UTC; choose a later --at.", fields=["at"])
    with reader(database, few=False) as source:
        last = store.latest(source, after=at)
        if last is None or last < until:
            raise BadInput(
                f"Events end before {until:%Y-%m-%d %H:%M} UTC, so who stayed silent is not known yet; "
                "choose an earlier --at or fewer --days.",
                fields=["at", "days"],
            )
        returned = store.returned(source, after=at, until=until)
    return compare(seen, returned, at=at, days=days, seconds=seconds)


def compare(seen: pl.DataFrame, returned: pl.DataFrame, *, at: datetime, days: int, seconds: float) -> list[Row]:
    """Rows from beliefs (person_id, first_seen_at, last_seen_at, risk_score) and who returned (person_id)."""
    asked = seen.filter(pl.col("first_seen_at") <= at)
    back = asked["person_id"].is_in(returned["person_id"].implode())
    truth = (~back).to_numpy().astype(np.float64)
    score = asked["risk_score"].fill_null(0.5).to_numpy().astype(np.float64)
    recency = asked.select((pl.lit(at) - pl.col("last_seen_at")).dt.total_seconds()).to_series()
    answers = [
        Answer("tactful", score, {**RANKING, **CALIBRATION}, seconds),
        Answer("baseline", recency.to_numpy().astype(np.float64), RANKING, 0.0),
    ]
    return measured(PART, f"silence@{days}d", truth, answers)
