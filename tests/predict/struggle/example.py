"""Struggle for the inherited checks: learners and content of all sorts, everybody asked at one instant."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import ibis
import numpy as np
import polars as pl

from tactful.facts.activity import PERSON_DAY, person_day, window
from tactful.facts.additive import Floats
from tactful.facts.practice import ATTEMPT, Practice, advance, nothing
from tactful.kernel.chance import mix
from tactful.predict import struggle

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
CONTENTS, SKILLS, MOST, LATER = 40, 8, 12, 4
SKILL = [[f"s{number % SKILLS}"] if number % 5 else [f"s{number % SKILLS}", "s0"] for number in range(CONTENTS)]


def expression() -> Any:
    """The features asked for at AT."""
    return struggle.features(person_day, window(AT.date()))


def draws(size: int, number: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def attempts(size: int, *, first: int = 0) -> pl.DataFrame:
    """ATTEMPT of people: up to MOST before AT, one at AT, LATER ones on the days that follow."""
    ability, count = 4 * draws(size, 1 + first) - 2, (draws(size, 2 + first) * (MOST + 1)).astype(np.int64)
    rows = []
    for step in range(-MOST, LATER + 1):
        here = np.flatnonzero((step >= 0) | (-step <= count))
        content = (draws(size, 1000 * (step + 50) + first) * CONTENTS).astype(np.int64)[here]
        hard = 4 * draws(CONTENTS, 3) - 2
        luck = draws(size, 1000 * (step + 50) + first + 1)[here]
        success = luck < 1 / (1 + np.exp(hard[content] - ability[here]))
        told = {
            "person_id": first + here,
            "content_id": [f"c{number}" for number in content],
            "skills": [SKILL[number] for number in content],
            "at": [AT + timedelta(hours=7 * step)] * here.size,
            "difficulty": [None if number % 3 else 0.5 + hard[number] / 5 for number in content],
            "success": success.astype(np.float64),
        }
        rows.append(pl.DataFrame(told, schema=ATTEMPT))
    return pl.concat(rows)


@cache
def taught() -> Practice:
    """What content has learned of other people."""
    return advance(nothing(), attempts(300, first=10**6))[1]


def moods(size: int, *, until: datetime) -> pl.DataFrame:
    """PERSON_DAY of two days before AT and two after it, as far as `until`."""
    days = [(AT + timedelta(days=day)).date() for day in (-9, -2, 0, 3, 5)]
    rows = pl.DataFrame({"person_id": np.arange(0, size, 2)}).join(
        pl.DataFrame({"day": [day for day in days if day <= until.date()]}), how="cross"
    )
    # a mood for each person and day, whatever else is known
    place = rows.select(pl.col("person_id") * 400 + pl.col("day").dt.ordinal_day()).to_series().to_numpy()
    mood = 2 * draws(400 * (size + 1), 7)[place] - 1
    told = rows.with_columns(pl.Series("sentiment_sum", mood), pl.lit(1).alias("sentiment_count"))
    missing = [name for name in PERSON_DAY if name not in told.columns]
    filled = told.with_columns(pl.lit("UTC" if name == "zone" else 0).alias(name) for name in missing)
    return filled.select(list(PERSON_DAY))


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of `size` people at AT, from logs that reach to `until`."""
    log = attempts(size).filter(pl.col("at") <= (until or AT))
    before, _ = advance(taught(), log, everybody=False)
    statement = ibis.to_sql(struggle.features(person_day, window(AT.date())), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_day", moods(size, until=until or AT).to_arrow())
        mood = pl.DataFrame(engine.sql(statement).to_arrow_table())
    return struggle.given(before.filter(log["at"] == AT), mood)


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN with 1 for each whose attempt at AT failed."""
    log = attempts(size)
    failed: Floats = 1 - log.filter(pl.col("at") == AT)["success"].to_numpy()
    return asked(size), failed


def baseline(given: pl.DataFrame) -> Floats:
    """The share of the person's attempts that failed so far, alone."""
    return 1 - given["success_share"].fill_null(0.5).to_numpy()
