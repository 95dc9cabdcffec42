"""An error's docstring is its sentence, unless a better one is known."""

import pytest

from tactful.kernel.errors import BadInput, ChannelRefused, NotFound, Refusal, TactfulError


def test_the_docstring_is_the_default_sentence() -> None:
    assert NotFound().detail == "There is nothing under that name, or it is not yours to see."


def test_a_better_sentence_and_the_fields_are_kept() -> None:
    error = BadInput("Too long.", fields=("name",))
    assert (str(error), error.detail, error.fields, error.name) == ("Too long.", "Too long.", ["name"], "BadInput")


@pytest.mark.parametrize("refusal", Refusal)
def test_a_channel_says_why_it_refused(refusal: Refusal) -> None:
    refused = ChannelRefused(refusal=refusal, after=3.0)
    assert (refused.refusal, refused.after) == (refusal, 3.0)


def test_what_nobody_foresaw_is_our_own_fault() -> None:
    assert TactfulError.status == 500
