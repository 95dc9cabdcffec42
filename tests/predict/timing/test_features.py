"""Features as they are served give the same as the log does: joins over kept state, run by DuckDB."""

from datetime import timedelta

import duckdb
import ibis
import polars as pl
from polars.testing import assert_frame_equal

from tactful.facts import contacts, rhythm
from tactful.facts.columns import ibis_table
from tactful.facts.contacts import PAIR, PARTY, QUESTION
from tactful.facts.rhythm import CELL, RHYTHM
from tactful.predict import timing
from tests.predict.timing.messages import AT, asked, log

ASKED = QUESTION | {"local_day": pl.Date, "local_minute": pl.Int32}


def served(questions: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    tables = {"party": PARTY, "pair": PAIR, "rhythm": RHYTHM}
    views = [ibis_table(name, schema) for name, schema in tables.items()]
    statement = ibis.to_sql(timing.features(ibis_table("questions", ASKED), *views), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.sql("SET timezone = 'UTC'")
        for name, frame in (frames | {"questions": questions}).items():
            lists = [pl.col(each).arr.to_list() for each, kind in frame.schema.items() if isinstance(kind, pl.Array)]
            engine.register(name, frame.with_columns(lists).to_arrow())
        return pl.DataFrame(engine.sql(statement).to_arrow_table())


def test_a_question_asked_from_state_is_told_as_the_same_contact_from_the_log() -> None:
    messages = log(12, 20)
    before, last = messages[:-1], messages[-1:]
    _, kept = contacts.advance(contacts.nothing(), before)
    cells = before.select(
        person_id="from_id", day=pl.col("at").dt.date(), hour=pl.col("at").dt.hour().cast(pl.Int32),
        score_sum=pl.lit(None, pl.Float64), score_count=pl.lit(None, pl.Float64),
    ).select(list(CELL))  # fmt: skip
    _, own = rhythm.advance(rhythm.nothing(), cells)
    from_log = asked(messages)[-1:]
    questions = from_log.select(list(ASKED))
    told = served(questions, {"party": kept.party, "pair": kept.pair, "rhythm": own})
    assert told.columns == list(timing.ASKED)
    assert last["to_id"].to_list() == told["person_id"].to_list()
    assert_frame_equal(timing.given(told), timing.given(from_log))


def test_who_has_no_state_was_never_seen_and_every_question_has_its_row() -> None:
    questions = pl.DataFrame(
        [(AT, person, 99, AT.date(), 720) for person in (1, 2)] + [(AT + timedelta(days=1), 1, 99, AT.date(), 0)],
        schema=ASKED, orient="row",
    )  # fmt: skip
    nothing = contacts.nothing()
    told = served(questions, {"party": nothing.party, "pair": nothing.pair, "rhythm": rhythm.nothing()})
    given = timing.given(told)
    assert given.height == 3
    assert given["silence"].null_count() == 3
    assert given["sessions_week"].to_list() == [0, 0, 0]
    assert timing.cold(given)["confidence"].to_list() == [0, 0, 0]
