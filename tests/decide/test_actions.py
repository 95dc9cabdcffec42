"""What deserves attention first comes first, in words, and nothing that can wait is among it."""

from typing import Any

import pytest

from tactful.decide import actions
from tactful.decide.reengagement import STEPS as WAYS_BACK
from tactful.decide.reengagement import strategy
from tactful.decide.settings import STUCK_DAYS
from tactful.kernel.settings import Settings


def risk(level: str, confidence: float = 0.4) -> dict[str, Any]:
    return {
        "risk_level": level,
        "risk_confidence": confidence,
        "reasons": ["They come less often."],
        "reengagement_strategy": strategy(level, ["broken_streak"]),
    }


def stuck(
    days: int, topic: str = "Calculus", suggested: str | None = "Try a graph.", *, taken: bool = False
) -> dict[str, Any]:
    return {
        "days_on_topic": days, "topic": topic, "intervention_suggested": suggested, "intervention_taken": taken,
    }  # fmt: skip


def fading(urgency: str, loss: float = 0.25, name: str = "Algebra") -> dict[str, Any]:
    return {
        "urgency": urgency, "skill_name": name, "regression_amount": loss, "peak_mastery": 0.9,
        "current_mastery": 0.9 - loss, "days_since_practice": 45,
    }  # fmt: skip


def kinds(known: Any, plateaus: list[Any], regressions: list[Any]) -> list[str]:
    return [each["type"] for each in actions(known, plateaus, regressions)]


def test_the_order_is_that_in_which_they_would_be_said() -> None:
    every = ([stuck(8)], [fading("critical"), fading("high", 0.02)])
    assert kinds(risk("critical"), *every) == [
        "dropout_risk",
        "skill_regression",
        "learning_plateau",
        "skill_regression",
    ]
    assert kinds(risk("high"), *every)[:2] == ["skill_regression", "dropout_risk"]
    assert kinds(risk("medium"), *every)[-1] == "dropout_risk"


def test_nothing_is_to_be_done_about_a_risk_of_which_little_is_known() -> None:
    assert kinds(risk("critical", 0.157), [stuck(8)], []) == ["learning_plateau"]
    assert kinds(risk("critical", 0.16), [stuck(8)], [])[0] == "dropout_risk"


def test_of_like_urgency_the_larger_comes_first() -> None:
    told = actions(None, [stuck(8), stuck(30, "Limits")], [fading("high", 0.2), fading("high", 0.4, "Roots")])
    assert [each["message"].split(" is ")[0].split(" for ")[0] for each in told] == [
        "Stuck on Limits", "Stuck on Calculus", "Roots", "Algebra",
    ]  # fmt: skip


def test_a_skill_is_named_as_the_catalogue_calls_it_with_its_topic() -> None:
    rows = [stuck(8, "maths") | {"skill_id": each.lower(), "skill_name": each} for each in ("Division", "Fractions")]
    assert [each["message"] for each in actions(None, rows, [])] == [
        "Stuck on Division (maths) for 8 days", "Stuck on Fractions (maths) for 8 days",
    ]  # fmt: skip
    (unnamed,) = actions(None, [stuck(8, "maths") | {"skill_id": "div", "skill_name": "div"}], [])
    assert unnamed["message"] == "Stuck on maths for 8 days"


def test_being_stuck_comes_before_what_fades_as_urgently_but_a_little() -> None:
    every = actions(None, [stuck(11)], [fading("high", loss) for loss in (0.22, 0.3, 0.34)])
    assert every[0]["type"] == "learning_plateau"


@pytest.mark.parametrize(
    "found",
    [(None, [], []), (risk("low"), [], []), (risk("unknown"), [], []), (None, [stuck(5)], [fading("medium")])],
)
def test_what_can_wait_is_not_among_it(found: Any) -> None:
    assert kinds(*found) == []


def test_help_that_was_taken_is_not_to_be_offered_again() -> None:
    told = actions(None, [stuck(30, "Limits", taken=True), stuck(8, taken=False)], [])
    assert [each["message"] for each in told] == ["Stuck on Calculus for 8 days"]


def test_a_good_moment_comes_last() -> None:
    told = actions(risk("medium"), [stuck(8)], [], good_moment=True)
    assert [each["type"] for each in told] == ["learning_plateau", "dropout_risk", "good_moment"]


def test_how_long_somebody_may_be_stuck_is_a_setting() -> None:
    assert actions(None, [stuck(8)], [], settings=Settings({STUCK_DAYS.name: 9})) == []


def test_each_says_what_and_what_to_do() -> None:
    (told,) = actions(None, [stuck(8)], [])
    assert told == {"type": "learning_plateau", "message": "Stuck on Calculus for 8 days", "action": "Try a graph."}
    (told,) = actions(None, [stuck(8, suggested=None)], [])
    assert told["action"]
    (told,) = actions(None, [], [fading("high")])
    assert told["message"] == "Algebra is fading: 0.65 now, 0.90 at its best, not practised for 45 days"
    (told,) = actions(risk("high"), [], [])
    assert told["message"] == "The risk of leaving is high. They come less often."


@pytest.mark.parametrize("factor", [*WAYS_BACK, None])
def test_what_to_do_about_a_risk_is_something_to_do_for_every_strategy(factor: str | None) -> None:
    known = {**risk("high"), "reengagement_strategy": strategy("high", [factor] if factor else [])}
    (told,) = actions(known, [], [])
    assert told["action"].split()[0] in {"Ask", "Offer", "Invite", "Remind"}
