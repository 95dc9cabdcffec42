"""Tables as numbers and back."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest
from polars._typing import PolarsDataType
from polars.testing import assert_series_equal

from tactful.facts.columns import at_keys, numbers, places, series

NOON = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)
CASES: list[tuple[PolarsDataType, list[object]]] = [
    (pl.Datetime("us", "UTC"), [NOON, None]),
    (pl.Date, [date(1969, 12, 31), None, date(2026, 3, 1)]),
    (pl.Int32, [3, None]),
    (pl.Float64, [0.5, None]),
    (pl.Array(pl.Float64, 2), [[1.0, 2.0], None, [3.0, 4.0]]),
    (pl.Array(pl.Float64, 2), [None]),
    (pl.Array(pl.Float64, 2), []),
]


@pytest.mark.parametrize(("kind", "values"), CASES)
def test_a_column_comes_back_as_it_was(kind: PolarsDataType, values: list[object]) -> None:
    column = pl.Series("a", values, dtype=kind)
    assert_series_equal(series("a", numbers(column), kind), column)


def test_who_has_no_row_never_was() -> None:
    schema: dict[str, PolarsDataType] = {
        "id": pl.Int64,
        "at": pl.Datetime("us", "UTC"),
        "n": pl.Float64,
        "x_log": pl.Float64,
    }
    table = pl.DataFrame([(1, NOON, 2.0, 0.1)], schema=schema, orient="row")
    held = at_keys(pl.DataFrame({"id": [2, 1]}), table, schema)
    assert held["n"].tolist() == [0, 2]
    assert np.isnan([held["at"][0], held["x_log"][0]]).all()


def test_places_find_rows_by_all_their_keys() -> None:
    keys = pl.DataFrame({"a": [1, 1], "b": [2, 3]})
    assert places(keys, pl.DataFrame({"a": [1, 1, 9], "b": [3, 2, 2]})).tolist() == [1, 0, -1]
