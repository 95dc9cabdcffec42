"""What is told of a message beside its mood: how much somebody put into it, and what it is about."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.interactions import MOST_TOPICS
from tactful.sense.quality import BRUSHED_OFF, quality
from tactful.sense.stopwords import stop_words
from tactful.sense.topics import Names, topics

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
ASKED = "Did the example about the chain rule help you?"
STOP = stop_words("en")
TEXT = st.text(max_size=200)


def worth(text: str, before: str | None = None, *, minutes: float | None = None) -> float:
    before_at = None if minutes is None else AT - timedelta(minutes=minutes)
    return quality(text, before, at=AT, before_at=before_at, stop=STOP)


@pytest.mark.parametrize("text", ["ok", "K", "Nope.", "ja", "whatever", "idk lol", "🎉", "...", "https://example.org"])
def test_a_brush_off_is_worth_little(text: str) -> None:
    assert worth(text) == worth(text, ASKED) == BRUSHED_OFF


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Yes, the example about the chain rule helped me a lot.", "Yes, I had a really nice day at the beach."),
        ("Why is the chain rule written like that?", "The chain rule is written like that"),
        ("I got 12 of 15 right with the chain rule", "I got many of them right with the chain rule"),
        ("I tried it twice and then looked at the second page of it", "I tried it twice"),
        ("I like how the second example begins", "like like like like like like like"),
        ("我觉得这个例子很有帮助，谢谢你的解释", "我觉得"),
    ],
)
def test_what_answers_asks_or_tells_more_is_worth_more(better: str, worse: str) -> None:
    assert worth(better, ASKED) > worth(worse, ASKED) > BRUSHED_OFF


def test_a_quick_answer_is_worth_more_than_a_late_one() -> None:
    said = "The example about the chain rule helped."
    assert worth(said, ASKED, minutes=1) > worth(said, ASKED, minutes=60) > worth(said, ASKED, minutes=6_000)


@given(TEXT, st.none() | TEXT, st.none() | st.floats(-1e5, 1e5))
def test_quality_lies_between_nothing_and_everything(text: str, before: str | None, minutes: float | None) -> None:
    assert 0 <= worth(text, before, minutes=minutes) <= 1


def test_the_longest_name_wins_and_case_and_plural_do_not_matter() -> None:
    names = Names.of(["Rule", "Chain rule", "C++", "R", "Éclairs", ""])
    assert topics("CHAIN RULES in c++, r and éclair", names, stop=STOP) == ["Chain rule", "C++", "Éclairs"]


def test_what_comes_up_more_often_comes_first() -> None:
    names = Names.of(["Algebra", "Geometry"])
    assert topics("Algebra, then geometry, geometry again", names, stop=STOP)[0] == "Geometry"


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "I would really like to know more about volcanoes", ["volcanoes"]),
        ("de", "Ich möchte gerne etwas über Vulkane wissen", ["gerne", "vulkane", "wissen"]),
        ("fr", "Je voudrais savoir plus sur les volcans", ["savoir", "volcans"]),
        ("es", "Quiero saber más sobre los volcanes", ["saber", "volcanes"]),
        ("und", "mail ana@example.org or @boris at https://example.org/volcano 1234", ["mail"]),
    ],
)
def test_words_that_say_nothing_are_no_topics(language: str, text: str, told: list[str]) -> None:
    assert topics(text, Names(), stop=stop_words(language)) == told


def test_without_key_words_only_the_own_names_are_told() -> None:
    said = "Volcanoes and algebra"
    assert topics(said, Names.of(["Algebra"]), stop=STOP, key_words=False) == ["Algebra"]


@given(TEXT, st.lists(st.text(max_size=20), max_size=8))
def test_there_are_never_more_than_five_and_none_twice(text: str, named: list[str]) -> None:
    told = topics(" ".join([text, *named]), Names.of(named), stop=STOP)
    assert len(told) == len(set(told)) <= MOST_TOPICS
