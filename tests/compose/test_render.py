"""What people read is filled in completely, fits what is known, and takes from facts only what can stand in it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.compose.languages import LANGUAGES
from tactful.compose.render import ABOUT, choose, needs, variants
from tactful.compose.templates.wordings import WORDINGS, library
from tactful.compose.variables import KNOWN, VARIABLE, variables
from tactful.compose.writing.languages import foreign
from tactful.decide.kinds import KINDS
from tactful.decide.settings import AT_ONCE
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Initiative, Message

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


EVERY = [(language, kind) for language in LANGUAGES for kind in sorted(WORDINGS)]
OUTREACH = {kind.name for kind in KINDS if kind.initiative is Initiative.OUTREACH}


def everything_said(language: str) -> list[Message]:
    return [wording for several in library(language).values() for wording in several]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_several_wordings_and_some_that_need_no_facts(language: str) -> None:
    # What is shown where people are has words of its own (test_helping, test_quick).
    assert set(library(language)) == {kind.name for kind in KINDS} - set(AT_ONCE)
    for kind, wordings in library(language).items():
        assert len(wordings) >= (4 if kind in OUTREACH else 3), kind
        assert sum(not needs(wording) for wording in wordings) >= 2, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_wordings_name_only_variables_that_exist(language: str) -> None:
    known = set(variables(EVERYTHING, AT, language))
    for wording in everything_said(language):
        assert needs(wording) <= known, wording
        assert "{" not in VARIABLE.sub("", wording.title + wording.body + wording.action)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wordings_are_distinct_and_short_enough_for_a_notification(language: str) -> None:
    wordings = everything_said(language)
    assert len({(wording.title, wording.body) for wording in wordings}) == len(wordings)
    for wording in wordings:
        longest = [VARIABLE.sub(lambda found: KNOWN[found[1]], text) for text in (wording.title, wording.body)]
        assert len(longest[0]) <= 60, wording
        assert len(longest[1]) <= 160, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_in_a_language_is_in_that_language(language: str) -> None:
    assert [each.body for each in everything_said(language) if foreign(f"{each.title}. {each.body}", language)] == []


def test_both_languages_have_the_same_wordings_that_lead_to_the_same_places() -> None:
    for kind, wordings in WORDINGS.items():
        places = [[(each.action, bool(needs(each))) for each in several] for several in (wordings, library("de")[kind])]
        assert places[0] == places[1], kind


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_all_wordings_are_used_when_everything_is_known(language: str, kind: str) -> None:
    """Of kinds that are about a topic or a skill those that name it: a text about "this" tells nobody what it is."""
    naming = [wording for wording in library(language)[kind] if needs(wording) & ABOUT]
    fitting = naming or library(language)[kind]
    rendered = [choose(kind, number, EVERYTHING, AT, locale=language).filled for number in range(len(fitting))]
    assert len(set(rendered)) == len(fitting) == len(variants(kind, EVERYTHING, AT, locale=language))
    about = ("Derivatives", "Factoring", "A week in a row", "The map")
    assert all(any(name in each.title + each.body for name in about) for each in rendered if naming)


@pytest.mark.parametrize(
    ("locale", "title"),
    [("en", "Something short"), ("de", "Etwas Kurzes"), ("de-AT", "Etwas Kurzes"), ("DE_ch", "Etwas Kurzes"),
     ("fr", "Something short"), ("", "Something short"), (None, "Something short")],
)  # fmt: skip
def test_people_read_their_language_where_we_write_it_and_english_elsewhere(locale: str | None, title: str) -> None:
    assert choose("gentle_nudge", 1, {}, locale=locale).filled.title == title


@pytest.mark.parametrize(
    ("facts", "language", "told"),
    [
        ({"milestone_points": 1}, "en", {"points": "1", "worth": "1 point"}),
        ({"milestone_points": 35}, "en", {"points": "35", "worth": "35 points"}),
        ({"milestone_points": 1}, "de", {"points": "1", "worth": "1 Punkt"}),
        ({"milestone_points": 35}, "de", {"points": "35", "worth": "35 Punkte"}),
        ({"milestones": 2}, "de", {"more": "1", "others": "ein weiterer"}),
        ({"milestones": 3}, "de", {"more": "2", "others": "2 weitere"}),
        ({"last_seen_at": "2026-02-24T08:00:00Z"}, "en", {"days_away": "8", "last_here": "24 February"}),
        ({"last_seen_at": "2026-02-24T08:00:00Z"}, "de", {"days_away": "8", "last_here": "24. Februar"}),
        # On the day that it was where they are.
        ({"last_seen_at": "2026-02-24T23:30:00Z", "zone": "Europe/Berlin"}, "de",
         {"days_away": "7", "last_here": "25. Februar"}),
        ({"last_seen_at": "2026-02-24T23:30:00Z", "zone": "../etc/passwd"}, "en",
         {"days_away": "7", "last_here": "24 February"}),
        ({"folded": [{"about": {"topic": name}} for name in "abcd"]}, "de", {"items": "a, b, c und 1 weitere"}),
        ({"plateau_suggestion": "Study two worked examples."}, "de", {}),
    ],
)  # fmt: skip
def test_numbers_and_days_are_said_as_the_language_says_them(
    facts: dict[str, object], language: str, told: dict[str, str]
) -> None:
    assert variables(facts, AT, language) == told


def test_numbers_come_from_the_facts() -> None:
    assert choose("streak_preservation", 2, EVERYTHING, AT).filled.title == "6 days so far"
    assert choose("proactive_checkin", 2, EVERYTHING, AT).filled.title == "Last here 8 days ago"


@given(st.sampled_from(sorted(WORDINGS)), st.integers(), st.dictionaries(st.sampled_from(sorted(EVERYTHING)), ANYTHING))
def test_whatever_the_facts_hold_the_text_is_complete(kind: str, variant: int, facts: dict[str, object]) -> None:
    for language in LANGUAGES:
        message = choose(kind, variant, facts, AT, locale=language).filled
        assert "{" not in message.title + message.body
        assert message in variants(kind, facts, AT, locale=language)


def test_unknown_facts_leave_the_plain_wordings() -> None:
    nothing = {"current_streak": None, "longest_streak": 0, "last_seen_at": None}
    for kind, wordings in WORDINGS.items():
        assert variants(kind, nothing, AT) == [wording for wording in wordings if not needs(wording)]


def test_a_plateau_is_spoken_of_by_its_topic_with_what_is_suggested() -> None:
    message = choose("alternative_approach", 2, EVERYTHING, AT).filled
    assert message.title == "8 days at Derivatives"
    assert message.body.endswith("Study two worked examples of Derivatives.")


def test_the_skill_is_named_as_the_catalogue_calls_it() -> None:
    message = choose("alternative_approach", 2, EVERYTHING | {"plateau_skill": "Chain rule"}, AT).filled
    assert message.title == "8 days at Chain rule"


@pytest.mark.parametrize("topic", ["x" * 41, "{streak}", "two\nlines", "   ", 7])
def test_a_topic_that_cannot_stand_in_a_sentence_is_left_out(topic: object) -> None:
    assert "topic" not in variables(EVERYTHING | {"plateau_topic": topic}, AT)


def test_a_kind_without_wordings_is_refused() -> None:
    with pytest.raises(NotFound, match="haiku"):
        choose("haiku", 0, {})
