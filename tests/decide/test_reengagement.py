"""A strategy has the shape clients know and follows from the factors."""

import pytest

from tactful.decide.reengagement import MOST, STEPS, strategy


@pytest.mark.parametrize("level", ["low", "unknown", None])
def test_people_who_are_not_at_risk_get_no_strategy(level: str | None) -> None:
    assert strategy(level, ["no_progress"]) is None


@pytest.mark.parametrize("factor", sorted(STEPS))
def test_every_factor_leads_to_a_step_of_its_own(factor: str) -> None:
    found = strategy("high", [factor])
    assert found is not None
    assert found["urgency"] == "high"
    assert [step["message"] for step in found["interventions"]] == [STEPS[factor][2]]
    assert set(found["interventions"][0]) == {"type", "title", "message", "action"}


def test_many_factors_lead_to_few_offers_of_different_types() -> None:
    found = strategy("critical", sorted(STEPS))
    assert found is not None
    types = [step["type"] for step in found["interventions"]]
    assert 1 < len(types) <= MOST
    assert len(set(types)) == len(types)
    assert types[0] == "personal_check_in"


@pytest.mark.parametrize("factors", [None, [], ["a factor of tomorrow"]])
def test_without_a_known_factor_there_is_still_something_to_offer(factors: list[str] | None) -> None:
    found = strategy("medium", factors)
    assert found is not None
    assert found["interventions"][0]["type"] == "gentle_nudge"
