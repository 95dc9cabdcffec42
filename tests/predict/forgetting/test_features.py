"""What stands behind a skill comes out of the tables as it went in, on any engine, and nobody is told of themselves."""

import duckdb
import ibis
import polars as pl
import pytest

from tactful.facts.memories import OTHERS, STOOD, person_form, person_memory, person_topic
from tactful.predict import forgetting
from tactful.predict.forgetting import State, advance
from tests.predict.forgetting.example import log
from tests.predict.forgetting.test_state import answers

TABLES = ("person_memory", "person_topic", "person_form")
FEATURES = forgetting.features(person_memory, person_topic, person_form)


def told(state: State, *, organisations: dict[int, int] | None = None) -> pl.DataFrame:
    """What DuckDB makes of the tables."""
    own = pl.col("person_id").replace_strict(organisations or {}, default=1).alias("organisation_id")
    with duckdb.connect() as engine:
        for name, rows in zip(TABLES, state, strict=True):
            engine.register(name, rows.with_columns(own).to_arrow())
        found = pl.DataFrame(engine.sql(ibis.to_sql(FEATURES, dialect="duckdb")).to_arrow_table())
    return found.sort("person_id", "skill_id")


def test_production_and_evaluation_can_both_be_asked() -> None:
    for dialect in ("postgres", "duckdb"):
        assert "person_memory" in ibis.to_sql(FEATURES, dialect=dialect)


def test_three_rows_stand_side_by_side() -> None:
    rows = log(12)
    after = advance(State(), rows)[1]
    found = told(after)
    assert [name for name in found.columns if name in STOOD] == list(STOOD)
    skills = after.skills.sort("person_id", "skill_id")
    assert found["skill_stability"].to_list() == skills["stability"].to_list()
    forms = skills.join(after.forms, on="person_id", suffix="_form", maintain_order="left")
    assert found["form_hits_20"].to_list() == forms["hits_20"].to_list()
    assert found["topic_answers"].to_list() == [int(each) for each in forms["answers_form"]]


def test_others_are_everybody_else_of_the_organisation() -> None:
    rows = pl.concat(
        [answers(("a", 0, 1), ("a", 2, 0), ("a", 4, 1)), answers(("a", 0, 0), ("a", 1, 1), ("a", 3, 1), person=2),
         answers(("a", 0, 1), person=3)]
    )  # fmt: skip
    after = advance(State(), rows)[1]
    first, second, third = told(after, organisations={3: 2}).select(*OTHERS).to_dicts()
    assert (first["others_asked"], first["others_first_hits"], first["others_later_hits"]) == (3, 0, 1)
    assert (second["others_asked"], second["others_first_hits"], second["others_later_hits"]) == (3, 1, 1)
    assert first["others_surprise"] == pytest.approx(after.skills["surprise"][1])
    assert set(third.values()) == {0.0}
    assert set(told(advance(State(), answers(("a", 0, 1)).with_columns(topic_id=pl.lit(None, pl.String)))[1])
               .select(*OTHERS).row(0)[6:]) == {None}  # fmt: skip


def test_what_others_forget_is_feared_for_oneself() -> None:
    """The belief's number falls where others were worse than expected."""
    hard = [answers(("a", 0, 1), ("a", 2, 0), ("b", 3, 1), ("b", 5, 1), person=who) for who in range(2, 9)]
    rows = pl.concat([answers(("a", 0, 1), ("b", 1, 1)), *hard])
    state = advance(State(), rows)[1]
    found = told(state).filter(pl.col("person_id") == 1)
    asked = pl.DataFrame({"at": [None, None], "hour": [None, None]}, schema=forgetting.ASKED)
    given = forgetting.given(asked, found.select(*STOOD), found.select(*OTHERS))
    worse, better = given["others_surprise"]
    assert worse < 0 < better
