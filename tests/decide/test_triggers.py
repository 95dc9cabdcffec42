"""Each trigger has conditions: all of them together propose, and each one that fails says so in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tactful.decide import not_considered
from tactful.decide.candidates import propose
from tactful.decide.rules import Rules
from tactful.decide.settings import REENGAGE_CONFIDENCE, RITUAL_DAYS, STREAK_FROM
from tactful.decide.triggers import NAMES, Trigger, triggers
from tactful.facts.moments import BELIEF, MOMENT
from tactful.kernel.settings import Settings
from tests.decide.world import instants, people, rules

COLUMNS: dict[str, Any] = {**MOMENT, **BELIEF}
TODAY = date(2026, 3, 4)
RULES = rules()
REASONS = {each.name: each for each in triggers(Settings({}))}

# One person for each trigger, for whom all its conditions hold.
MORNING = {"local_minute": 7 * 60 + 30, "streak_day": TODAY - timedelta(days=2)}
EVENING = {"local_minute": 20 * 60, "streak_day": TODAY}
STREAK = {"local_minute": 19 * 60, "streak_day": TODAY - timedelta(days=1), "current_streak": 9}
RISK = {"risk_score": 0.6, "risk_confidence": 0.8, "streak_day": TODAY - timedelta(days=12)}
FADING = {"fading_skill": "Factoring", "fading_urgency": "high", "fading_loss": 0.3}
STUCK = {"plateau_topic": "Calculus", "plateau_days": 8, "plateau_taken": False}
REACHED = {"milestone": "A week in a row", "milestone_points": 25, "milestone_day": TODAY - timedelta(days=7)}
GOOD = {"local_minute": 19 * 60, "good_hours": [1 << 19] * 7, "timing_confidence": 0.7,
        "streak_day": TODAY - timedelta(days=2)}  # fmt: skip
NOON = {"local_minute": 12 * 60, "asked_small": 0}
TALKED = {"talked_ago": 3600.0, "last_sentiment": "negative", "last_quality": 0.9, "risk_score": 0.9}
TYPES = ("re_engagement", "mood_support", "topic_follow_up", "feature_suggestion", "check_in")
FITTING: dict[str, dict[str, Any]] = {
    **{f"asked_{kind}": {**NOON, "asked_kinds": [kind], "asked_values": [0.6]} for kind in TYPES},
    "asked_weekly_digest": {**NOON, "asked_kinds": ["check_in"], "asked_values": [0.2], "asked_small": 2},
    "negative_mood": TALKED,
    "leaving_after_good": TALKED,
    "skill_fading": FADING,
    "morning_ritual": MORNING,
    "evening_reflection": EVENING,
    "streak_at_risk": STREAK,
    "stuck_on_topic": STUCK,
    "milestone_reached": REACHED,
    "good_moment": GOOD,
    "risk_medium": {**RISK, "risk_level": "medium"},
    "risk_high": {**RISK, "risk_level": "high"},
    "risk_critical": {**RISK, "risk_level": "critical"},
}

# trigger, number of the condition that alone fails, what is different, what is said
ALONE: tuple[tuple[str, int, dict[str, Any], str], ...] = (
    ("morning_ritual", 0, {"local_minute": 9 * 60}, "It is 09:00 by their clock; the window opens at 07:00 "
        "(decide.morning_from) for 120 minutes (decide.ritual_minutes)."),
    ("morning_ritual", 0, {"morning_hour": 10}, "It is 07:30 by their clock; the window opens at 10:00 "
        "(their usual hour) for 120 minutes (decide.ritual_minutes)."),
    ("morning_ritual", 1, {"streak_day": TODAY - timedelta(days=8)},
        "They were last active 8 days ago; the limit is 7 days (decide.ritual_days)."),
    ("morning_ritual", 2, {"streak_day": TODAY},
        "They were last active today; a morning ritual is for days that have not begun."),
    ("evening_reflection", 0, {"local_minute": 19 * 60 + 29}, "It is 19:29 by their clock; the window opens at 19:30 "
        "(decide.evening_from) for 120 minutes (decide.ritual_minutes)."),
    ("evening_reflection", 1, {"streak_day": TODAY - timedelta(days=1)},
        "They were last active yesterday; there is nothing of today to look back on."),
    ("streak_at_risk", 0, {"streak_day": TODAY},
        "They were last active today; a streak ends tonight only if that was yesterday."),
    ("streak_at_risk", 1, {"local_minute": 17 * 60 + 59},
        "It is 17:59 by their clock, earlier than 18:00 (decide.streak_from)."),
    ("streak_at_risk", 2, {"current_streak": 1}, "Their streak counts 1 day, fewer than 3 (decide.streak_least)."),
    ("skill_fading", 0, {"fading_urgency": "medium"},
        "What fades of Factoring is of medium urgency; a reminder is for high and critical."),
    ("skill_fading", 0, {"fading_urgency": None},
        "Nothing is known to be fading that they have not practised or been reminded of since."),
    ("milestone_reached", 0, {"milestone_day": TODAY - timedelta(days=8)},
        "They reached A week in a row 8 days ago; it is celebrated within 7 days (decide.celebrate_days)."),
    ("milestone_reached", 0, {"milestone": None},
        "Nothing is known that they reached and were not told of."),
    ("stuck_on_topic", 0, {"plateau_days": 5},
        "They have been stuck on Calculus for 5 days; it takes more than 5 (decide.stuck_days)."),
    ("stuck_on_topic", 0, {"plateau_taken": True},
        "They took up what was suggested for Calculus; it is given time to help."),
    ("good_moment", 0, {"timing_confidence": 0.0},
        "Too little is known of their hours: confidence 0.0, less than 0.5 (decide.moment_confidence)."),
    ("good_moment", 1, {"local_minute": 20 * 60},
        "It is 20:00 by their clock, which is none of their good hours of this weekday."),
    ("good_moment", 1, {"local_minute": 18 * 60 + 59},
        "It is 18:59 by their clock, which is none of their good hours of this weekday."),
    ("good_moment", 1, {"good_hours": None}, "Their good hours are not known."),
    ("good_moment", 1, {"good_hours": [1 << 19, 1 << 19, 0, *[1 << 19] * 4]},
        "It is 19:00 by their clock, which is none of their good hours of this weekday."),
    ("good_moment", 2, {"quiet_start": 18 * 60, "quiet_end": 8 * 60},
        "It is 19:00 by their clock, within their quiet hours."),
    ("good_moment", 3, {"streak_day": TODAY},
        "They were last active today; this is for who has done nothing yet today."),
    ("good_moment", 4, {"streak_day": TODAY - timedelta(days=9)},
        "They were last active 9 days ago; the limit is 8 days (decide.moment_days)."),
    *(
        case
        for kind, words in zip(TYPES, ("to win them back", "to offer support", "to come back to a topic",
                                       "to suggest a feature", "to check in"), strict=True)
        for case in (
            (f"asked_{kind}", 0, {"asked_kinds": ["other"]}, f"Nothing is known that somebody asked {words}."),
            (f"asked_{kind}", 0, {"asked_values": [0.39], "asked_small": 2},
                f"What was asked {words} is worth less than 0.4, and as one of several it goes out in a digest."),
            (f"asked_{kind}", 1, {"local_minute": 9 * 60 + 59},
                "It is 09:59 by their clock; as their good hours are not known, it waits until 10:00."),
            (f"asked_{kind}", 1, {"good_hours": [1 << 19] * 7, "timing_confidence": 0.7},
                "It is 12:00 by their clock; it waits for one of their good hours."),
        )
    ),
    ("asked_weekly_digest", 0, {"asked_small": 1},
        "Nothing is known that somebody asked for a digest, and fewer than 2 small things wait."),
    ("asked_weekly_digest", 1, {"local_minute": 19 * 60},
        "It is 19:00 by their clock; as their good hours are not known, it waits until 10:00."),
    ("negative_mood", 0, {"last_sentiment": "neutral"}, "What they said last was neutral."),
    ("negative_mood", 1, {"talked_ago": 90_001.0},
        "They last said something 25 hours ago, longer than 24 (decide.talked_hours)."),
    ("leaving_after_good", 0, {"risk_score": 0.8},
        "Their risk of leaving is 0.8, not above 0.8 (decide.leaving_after_good)."),
    ("leaving_after_good", 1, {"last_quality": 0.7}, "What they said last was worth 0.7, not above 0.7."),
    ("leaving_after_good", 2, {"talked_ago": 90_001.0},
        "They last said something 25 hours ago, longer than 24 (decide.talked_hours)."),
    *(
        case
        for level, other in (("medium", "low"), ("high", "critical"), ("critical", "high"))
        for case in (
            (f"risk_{level}", 0, {"risk_level": other}, f"Their risk of leaving is {other}, not {level}."),
            (f"risk_{level}", 1, {"risk_confidence": 0.2499999},
                "Too little is known about them: confidence 0.249, less than 0.25 (decide.reengage_confidence)."),
            (f"risk_{level}", 2, {"streak_day": TODAY - timedelta(days=46)},
                "They were last active 46 days ago; the limit is 45 days (decide.reengage_days)."),
        )
    ),
)  # fmt: skip


def moment(**known: Any) -> pl.DataFrame:
    return pl.DataFrame([{**dict.fromkeys(COLUMNS), "local_day": TODAY, **known}], schema=COLUMNS)


def holding(trigger: Trigger, seen: pl.DataFrame) -> list[bool]:
    return [seen.select(each.holds.fill_null(False)).item() for each in trigger.conditions]


def fires(trigger: Trigger, seen: pl.DataFrame) -> bool:
    return bool(seen.select(trigger.when.fill_null(False)).item())


@pytest.mark.parametrize("name", NAMES)
def test_where_all_conditions_hold_there_is_reason_and_nothing_to_explain(name: str) -> None:
    seen = moment(**FITTING[name])
    assert fires(REASONS[name], seen)
    assert REASONS[name].unmet(seen) == []


@pytest.mark.parametrize(("name", "number", "known", "told"), ALONE)
def test_a_condition_that_alone_fails_is_named(name: str, number: int, known: dict[str, Any], told: str) -> None:
    trigger, seen = REASONS[name], moment(**FITTING[name] | known)
    expected = [place != number for place in range(len(trigger.conditions))]
    assert holding(trigger, seen) == expected
    assert not fires(trigger, seen)
    assert trigger.unmet(seen) == [told]


def test_every_condition_of_every_trigger_is_shown_to_fail_alone() -> None:
    every = {(name, number) for name, trigger in REASONS.items() for number in range(len(trigger.conditions))}
    assert {(name, number) for name, number, _, _ in ALONE} == every


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_known_is_no_reason_and_is_called_unknown(name: str) -> None:
    blank = moment(local_day=None)
    told = REASONS[name].unmet(blank)
    assert not fires(REASONS[name], blank)
    assert len(told) == len(REASONS[name].conditions)
    assert all("not known" in sentence or "Nothing is known" in sentence for sentence in told)


@pytest.mark.parametrize(("seed", "at"), tuple(enumerate(instants(28))), ids=str)
def test_a_trigger_proposes_exactly_those_for_whom_all_conditions_hold(seed: int, at: datetime) -> None:
    seen = people(3000, at, seed=seed)
    proposed = propose(seen, at, RULES)
    reasons: dict[str, set[int]] = {}
    for trigger in RULES.triggers:
        each = seen.select(one.holds.fill_null(False).alias(str(n)) for n, one in enumerate(trigger.conditions))
        fitting = set(each.select(pl.all_horizontal(pl.all())).to_series().arg_true())
        reasons.setdefault(trigger.kind, set()).update(fitting)
        assert set(proposed.filter(pl.col("trigger") == trigger.name)["row"]) <= fitting, trigger.name
    # Of several reasons for the same kind the strongest counts, once.
    for kind, fitting in reasons.items():
        assert sorted(proposed.filter(pl.col("kind") == kind)["row"]) == sorted(fitting), kind


def test_every_condition_that_fails_is_told_and_no_other() -> None:
    seen = people(60, datetime(2026, 3, 4, 18, 30, tzinfo=UTC), seed=5)
    for number in range(seen.height):
        for trigger in RULES.triggers:
            one = seen[number]
            told = trigger.unmet(one)
            assert len(told) == holding(trigger, one).count(False)
            assert all(sentence.endswith(".") and "{" not in sentence for sentence in told)


def test_settings_are_those_that_were_in_force() -> None:
    made = {RITUAL_DAYS.name: 2, STREAK_FROM.name: "20:30", REENGAGE_CONFIDENCE.name: 0.9}
    reasons = {each.name: each for each in Rules.from_settings(Settings(made)).triggers}
    early = moment(**STREAK)
    assert reasons["streak_at_risk"].unmet(early) == [
        "It is 19:00 by their clock, earlier than 20:30 (decide.streak_from)."
    ]
    gone = moment(**MORNING | {"streak_day": TODAY - timedelta(days=3)})
    assert reasons["morning_ritual"].unmet(gone) == [
        "They were last active 3 days ago; the limit is 2 days (decide.ritual_days)."
    ]
    assert "0.8, less than 0.9" in reasons["risk_high"].unmet(moment(**FITTING["risk_high"]))[0]


def test_who_flew_west_is_not_said_to_have_been_here_less_than_no_days_ago() -> None:
    tomorrow = moment(**EVENING | {"streak_day": TODAY + timedelta(days=1)})
    (told,) = REASONS["evening_reflection"].unmet(tomorrow)
    assert told.startswith("They were last active on a day that lies ahead of their present clock;")


def test_only_triggers_that_proposed_nothing_are_explained() -> None:
    decision = {"triggers": ["risk_high"]}
    told = not_considered(decision, moment(**FITTING["risk_high"]), list(REASONS.values()))
    assert len(told) == len(NAMES) - 1
    assert not any(line.startswith("Proactive checkin") for line in told)
    assert "Gentle nudge was not considered. Their risk of leaving is high, not medium." in told


def test_a_moment_that_looks_different_today_is_owned_up_to() -> None:
    told = not_considered({"triggers": []}, moment(**STREAK), [REASONS["streak_at_risk"]])
    assert told == [
        "Streak preservation was not considered. By what is known today about that moment, it would have been."
    ]
