"""Practice: state moved on attempt by attempt, the same for one person and for all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tactful.facts.practice import (
    ASKED,
    ATTEMPT,
    EVERYTHING,
    PERSON,
    Practice,
    advance,
    carry,
    look,
    merge,
    nothing,
    place,
)
from tactful.facts.practice.tables import SCHEMAS
from tests.often import often

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKILLS = {"sums": ["add"], "mixed": ["take", "add"], "both": ["add", "take"], "bare": []}


def attempt(
    success: float, content: str = "sums", *, person: int = 1, minutes: float | None = None, rated: float | None = None
) -> tuple[Any, ...]:
    at = None if minutes is None else AT + timedelta(minutes=minutes)
    return person, content, SKILLS[content], at, rated, success


def log(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ATTEMPT, orient="row")


def chance(before: pl.DataFrame) -> list[float]:
    parts = before.select(pl.sum_horizontal("ease", "person_level", "skill_level", "content_level")).to_series()
    return (1 / (1 + np.exp(-parts.to_numpy()))).tolist()  # type: ignore[no-any-return]


ATTEMPTS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(list(SKILLS)), st.integers(0, 3), st.integers(0, 90)),
    min_size=1,
    max_size=12,
)


def drawn(rows: list[tuple[float, str, int, int]], *, timed: bool = True) -> pl.DataFrame:
    minutes = np.cumsum([row[3] for row in rows])
    told = zip(rows, minutes.tolist(), strict=True)
    return log(*(attempt(s, c, person=p, minutes=m if timed else None) for (s, c, p, _), m in told))


def close(one: Practice, two: Practice) -> None:
    for name, columns in SCHEMAS.items():
        keys = [column for column in columns if column.endswith("_id")]
        assert_frame_equal(getattr(one, name).sort(keys), getattr(two, name).sort(keys))


@settings(max_examples=often(40))
@given(ATTEMPTS, st.integers(0, 12))
def test_a_log_in_two_parts_leads_where_the_whole_leads(rows: list[tuple[float, str, int, int]], cut: int) -> None:
    whole = drawn([(success, content, 1, minutes) for success, content, _, minutes in rows])
    before, after = advance(nothing(), whole)
    first, half = advance(nothing(), whole[:cut])
    second, rest = advance(half, whole[cut:])
    assert_frame_equal(pl.concat([first, second]), before)
    close(merge(half, rest), after)


@settings(max_examples=often(40))
@given(ATTEMPTS)
def test_who_asks_for_no_answers_is_left_the_same_state_and_told_what_everybody_had(
    rows: list[tuple[float, str, int, int]],
) -> None:
    whole = drawn(rows)
    _, half = advance(nothing(), whole)
    _, after = advance(half, whole)
    before, carried = carry(place(whole), half, whole)
    for name in SCHEMAS:
        assert_frame_equal(getattr(carried, name), getattr(after, name), check_exact=True)
    for name in ("skill", "content"):
        assert_frame_equal(before[name], getattr(half, name), check_exact=True)


@settings(max_examples=often(40))
@given(ATTEMPTS)
def test_what_a_person_does_later_changes_nothing_before(rows: list[tuple[float, str, int, int]]) -> None:
    whole = drawn(rows)
    before, _ = advance(nothing(), whole, everybody=False)
    for size in range(1, len(rows)):
        assert_frame_equal(advance(nothing(), whole[:size], everybody=False)[0], before[:size])


@settings(max_examples=often(40))
@given(ATTEMPTS, st.sampled_from(list(SKILLS)))
def test_a_question_is_told_what_an_attempt_would_have_been_told(
    rows: list[tuple[float, str, int, int]], content: str
) -> None:
    _, state = advance(nothing(), drawn(rows))
    asked = log(attempt(1, content, person=2, minutes=5000))
    assert_frame_equal(look(state, asked), advance(state, asked)[0])
    everybody = log(*(attempt(1, content, person=p, minutes=5000) for p in range(4)))
    assert_frame_equal(look(state, everybody)[2:3], look(state, asked))


@settings(max_examples=often(40))
@given(ATTEMPTS)
def test_the_order_of_people_among_each_other_plays_no_part(rows: list[tuple[float, str, int, int]]) -> None:
    whole = drawn(rows, timed=False)
    by_person = whole.sort("person_id", maintain_order=True)
    one, two = advance(nothing(), whole), advance(nothing(), by_person)
    assert_frame_equal(one[0].sort("person_id", maintain_order=True), two[0])
    close(one[1], two[1])


def test_columns_are_those_that_are_promised() -> None:
    before, after = advance(nothing(), log(attempt(1), attempt(0, "mixed", minutes=3)))
    assert dict(before.schema) == ASKED
    for name, columns in SCHEMAS.items():
        assert dict(getattr(after, name).schema) == columns


def test_the_first_step_is_the_one_of_the_filter() -> None:
    before, after = advance(nothing(), log(attempt(1, "bare")))
    assert chance(before) == [0.5]
    # doubts of everything, the content, the person and the person at it: 4, .75, 1.3 and .6; information .25
    blunted = 1 + 0.25 * (4 + 0.75 + 1.3 + 0.6)
    assert after.person["level"].item() == pytest.approx(1.3 * 0.5 / blunted)
    assert after.content["level"].item() == pytest.approx(0.75 * 0.5 / blunted)
    assert after.person["doubt"].item() == pytest.approx(1.3 - 1.3**2 * 0.25 / blunted + 0.002)


def test_success_is_expected_of_who_succeeds_and_failure_of_who_fails() -> None:
    rows = [attempt(float(person), person=person) for person in (0, 1) for _ in range(8)]
    before, _ = advance(nothing(), log(*rows))
    expected = chance(before)
    assert expected[7] < 0.4 < 0.75 < expected[15]


def test_content_is_hard_where_others_failed_unless_it_must_not_learn() -> None:
    others = log(*(attempt(0, person=person) for person in range(2, 12)))
    _, state = advance(nothing(), others)
    assert chance(look(state, log(attempt(1)))) < [0.25]
    _, still = advance(nothing(), others, everybody=False)
    assert chance(look(still, log(attempt(1)))) == [0.5]


def test_several_at_once_teach_content_as_much_as_one_after_the_other_nearly() -> None:
    others = [attempt(1, "bare", person=person) for person in range(20)]
    _, together = advance(nothing(), log(*others))
    state = nothing()
    for one in others:
        state = merge(state, advance(state, log(one))[1])
    at_once, in_turn = (each.skill.filter(skill_id=EVERYTHING)["level"].item() for each in (together, state))
    assert at_once == pytest.approx(in_turn, rel=0.35)
    assert min(at_once, in_turn) > 0.8


def test_a_rating_speaks_until_attempts_do() -> None:
    easy, hard = (look(nothing(), log(attempt(1, rated=rated))) for rated in (0.1, 0.9))
    assert chance(easy)[0] > 0.7
    assert chance(hard)[0] < 0.3
    _, state = advance(nothing(), log(*(attempt(1, person=p, rated=0.9) for p in range(30))))
    assert chance(look(state, log(attempt(1, person=99, rated=0.9)))) > [0.7]


def test_a_set_of_skills_is_the_same_in_any_order_and_is_told_from_each_alone() -> None:
    _, state = advance(nothing(), log(*(attempt(1, "mixed") for _ in range(4))))
    told = look(state, log(attempt(1, "both"), attempt(1, "sums")))
    assert told["skill_attempts"].to_list() == [4, 4]
    assert told["skills"].to_list() == [2, 1]
    assert state.person_skill.height == 3
    assert told["skill_level"][0] > told["skill_level"][1] > 0


def test_content_without_skills_says_nothing_of_skills() -> None:
    _, state = advance(nothing(), log(attempt(0, "bare"), attempt(0, "bare")))
    told = look(state, log(attempt(1, "bare"))).row(0, named=True)
    assert told["tries"] == 2
    assert told["least_level"] is None
    assert told["skill_level"] == 0
    assert state.person_skill.is_empty()


def test_a_pause_of_more_than_half_an_hour_begins_a_new_sitting() -> None:
    before, after = advance(nothing(), log(*(attempt(1, minutes=each) for each in (0, 10, 30, 90, 95))))
    assert before["sitting"].to_list() == [0, 1, 2, 0, 1]
    assert before["sitting_seconds"].to_list() == [0, 600, 1800, 0, 300]
    assert before["since_last"].to_list() == [None, 600, 1200, 3600, 300]
    assert before["load"].to_list()[:2] == pytest.approx([0, np.exp(-1 / 6)])
    assert after.person["sitting_at"].item() == AT + timedelta(minutes=90)


def test_times_that_are_not_known_stay_unknown() -> None:
    before, after = advance(nothing(), log(attempt(1), attempt(1)))
    times = ("since_last", "since_skill", "since_content", "sitting_seconds", "sitting", "load")
    assert before.select(pl.col(times).is_null().all()).row(0) == (True,) * len(times)
    assert after.person["last_at"].item() is None
    timed = advance(after, log(attempt(1, minutes=0), attempt(1, minutes=1)))[0]
    assert timed["since_last"].to_list() == [None, 60]


def test_an_attempt_is_judged_by_when_it_was_asked() -> None:
    rows = log(attempt(1, minutes=0), attempt(1, minutes=8), attempt(1, minutes=10))
    asked = rows.with_columns(asked_at=pl.col("at").shift(1).fill_null(pl.col("at")))
    before, after = advance(nothing(), asked)
    assert before["since_last"].to_list() == [None, 0, 0]
    close(after, advance(nothing(), rows)[1])


def test_runs_streaks_and_topics_are_counted() -> None:
    rows = [attempt(1), attempt(1), attempt(0, "mixed"), attempt(0, "both"), attempt(1)]
    before, after = advance(nothing(), log(*rows))
    assert before["run"].to_list() == [0, 1, 0, 1, 0]
    assert before["streak"].to_list() == [0, 1, 2, -1, -2]
    assert before["topics"].to_list() == [0, 1, 1, 2, 2]
    assert before["skill_lag"].to_list() == [None, 1, None, 1, 1]
    assert after.person.select("attempts", "successes", "streak", "topic").row(0) == (5, 3, 1, "add")


def test_what_is_similar_is_looked_up_by_name() -> None:
    _, state = advance(nothing(), log(attempt(1), attempt(0, "mixed"), attempt(1, "bare")))
    asked = log(attempt(1), attempt(1), attempt(1)).with_columns(
        similar=pl.Series([["take", "bare"], ["unheard"], None], dtype=pl.List(pl.String))
    )
    told = look(state, asked)
    assert told["similar_attempts"].to_list() == [2, None, None]
    assert told["similar_successes"].to_list() == [1, None, None]


def test_nothing_asked_is_nothing_told() -> None:
    before, after = advance(nothing(), log())
    assert before.height == 0
    assert after.person.schema == PERSON
