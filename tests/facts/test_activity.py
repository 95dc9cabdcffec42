"""Facts as Ibis sees them: four weeks, and the columns of the tables."""

from datetime import date
from typing import Any

import pytest

from tactful.facts.activity import PERSON_DAY, PERSON_STATE, RECENT, person_day, window
from tactful.predict import dropout
from tactful.store.tables import metadata

INTEGERS = {"BIGINT": "int64", "INTEGER": "int32", "SMALLINT": "int16"}
OTHERS = {"TEXT": "string", "DATE": "date", "DOUBLE": "float64", "DOUBLE PRECISION": "float64"}


def as_ibis(column: Any) -> str:
    kind = str(column.type.compile()).split(" WITH")[0]
    return "timestamp('UTC', 6)" if kind.startswith("TIMESTAMP") else (INTEGERS | OTHERS)[kind]


@pytest.mark.parametrize(("name", "schema"), [("person_day", PERSON_DAY), ("person_state", PERSON_STATE)])
def test_what_features_see_is_what_the_store_keeps(name: str, schema: dict[str, str]) -> None:
    stored = {column.name: as_ibis(column) for column in metadata.tables[name].columns}
    assert {column: stored[column] for column in schema} == schema


def test_the_dropout_features_are_the_columns_that_recent_names() -> None:
    assert list(dropout.features(person_day, window(date(2026, 3, 1))).columns) == list(RECENT)


def test_a_window_is_four_weeks_that_end_on_its_day() -> None:
    four = window(date(2026, 3, 29))
    assert [(four.last - edge).days for edge in four[:4]] == [7, 14, 21, 28]
    assert window(date(2026, 3, 29), last=date(2026, 3, 30)).week_1 == four.week_1
