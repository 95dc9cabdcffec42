"""What people read is filled in completely, fits what is known, and takes from facts only what can stand in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.compose.render import ABOUT, VARIABLE, needs, render, variables, variants
from tactful.compose.templates.wordings import WORDINGS
from tactful.decide.kinds import KINDS
from tactful.decide.settings import AT_ONCE
from tactful.kernel.errors import NotFound

AT = datetime(2026, 3, 4, 18, tzinfo=UTC)
EVERYTHING = {
    "current_streak": 6, "longest_streak": 21, "last_seen_at": "2026-02-24T08:00:00Z", "plateau_days": 8,
    "fading_skill": "Factoring", "fading_days": 45,
    "milestones": 3, "milestone": "A week in a row", "milestone_points": 45,
    "asked": {"feature": "The map"},
    "folded": [{"kind": "feature_suggestion", "about": {"feature": "The map"}}, {"kind": "check_in", "about": {}}],
    "plateau_topic": "Derivatives", "plateau_suggestion": "Study two worked examples of Derivatives.",
}  # fmt: skip
ANYTHING = st.one_of(
    st.none(), st.integers(), st.floats(), st.booleans(), st.text(), st.just("{streak}"), st.datetimes()
)


def test_every_kind_has_several_wordings_and_some_that_need_no_facts() -> None:
    # What is shown where people are has words of its own (test_helping, test_quick).
    assert set(WORDINGS) == {kind.name for kind in KINDS} - set(AT_ONCE)
    for kind, wordings in WORDINGS.items():
        assert len(wordings) >= 3, kind
        assert sum(not needs(wording) for wording in wordings) >= 2, kind


def test_wordings_name_only_variables_that_exist() -> None:
    known = set(variables(EVERYTHING, AT))
    for kind, wordings in WORDINGS.items():
        for wording in wordings:
            assert needs(wording) <= known, kind
            assert "{" not in VARIABLE.sub("", wording.title + wording.body + wording.action)


def test_wordings_are_distinct_and_short_enough_for_a_notification() -> None:
    wordings = [wording for several in WORDINGS.values() for wording in several]
    assert len({(wording.title, wording.body) for wording in wordings}) == len(wordings)
    assert all(len(wording.title) <= 60 and len(wording.body) <= 160 for wording in wordings)


@pytest.mark.parametrize("kind", sorted(WORDINGS))
def test_all_wordings_are_used_when_everything_is_known(kind: str) -> None:
    """Of kinds that are about a topic or a skill those that name it: a text about "this" tells nobody what it is."""
    naming = [wording for wording in WORDINGS[kind] if needs(wording) & ABOUT]
    fitting = naming or WORDINGS[kind]
    rendered = [render(kind, number, EVERYTHING, AT) for number in range(len(fitting))]
    assert len(set(rendered)) == len(fitting) == len(variants(kind, EVERYTHING, AT))
    about = ("Derivatives", "Factoring", "A week in a row", "The map")
    assert all(any(name in each.title + each.body for name in about) for each in rendered if naming)


def test_numbers_come_from_the_facts() -> None:
    assert render("streak_preservation", 2, EVERYTHING, AT).title == "6 days so far"
    assert render("proactive_checkin", 2, EVERYTHING, AT).title == "Last here 8 days ago"


@given(st.sampled_from(sorted(WORDINGS)), st.integers(), st.dictionaries(st.sampled_from(sorted(EVERYTHING)), ANYTHING))
def test_whatever_the_facts_hold_the_text_is_complete(kind: str, variant: int, facts: dict[str, object]) -> None:
    message = render(kind, variant, facts, AT)
    assert "{" not in message.title + message.body
    assert message in variants(kind, facts, AT)


def test_unknown_facts_leave_the_plain_wordings() -> None:
    nothing = {"current_streak": None, "longest_streak": 0, "last_seen_at": None}
    for kind, wordings in WORDINGS.items():
        assert variants(kind, nothing, AT) == [wording for wording in wordings if not needs(wording)]


def test_a_plateau_is_spoken_of_by_its_topic_with_what_is_suggested() -> None:
    message = render("alternative_approach", 2, EVERYTHING, AT)
    assert message.title == "8 days at Derivatives"
    assert message.body.endswith("Study two worked examples of Derivatives.")


def test_the_skill_is_named_as_the_catalogue_calls_it() -> None:
    message = render("alternative_approach", 2, EVERYTHING | {"plateau_skill": "Chain rule"}, AT)
    assert message.title == "8 days at Chain rule"


@pytest.mark.parametrize("topic", ["x" * 41, "{streak}", "two\nlines", "   ", 7])
def test_a_topic_that_cannot_stand_in_a_sentence_is_left_out(topic: object) -> None:
    assert "topic" not in variables(EVERYTHING | {"plateau_topic": topic}, AT)


def test_a_kind_without_wordings_is_refused() -> None:
    with pytest.raises(NotFound, match="haiku"):
        render("haiku", 0, {})
