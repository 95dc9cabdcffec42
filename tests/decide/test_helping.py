"""Help before somebody starts has words for whatever speaks loudest, and two ways on."""

from typing import Any

import pytest

from tactful.decide.helping import (
    ACTIONS,
    GENERAL,
    ITSELF,
    OFTEN_HARD,
    OTHERS,
    REVIEW,
    SKILL_ITSELF,
    TRIED,
    WORDS,
    help_for,
)
from tactful.predict import struggle


def test_every_factor_has_words_of_its_own() -> None:
    assert WORDS.keys() == struggle.FACTORS.keys()
    assert len(set(WORDS.values())) == len(WORDS)


def test_there_are_two_ways_on_and_the_first_takes_the_help() -> None:
    for factor in WORDS:
        message, actions = help_for(factor)
        assert message.endswith(("?", "."))
        assert [action["type"] for action in actions] == [kind for kind, _ in ACTIONS]
        assert actions[0]["type"] == REVIEW
        assert all(action["label"] for action in actions)


@pytest.mark.parametrize(
    ("factor", "known", "said"),
    [
        # It is the skill itself that fails: nobody who is firm in the basics is sent back to them.
        ("prereq_mastery", {"skill_mastery": 0.3, "basics_mastery": 0.9}, SKILL_ITSELF),
        ("prereq_mastery", {"skill_mastery": 0.3, "basics_mastery": None}, SKILL_ITSELF),
        ("prereq_mastery", {"skill_mastery": 0.3, "basics_mastery": 0.4}, WORDS["prereq_mastery"]),
        ("prereq_mastery", {"skill_mastery": None, "basics_mastery": 0.3}, WORDS["prereq_mastery"]),
        ("prereq_mastery", {"skill_mastery": 0.3, "before": True}, WORDS["prereq_mastery"]),
        ("similar_performance", {"tries": 4, "tries_average": 0.2}, TRIED),
        ("similar_performance", {"similar_average": 0.2}, WORDS["similar_performance"]),
        ("similar_performance", {"average": 0.2}, OFTEN_HARD),
        ("similar_performance", {"tries": 4, "tries_average": 0.7}, GENERAL),
        # Nobody but themselves has tried it, or hardly anybody.
        ("content_difficulty", {"content_attempts": 40, "content_average": 0.1, "tries": 40, "tries_average": 0.1},
         WORDS["content_difficulty"]),
        ("content_difficulty", {"difficulty": 0.9}, WORDS["content_difficulty"]),
        ("content_difficulty", {"content_attempts": 40, "content_average": 0.3}, OTHERS),
        ("content_difficulty", {"content_attempts": 40, "content_average": 0.6}, WORDS["content_difficulty"]),
        ("recency", {"days_since_review": 0.1}, GENERAL),
        ("recency", {"days_since_review": 30.0}, WORDS["recency"]),
        ("cognitive_load", {"sitting_minutes": 2.0}, GENERAL),
        ("sentiment", {"sentiment_trend": 0.3}, GENERAL),
    ],
)  # fmt: skip
def test_the_words_claim_what_is_known_and_no_more(factor: str, known: dict[str, Any], said: str) -> None:
    assert help_for(factor, known)[0] == said


def test_who_is_firm_in_the_basics_is_not_offered_to_review_them() -> None:
    labels = [help_for("prereq_mastery", {"skill_mastery": 0.3, "basics_mastery": each})[1] for each in (0.9, 0.2)]
    assert [each[0]["label"] for each in labels] == [ITSELF, dict(ACTIONS)[REVIEW]]
