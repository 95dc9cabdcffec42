"""What is told of a message: by the words it has, whatever they are written in, and never an error."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tactful.predict import mood
from tactful.predict.mood import analyse
from tactful.predict.mood.languages import language
from tactful.predict.mood.words import words

EMPTY = {"sentiment_score": 0.0, "sentiment_type": "neutral", "emotion_group": None, "emotion": None, "confidence": 0.0}

anything = some.text(max_size=300) | some.text(alphabet="aA!?.😀😭❤️ 'no\u202eשם", max_size=300)


def score(text: str) -> float:
    return float(analyse([text])["sentiment_score"][0])


@given(some.lists(anything, max_size=4))
def test_every_text_has_an_answer_in_range(texts: list[str]) -> None:
    told = analyse(texts)
    assert dict(told.schema) == mood.ANALYSED
    assert told.height == len(texts)
    assert told["sentiment_score"].is_between(-1, 1).all()
    assert told["confidence"].is_between(0, 1).all()
    assert set(told["sentiment_type"]) <= set(mood.SENTIMENTS)
    assert set(told["emotion"].drop_nulls()) <= set(mood.EMOTIONS)
    assert told["emotion_group"].equals(told["emotion"].replace_strict(mood.GROUP, return_dtype=pl.String))
    unknown = told.filter(pl.col("confidence") == 0)
    assert (unknown["sentiment_type"] == "neutral").all()
    assert unknown["emotion"].is_null().all()


@given(some.lists(anything, min_size=2, max_size=4))
def test_a_text_alone_is_the_text_among_others(texts: list[str]) -> None:
    together = analyse(texts)
    for row, text in enumerate(texts):
        alone, among = analyse([text]), together[row]
        assert alone.drop("sentiment_score", "confidence").equals(among.drop("sentiment_score", "confidence"))
        assert alone["sentiment_score"][0] == pytest.approx(among["sentiment_score"][0], abs=1e-9)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("this is not good", "this is good"),
        ("I am not happy with it", "I am happy with it"),
        ("this is good", "this is good!!!"),
        ("this is good", "this is GOOD"),
        ("it is goood", "it is"),
        ("it was meh", "it was okay"),
        ("see you tomorrow 😭", "see you tomorrow"),
        ("see you tomorrow", "see you tomorrow ❤️"),
        ("I can’t stand it", "I can wait for it"),
        ("so cringe", "that slaps no cap"),
    ],
)
def test_negation_emphasis_emoji_and_slang_count(less: str, more: str) -> None:
    if "goood" in less:
        less, more = more, less
    assert score(less) < score(more)


@pytest.mark.parametrize(
    "text", ["", "   ", "...", "مرحبا كيف حالك", "שלום לכולם", "今日は楽しい", "Das ist sehr nett", "x" * 10_000]
)
def test_what_cannot_be_read_is_unknown_and_says_so(text: str) -> None:
    assert analyse([text]).drop("language").to_dicts() == [EMPTY]


def test_emoji_speak_for_every_language() -> None:
    sad, glad = analyse(["Ich gehe nach Hause und das ist alles 😢", "عيد سعيد 😀"]).to_dicts()
    assert (sad["sentiment_type"], sad["language"]) == ("negative", "de")
    assert glad["sentiment_score"] > 0
    assert sad["emotion"] is None


def test_long_texts_say_what_their_parts_say() -> None:
    told = analyse([("I hate this. " * 800)[:9_997], ("what a lovely day " * 600)[:10_000]])
    assert told["sentiment_type"].to_list() == ["very_negative", "very_positive"]


def test_emotions_are_known_from_the_first_day() -> None:
    said = {"I am so angry at you": "anger", "I'm scared of the exam": "fear", "thank you, you are the best": "joy"}
    told = analyse(list(said))
    assert told["emotion"].to_list() == list(said.values())
    assert told["emotion_group"].to_list() == ["negative", "negative", "positive"]


def test_the_model_that_comes_with_the_engine_is_small_and_names_its_licence() -> None:
    assert mood.SHIPPED.stat().st_size < 1_000_000
    assert "Apache-2.0" in mood.emotions().source


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The answer is in the second part", "en"), ("Ich habe das nicht verstanden", "de"),
        ("je ne comprends pas la question", "fr"), ("no entiendo la pregunta, gracias", "es"),
        ("не знаю, что", "und"), ("мы не знали", "ru"), ("що це за їжа", "uk"), ("한국어", "ko"),
        ("これは何ですか", "ja"), ("这是什么", "zh"), ("می‌خواهم چیزی بگویم", "fa"), ("😀 42 ?!", "und"), ("", "und"),
    ],
)  # fmt: skip
def test_a_language_is_guessed_where_it_can_be_told(text: str, tag: str) -> None:
    assert language(text) == tag


def test_words_carry_marks_of_denial_and_emphasis() -> None:
    assert words("don't like it. nice") == ["don't", "not_like", "not_it", ".", "nice"]
    assert words("#SoHappy @anna http://a.example/b") == ["#", "so", "happy", "@", "user", "%", "link"]
