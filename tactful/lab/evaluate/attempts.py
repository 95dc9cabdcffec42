"""Logs of attempts: ASSISTments 2009 and Algebra 2005, as the practice of learners."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tactful.facts.practice import ATTEMPT
from tactful.lab.evaluate.rows import needed

ASSISTMENTS, ALGEBRA = "kt_assist2009", "kt_algebra05_timed"
# The thinking time of an attempt ends with it: pauses this long [s] were there when it was asked.
PAUSE = 900
# Somebody who shares nine tenths of the answers with another is that one again under another number.
SAME, FEWEST = 0.9, 15


@dataclass(frozen=True, slots=True)
class Attempts:
    """ATTEMPT of the learners to learn from and of those to judge, each learner's in order."""

    taught: pl.DataFrame
    asked: pl.DataFrame


def assistments(data: Path) -> Attempts:
    """KT-A: the published split. Learners to learn from who are there twice count once. raises: NotFound.

    The source knows some learners under two numbers: 63 of those learned from gave nine tenths of the answers that
    another one gave, often hundreds. Left in, they would teach that what one answered tells what the other will.
    """
    names = ("gervet_train.parquet", "gervet_test.parquet", "gervet_q_mat.npz")
    train, test, matrix = needed(data / ASSISTMENTS, *names)
    pairs = _pairs(matrix)
    taught, asked = (_attempts(pl.read_parquet(path), pairs, timed=False) for path in (train, test))
    return Attempts(taught.filter(~pl.col("person_id").is_in(copies(taught).implode())), asked)


def algebra(data: Path) -> Attempts:
    """KT-C: learners sorted by id, every fifth is judged. raises: NotFound."""
    log, skills = needed(data / ALGEBRA, "interactions.parquet", "item_skills.parquet")
    attempts = _attempts(pl.read_parquet(log), pl.read_parquet(skills), timed=True)
    fifth = attempts["person_id"].unique().sort()[4::5]
    judged = pl.col("person_id").is_in(fifth.implode())
    return Attempts(attempts.filter(~judged), attempts.filter(judged))


def asked_before(attempts: pl.DataFrame) -> pl.DataFrame:
    """The same, asked when the attempt before was over rather than when this one was: without its thinking time.

    A time in the log is that of an answer. Pauses of PAUSE or more are taken to have been there before the question.
    """
    last = pl.col("at").shift(1).over("person_id")
    short = (pl.col("at") - last).dt.total_seconds() < PAUSE
    return attempts.with_columns(asked_at=pl.when(short).then(last).otherwise("at"))


def copies(attempts: pl.DataFrame, of: pl.DataFrame | None = None) -> pl.Series:
    """Learners of `attempts` who are another learner again: one of `of`, or one with a lower number of their own."""
    key = ("content_id", "success")
    mine = attempts.select("person_id", *key).unique(maintain_order=True)
    others = mine if of is None else of.select("person_id", *key).unique(maintain_order=True)
    many = [frame.group_by("person_id").agg(size=pl.len()).filter(pl.col("size") >= FEWEST) for frame in (mine, others)]
    pairs = mine.join(others.rename({"person_id": "other_id"}), on=key, how="inner")
    if of is None:
        pairs = pairs.filter(pl.col("other_id") < pl.col("person_id"))
    shared = pairs.group_by("person_id", "other_id").agg(shared=pl.len())
    sized = shared.join(many[0], on="person_id").join(
        many[1].rename({"person_id": "other_id", "size": "other_size"}), on="other_id"
    )
    found = sized.filter(pl.col("shared") >= SAME * pl.min_horizontal("size", "other_size"))
    return found["person_id"].unique().sort()


def _pairs(matrix: Path) -> pl.DataFrame:
    """item_id and skill_id of each one in a sparse matrix of items by skills, kept by rows."""
    stored = np.load(matrix)
    items = np.repeat(np.arange(stored["indptr"].size - 1), np.diff(stored["indptr"]))
    return pl.DataFrame({"item_id": items, "skill_id": stored["indices"].astype(np.int64)})


def _attempts(log: pl.DataFrame, needs: pl.DataFrame, *, timed: bool) -> pl.DataFrame:
    """ATTEMPT of a log (user_id, item_id, timestamp [s], correct). needs: item_id, skill_id, a row for each pair."""
    skills = needs.group_by(pl.col("item_id").cast(pl.Int64)).agg(skills=pl.col("skill_id").cast(pl.String))
    told = log.with_columns(pl.col("item_id").cast(pl.Int64)).join(
        skills, on="item_id", how="left", maintain_order="left"
    )
    at = pl.from_epoch(pl.col("timestamp").cast(pl.Int64), "s") if timed else pl.lit(None)
    return told.select(
        person_id=pl.col("user_id"),
        content_id=pl.col("item_id"),
        skills=pl.col("skills"),
        at=at.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        difficulty=pl.lit(None),
        success=pl.col("correct"),
    ).select(pl.col(name).cast(kind) for name, kind in ATTEMPT.items())
