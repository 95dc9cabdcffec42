"""What others had answered, gone through again, is what was kept of it at that moment."""

from datetime import UTC, datetime, timedelta

import duckdb
import ibis
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.facts.memories import ANSWER, OTHERS, person_form, person_memory, person_topic
from tactful.facts.remembering.others import others
from tactful.facts.remembering.state import State, advance
from tactful.kernel.chance import mix
from tactful.predict import forgetting

SIZE = 400


def draw(what: int, below: int) -> np.ndarray:
    words: np.ndarray = mix(np.arange(SIZE, dtype=np.uint64), what)
    return (words >> np.uint64(33)).astype(np.int64) % below


def log() -> pl.DataFrame:
    skill = draw(2, 5)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    told = {
        "person_id": draw(1, 6),
        "skill_id": [f"s{each}" for each in skill],
        # the last of them belongs to no topic
        "topic_id": [f"t{each % 2}" if each < 4 else None for each in skill],
        "at": [start + timedelta(hours=5 * number) for number in range(SIZE)],
        "hit": (draw(3, 3) > 0).astype(float),
        "rating": None,
        "seconds": None,
    }
    return pl.DataFrame(told, schema=ANSWER).with_columns(organisation_id=(pl.col("person_id") % 2).cast(pl.Int64))


def kept(answers: pl.DataFrame) -> pl.DataFrame:
    """What production's features say of everybody after these answers."""
    _, after = advance(State(), answers.select(*ANSWER))
    whose = answers.select("person_id", "organisation_id").unique("person_id")
    statement = ibis.to_sql(forgetting.features(person_memory, person_topic, person_form), dialect="duckdb")
    with duckdb.connect() as engine:
        for name, rows in zip(("person_memory", "person_topic", "person_form"), after, strict=True):
            engine.register(name, rows.join(whose, on="person_id").to_arrow())
        return pl.DataFrame(engine.sql(statement).to_arrow_table())


@pytest.mark.parametrize("place", [100, 250, 399])
def test_it_is_what_is_kept_at_that_moment(place: int) -> None:
    answers = log()
    told = others(answers, *advance(State(), answers.select(*ANSWER)))[place].to_dicts()[0]
    who, skill = answers["person_id"][place], answers["skill_id"][place]
    before = kept(answers[:place]).filter((pl.col("person_id") == who) & (pl.col("skill_id") == skill))
    assert before.height == 1
    wanted = before.select(*OTHERS).to_dicts()[0]
    assert told["others_asked"] > 0
    for name, number in wanted.items():
        assert told[name] == (pytest.approx(number, abs=1e-9) if number is not None else None), name


def test_later_answers_change_nothing() -> None:
    answers = log()
    whole = others(answers, *advance(State(), answers.select(*ANSWER)))
    half = answers[: SIZE // 2]
    assert_frame_equal(others(half, *advance(State(), half.select(*ANSWER))), whole[: SIZE // 2])
