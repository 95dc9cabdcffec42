"""Before something is let go every guard rail is asked again; its own claim does not stand in its way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tactful.decide import Rules, review, with_wall_clock
from tactful.facts.moments import BELIEF, INSTANT, MOMENT
from tactful.kernel.settings import Settings

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
RULES = Rules.from_settings(Settings({}))
COLUMNS: dict[str, Any] = {**MOMENT, **BELIEF}
OPEN: dict[str, Any] = {
    "intervention_id": pl.Int64, "person_id": pl.Int64, "organisation_id": pl.Int64, "kind": pl.String,
    "trigger": pl.String, "channel": pl.String, "priority": pl.Int32, "state": pl.String, "snoozed": pl.Boolean,
    "due_at": INSTANT, "expires_at": INSTANT,
    "triggered_at": INSTANT,
}  # fmt: skip


def asked(
    state: str = "deferred",
    kind: str = "proactive_checkin",
    at: datetime = AT,
    lasts: int = 24,
    why: str | None = None,
    snoozed: bool = False,
    **known: Any,
) -> dict[str, Any]:
    """What is said of one open intervention, `known` about the person being the exception."""
    person = {
        **dict.fromkeys(COLUMNS), "person_id": 9, "organisation_id": 1, "zone": "Europe/Berlin", "seed": 1,
        "holdout_bucket": 9000, "consented": True, "dnd": False, "quiet_start": 22 * 60, "quiet_end": 8 * 60,
        "max_per_day": 1, "open_kinds": [kind], **known,
    }  # fmt: skip
    moments = with_wall_clock(pl.DataFrame([person], schema=COLUMNS), at).select(list(COLUMNS))
    row = (1, 9, 1, kind, why, "in_app", 7, state, snoozed, at, at + timedelta(hours=lasts), at - timedelta(hours=9))
    return review(pl.DataFrame([row], schema=OPEN, orient="row"), moments, at=at, rules=RULES).row(0, named=True)


def spent(kind: str = "proactive_checkin", at: datetime = AT) -> dict[str, Any]:
    """Attention as the intervention's own claim leaves it."""
    return {
        "attention_day": at.date(),
        "sent_today": 1,
        "outreach_today": 1,
        "last_outreach_at": at - timedelta(minutes=1),
        "last_by_kind": f'{{"{kind}": {int(at.timestamp()) - 60}}}',
    }


def test_nothing_against_it_lets_it_go_with_what_a_claim_needs() -> None:
    found = asked()
    assert found["verdict"] == "allowed"
    assert (found["initiative"], found["critical"], found["cooldown"]) == ("outreach", False, 96 * 3600.0)
    assert found["due_at"] == AT


@pytest.mark.parametrize("state", ["planned", "shown"])
def test_its_own_claim_does_not_count(state: str) -> None:
    assert asked(state, **spent())["verdict"] == "allowed"


def test_what_waits_without_a_claim_is_asked_what_it_would_spend() -> None:
    # Others took the attention meanwhile: it waits until the last outreach is twelve hours ago and a new day begins.
    found = asked(**spent(kind="gentle_nudge"), lasts=40)
    assert found["verdict"] == "later"
    assert found["due_at"] == datetime(2026, 3, 4, 23, 59, tzinfo=UTC)


def test_what_would_wait_too_long_is_dropped() -> None:
    assert asked(**spent(kind="gentle_nudge"), lasts=11)["verdict"] == "never"
    assert asked(**spent(), lasts=90)["verdict"] == "never"


def test_quiet_hours_put_off_even_what_has_claimed() -> None:
    night = datetime(2026, 3, 4, 22, tzinfo=UTC)
    found = asked("planned", at=night, **spent(at=night))
    assert found["verdict"] == "later"
    assert found["due_at"] == datetime(2026, 3, 5, 7, tzinfo=UTC)
    assert asked("planned", at=night, lasts=8, **spent(at=night))["verdict"] == "never"


@pytest.mark.parametrize(
    "known",
    [
        {"consented": False},
        {"disabled_kinds": ["proactive_checkin"]},
        {"disabled_channels": ["in_app"]},
        {"holdout_bucket": 0},
        {"shadow_kinds": ["proactive_checkin"]},
        {"shadow_kinds": ["in_app"]},
    ],
)
@pytest.mark.parametrize("state", ["planned", "deferred"])
def test_a_lasting_no_drops_it(state: str, known: dict[str, Any]) -> None:
    assert asked(state, **known)["verdict"] == "never"


