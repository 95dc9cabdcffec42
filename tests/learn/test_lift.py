"""What interventions do, as it is estimated: a known effect is found, none is none, and little is unknown."""

import numpy as np
import polars as pl
import pytest

from tactful.learn.lift import lift, lifts, own, wherever
from tests.learn.test_monitoring import draws

CONTEXTS = ("SUDDEN_DROP/small/start", "SUDDEN_DROP/large/middle")


def moments(size: int, effect: float, *, seed: int = 0, sessions: int = 40, share: float = 0.3) -> pl.DataFrame:
    """Rooms that fell below what is usual, and mostly get better by themselves."""
    session = (draws(seed, size) * sessions).astype(np.int64)
    usual = 0.5 + 0.2 * (draws(seed + 1, sessions) - 0.5)[session]
    before = usual - 0.3 * draws(seed + 2, size)
    acted = draws(seed + 3, size) >= share
    after = usual - 0.02 + 0.1 * (draws(seed + 4, size) - 0.5) + effect * acted
    return pl.DataFrame(
        {
            "live_session_id": session, "kind": ["POLL"] * size, "acted": acted, "before": before,
            "expected": 0.5 * before + 0.25, "after": after,
            "context": [CONTEXTS[number % 2] for number in range(size)],
            "propensity": [0.5] * size, "offered": [["POLL", "CHAT_PROMPT"]] * size,
        }
    )  # fmt: skip


def test_a_known_effect_lies_within_the_interval_and_before_and_after_lies() -> None:
    rows = moments(800, 0.08)
    told = lift(rows)
    assert told.low is not None
    assert told.high is not None
    assert told.low < 0.08 < told.high
    assert told.high - told.low < 0.03
    assert told.success is True
    raw = rows.filter("acted").select(pl.col("after") - pl.col("before")).to_series().to_numpy().mean()
    assert raw > told.high + 0.05


def test_what_does_nothing_comes_out_as_no_effect() -> None:
    told = lift(moments(800, 0.0, seed=20))
    assert told.success is False
    assert told.value == pytest.approx(0, abs=0.015)


def test_with_too_few_left_alone_the_effect_is_unknown_and_not_zero() -> None:
    rows = moments(60, 0.08)
    few = pl.concat([rows.filter("acted"), rows.filter(~pl.col("acted"))[:5]])
    for told in (lift(few), lift(rows.filter("acted")), lift(rows[:0]), lift(moments(100, 0.08, sessions=3))):
        assert told.value is told.low is told.high is told.success is None
    assert lift(few).controls == 5
    assert own(few).select("value", "low", "high").null_count().row(0) == (few["acted"].sum(),) * 3


def test_what_is_not_known_is_left_out() -> None:
    rows = moments(400, 0.08)
    holes = pl.concat([rows, rows.with_columns(after=pl.lit(None, pl.Float64))])
    assert lift(holes) == lift(rows)


def test_every_kind_has_its_own_effect() -> None:
    both = pl.concat([moments(400, 0.1), moments(400, 0.0, seed=50).with_columns(kind=pl.lit("CHAT_PROMPT"))])
    told = lifts(both)
    assert list(told) == ["CHAT_PROMPT", "POLL"]
    assert [told[kind].success for kind in told] == [False, True]


def test_moments_of_one_session_do_not_make_it_surer_as_if_they_were_of_many() -> None:
    rows = moments(600, 0.08, sessions=600)
    # The same moment told ten times.
    again = pl.concat([moments(60, 0.08, sessions=60)] * 10)
    once = lift(moments(60, 0.08, sessions=60))
    widths = [told.high - told.low for told in (lift(rows), lift(again), once) if told.high and told.low is not None]
    assert widths[1] == pytest.approx(widths[2], rel=0.1)
    assert widths[0] < widths[1] / 2


def test_where_the_share_left_alone_changed_each_stands_for_the_same_moments() -> None:
    # Rooms of the second month do better, and fewer of them were left alone.
    first, second = moments(600, 0.08, share=0.5), moments(600, 0.08, seed=60, share=0.1)
    later = second.with_columns(pl.col("after") + 0.2, live_session_id=pl.col("live_session_id") + 100)
    shares = [pl.lit(0.5).alias("control_share"), pl.lit(0.1).alias("control_share")]
    both = pl.concat([first.with_columns(shares[0]), later.with_columns(shares[1])])
    plain, weighed = lift(both.drop("control_share")), lift(both)
    assert plain.low is not None
    assert plain.low > 0.1
    assert weighed.low is not None
    assert weighed.high is not None
    assert weighed.low < 0.08 < weighed.high


