"""Monitoring says what came of beliefs, and speaks up when accuracy falls, not otherwise."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.learn.monitoring import drift, warnings, watch
from tactful.store.learned.predictions import KEPT

AT = datetime(2026, 3, 1, tzinfo=UTC)


def draws(number: int, size: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def week(
    number: int, *, size: int = 400, blind: bool = False, shift: float = 0.0, learned: bool = True
) -> pl.DataFrame:
    """Beliefs of one week with what came; blind: they had nothing to do with it."""
    chance = np.clip(draws(number, size) * 0.9 + 0.05 + shift, 0.02, 0.98)
    came = draws(number + 1_000, size) < (draws(number + 2_000, size) if blind else chance)
    said = pl.Series(chance) if learned else pl.Series([None] * size, dtype=pl.Float64)
    columns = {"asked_at": [AT + timedelta(weeks=number)] * size, "score": chance**2, "probability": said}
    return pl.DataFrame({**columns, "confidence": draws(number + 3_000, size), "truth": came}, schema=KEPT)


def test_what_was_said_is_held_to_what_came() -> None:
    told = watch(pl.concat([week(number) for number in range(4)]))
    assert told["settled"] == told["beliefs"] == 1_600
    learned, cold = told["figures"]["learned"], told["figures"]["cold"]
    assert learned["auc"]["value"] == pytest.approx(cold["auc"]["value"])
    assert learned["ece"]["value"] < 0.05 < cold["ece"]["value"]
    assert learned["ece"]["low"] <= learned["ece"]["value"] <= learned["ece"]["high"]
    curve = told["calibration"]["learned"]
    assert sum(point["people"] for point in curve) == 1_600
    assert all(abs(point["predicted"] - point["actual"]) < 0.12 for point in curve if point["people"] > 50)
    assert [row["at"] for row in told["over_time"]] == [AT + timedelta(weeks=number) for number in range(4)]
    assert sum(level["people"] for level in told["confidence"]) == 1_600
    assert told["warnings"] == []


def test_what_is_not_settled_counts_as_nothing_yet() -> None:
    kept = pl.concat([week(0), week(1).with_columns(pl.lit(None, pl.Boolean).alias("truth"))])
    told = watch(kept)
    assert (told["beliefs"], told["settled"]) == (800, 400)
    assert len(told["over_time"]) == 1


def test_nothing_kept_is_said_plainly() -> None:
    told = watch(pl.DataFrame(schema=KEPT))
    assert (told["beliefs"], told["settled"], told["left"]) == (0, 0, None)
    assert told["figures"] == told["calibration"] == {}
    assert told["drift"] == {"score": None, "probability": None}


def test_of_few_cases_no_interval_is_told() -> None:
    for size, told in ((1, False), (9, False), (10, True)):
        figures = watch(week(0, size=size))["figures"]["learned"]
        assert {"brier", "ece"} <= set(figures)
        assert all((each["low"] is not None, each["high"] is not None) == (told, told) for each in figures.values())


def test_before_anything_was_learned_the_rule_is_watched_alone() -> None:
    told = watch(pl.concat([week(number, learned=False) for number in range(2)]))
    assert list(told["figures"]) == ["cold"]
    assert told["over_time"][0]["auc"] > 0.6


def test_accuracy_that_falls_by_a_tenth_is_said_aloud() -> None:
    good = [week(number) for number in range(3)]
    assert warnings(pl.concat([*good, week(4), week(5), week(6)])) == []
    (said,) = warnings(pl.concat([*good, *(week(number, blind=True) for number in range(4, 7))]))
    assert said.startswith("Accuracy fell by ")


def test_a_fall_of_the_last_week_alone_is_said_at_once_if_it_is_no_chance() -> None:
    good = [week(number) for number in range(12)]
    assert warnings(pl.concat([*good, week(12)])) == []
    (said,) = warnings(pl.concat([*good, week(12, blind=True)]))
    assert said.startswith("Accuracy fell by ")
    assert said.endswith(f"since {AT + timedelta(weeks=12):%Y-%m-%d}.")


def test_chance_alone_raises_hardly_ever_an_alarm() -> None:
    false = sum(
        bool(warnings(pl.concat([week(20 * one + number, size=210) for number in range(12)]))) for one in range(60)
    )
    assert false <= 2


def test_few_people_raise_no_alarm() -> None:
    assert warnings(pl.concat([week(0, size=30), week(1, size=30, blind=True)])) == []


def test_another_population_shows_as_drift() -> None:
    calm = drift(pl.concat([week(0), week(1)]))
    moved = drift(pl.concat([week(0), week(1, shift=0.4)]))
    assert calm["probability"] is not None
    assert moved["probability"] is not None
    assert calm["probability"] < 0.1 < 0.25 < moved["probability"]
