"""Rows are numbered by their keys as a plain count of the different ones numbers them."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.numbered import numbered

KEYS = st.lists(st.tuples(st.integers(-2, 2), st.sampled_from(["", "a", "b"])), max_size=30)


@given(KEYS)
def test_numbers_go_up_with_the_first_row_of_each_key(keys: list[tuple[int, str]]) -> None:
    number, first = numbered(pl.DataFrame(keys, schema={"person": pl.Int64, "skill": pl.String}, orient="row"))
    different = list(dict.fromkeys(keys))
    assert number.tolist() == [different.index(key) for key in keys]
    assert first.tolist() == [keys.index(key) for key in different]
