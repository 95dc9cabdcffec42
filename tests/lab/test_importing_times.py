"""Reading the times of a log."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tactful.lab.importing.times import TOO_SMALL, UNREADABLE, instants


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1082040961", datetime(2004, 4, 15, 14, 56, 1, tzinfo=UTC)),
        ("1082040961.5", datetime(2004, 4, 15, 14, 56, 1, 500_000, tzinfo=UTC)),
        ("1082040961000", datetime(2004, 4, 15, 14, 56, 1, tzinfo=UTC)),
        ("2004-04-15T14:56:01Z", datetime(2004, 4, 15, 14, 56, 1, tzinfo=UTC)),
        ("2004-04-15 16:56:01.25+02:00", datetime(2004, 4, 15, 14, 56, 1, 250_000, tzinfo=UTC)),
        ("1970-01-02T00:00:00Z", datetime(1970, 1, 2, tzinfo=UTC)),
        ("31536000", datetime(1971, 1, 1, tzinfo=UTC)),
        ("20040415T145601Z", datetime(2004, 4, 15, 14, 56, 1, tzinfo=UTC)),
        ("99999999999999999999", None),
        ("2004-04-31T00:00:00Z", None),
        ("nan", None),
        ("", None),
    ],
)
def test_times_are_read(text: str, at: datetime | None) -> None:
    read, why = instants(pl.Series(["2026-01-01T00:00:00Z", text]), None)
    assert read[1] == at
    assert why[1] == (None if at else UNREADABLE)


@pytest.mark.parametrize("number", ["31535999", "20040415", "0", "-1082040961", "1e3"])
def test_a_number_too_small_for_a_time_is_named(number: str) -> None:
    read, why = instants(pl.Series([number, "1082040961"]), "UTC")
    assert (read[0], why.to_list()) == (None, [TOO_SMALL.format(number), None])
