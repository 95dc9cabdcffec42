"""Six graded factors: what convicts, what acquits, what is unknown."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.kernel.settings import Settings
from tactful.predict import dropout
from tactful.predict.dropout import settings as rows
from tests.often import often
from tests.predict.dropout.people import STEADY, TODAY, anybody, judged, known, recent

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
GONE = {"last_seen_at": datetime(2026, 1, 20, tzinfo=UTC), "streak_day": date(2026, 1, 20)}


def test_somebody_who_never_did_anything_is_unknown_with_no_confidence() -> None:
    nobody = judged(active_days=0, first_seen_at=None, last_seen_at=None, streak_day=None)
    assert (nobody["risk_score"], nobody["risk_level"], nobody["risk_factors"]) == (None, "unknown", [])
    assert nobody["risk_confidence"] == 0


def test_by_the_rule_somebody_is_unknown_on_their_first_day_and_judged_from_the_next_on() -> None:
    today = datetime.combine(TODAY, datetime.min.time(), UTC)
    came = {"active_days": 1, "streak_day": TODAY, "last_seen_at": today}
    first = judged(STEADY, first_seen_at=today, **came)
    assert (first["risk_score"], first["risk_level"], first["risk_factors"]) == (None, "unknown", [])
    assert judged(STEADY, first_seen_at=today - timedelta(days=1), **came)["risk_score"] is not None


def test_somebody_steady_is_at_low_risk() -> None:
    steady = judged(STEADY)
    assert steady["risk_level"] == "low"
    assert steady["session_frequency_trend"] == pytest.approx(0)
    assert steady["risk_factors"] == []


def test_weeks_without_activity_count_as_zeros() -> None:
    stopped = judged({"days_28": 9, "sessions_7": 0, "sessions_14": 3, "sessions_21": 6, "sessions_28": 9})
    assert stopped["session_frequency_trend"] == -1
    assert stopped["sessions_by_week"] == [0, 3, 3, 3]
    assert "declining_engagement" in stopped["risk_factors"]


def test_somebody_long_gone_is_scored_and_critical_without_a_single_recent_row() -> None:
    gone = judged(None, **GONE)
    assert gone["risk_level"] == "critical"
    assert gone["days_silent"] == 54
    assert gone["avg_days_between_sessions"] == 54
    assert gone["risk_factors"][:2] == ["declining_engagement", "infrequent_sessions"]


@pytest.mark.parametrize(
    ("level", "by_week", "silent"),
    [("low", (3, 3, 3, 3), 1), ("medium", (2, 3, 3, 4), 3), ("high", (1, 3, 3, 5), 6), ("critical", (0, 0, 0, 1), 23)],
)
def test_every_level_can_be_reached(level: str, by_week: tuple[int, ...], silent: int) -> None:
    names = ("sessions_7", "sessions_14", "sessions_21", "sessions_28")
    sums = dict(zip(names, accumulate(by_week), strict=True))
    assert judged(sums, streak_day=TODAY - timedelta(days=silent))["risk_level"] == level


@pytest.mark.parametrize("factor", dropout.FACTORS)
def test_each_factor_without_data_neither_convicts_nor_acquits(factor: str) -> None:
    weight = {row.name: 0.0 for row in rows.WEIGHTS if row.name != f"dropout.weight_{factor}"}
    only = Settings(weight)
    blank = {"first_seen_at": AT - timedelta(days=3), "longest_streak": 1, "last_completion_at": None}
    score = dropout.score(known(blank), recent({"sessions_7": 1, "sessions_28": 1}), settings=only)
    # frequency always has data: silence is data
    assert score["risk_score"].is_null().to_list() == [factor != "infrequent_sessions"]


def test_a_missing_factor_leaves_the_score_to_the_others() -> None:
    without = judged(STEADY)
    calm = judged(STEADY | {"sentiment_sum_7": 0.5, "sentiment_count_7": 1})
    angry = judged(STEADY | {"sentiment_sum_7": -0.9, "sentiment_count_7": 1})
    assert calm["risk_score"] < without["risk_score"] < angry["risk_score"]
    assert without["sentiment_trend_7d"] is None
    assert calm["risk_confidence"] > without["risk_confidence"]


@pytest.mark.parametrize(
    ("factor", "weeks", "person"),
    [
        ("negative_sentiment", {"sentiment_sum_7": -1.8, "sentiment_count_7": 2}, {}),
        ("no_progress", {}, {"last_completion_at": datetime(2026, 2, 20, tzinfo=UTC)}),
        (
            "declining_performance",
            {"score_sum_14": 2.0, "score_count_14": 5, "score_sum_28": 6.0, "score_count_28": 10},
            {},
        ),
        ("broken_streak", {}, {"longest_streak": 21, "streak_day": date(2026, 3, 12)}),
    ],
)
def test_each_factor_raises_the_risk_and_is_named(factor: str, weeks: dict[str, Any], person: dict[str, Any]) -> None:
    found = judged(STEADY | weeks, **person)
    assert found["risk_factors"] == [factor]
    assert found["risk_score"] > judged(STEADY)["risk_score"]


def test_a_streak_that_still_stands_is_not_broken() -> None:
    standing = judged(STEADY, longest_streak=21, current_streak=21, streak_day=TODAY - timedelta(days=1))
    assert standing["standing_streak"] == 21
    assert "broken_streak" not in standing["risk_factors"]


def test_a_newcomer_is_not_said_to_decline() -> None:
    new = judged({"days_28": 2, "sessions_7": 2, "sessions_14": 2, "sessions_21": 2, "sessions_28": 2},
                 first_seen_at=AT - timedelta(days=2), active_days=2)  # fmt: skip
    assert new["session_frequency_trend"] is None
    assert new["risk_level"] in ("low", "medium")
    assert new["risk_confidence"] < 0.2


@pytest.mark.parametrize(("zone", "local_day"), [("Pacific/Auckland", 15), ("UTC", 14), ("America/Los_Angeles", 14)])
def test_days_are_counted_in_the_persons_own(zone: str, local_day: int) -> None:
    # Eight in the morning in Auckland is still the evening before in London.
    done = datetime(2026, 3, 14, 19, tzinfo=UTC)
    person = judged(STEADY, zone=zone, local_day=date(2026, 3, local_day), last_completion_at=done, first_seen_at=done)
    assert person["days_since_last_completion"] == 0
    assert person["session_frequency_trend"] is None
    next_day = date(2026, 3, local_day + 1)
    assert judged(STEADY, zone=zone, local_day=next_day, last_completion_at=done)["days_since_last_completion"] == 1


def test_a_fact_a_little_ahead_of_the_clock_is_no_negative_silence() -> None:
    assert judged(STEADY, streak_day=TODAY + timedelta(days=1))["days_silent"] == 0


def test_thresholds_and_weights_are_settings() -> None:
    strict = Settings({rows.CRITICAL_FROM.name: 0.05, rows.HIGH_FROM.name: 0.04, rows.MEDIUM_FROM.name: 0.03})
    assert dropout.score(known({}), recent(STEADY), settings=strict)["risk_level"].to_list() == ["critical"]


@settings(max_examples=often(60))
@given(st.lists(anybody(), min_size=1, max_size=12))
def test_scores_stay_in_range_and_everybody_is_judged_as_if_alone(people: list[dict[str, Any]]) -> None:
    everybody = known(*({"person_id": n} | each["known"] for n, each in enumerate(people)))
    weeks = [{"person_id": n} | each["recent"] for n, each in enumerate(people) if each["recent"] is not None]
    before = (everybody.clone(), recent(*weeks))
    told = dropout.score(everybody, recent(*weeks))
    assert told.height == len(people)
    assert told.select(pl.col("risk_score", "risk_confidence").is_between(0, 1).all()).row(0) == (True, True)
    assert told["risk_level"].is_in([*dropout.LEVELS, "unknown"]).all()
    assert told.filter((pl.col("risk_level") == "unknown") != pl.col("risk_score").is_null()).is_empty()
    assert told["probability"].is_null().all()
    for number in range(len(people)):
        alone = dropout.score(everybody[number : number + 1], recent(*weeks))
        assert_frame_equal(alone, told[number : number + 1])
    assert_frame_equal(before[0], everybody)


@settings(max_examples=often(60))
@given(anybody())
def test_reasons_are_told_for_every_named_factor(person: dict[str, Any]) -> None:
    row = judged(person["recent"], **person["known"]) | person["known"]
    told = dropout.reasons(row["risk_factors"], row)
    assert len(told) == len(row["risk_factors"])
    assert all(sentence.endswith(".") and "None" not in sentence for sentence in told)
    assert dropout.why(row["risk_level"], row["risk_factors"], row) or row["risk_level"] in ("low", "unknown")


def told(row: dict[str, Any]) -> list[str]:
    return dropout.reasons(row["risk_factors"], row)


ONCE = {"days_28": 1, "sessions_7": 1, "sessions_14": 1, "sessions_21": 1, "sessions_28": 1}


def newcomer(days: int, sessions: int = 1) -> dict[str, Any]:
    """Who came on one day, so many days ago, with so many sessions."""
    weeks = {name: (number if name == "days_28" else sessions) for name, number in ONCE.items()}
    came = datetime.combine(TODAY, datetime.min.time(), UTC) - timedelta(days=days)
    return judged(weeks, first_seen_at=came, last_seen_at=came, streak_day=came.date(), active_days=1,
                  current_streak=1, longest_streak=1)  # fmt: skip


def test_one_visit_lies_apart_from_nothing_and_what_is_known_is_told_instead() -> None:
    once = newcomer(2)
    assert (once["risk_level"], once["risk_factors"]) == ("high", [])
    assert once["avg_days_between_sessions"] == 3
    assert dropout.why("high", once["risk_factors"], once) == [
        "Little is known of them yet: first seen 2 days ago.",
    ]
    assert dropout.why("low", [], once) == []
    assert newcomer(2, sessions=2)["risk_factors"] in ([], ["infrequent_sessions"])


def test_how_often_they_came_is_told_and_when_that_stopped() -> None:
    weeks = {"days_28": 13, "sessions_7": 0, "sessions_14": 0, "sessions_21": 7, "sessions_28": 13}
    stopped = judged(weeks, streak_day=TODAY - timedelta(days=15))
    assert "They came 13 times in the last 28 days, last 15 days ago." in told(stopped)
    rare = judged(ONCE, streak_day=TODAY - timedelta(days=1))
    assert "They came once in the last 28 days." in told(rare)
    few = judged(dict.fromkeys(ONCE, 2), first_seen_at=AT - timedelta(days=2), active_days=2)
    assert dropout.reasons(["infrequent_sessions"], few) == ["They came 2 times in the last 3 days."]


def test_who_is_told_nothing_of_is_told_nothing_of_in_numbers() -> None:
    for unknown in (newcomer(0), judged(active_days=0, first_seen_at=None, last_seen_at=None, streak_day=None)):
        assert unknown["risk_level"] == "unknown"
        assert (unknown["avg_days_between_sessions"], unknown["contributions"]) == (None, None)


def test_reasons_give_the_numbers() -> None:
    fallen = judged({"days_28": 12, "sessions_7": 3, "sessions_14": 8, "sessions_21": 14, "sessions_28": 22})
    assert told(fallen) == ["3 sessions in the last seven days, 8 in the seven days three weeks earlier."]
    assert told(judged(None, **GONE))[0] == "No session in the last four weeks; last seen 54 days ago."


def test_whoever_is_vouched_for_stays_below_critical_and_nobody_else() -> None:
    strict = Settings({rows.CRITICAL_FROM.name: 0.3, rows.HIGH_FROM.name: 0.2, rows.MEDIUM_FROM.name: 0.1})
    people = known(GONE, GONE | {"vouched_for": True}, {"active_days": 0, "vouched_for": True})
    told = dropout.score(people, recent().clear(), settings=strict)
    assert told["risk_level"].to_list() == ["critical", "high", "unknown"]
    assert told["risk_score"].to_list()[1:] == [pytest.approx(0.299), None]
