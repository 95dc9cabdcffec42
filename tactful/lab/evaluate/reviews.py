"""Logs of what people remembered: one person's flash cards with times, vocabulary of 37 learners without, algebra.

A card, and a word, is a skill; a family of words is a topic. All become the answers that the store would be told.
"""

from pathlib import Path

import polars as pl

from tactful.facts.memories import ANSWER
from tactful.facts.moments import INSTANT
from tactful.lab.evaluate import attempts
from tactful.lab.evaluate.rows import needed

CARDS, WORDS = "srs_anki_josh", "srs_spanish"
MISSED = 1


def cards(data: Path) -> pl.DataFrame:
    """ANSWER of the flash cards in the order they were given. raises: NotFound without the file."""
    (path,) = needed(data / CARDS, "revlog.parquet")
    return _answers(
        pl.read_parquet(path).sort("t_ms", maintain_order=True),
        person_id=pl.lit(1),
        skill_id=pl.col("card"),
        at=pl.from_epoch("t_ms", "ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        hit=pl.col("rating") > MISSED,
        rating=pl.col("rating"),
        seconds=pl.col("duration_ms") / 1000,
    )


def words(data: Path) -> pl.DataFrame:
    """ANSWER of the vocabulary, each learner's in order. raises: NotFound without the file."""
    (path,) = needed(data / WORDS, "spanish_37users.parquet")
    return _answers(
        pl.read_parquet(path),
        person_id=pl.col("user_id"),
        skill_id=pl.col("item_id"),
        topic_id=pl.col("skill_id"),
        hit=pl.col("correct"),
    )


def skills(data: Path) -> pl.DataFrame:
    """ANSWER of every fifth learner of algebra, one for each skill that an attempt needs. raises: NotFound."""
    return _answers(
        attempts.algebra(data).asked.explode("skills").drop_nulls("skills"),
        person_id=pl.col("person_id"),
        skill_id=pl.col("skills"),
        at=pl.col("at"),
        hit=pl.col("success"),
    )


def hours(answers: pl.DataFrame) -> pl.DataFrame:
    """When each was asked: the columns `at` and `hour`, by UTC, since neither log tells a zone."""
    at = answers["at"]
    return pl.DataFrame(
        {"at": at, "hour": at.dt.hour() + at.dt.minute() / 60}, schema={"at": INSTANT, "hour": pl.Float64}
    )


def _answers(rows: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    unknown = {name: pl.lit(None) for name in ANSWER}
    chosen = unknown | columns
    return rows.select(chosen[name].cast(kind).alias(name) for name, kind in ANSWER.items())
