"""What people's own record says before anything was learned: those who obviously fail are offered fitting help."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.decide.helping import ITSELF, SKILL_ITSELF, TRIED, WORDS
from tactful.store.database import Database
from tests.tried import AT, asks, tries

THIRD = [0.0, 0.0, 1.0]
CRAFT = [1.0] * 6 + [0.0]
HOUR = timedelta(hours=1)


@pytest.fixture
def school(closed_database: Database) -> Database:
    """Ben does well at all of it; ana did well at what comes before fractions."""
    tries(closed_database, CRAFT * 6, person="ben", content="fractions_quiz", skill="fractions", at=AT - 9 * HOUR)
    for skill in ("subtraction", "multiplication", "division"):
        quiz = f"{skill}_quiz"
        tries(closed_database, CRAFT * 4, content=quiz, skill=skill, at=AT - timedelta(days=12))
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO content (organisation_id, id, difficulty, skills, prerequisites)
               SELECT o.id, w.* FROM organisations o,
                      (VALUES ('fractions_quiz', 0.8, '{fractions}'::text[], '{division_quiz}'::text[]),
                              ('division_quiz', 0.6, '{division}', '{}'),
                              ('counting_quiz', 0.1, '{counting}', '{}')) w"""
        )
        connection.execute(
            """INSERT INTO skills (organisation_id, id, prerequisites)
               SELECT id, 'division', '{subtraction,multiplication}' FROM organisations"""
        )
    return closed_database


def fails(database: Database, scores: list[float], content: str = "fractions", **more: Any) -> dict[str, Any]:
    tries(database, scores, content=f"{content}_quiz", skill=content, at=AT - HOUR)
    return asks(database, f"{content}_quiz", **more)


@pytest.mark.parametrize(
    ("scores", "least"),
    [
        # two of three fail, and the last one just went well
        (THIRD * 22, 0.5),
        ([*THIRD * 17, 0, 0, 0, 1, *[0] * 6], 0.7),
        ([*THIRD * 20, *[0] * 7], 0.7),
        ([*CRAFT * 4, *[0] * 8], 0.6),
        ([0] * 6, 0.7),
        ([0] * 40, 0.75),
    ],
)
def test_who_fails_at_it_again_and_again_is_offered_help(school: Database, scores: list[float], least: float) -> None:
    told = fails(school, scores)
    assert told["struggle_probability"] > least
    assert told["should_offer_help"]
    assert told["help_message"] in (SKILL_ITSELF, TRIED), "what comes before is firm"
    assert told["actions"][0] == {"type": "review_prerequisites", "label": ITSELF}
    hundred = min(max(round(100 * sum(scores) / len(scores)), 0), 100)
    assert f"Of {len(scores)} attempts at this very content, the average score is {hundred} in 100." in told["reasons"]


def test_who_fails_at_what_is_easy_for_all_is_offered_help_too(school: Database) -> None:
    tries(school, [1.0] * 40, person="ben", content="counting_quiz", skill="counting")
    assert fails(school, [*[1.0] * 40, *[0.0] * 6], "counting")["should_offer_help"]


def test_who_does_well_is_left_alone(school: Database) -> None:
    for scores in (CRAFT * 3, [0.0] * 20 + [1.0] * 10):
        told = fails(school, scores)
        assert told["struggle_probability"] < 0.35
        assert not told["should_offer_help"]


def test_described_prerequisites_are_known_as_those_of_the_request_are(school: Database) -> None:
    for skill in ("subtraction", "multiplication"):
        tries(school, [1.0, *[0.0] * 14], person="weak", content=f"{skill}_quiz", skill=skill, at=AT - HOUR)
    told = asks(school, "division_quiz", person="weak")
    said = asks(school, "division_quiz", person="weak", prerequisites=["subtraction", "multiplication"])
    assert told["features"]["prereq_mastery"] == pytest.approx(said["features"]["prereq_mastery"], abs=0.05)
    assert told["features"]["prereq_mastery"] < 0.2
    assert told["should_offer_help"]
    assert told["help_message"] == said["help_message"] == WORDS["prereq_mastery"]
    assert (
        "The skills this is about have not been practised yet. "
        "At the skills that come before, the average score is 7 in 100 so far."
    ) in told["reasons"]
    after = asks(school, "fractions_quiz", person="weak")
    assert after["features"]["prereq_mastery"] is None, "one step back, and nobody has tried division"


def test_content_that_comes_before_is_known_by_its_skills(school: Database) -> None:
    tries(school, [0.0] * 12, person="weak", content="division_quiz", skill="division", at=AT - HOUR)
    told = asks(school, "fractions_quiz", person="weak")
    assert told["features"]["prereq_mastery"] < 0.2
    assert told["confidence"] > 0.5
    assert told["help_message"] == WORDS["prereq_mastery"]
