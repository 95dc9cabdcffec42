"""Rules come from settings, and equal rules have equal prints."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tactful.decide import Rules, chances
from tactful.decide.guardrails import RAILS
from tactful.decide.kinds import KINDS
from tactful.decide.own import OWN_KINDS
from tactful.decide.policies import POLICIES, RANKED, Policy
from tactful.decide.settings import AT_ONCE, COOLDOWN, HOURS, MORNING_FROM, QUIET_END, QUIET_START, ROLLOUT, SETTINGS
from tactful.decide.triggers import NAMES
from tactful.decide.triggers.settings import SWITCHES
from tactful.facts.milestones import KEPT
from tactful.facts.polishing import POLISH, TONE
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.errors import BadSetting
from tactful.kernel.records import Initiative
from tactful.kernel.settings import Settings

AT = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
PLAIN = Rules.from_settings(Settings({}))


def test_every_kind_has_its_hours_and_a_trigger() -> None:
    names = [kind.name for kind in KINDS]
    assert names == [*HOURS, *AT_ONCE]
    # What is decided at once comes from a page, not from a tick.
    assert {each.kind for each in PLAIN.triggers} == set(HOURS)
    assert len(set(NAMES)) == len(NAMES)


def test_only_what_leaves_the_app_waits_and_only_support_is_critical() -> None:
    assert {kind.initiative for kind in KINDS if kind.deferrable} == {Initiative.OUTREACH}
    assert [kind.name for kind in KINDS if kind.critical] == ["emotional_support", "mood_support"]


def test_hours_are_settings() -> None:
    made = Rules.from_settings(
        Settings({"decide.cooldown_gentle_nudge": 1.5, "decide.lifetime_gentle_nudge": 2.0, "decide.holdout": 0.1})
    )
    assert made.kinds["gentle_nudge"].cooldown == timedelta(hours=1.5)
    assert made.kinds["gentle_nudge"].lifetime == timedelta(hours=2)
    assert made.holdout == 0.1


@pytest.mark.parametrize(("start", "end"), [("", ""), ("22:00", ""), ("", "08:00")])
def test_quiet_hours_that_are_not_whole_are_none(start: str, end: str) -> None:
    made = Rules.from_settings(Settings({QUIET_START.name: start, QUIET_END.name: end}))
    assert (made.defaults.quiet_start, made.defaults.quiet_end) == (None, None)
    assert (PLAIN.defaults.quiet_start, PLAIN.defaults.quiet_end) == (22 * 60, 8 * 60)


@pytest.mark.parametrize("text", ["24:00", "7", "noon", "07:60", "-1:00", "07:00:00", "²:00"])
def test_a_time_that_is_none_stops_the_start(text: str) -> None:
    with pytest.raises(BadSetting, match=r"decide\.morning_from"):
        MORNING_FROM.parse(text, source="test")


def test_equal_settings_have_equal_prints_and_any_change_shows() -> None:
    assert Rules.from_settings(Settings({})).print == PLAIN.print
    changed = [Rules.from_settings(Settings({row.name: _other(row.default)})).print for row in SETTINGS]
    assert len({PLAIN.print, *changed}) == len(SETTINGS) + 1
    assert PLAIN.replace(rails=RAILS[1:]).print != PLAIN.print


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    return "12:34" if isinstance(value, str) else value + 1  # type: ignore[operator]


def test_what_is_stored_names_the_guard_rails_in_their_order() -> None:
    name, body = PLAIN.stored()
    assert name == PLAIN.print
    assert body["rails"] == [rail.name for rail in RAILS]
    assert body["policy"] == PLAIN.policy_name == "ranked/1"
    rows = (*SETTINGS, *SWITCHES.values(), REST_DAYS, KEPT, POLISH, TONE)
    assert set(body["settings"]) == {row.name for row in rows} | {OWN_KINDS}
    assert set(COOLDOWN) == set(body["kinds"])


CANDIDATES = pl.DataFrame(
    {
        "row": [1, 0, 0, 1, 2, 2],
        "kind": ["b", "x", "y", "a", "q", "p"],
        "priority": [5, 3, 4, 5, 5, 5],
        "expected": [0.2, 0.9, 0.1, 0.2, 0.3, 0.4],
        "draw": [0.5] * 6,
        "mean": [0.1, 0.2, 0.1, 0.15, 0.1, 0.1],
        "spread": [0.05] * 6,
    }
)


def test_ranked_takes_priority_then_expectation_then_name() -> None:
    found = RANKED.choose(CANDIDATES)
    assert dict(found.select("row", "kind").iter_rows()) == {0: "y", 1: "a", 2: "p"}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.label)
def test_a_policy_chooses_once_for_each_person_from_what_is_offered(policy: Policy) -> None:
    found = policy.choose(CANDIDATES)
    assert found.columns == ["row", "kind", "propensity"]
    assert sorted(found["row"]) == [0, 1, 2]
    assert found.join(CANDIDATES, on=["row", "kind"]).height == 3
    assert found["propensity"].is_between(0, 1, closed="right").all()
    assert found.equals(policy.choose(CANDIDATES.reverse()))
    assert policy.choose(CANDIDATES[:0]).is_empty()


def test_chance_does_not_depend_on_who_else_is_asked() -> None:
    everyone = pl.DataFrame({"person_id": range(1, 2001), "seed": [7] * 2000})
    together = chances(everyone, AT)
    assert together[5:9].to_list() == [chances(everyone[n], AT).item() for n in range(5, 9)]
    assert together.is_between(0, 1, closed="left").all()
    assert together.n_unique() == 2000
    assert chances(everyone, AT + timedelta(minutes=5)).ne(together).all()
    assert abs(float(together.to_numpy().mean()) - 0.5) < 0.03


def test_every_kind_of_outreach_can_be_rolled_out_by_shares() -> None:
    assert set(ROLLOUT) == {kind.name for kind in KINDS if kind.initiative is Initiative.OUTREACH}
