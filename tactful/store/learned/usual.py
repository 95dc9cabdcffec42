"""What is usual of people's hours, as versions of `model_versions` have learned it: an organisation's own, or none."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from tactful.facts.moments import INSTANT
from tactful.facts.rhythm import Rhythms, rhythms
from tactful.store.learned import versions
from tactful.store.reading import Reader

# What the registry calls it.
HOURS = "hours"

_kept: dict[str, Rhythms] = {}

VERSIONS = """
SELECT organisation_id, id AS version, print, window_to, promoted_at, retired_at FROM model_versions
 WHERE capability = 'hours' AND organisation_id = ANY(%s) AND promoted_at <= %s
   AND (retired_at IS NULL OR retired_at > %s)
 ORDER BY promoted_at, id
"""
SCHEMA = {
    "organisation_id": pl.Int64, "version": pl.Int64, "print": pl.String,
    "window_to": INSTANT, "promoted_at": INSTANT, "retired_at": INSTANT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What serves, and until when the hours were that it was taught with."""

    rhythms: Rhythms
    until: datetime


def serving(reader: Reader, organisations: Collection[int], at: datetime) -> dict[int, Rhythms]:
    """What served each of `organisations` at `at`; who has nothing has learned nothing yet."""
    return {one: each.rhythms for one, each in standing(reader, organisations, at).items()}


def standing(reader: Reader, organisations: Collection[int], at: datetime) -> dict[int, Standing]:
    """As `serving`, with what it was taught with."""
    found = reader.read(VERSIONS, [sorted(organisations), at, at], SCHEMA)
    return {row["organisation_id"]: Standing(_read(reader, row), row["window_to"]) for row in found.to_dicts()}


@dataclass(frozen=True, slots=True)
class Then:
    """All that served between two instants. served: organisation_id, version, promoted_at and retired_at."""

    served: pl.DataFrame
    rhythms: dict[int, Rhythms]

    def of(self, asked: pl.DataFrame) -> pl.Series:
        """The version that served each row of `asked` (organisation_id, at) at its instant; null where none did."""
        lines = asked.select("organisation_id", "at").with_row_index("line").sort("at", "line")
        last = lines.join_asof(
            self.served, left_on="at", right_on="promoted_at", by="organisation_id", check_sortedness=False
        )
        serves = pl.col("retired_at").is_null() | (pl.col("retired_at") > pl.col("at"))
        return last.with_columns(version=pl.when(serves).then("version")).sort("line")["version"]


def then(reader: Reader, organisations: Collection[int], *, since: datetime, until: datetime) -> Then:
    """What served any of `organisations` between two instants."""
    found = reader.read(VERSIONS, [sorted(organisations), until, since], SCHEMA)
    return Then(found.drop("print", "window_to"), {row["version"]: _read(reader, row) for row in found.to_dicts()})


def _read(reader: Reader, row: dict[str, object]) -> Rhythms:
    version, name = row["version"], row["print"]
    assert isinstance(version, int)
    assert isinstance(name, str)
    return versions.parameters(reader, version, name, _kept, rhythms)
