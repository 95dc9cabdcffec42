"""A plateau is found, goes on, is resolved by progress or left; and what is suggested follows what was tried."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tactful.facts.curves import CURVE
from tactful.kernel.errors import BadSetting
from tactful.kernel.settings import Settings
from tactful.predict import plateau
from tactful.predict.plateau import settings as rows
from tactful.predict.plateau.stands import MORE
from tactful.predict.plateau.suggestions import LAST, SAID, SUITS

# The product's own example: eight days, fifteen attempts, mastery .55, hardly any improvement.
STUCK: dict[str, Any] = {
    "attempts": 15, "days_on_topic": 8, "days_since_last": 0, "attempts_a_day": 15 / 8, "stuck": 0.9,
    "mastery_improvement": 0.02, "mastery_level": 0.55,
}  # fmt: skip


def told(
    *people: dict[str, Any], before: list[dict[str, Any]] | None = None, s: Settings | None = None
) -> pl.DataFrame:
    given = pl.DataFrame([STUCK | each for each in people], schema=dict(plateau.GIVEN))
    names = [{"person_id": n, "skill_id": "calc_derivatives", "topic": "Calculus"} for n in range(len(people))]
    curves = pl.DataFrame(names, schema=CURVE)
    was = pl.DataFrame([WAS | each for each in before or []], schema=plateau.BEFORE)
    return plateau.plateaus(curves, given, plateau.cold(given, s)["score"], was, s)


WAS: dict[str, Any] = {
    "person_id": 0, "skill_id": "calc_derivatives", "is_active": True, "mastery_level": 0.55,
    "tried": ["worked_examples"], "intervention_taken": False,
}  # fmt: skip


def one(person: dict[str, Any], **before: Any) -> dict[str, Any]:
    return told(person, before=[before] if before else None).row(0, named=True)


def test_somebody_stuck_is_found_with_what_the_product_shows() -> None:
    row = one({})
    assert dict(told({}).schema) == plateau.PLATEAU
    assert (row["change"], row["is_active"], row["resolved"]) == ("found", True, False)
    assert (row["topic"], row["days_on_topic"], row["attempts"]) == ("Calculus", 8, 15)
    assert row["intervention_suggested"] == "Study two worked examples of Calculus before the next attempt."


@pytest.mark.parametrize(
    "person",
    [
        {"days_on_topic": 5},
        {"attempts": 9},
        {"mastery_level": 0.9},
        {"stuck": 0.4},
        {"stuck": None},
        {"days_since_last": 22},
    ],
)
def test_nobody_is_found_without_days_attempts_a_standstill_or_still_trying(person: dict[str, Any]) -> None:
    assert told(person).is_empty()


@pytest.mark.parametrize(
    ("person", "change"),
    [
        # mastered within the stretch, and falling back from what was learned: a loss
        ({"mastery_began": 0.94, "mastery_level": 0.77}, None),
        ({"mastery_began": 0.86, "mastery_level": 0.8}, None),
        ({"mastery_began": 0.7, "mastery_level": 0.5}, None),
        # going down from where nothing was learned yet, and noise
        ({"mastery_began": 0.4, "mastery_level": 0.1}, "found"),
        ({"mastery_began": 0.62, "mastery_level": 0.55}, "found"),
    ],
)
def test_a_fall_from_what_was_learned_is_no_plateau(person: dict[str, Any], change: str | None) -> None:
    found = told(person)["change"].to_list()
    assert found == ([] if change is None else [change])
    if change is None:
        assert one(person | {"stuck": 0.9, "mastery_level": 0.45}, is_active=True)["change"] == "left"


def moved(days_since_last: int, elsewhere: int | None) -> list[str]:
    given = pl.DataFrame([STUCK | {"days_since_last": days_since_last}], schema=dict(plateau.GIVEN))
    names = [{"person_id": 1, "skill_id": "div", "topic": "maths"}]
    extra = pl.DataFrame({"days_elsewhere": [elsewhere], "skill_name": ["Division"]}, schema_overrides=MORE)
    curves = pl.DataFrame(names, schema=CURVE).hstack(extra)
    found = plateau.plateaus(curves, given, pl.Series([0.9]), pl.DataFrame(schema=plateau.BEFORE))
    return found["intervention_suggested"].to_list()


def test_who_moved_on_to_other_skills_is_not_stuck_on_this_one() -> None:
    assert moved(11, 0) == moved(8, 7) == []
    # tried of late, nothing else tried since, or nothing else ever
    assert moved(7, 0) == moved(11, 11) == moved(11, None) != []


def test_what_is_suggested_names_the_skill_as_the_catalogue_does() -> None:
    assert moved(0, None) == ["Study two worked examples of Division before the next attempt."]


@pytest.mark.parametrize("person", [{"mastery_level": 0.86}, {"stuck": 0.1}, {"mastery_level": 0.81}])
def test_progress_resolves_by_itself(person: dict[str, Any]) -> None:
    row = one(person, mastery_level=0.5)
    assert (row["change"], row["is_active"], row["resolved"]) == ("resolved", False, True)


@pytest.mark.parametrize("person", [{"stuck": 0.5}, {"stuck": None}, {"mastery_level": 0.6}, {"mastery_level": 0.64}])
def test_a_plateau_goes_on_until_it_is_clearly_over(person: dict[str, Any]) -> None:
    assert one(person, is_active=True)["change"] == "kept"


def test_who_stops_trying_leaves_it_and_has_resolved_nothing() -> None:
    row = one({"days_since_last": 30}, is_active=True)
    assert (row["change"], row["is_active"], row["resolved"]) == ("left", False, False)


def test_one_that_is_over_may_be_found_again() -> None:
    assert one({}, is_active=False)["change"] == "found"


def test_a_suggestion_stands_until_it_was_followed_and_then_comes_the_next() -> None:
    assert one({}, tried=["another_form"])["suggestion"] == "another_form"
    assert one({}, tried=["another_form"], intervention_taken=True)["suggestion"] == "worked_examples"
    assert one({}, is_active=False, tried=["worked_examples"])["suggestion"] == "another_form"


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"mastery_level": 0.2}, "back_to_basics"),
        ({"attempts_a_day": 12.0}, "fewer_a_day"),
        ({"attempts_a_day": 0.5}, "little_and_often"),
        ({}, "worked_examples"),
    ],
)
def test_what_is_suggested_suits_how_they_practise(person: dict[str, Any], name: str) -> None:
    assert one(person)["suggestion"] == name


def test_every_suggestion_comes_once_before_somebody_else_is_asked() -> None:
    tried: list[str] = []
    while not tried or tried[-1] != LAST:
        tried.append(one({"mastery_level": 0.5}, is_active=False, tried=tried)["suggestion"])
    assert len(set(tried)) == len(tried) == 4
    assert one({}, is_active=False, tried=list(SUITS))["suggestion"] == LAST
    assert set(SAID) == set(SUITS)


def test_a_skill_without_a_topic_is_called_by_its_name() -> None:
    given = pl.DataFrame([STUCK], schema=dict(plateau.GIVEN))
    curves = pl.DataFrame([{"person_id": 1, "skill_id": "fractions"}], schema=CURVE)
    found = plateau.plateaus(curves, given, pl.Series([0.9]), pl.DataFrame(schema=plateau.BEFORE))
    assert found["topic"].to_list() == ["fractions"]


def test_each_pair_is_judged_as_if_alone() -> None:
    people: list[dict[str, Any]] = [{}, {"stuck": 0.1}, {"mastery_level": 0.2}, {"days_since_last": 40}]
    before = [{"person_id": 1}, {"person_id": 3}]
    together = told(*people, before=before)
    assert together["person_id"].to_list() == [0, 1, 2, 3]
    assert together["change"].to_list() == ["found", "resolved", "found", "left"]
    assert told(people[0])["change"].to_list() == ["found"]


def test_thresholds_are_settings_and_must_agree() -> None:
    strict = Settings({rows.FROM.name: 0.95})
    assert told({}, s=strict).is_empty()
    with pytest.raises(BadSetting, match="must rise"):
        rows.AGREEMENTS[0].hold(Settings({rows.UNTIL.name: 0.8}))


def test_reasons_give_the_numbers() -> None:
    assert plateau.reasons(list(plateau.FACTORS), STUCK | {"stretch_attempts": 12.0, "jump": 0.3}) == [
        "By our estimate mastery rose by 2 points of 100 over about the last 12 attempts; "
        "the last sudden change was +30 points.",
        "15 attempts so far, 1.9 a day.",
        "8 days on the topic.",
        "By our estimate mastery stands at 55 of 100.",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [(0.021, "rose by 2 points of 100"), (-0.012, "fell by 1 point of 100"), (-0.002, "stayed where it was")],
)
def test_how_mastery_moved_is_told_in_words(change: float, words: str) -> None:
    row = {"mastery_improvement": change, "jump": 0.01}
    told = f"By our estimate mastery {words} of late; the last sudden change was +1 point."
    assert plateau.reasons(["no_improvement"], row) == [told]


def test_truth_is_whether_later_attempts_came_out_better() -> None:
    asked = pl.DataFrame(
        {"person_id": [1, 2, 3, 4], "skill_id": ["a"] * 4, "attempts": [10] * 4, "score_sum": [5.0] * 4,
         "mastery_level": [0.5] * 4}
    )  # fmt: skip
    later = pl.DataFrame(
        {"person_id": [3, 2, 1], "skill_id": ["a"] * 3, "attempts": [14, 20, 20], "score_sum": [9.0, 12.0, 10.2],
         "last_day": [date(2026, 4, 1)] * 3},
        schema_overrides=CURVE,
    )  # fmt: skip
    assert plateau.labels(asked, later).to_list() == [1.0, 0.0, None, None]
