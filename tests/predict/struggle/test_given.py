"""From practice and mood to what a belief about struggling is given, and what counts as truth."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import ibis
import polars as pl
import pytest

from tactful.facts.activity import person_day, window
from tactful.facts.practice import ATTEMPT, QUESTION, advance, look, merge, nothing
from tactful.predict import struggle
from tests.predict.struggle.example import moods

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)


def log(*successes: float, content: str = "sums") -> pl.DataFrame:
    rows = [
        (1, content, ["add"], AT + timedelta(minutes=each), None, success) for each, success in enumerate(successes)
    ]
    return pl.DataFrame(rows, schema=ATTEMPT, orient="row")


def question(*, person: int = 1, content: str = "sums", days: float = 0, rated: float | None = None) -> pl.DataFrame:
    row = (person, content, ["add"], AT + timedelta(days=days), rated)
    return pl.DataFrame([row], schema=QUESTION, orient="row")


def test_nine_of_ten_at_the_skills_are_a_high_mastery() -> None:
    _, state = advance(nothing(), log(*[1.0] * 9, 0.0, *[1.0] * 10))
    told = struggle.given(look(state, question(days=2))).row(0, named=True)
    assert told["prereq_mastery"] > 0.8
    assert told["similar_performance"] > 0.8
    assert told["days_since_review"] == pytest.approx(2, abs=0.02)
    assert told["cognitive_load"] == 0


def test_somebody_new_at_new_content_is_unknown_until_it_is_rated() -> None:
    new = struggle.given(look(nothing(), question()))
    assert new.select("prereq_mastery", "similar_performance", "content_difficulty").row(0) == (None, None, None)
    assert struggle.cold(new)["score"].item() is None
    rated = struggle.given(look(nothing(), question(rated=0.9)))
    assert rated["content_difficulty"].item() == pytest.approx(0.9)


def test_failures_of_others_outweigh_the_rating_in_time() -> None:
    _, state = advance(nothing(), log(*[0.0] * 40))
    told = struggle.given(look(state, question(person=2, rated=0.1)))
    assert told["content_difficulty"].item() > 0.85


def test_what_is_similar_comes_before_everything_else_that_was_done() -> None:
    _, state = advance(nothing(), pl.concat([log(*[1.0] * 9), log(0.0, 0.0, content="like it")]))
    alike = question(content="new").with_columns(similar=pl.Series([["like it"]], dtype=pl.List(pl.String)))
    assert struggle.given(look(state, alike))["similar_performance"].item() < 0.3
    assert struggle.given(look(state, question(content="new")))["similar_performance"].item() > 0.7


def test_nothing_is_more_like_content_than_itself() -> None:
    _, state = advance(nothing(), pl.concat([log(*[1.0] * 40, content="else"), log(0.0, 0.0, 0.0)]))
    alike = question().with_columns(similar=pl.Series([["else"]], dtype=pl.List(pl.String)))
    told = struggle.given(look(state, alike)).row(0, named=True)
    assert told["similar_performance"] < 0.3
    assert (told["tries"], told["tries_average"], told["similar_average"]) == (3, 0.0, 1.0)


def test_what_came_of_late_counts_more_and_long_ago_still_a_little() -> None:
    risen, fallen, failed = (
        struggle.given(look(advance(nothing(), log(*scores))[1], question())).row(0, named=True)
        for scores in ([0.0] * 9 + [1.0] * 9, [1.0] * 9 + [0.0] * 9, [0.0] * 18)
    )
    for name in ("prereq_mastery", "similar_performance"):
        assert risen[name] > 0.7
        assert failed[name] < fallen[name] - 0.03 < 0.3
    assert risen["tries_average"] == fallen["tries_average"] == 0.5


def below(*names: str) -> pl.DataFrame:
    return question(content="new").with_columns(
        pl.Series("skills", [["next"]], pl.List(pl.String)), pl.Series("basics", [names], pl.List(pl.String))
    )


def test_mastery_rests_on_what_comes_before_until_the_skill_itself_is_practised() -> None:
    _, state = advance(nothing(), log(*[0.0] * 8))
    told = struggle.given(look(state, below("add", "never"))).row(0, named=True)
    assert told["prereq_mastery"] == told["basics_mastery"] < 0.2
    assert (told["skill_mastery"], told["basics_attempts"], told["basics_average"]) == (None, 8, 0)
    assert struggle.given(look(state, below("never")))["prereq_mastery"].item() is None
    own = log(*[1.0] * 8).with_columns(pl.Series("skills", [["next"]] * 8, pl.List(pl.String)))
    _, then = advance(state, own)
    told = struggle.given(look(merge(state, then), below("add"))).row(0, named=True)
    assert told["prereq_mastery"] == told["skill_mastery"] > 0.8
    assert told["basics_mastery"] < 0.2


def test_the_load_grows_with_the_sitting() -> None:
    _, state = advance(nothing(), log(*[1.0] * 60))
    told = struggle.given(look(state, question(days=1 / 24)))
    assert told["cognitive_load"].item() == pytest.approx(0.5)
    assert told["sitting_attempts"].item() == 60


def mood_of(day: date) -> pl.DataFrame:
    statement = ibis.to_sql(struggle.features(person_day, window(day)), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_day", moods(4, until=AT + timedelta(days=9)).to_arrow())
        return pl.DataFrame(engine.sql(statement).to_arrow_table()).sort("person_id")


def test_the_mood_is_that_of_seven_days_and_of_whoever_has_one() -> None:
    mood = mood_of(AT.date())
    assert mood["person_id"].to_list() == [0, 2]
    assert mood["sentiment_count_7"].to_list() == [2, 2]
    before = pl.concat([look(nothing(), question(person=person)) for person in (2, 1)])
    told = struggle.given(before, mood)["sentiment_trend"].to_list()
    assert told == [pytest.approx(mood["sentiment_sum_7"][1] / 2), None]


def test_truth_is_the_first_outcome_after_the_question_and_within_its_horizon() -> None:
    asked = pl.DataFrame(
        [(1, "sums", AT), (1, "sums", AT + timedelta(days=1)), (1, "mixed", AT), (2, "sums", AT)],
        schema=["person_id", "content_id", "at"],
        orient="row",
    )
    outcomes = pl.DataFrame(
        [
            (1, "sums", AT, False),
            (1, "sums", AT + timedelta(days=2), False),
            (1, "sums", AT + timedelta(hours=2), True),
            (1, "mixed", AT + timedelta(days=8), True),
        ],
        schema=["person_id", "content_id", "at", "struggled"],
        orient="row",
    )
    told = struggle.labels(asked, outcomes)
    assert told["struggled"].to_list() == [True, False, None, None]
    assert told.select(asked.columns).equals(asked)