@pytest.mark.parametrize("known", [{"dnd": True}, {"paused_kinds": [""]}, {"paused_channels": ["in_app"]}])
def test_what_somebody_may_end_any_time_is_asked_again_in_an_hour(known: dict[str, Any]) -> None:
    found = asked(**known)
    assert (found["verdict"], found["due_at"]) == ("later", AT + timedelta(hours=1))


def test_what_is_over_or_no_longer_known_is_dropped() -> None:
    assert asked(lasts=0)["verdict"] == "never"
    assert asked(kind="a_kind_of_yesterday")["verdict"] == "never"


def test_rows_keep_their_order_and_people_may_have_several() -> None:
    one, two = asked(), asked("planned", "gentle_nudge")
    assert [one["kind"], two["kind"]] == ["proactive_checkin", "gentle_nudge"]
    moments = pl.DataFrame([dict.fromkeys(COLUMNS) | {"person_id": 9}], schema=COLUMNS)
    rows = [
        (n, 9, 1, "gentle_nudge", None, "in_app", 5, "planned", False, AT, AT + timedelta(hours=1), AT)
        for n in (3, 1, 2)
    ]
    found = review(pl.DataFrame(rows, schema=OPEN, orient="row"), moments, at=AT, rules=RULES)
    assert found["intervention_id"].to_list() == [3, 1, 2]
    assert found["verdict"].unique().to_list() == ["never"]


TODAY = AT.date()
YESTERDAY = TODAY - timedelta(days=1)
ENDING: dict[str, Any] = {"why": "streak_at_risk", "kind": "streak_preservation"}
AT_RISK: dict[str, Any] = {"risk_confidence": 0.8, "risk_score": 0.6, "streak_day": YESTERDAY}


@pytest.mark.parametrize("state", ["planned", "deferred"])
def test_what_is_no_longer_true_is_dropped_and_says_why(state: str) -> None:
    saved = asked(state, **ENDING, streak_day=TODAY, current_streak=7)
    assert saved["verdict"] == "never"
    assert saved["because"] == "They were last active today; a streak ends tonight only if that was yesterday."
    assert asked(state, **ENDING, streak_day=YESTERDAY, current_streak=6)["verdict"] == "allowed"


def test_a_window_that_has_passed_leaves_it_to_the_lifetime() -> None:
    # It is one o'clock in Berlin: the morning is over, and coming by has begun the day.
    known: dict[str, Any] = {"streak_day": TODAY, "current_streak": 4}
    assert asked("planned", "morning_ritual", why="morning_ritual", **known)["verdict"] == "allowed"
    assert asked("planned", "evening_reflection", why="evening_reflection", **known)["verdict"] == "allowed"
    gone = asked("planned", "evening_reflection", why="evening_reflection", streak_day=YESTERDAY, current_streak=4)
    assert gone["because"] == "They were last active yesterday; there is nothing of today to look back on."


@pytest.mark.parametrize(
    ("chosen", "now", "verdict"),
    [("high", "critical", "allowed"), ("high", "high", "allowed"), ("high", "medium", "never"),
     ("medium", "low", "never"), ("medium", "unknown", "never")],
)  # fmt: skip
def test_a_risk_that_has_fallen_is_no_reason_and_one_that_has_grown_is(chosen: str, now: str, verdict: str) -> None:
    found = asked(why=f"risk_{chosen}", **AT_RISK, risk_level=now)
    assert found["verdict"] == verdict
    assert found["because"] == (f"Their risk of leaving is {now}, not {chosen}." if verdict == "never" else None)


def test_what_was_snoozed_comes_back_unless_the_day_it_is_about_has_changed() -> None:
    assert asked("planned", why="risk_high", snoozed=True, **AT_RISK, risk_level="low")["verdict"] == "allowed"
    assert asked("planned", **ENDING, snoozed=True, streak_day=TODAY, current_streak=7)["verdict"] == "never"


def test_a_reason_that_no_longer_exists_leaves_it_to_the_lifetime() -> None:
    assert asked(why="a_trigger_of_yesterday")["verdict"] == "allowed"


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"consented": False, "holdout_bucket": 0}, "Forbidden by: consent, holdout."),
        ({"shadow_kinds": [""]}, "Shadow mode is on."),
        ({"lasts": 0}, "It was no longer worth saying."),
        ({"kind": "a_kind_of_yesterday"}, "There is no such kind any more."),
    ],
)
def test_why_it_was_dropped_is_said(changed: dict[str, Any], because: str) -> None:
    assert asked(**changed)["because"] == because
    assert asked()["because"] is None
