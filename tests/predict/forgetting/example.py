"""Forgetting for the inherited checks: generated people with three skills each, asked about one at one instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.memories import ANSWER, person_form, person_memory, person_topic
from tactful.kernel.chance import mix
from tactful.predict import forgetting
from tactful.uses.training.ways import WAYS

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
LEARNING = WAYS["forgetting"]
DAYS = 60
SKILLS = 3
ANSWERS = 8


def expression() -> Any:
    """The features, which know no instant: state is as far as it was kept up."""
    return forgetting.features(person_memory, person_topic, person_form)


def draws(size: int, number: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def knows(size: int, skill: int, done: int | Floats, days: Floats) -> Floats:
    """The chance of a right answer: people differ, skills differ, practice helps and days take away."""
    ability = 3 * draws(size, 1) - 1.5
    return np.asarray(1 / (1 + np.exp(-(1.5 + ability - 0.5 * skill + 0.25 * done - 0.9 * np.log1p(days)))))


def log(size: int) -> pl.DataFrame:
    """ANSWER of everybody, from DAYS before AT to long after it, by time."""
    rows = []
    for skill in range(SKILLS):
        day = DAYS * draws(size, 10 + skill) - DAYS
        for done in range(ANSWERS):
            gap = 20 * draws(size, 100 + 10 * skill + done) ** 2
            day, number = day + gap, 200 + 10 * skill + done
            hit = draws(size, number) < knows(size, skill, done, gap)
            rows.append(_answers(np.arange(size), skill, day, hit, 5 + 10 * draws(size, number + 100)))
    return pl.concat(rows).sort("at", "person_id")


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of one skill of each of `size` people at AT, from a log that reaches to `until`."""
    return forgetting.given(*_stood(size, until or AT))


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN with 1 for each whose answer at AT, had it been asked, would have been wrong."""
    given = asked(size)
    skill, days = np.arange(size) % SKILLS, given["days_since_practice"].fill_null(DAYS).to_numpy()
    done = given["answers"].to_numpy()
    right = np.choose(skill, [draws(size, 7) < knows(size, each, done, days) for each in range(SKILLS)])
    return given, 1.0 - right


def baseline(given: pl.DataFrame) -> Floats:
    """FSRS alone; what was never practised is taken for forgotten."""
    return given["faded"].fill_null(10.0).to_numpy()


def _stood(size: int, until: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """When each was asked, and what was kept of them just then: the question stands in the log as if answered."""
    people = np.arange(size)
    question = _answers(people, people % SKILLS, np.zeros(size), np.zeros(size, dtype=np.bool_), np.ones(size))
    question = question.with_columns(at=pl.lit(AT), asked=pl.lit(True))
    known = log(size).filter(pl.col("at") <= until).with_columns(asked=pl.lit(False))
    rows = pl.concat([known, question]).sort("at", "asked", "person_id")
    stood, _ = forgetting.advance(forgetting.State(), rows.drop("asked"))
    order = rows.with_row_index("row").filter(pl.col("asked")).sort("person_id")["row"]
    return pl.DataFrame({"at": [AT] * size, "hour": [12.0] * size}, schema=forgetting.ASKED), stood[order]


def _answers(
    people: NDArray[Any], skill: NDArray[Any] | int, days: Floats, hit: NDArray[Any], seconds: Floats
) -> pl.DataFrame:
    """ANSWER `days` after AT."""
    return pl.DataFrame({"person_id": people, "hit": hit, "seconds": seconds, "days": days}).select(
        pl.col("person_id"),
        skill_id=pl.lit(pl.Series("skill", np.broadcast_to(skill, people.shape))).cast(pl.String),
        topic_id=pl.lit("topic"),
        at=(pl.lit(AT) + pl.duration(microseconds=pl.col("days") * timedelta(days=1).total_seconds() * 1e6)),
        hit=pl.col("hit").cast(pl.Float64),
        rating=pl.lit(None, pl.Float64),
        seconds=pl.col("seconds"),
    ).select(pl.col(name).cast(kind) for name, kind in ANSWER.items())  # fmt: skip
