"""Why and why not, in words a person understands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tactful.decide import words
from tactful.decide.guardrails import RAILS

FACTS = {
    "zone": "Europe/Berlin", "local_minute": 22 * 60 + 14, "quiet_start": 22 * 60, "quiet_end": 8 * 60,
    "sent_today": 3, "max_per_day": 3, "last_outreach_at": "2026-03-04T09:00:00Z", "in_context_today": 5,
}  # fmt: skip


def decision(*names: str, result: str = "silent", **more: Any) -> dict[str, Any]:
    bits = sum(1 << number for number, rail in enumerate(RAILS) if rail.name in names)
    return {"kinds": ["proactive_checkin"], "triggers": ["risk_high"], "verdicts": [bits], "result": result, **more}


def test_quiet_hours_are_told_with_the_persons_own_clock() -> None:
    told = words(decision("quiet_hours"), FACTS)
    assert told[0] == "Nothing was chosen."
    assert told[1] == "Proactive checkin was considered. Their risk of leaving is high. 1 guard rail forbade it."
    assert "It is 22:14 in Europe/Berlin; quiet hours run from 22:00 to 08:00." in told[2]
    assert "To allow it: their quiet hours end at 08:00." in told[2]


@pytest.mark.parametrize("rail", RAILS, ids=lambda rail: rail.name)
def test_every_guard_rail_is_told_completely_also_when_facts_are_missing(rail: Any) -> None:
    for facts in (FACTS, {}, dict.fromkeys(FACTS)):
        (line,) = words(decision(rail.name), facts)[2:]
        assert line.startswith(f"  {rail.name.replace('_', ' ')}: ")
        assert "{" not in line
        assert "None" not in line


def test_all_that_forbade_is_told_in_the_order_asked() -> None:
    told = words(decision("consent", "do_not_disturb", "holdout"), FACTS)
    assert [line.split(":")[0].strip() for line in told[2:]] == ["do not disturb", "consent", "holdout"]


def test_what_people_wrote_is_never_a_template() -> None:
    told = words(decision("quiet_hours"), {**FACTS, "zone": "{max_per_day} {0.__class__}"})
    assert "{max_per_day} {0.__class__}" in told[2]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("acted", "may be shown"),
        ("deferred", "2026-03-05 07:00 UTC"),
        ("shadow", "on record"),
        ("lost", "another decision was quicker"),
    ],
)
def test_the_result_comes_first(result: str, said: str) -> None:
    due = datetime(2026, 3, 5, 7, tzinfo=UTC)
    told = words(decision(result=result, chosen="proactive_checkin", due_at=due), FACTS)
    assert said in told[0]
    assert told[1].endswith("Every guard rail allowed it.")


def test_no_reason_is_a_reason() -> None:
    nothing = {"kinds": [], "triggers": [], "verdicts": [], "result": "silent"}
    assert words(nothing, {})[1] == "There was no reason to reach out: no trigger proposed anything."
