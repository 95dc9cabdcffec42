"""Made-up learners of whom it is known when they were stuck: more of them are found than by the simple rule."""

from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tactful.learn.ranking import auc
from tactful.predict import plateau
from tests.predict.plateau.example import baseline, curves
from tests.predict.plateau.learners import TODAY, WAYS, Courses, learners, truly_stuck

# Thresholds were chosen on learners of another seed.
SEED, SIZE = 77, 3000
Mask = NDArray[np.bool_]


@cache
def log() -> pl.DataFrame:
    return learners(SIZE, SEED)


def found(on: int = 0) -> Mask:
    """Who is found to be stuck, so many days after the question; by person."""
    day = TODAY + timedelta(days=on)
    now = curves(log(), day)
    given = plateau.given(now)
    told = plateau.plateaus(now, given, plateau.cold(given)["score"], pl.DataFrame(schema=plateau.BEFORE))
    return np.isin(now["person_id"].to_numpy(), told["person_id"].to_numpy())


def stuck() -> Mask:
    return truly_stuck(log())["stuck"].to_numpy()


def simple() -> Mask:
    """More than five days on the topic, and the last five days' mean score less than .05 above that of before."""
    known = log().filter(pl.col("day") <= TODAY)
    recent = pl.col("day") > TODAY - timedelta(days=5)
    told = known.group_by("person_id", maintain_order=True).agg(
        days=(pl.col("day").max() - pl.col("day").min()).dt.total_days() + 1,
        improvement=pl.col("score").filter(recent).mean() - pl.col("score").filter(~recent).mean(),
    )
    return (
        told.select(((pl.col("days") > 5) & (pl.col("improvement") < 0.05)).fill_null(value=False))
        .to_series()
        .to_numpy()
    )


def precision(said: Mask) -> float:
    return float(stuck()[said].mean())


def recall(said: Mask) -> float:
    return float(said[stuck()].mean())


def test_more_are_found_and_fewer_wrongly_than_by_the_simple_rule() -> None:
    assert precision(found()) > precision(simple()) + 0.05
    assert recall(found()) > recall(simple()) + 0.15


def test_seven_of_ten_that_are_told_are_right_and_seven_of_ten_are_told() -> None:
    assert precision(found()) > 0.65
    assert recall(found()) > 0.65


def test_the_score_ranks_far_better_than_halves_compared() -> None:
    given = plateau.given(curves(log()))
    score = plateau.cold(given)["score"].fill_null(0).to_numpy()
    truth = stuck().astype(np.float64)
    assert auc(truth, score) > auc(truth, baseline(given)) + 0.1


@pytest.mark.parametrize(("way", "share"), [("steady", 0.2), ("mastered", 0.02), ("resumed", 0.15)])
def test_most_of_those_who_get_on_are_left_alone(way: str, share: float) -> None:
    assert found()[of(way)].mean() < share


@pytest.mark.parametrize("way", ["flat", "plateau"])
def test_most_of_those_who_stand_still_are_found(way: str) -> None:
    assert found()[of(way) & stuck()].mean() > 0.65


def test_plateaus_resolve_when_somebody_jumps_and_not_when_nothing_happens() -> None:
    log_ = log()
    then = curves(log_, TODAY - timedelta(days=8))
    given = plateau.given(then)
    told = plateau.plateaus(then, given, plateau.cold(given)["score"], pl.DataFrame(schema=plateau.BEFORE))
    before = told.select(
        "person_id", "skill_id", "is_active", "mastery_level", pl.concat_list("suggestion").alias("tried"),
        pl.lit(value=False).alias("intervention_taken"),
    )  # fmt: skip
    now = curves(log_, TODAY + timedelta(days=10)).join(before.select("person_id"), on="person_id", how="semi")
    given = plateau.given(now)
    later = plateau.plateaus(now, given, plateau.cold(given)["score"], before)
    kind = pl.Series([WAYS[way] for way in Courses(SIZE, SEED).way[later["person_id"].to_numpy()]])
    resolved = later.with_columns(way=kind).group_by("way").agg(pl.col("resolved").mean()).rows()
    shares = dict(resolved)
    assert shares["resumed"] > 0.8
    assert shares["jump"] > 0.5
    assert shares["flat"] < 0.15


def of(way: str) -> Mask:
    known = curves(log())["person_id"].to_numpy()
    return np.asarray(Courses(SIZE, SEED).way[known] == WAYS.index(way))
