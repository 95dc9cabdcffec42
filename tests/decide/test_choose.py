"""A decision depends on the person, the instant and the rules; not on the batch, nor on the order of the rails."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.decide import Rules, chances, choose, with_wall_clock
from tactful.decide.guardrails import RAILS
from tactful.facts.moments import BELIEF, DECISION, MOMENT
from tactful.kernel.settings import Settings
from tests.decide.checker import breaches
from tests.decide.world import CHANGES, LEVELS, NAMES, ZONES, instants, people, rules
from tests.often import often

AT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
RULES = rules()
COLUMNS: dict[str, Any] = {**MOMENT, **BELIEF}


def decide(moments: pl.DataFrame, at: datetime = AT, made: Rules = RULES) -> pl.DataFrame:
    return choose(moments, at=at, rules=made, draws=chances(moments, at))


def someone(at: datetime = AT, made: Rules = RULES, **known: Any) -> dict[str, Any]:
    """The decision about one person who may be reached, except for what is `known`."""
    plain: dict[str, Any] = {
        "person_id": 9, "organisation_id": 1, "zone": "Europe/Berlin", "seed": 1, "holdout_bucket": 9000,
        "consented": True, "dnd": False, "quiet_start": 22 * 60, "quiet_end": 8 * 60, "max_per_day": 3,
        "risk_confidence": 1.0, "risk_score": 0.6, "streak_day": at.date() - timedelta(days=5),
    }  # fmt: skip
    row = {**dict.fromkeys(COLUMNS), **plain, **known}
    frame = pl.DataFrame([row], schema=COLUMNS)
    return decide(with_wall_clock(frame, at).select(list(COLUMNS)), at, made).row(0, named=True)


def test_a_person_alone_gets_the_decision_they_get_in_any_batch() -> None:
    moments = people(150, AT)
    together = decide(moments)
    backwards = decide(moments.reverse()).reverse()
    alone = pl.concat(decide(moments[number]) for number in range(moments.height))
    assert together.equals(backwards)
    assert together.equals(alone)


@pytest.mark.parametrize("at", CHANGES[:6], ids=str)
def test_halves_decide_as_the_whole(at: datetime) -> None:
    moments = people(5000, at, seed=3)
    halves = [decide(part, at) for part in (moments[:1237], moments[1237:])]
    assert decide(moments, at).equals(pl.concat(halves))


def test_nobody_gets_no_decision() -> None:
    nobody = decide(people(10, AT)[:0])
    assert nobody.is_empty()
    assert nobody.schema == {**DECISION, "cooldown": pl.Float64}


def test_answers_come_in_the_order_of_the_questions() -> None:
    moments = people(500, AT).sample(fraction=1, shuffle=True, seed=4)
    assert decide(moments)["person_id"].equals(moments["person_id"])


@pytest.mark.parametrize("turn", range(1, len(RAILS), 3))
def test_the_order_of_the_guard_rails_changes_nothing(turn: int) -> None:
    moments = people(5000, AT, seed=turn)
    turned = RULES.replace(rails=RAILS[turn:] + RAILS[:turn][::-1])
    same = ["person_id", "kinds", "result", "chosen", "due_at", "expires_at", "propensity"]
    assert decide(moments).select(same).equals(decide(moments, made=turned).select(same))


@pytest.mark.parametrize("seed", range(8))
def test_adding_a_guard_rail_never_allows_what_was_refused(seed: int) -> None:
    moments = people(5000, AT, seed=seed)
    fewer = tuple(rail for number, rail in enumerate(RAILS) if (number * 7 + seed) % 3)
    bits = {
        name: decide(moments, made=made)
        .select("person_id", "kinds", "verdicts")
        .explode("kinds", "verdicts")
        .drop_nulls()
        for name, made in (("all", RULES), ("fewer", RULES.replace(rails=fewer)))
    }
    assert bits["all"].select("person_id", "kinds").equals(bits["fewer"].select("person_id", "kinds"))
    refused = bits["fewer"]["verdicts"] != 0
    assert refused.sum() > 100
    assert (bits["all"]["verdicts"].filter(refused) != 0).all()


MINUTES = st.one_of(st.none(), st.integers(0, 1439))
COUNTS = st.one_of(st.none(), st.integers(0, 5))
SOME = st.one_of(st.none(), st.lists(st.sampled_from(NAMES), max_size=3))
PERSON = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "holdout_bucket": st.one_of(st.none(), st.integers(0, 9999)),
        "consented": st.sampled_from([True, True, False, None]),
        "dnd": st.sampled_from([False, False, True, None]),
        "quiet_start": MINUTES,
        "quiet_end": MINUTES,
        "max_per_day": COUNTS,
        "sent_today": COUNTS,
        "outreach_today": COUNTS,
        "critical_today": COUNTS,
        "current_streak": COUNTS,
        "attention_day": st.one_of(st.none(), st.dates(AT.date() - timedelta(days=2), AT.date() + timedelta(days=2))),
        "streak_day": st.one_of(st.none(), st.dates(AT.date() - timedelta(days=9), AT.date() + timedelta(days=1))),
        "disabled_kinds": SOME,
        "open_kinds": SOME,
        "paused_kinds": SOME,
        "shadow_kinds": SOME,
        "risk_level": st.sampled_from([None, *LEVELS]),
        "risk_score": st.one_of(st.none(), st.floats(0, 1)),
        "last_outreach_at": st.one_of(
            st.none(), st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 6), timezones=st.just(UTC))
        ),
    }
)


@settings(max_examples=often(150))
@given(PERSON, st.datetimes(datetime(2026, 3, 3), datetime(2026, 3, 6), timezones=st.just(UTC)))
def test_whatever_is_known_or_unknown_no_guard_rail_is_ignored(known: dict[str, Any], at: datetime) -> None:
    row = {**dict.fromkeys(COLUMNS), "person_id": 5, "organisation_id": 1, "seed": 1, "risk_confidence": 1.0, **known}
    moments = with_wall_clock(pl.DataFrame([row], schema=COLUMNS), at).select(list(COLUMNS))
    decision = decide(moments, at).row(0, named=True)
    half = (known["quiet_start"] is None) != (known["quiet_end"] is None)
    if decision["result"] != "silent":
        assert not (half and decision["initiative"] == "outreach")
        assert breaches(moments.row(0, named=True), decision, at, RULES) == []


def test_somebody_of_whom_nothing_is_known_is_left_alone() -> None:
    row = {**dict.fromkeys(COLUMNS), "person_id": 9, "organisation_id": 1, "seed": 1}
    decision = decide(pl.DataFrame([row], schema=COLUMNS), made=Rules.from_settings(Settings({}))).row(0, named=True)
    assert decision["result"] == "silent"
    assert decision["next_due_at"] > AT


def test_the_level_of_risk_says_which_kind() -> None:
    chosen = {level: someone(risk_level=level)["chosen"] for level in LEVELS}
    assert chosen == {
        "unknown": None,
        "low": None,
        "medium": "gentle_nudge",
        "high": "proactive_checkin",
        "critical": "emotional_support",
    }
    assert someone(risk_level="critical")["chosen_priority"] >= 9


def test_outreach_in_quiet_hours_waits_for_their_end() -> None:
    night = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    found = someone(night, risk_level="high")
    assert found["result"] == "deferred"
    # The clocks go forward in that night: eight o'clock comes an hour earlier in UTC.
    assert found["due_at"] == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_a_streak_is_not_put_off_beyond_its_last_day() -> None:
    late = datetime(2026, 3, 4, 21, 30, tzinfo=UTC)
    streak: dict[str, Any] = {"current_streak": 9, "streak_day": late.date() - timedelta(days=1), "risk_level": "low"}
    assert someone(late, **streak)["result"] == "silent"
    evening = someone(late - timedelta(hours=2), **streak)
    assert evening["chosen"] == "streak_preservation"
    assert evening["expires_at"] == datetime(2026, 3, 4, 23, tzinfo=UTC)


def test_what_is_allowed_now_goes_before_what_would_wait() -> None:
    late = datetime(2026, 3, 4, 21, 30, tzinfo=UTC)
    here: dict[str, Any] = {"streak_day": late.date(), "evening_hour": 22, "risk_level": "critical"}
    found = someone(late, **here)
    assert (found["result"], found["chosen"]) == ("acted", "evening_reflection")
    assert found["kinds"] == ["emotional_support", "evening_reflection"]


@pytest.mark.parametrize("name", ["", "gentle_nudge", "in_app"])
def test_in_shadow_mode_the_choice_is_on_record_only(name: str) -> None:
    assert someone(risk_level="medium", shadow_kinds=[name])["result"] == "shadow"
    assert someone(risk_level="medium", shadow_kinds=["morning_ritual"])["result"] == "acted"


def test_shadow_mode_holds_also_for_what_would_wait() -> None:
    night = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert someone(night, risk_level="high", shadow_kinds=["proactive_checkin"])["result"] == "shadow"


def test_the_print_is_equal_for_equal_candidates_and_verdicts_only() -> None:
    base = someone(risk_level="medium")["print"]
    assert someone(risk_level="medium", risk_score=0.61, sent_today=1)["print"] == base
    assert someone(AT + timedelta(minutes=5), risk_level="medium")["print"] == base
    assert someone(risk_level="medium", dnd=True)["print"] != base
    assert someone(risk_level="high")["print"] != base
    assert someone(risk_level="medium", made=rules(Settings({"decide.outreach_per_day": 2})))["print"] != base


@pytest.mark.parametrize("at", instants(12), ids=str)
def test_between_two_looks_nothing_becomes_possible_by_time_alone(at: datetime) -> None:
    moments = people(4000, at, seed=5)
    made = Rules.from_settings(Settings({}))
    first = decide(moments, at, made)
    assert ((first["next_due_at"] > at) & (first["next_due_at"] <= at + timedelta(hours=24, minutes=1))).all()
    silent = first["result"] == "silent"
    for share in (0.02, 0.3, 0.6, 0.9, 0.999):
        waited = [(due - at) * share for due in first["next_due_at"].to_list()]
        # One instant for all: whoever is not yet due by then must still be silent.
        later = at + sorted(waited)[len(waited) // 2]
        still = silent & (first["next_due_at"] > later)
        seen = with_wall_clock(moments.filter(still), later).select(list(COLUMNS))
        assert seen.height > 200
        surprised = seen.filter(decide(seen, later, made)["result"] == "acted")
        assert surprised.is_empty(), (later, surprised.select("person_id", "zone", "local_minute").rows()[:3])
