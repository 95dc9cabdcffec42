"""Help and quick actions in words: every type in every language, named where there is something to name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.compose import quick as palette
from tactful.compose.helping import library, render, variants
from tactful.compose.languages import LANGUAGES
from tactful.compose.render import needs
from tactful.compose.variables import VARIABLE
from tactful.decide import quick
from tactful.decide.inline_help import TYPES
from tactful.kernel.errors import NotFound

EACH = pytest.mark.parametrize("language", LANGUAGES)


@EACH
def test_every_type_of_help_has_several_wordings_with_and_without_a_name(language: str) -> None:
    texts = library(language)
    assert set(texts) == set(TYPES)
    for kind, wordings in texts.items():
        assert len(wordings) >= 3, kind
        assert {bool(needs(wording)) for wording in wordings} == {True, False}, kind
        assert all(needs(wording) <= {"what"} for wording in wordings), kind
        assert len({wording.body for wording in wordings}) == len(wordings)
        assert all(len(wording.title) <= 60 and len(wording.body) <= 160 for wording in wordings)


def test_languages_say_the_same_in_the_same_order() -> None:
    shapes = [
        {kind: [(each.action, bool(needs(each))) for each in several] for kind, several in library(language).items()}
        for language in LANGUAGES
    ]
    assert all(shape == shapes[0] for shape in shapes)
    words = [
        {name: {part: VARIABLE.findall(text) for part, text in told.items()} for name, told in texts.items()}
        for texts in map(palette.library, LANGUAGES)
    ]
    assert all(each == words[0] for each in words)


@EACH
def test_every_action_of_ours_is_called_something(language: str) -> None:
    for name in quick.NAMES:
        assert palette.called(name, language, what="Limits", days=3)["label"]


@given(st.sampled_from(TYPES), st.integers(0, 10**9), st.text(), st.sampled_from([None, "en", "de-AT", "xx"]))
def test_what_the_page_says_is_quoted_as_it_is_or_not_at_all(
    kind: str, variant: int, concept: str, locale: str | None
) -> None:
    said = render(kind, variant, {"concept": concept}, locale)
    assert said in variants(kind, {}, locale) or concept.strip() in said.title + said.body
    assert "{" not in VARIABLE.sub("", said.title + said.body) or "{" in concept


def test_the_title_of_the_content_is_said_where_no_concept_is_named() -> None:
    here = {"concept": None, "content_title": "Integrals", "topic": "calculus"}
    assert all("Integrals" in each.title + each.body for each in variants("foreseen_struggle", here, "en"))


def test_a_type_nobody_knows_has_no_words() -> None:
    with pytest.raises(NotFound):
        render("boredom", 0, {})