def test_moments_that_could_not_have_been_left_alone_tell_nothing() -> None:
    rows = moments(600, 0.08).with_columns(control_share=pl.lit(0.3))
    # The operator left nothing alone for a while, in which rooms did much better.
    sure = moments(600, 0.08, seed=60, share=0.0).with_columns(pl.col("after") + 0.2, control_share=pl.lit(0.0))
    assert sure["acted"].all()
    assert lift(pl.concat([rows, sure])) == lift(rows)
    assert wherever(pl.concat([rows, sure]), "POLL") == wherever(rows, "POLL")
    assert lift(sure).success is None


def test_a_kind_that_is_rarely_chosen_is_told_from_all_moments_in_which_it_was_allowed() -> None:
    size = 2_000
    rows, rare = moments(size, 0.0, seed=30), draws(71, size) < 0.02
    chance = np.where(rare, 0.02, 0.98)
    rows = rows.with_columns(
        kind=pl.Series(np.where(rare, "CHAT_PROMPT", "POLL")),
        propensity=pl.Series(chance) * pl.when("acted").then(0.7).otherwise(0.3),
        control_share=pl.lit(0.3),
        after=pl.col("after") + pl.when(pl.Series(rare) & pl.col("acted")).then(0.1).otherwise(0.0),
    )
    few = rows.filter(pl.col("acted") | (pl.col("kind") == "POLL"))
    assert lift(few.filter(kind="CHAT_PROMPT")).success is None
    told = lifts(few)["CHAT_PROMPT"]
    assert told.low is not None
    assert told.high is not None
    assert 0 < told.low < 0.1 < told.high


def test_one_case_is_told_with_an_interval_that_holds_nineteen_of_twenty() -> None:
    rows = moments(4_000, 0.08, seed=80)
    cases = own(rows)
    assert cases.height == rows["acted"].sum()
    within = cases.select(pl.lit(0.08).is_between("low", "high").mean()).item()
    assert 0.93 < within < 0.975
    wide = cases.select((pl.col("high") - pl.col("low")).mean()).item()
    pooled = lift(rows)
    assert pooled.high is not None
    assert pooled.low is not None
    assert wide > 5 * (pooled.high - pooled.low)


def test_one_case_of_an_audience_that_varies_more_is_told_less_surely() -> None:
    rows = moments(2_000, 0.0, seed=90)
    small = pl.col("context").str.contains("small")
    noisy = rows.with_columns(
        after=pl.col("after") + pl.when(small).then(pl.Series(draws(99, 2_000) - 0.5)).otherwise(0)
    )
    cases = own(noisy).with_columns(wide=pl.col("high") - pl.col("low"), small=small)
    widths = dict(cases.group_by("small").agg(pl.col("wide").mean()).iter_rows())
    assert widths[True] > 3 * widths[False]
    assert cases.select(pl.lit(0).is_between("low", "high").mean()).item() > 0.92


def test_a_rare_kind_is_known_from_all_moments_in_which_it_was_allowed() -> None:
    size = 2_000
    rows = moments(size, 0.0, share=0.0)
    good = draws(110, size) < 0.5
    # The game is mostly chosen where rooms do well; there it adds .1, elsewhere .02. One moment in ten is left alone.
    chance = np.where(good, 0.3, 0.05)
    game, acted = draws(111, size) < chance, draws(112, size) < 0.9
    drawn = np.where(game, chance, 1 - chance)
    rows = rows.with_columns(
        kind=pl.Series(np.where(game, "GAMIFICATION", "POLL")),
        acted=pl.Series(acted),
        propensity=pl.Series(drawn * np.where(acted, 0.9, 0.1)),
        offered=pl.lit(["GAMIFICATION", "POLL"], pl.List(pl.String)),
        control_share=pl.lit(0.1),
        after=pl.col("after") + pl.Series(0.2 * good + acted * np.where(game, np.where(good, 0.1, 0.02), 0.3)),
    )
    not_allowed = rows.with_columns(offered=pl.lit(["POLL"], pl.List(pl.String)), after=pl.col("after") + 0.5)
    told = wherever(pl.concat([rows, not_allowed.filter(kind="POLL")]), "GAMIFICATION")
    chosen = lift(rows.filter(kind="GAMIFICATION"))
    assert told.controls > 3 * chosen.controls
    assert told.low is not None
    assert told.high is not None
    assert told.low < 0.06 < told.high
    assert told.high - told.low < 0.08
    assert wherever(rows, "NOTIFICATION").value is None
