"""What is kept of answers moves on the same way however they arrive, and knows nothing of what is to come."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.facts.memories import ANSWER, FORM, SKILL, STOOD, TOPIC
from tactful.facts.moments import INSTANT
from tactful.facts.remembering.columns import columns
from tactful.predict import forgetting
from tactful.predict.forgetting import State, advance
from tests.predict.forgetting.example import AT, log

DAY = timedelta(days=1)


def answers(*rows: tuple[str, float | None, int], person: int = 1) -> pl.DataFrame:
    """ANSWER of (skill, days after AT, right)."""
    made = [
        {"person_id": person, "skill_id": skill, "topic_id": "t", "at": None if days is None else AT + days * DAY,
         "hit": float(right), "rating": None, "seconds": 8.0}
        for skill, days, right in rows
    ]  # fmt: skip
    return pl.DataFrame(made, schema=ANSWER)


def kept(rows: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The rows of skills afterwards, by skill."""
    return {row["skill_id"]: row for row in advance(State(), rows)[1].skills.to_dicts()}


def merged(old: State, new: State) -> State:
    """As a store would write it: what changed in place of what was."""
    keys = (("person_id", "skill_id"), ("person_id", "topic_id"), ("person_id",))
    parts = zip(old, new, keys, strict=True)
    return State(*(pl.concat([was.join(now, on=key, how="anti"), now]).sort(key) for was, now, key in parts))


def test_the_tables_have_their_columns() -> None:
    stood, after = advance(State(), log(5))
    assert dict(stood.schema) == STOOD
    assert [dict(table.schema) for table in after] == [SKILL, TOPIC, FORM]


def test_a_log_in_parts_leaves_what_the_whole_leaves() -> None:
    rows = log(30)
    whole, after = advance(State(), rows)
    state, told = State(), []
    for part in (rows[:1], rows[1:200], rows[200:]):
        stood, new = advance(state, part)
        told.append(stood)
        state = merged(state, new)
    assert_frame_equal(pl.concat(told), whole)
    assert_frame_equal(state.skills, after.skills.sort("person_id", "skill_id"))
    assert_frame_equal(state.topics, after.topics.sort("person_id", "topic_id"))
    assert_frame_equal(state.forms, after.forms.sort("person_id"))


def test_days_between_answers_are_the_same_of_one_row_as_of_many() -> None:
    at = [AT + timedelta(microseconds=7_777_777_777_777 * number) for number in range(200)]
    many = columns(pl.DataFrame({"at": at}, schema={"at": INSTANT}))["at"]
    alone = [columns(pl.DataFrame({"at": [each]}, schema={"at": INSTANT}))["at"][0] for each in at]
    assert many.tolist() == alone


def test_a_person_does_not_depend_on_who_else_answered() -> None:
    rows = log(20)
    everybody, _ = advance(State(), rows)
    alone, _ = advance(State(), rows.filter(pl.col("person_id") == 7))
    assert_frame_equal(everybody.filter(rows["person_id"] == 7), alone)


def test_what_stood_behind_an_answer_does_not_know_it() -> None:
    right, wrong = (advance(State(), answers(("a", 0, 1), ("a", 3, 1), ("a", 9, last)))[0] for last in (1, 0))
    assert_frame_equal(right, wrong)


def test_answers_in_one_sitting_are_not_spaced() -> None:
    skill = kept(answers(("a", 0, 0), ("a", 0.01, 1), ("a", 0.02, 1), ("a", 2, 1), ("a", 9, 0)))["a"]
    assert (skill["answers"], skill["hits"]) == (5, 3)
    assert (skill["spaced"], skill["spaced_hits"]) == (2, 1)
    assert skill["gap_days"] == pytest.approx(7)
    assert skill["sitting_answers"] == 1


def test_without_times_every_answer_but_the_first_counts_as_spaced() -> None:
    skill = kept(answers(("a", None, 1), ("a", None, 0), ("b", None, 1), ("a", None, 1)))["a"]
    assert (skill["spaced"], skill["spaced_hits"]) == (2, 1)
    assert (skill["stability"], skill["last_at"], skill["gap_days"]) == (None, None, None)
    assert (skill["last_answer"], skill["gap_answers"]) == (3, 2)


def test_the_peak_stays_where_it_was_when_answers_go_wrong() -> None:
    good = kept(answers(*(("a", day, 1) for day in range(5))))["a"]
    bad = kept(answers(*(("a", day, day < 5) for day in range(9))))["a"]
    assert bad["peak"] == good["peak"]
    assert good["peak"] == pytest.approx(1 - 0.7**5)
    assert bad["recent"] < 0.3  # type: ignore[operator]


@pytest.mark.parametrize(
    "hits",
    [
        # 4 of 16, the longest run 2; 7 of 24, a run of 2 at first; half of 20, in turn
        (0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0),
        (1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0),
        (1, 0) * 10,
    ],
)
def test_a_peak_is_earned_and_a_few_right_answers_do_not(hits: tuple[int, ...]) -> None:
    row = kept(answers(*(("a", day, hit) for day, hit in enumerate(hits))))["a"]
    assert 0 < float(str(row["peak"])) < 0.6


def test_who_learned_it_late_has_earned_it_too() -> None:
    hits = (0,) * 10 + (1,) * 10
    assert float(str(kept(answers(*(("a", day, hit) for day, hit in enumerate(hits))))["a"]["peak"])) > 0.6


def test_the_last_twenty_answers_are_kept_one_by_one() -> None:
    hits = (0,) * 5 + (1, 1, 0) * 8
    form = advance(State(), answers(*((str(day % 3), day, hit) for day, hit in enumerate(hits))))[1].forms
    assert f"{form['last_20'][0]:020b}" == "".join(str(hit) for hit in hits[-20:])


def test_the_last_topic_named_is_the_skills_topic() -> None:
    rows = answers(("a", 0, 1), ("a", 1, 1), ("b", 2, 1)).with_columns(topic_id=pl.Series(["t", None, "u"]))
    found = kept(rows)
    assert (found["a"]["topic_id"], found["b"]["topic_id"]) == ("t", "u")


def test_a_late_answer_does_not_turn_back_the_clock() -> None:
    skill = kept(answers(("a", 0, 1), ("a", 5, 1), ("a", 3, 0)))["a"]
    assert skill["last_at"] == AT + 5 * DAY
    assert skill["answers"] == 3


def test_only_spaced_answers_prove_something_where_times_are_known() -> None:
    rows = pl.concat([answers(("a", 0, 1), ("a", 0.1, 1), ("a", 3, 0), ("a", 5, 1)), answers(("a", None, 0), person=2)])
    stood, _ = advance(State(), rows)
    assert forgetting.labels(rows, stood).to_list() == [None, None, 1, 0, 1]


def test_what_surprises_is_measured_against_the_cold_start() -> None:
    rows = pl.concat([log(10), answers(("x", None, 1), ("x", None, 0), ("y", 3, 1), person=99)])
    stood, after = advance(State(), rows)
    asked = rows.select("at", hour=pl.lit(None, pl.Float64))
    believed = 1 - forgetting.cold(forgetting.given(asked, stood))["score"]
    surprise = rows.select("person_id", "skill_id", more=pl.col("hit") - believed).group_by("person_id", "skill_id")
    wanted = surprise.agg(pl.col("more").sum().alias("surprise")).sort("person_id", "skill_id")
    kept = after.skills.sort("person_id", "skill_id").select("person_id", "skill_id", "surprise")
    assert_frame_equal(kept, wanted, check_exact=False, abs_tol=1e-9)
