"""How well the risk ranked those who really stayed silent, on your own past.

Everybody seen before the instant is judged by what was known then; truth is silence through all
of the following days. `tactful` is what would have been learned by then, `cold` the rule it started
from, and `baseline` what days since the last activity alone would have said.
"""

from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
import polars as pl

from tactful.decide import Rules
from tactful.kernel.errors import BadInput
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.ranking import CALIBRATION, RANKING, Floats
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import silence as store
from tactful.store.reading import reader
from tactful.uses.training import silence as leaving
from tactful.uses.training.then import Then, then

PART = "silence"


def silence(database: Database, rules: Rules, *, at: datetime | None, days: int) -> list[Row]:
    """Rows for everybody seen up to `at` [UTC] against who stayed silent for `days` afterwards.

    raises: BadInput when the events do not reach to the end of those days.
    """
    if at is None:
        raise BadInput("Name an instant of the past with --at, for example 2026-01-31T18:00:00Z.", fields=["at"])
    if days < 1:
        raise BadInput("The days of silence must be at least one.", fields=["days"])
    start = perf_counter()
    seen = then(database, rules, at)
    seconds = perf_counter() - start
    if seen.people.is_empty():
        raise BadInput(f"Nobody was known yet at {at:%Y-%m-%d %H:%M} UTC; choose a later --at.", fields=["at"])
    truth = seen.stayed_away(_returned(database, at, days))
    score = seen.cold["score"].fill_null(0.5).to_numpy().astype(np.float64)
    answers = [
        _learned(database, rules, seen, days),
        Answer("cold", score, {**RANKING, **CALIBRATION}, seconds),
        Answer("baseline", _recency(seen), RANKING, 0.0),
    ]
    return measured(PART, f"silence@{days}d", truth, answers)


def _returned(database: Database, at: datetime, days: int) -> pl.DataFrame:
    """Who came back within `days`. raises: BadInput when that is not known yet."""
    until = at + timedelta(days=days)
    with reader(database, few=False) as source:
        last = store.latest(source, after=at)
        if last is None or last < until:
            raise BadInput(
                f"Events end before {until:%Y-%m-%d %H:%M} UTC, so who stayed silent is not known yet; "
                "choose an earlier --at or fewer --days.",
                fields=["at", "days"],
            )
        return store.returned(source, after=at, until=until)


def _learned(database: Database, rules: Rules, seen: Then, days: int) -> Answer:
    """What each organisation would have learned by then from who fell silent before."""
    start = perf_counter()
    past = leaving.past(database, rules, at=seen.at, days=days)
    chance = np.full(seen.given.height, np.nan)
    for organisation in seen.people["organisation_id"].unique():
        mine = seen.people["organisation_id"] == organisation
        chain = past.learned(organisation)
        belief = chain.believe(dropout.FACTORS, seen.given.filter(mine), seen.cold.filter(mine))
        chance[mine.to_numpy()] = belief.probability.to_numpy()
    return Answer("tactful", np.nan_to_num(chance, nan=0.5), {**RANKING, **CALIBRATION}, perf_counter() - start)


def _recency(seen: Then) -> Floats:
    ago = seen.people.select((pl.lit(seen.at) - pl.col("last_seen_at")).dt.total_seconds()).to_series()
    return ago.to_numpy().astype(np.float64)
