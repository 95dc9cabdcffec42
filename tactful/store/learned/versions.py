"""model_versions: what was learned, when it served, and why. A version never changes but in when it served.

risk_scales: from which learned chance a risk counts as medium, high and critical, as of a moment.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import polars as pl
from psycopg.types.json import Jsonb

from tactful.facts.chain import Chain, chain
from tactful.facts.moments import INSTANT
from tactful.facts.scale import UNSCALED, Scale, Served
from tactful.store.database import Connection
from tactful.store.reading import Reader

# Chains that stay read, by what they contain; each takes some 20 kB.
KEPT = 2_000
_kept: dict[str, Chain] = {}
Made = TypeVar("Made")

# One's own before that of all who share; `at` decides, so that a past moment is believed as it was then.
SERVING = """
SELECT DISTINCT ON (o.id) o.id AS organisation_id, v.id AS version_id, v.print, r.medium, r.high, r.critical
  FROM organisations o JOIN model_versions v ON v.organisation_id = o.id OR v.organisation_id IS NULL
  LEFT JOIN LATERAL (SELECT medium, high, critical FROM risk_scales s WHERE s.organisation_id = o.id AND s.at <= %s
                      ORDER BY s.at DESC, s.id DESC LIMIT 1) r ON true
 WHERE v.capability = %s AND o.id = ANY(%s) AND v.promoted_at <= %s AND (v.retired_at IS NULL OR v.retired_at > %s)
 ORDER BY o.id, v.organisation_id NULLS LAST
"""
SERVED = {
    "organisation_id": pl.Int64, "version_id": pl.Int64, "print": pl.String,
    "medium": pl.Float64, "high": pl.Float64, "critical": pl.Float64,
}  # fmt: skip
STANDING = """
SELECT id, print, trained_at FROM model_versions
 WHERE (organisation_id = %s OR organisation_id IS NULL) AND capability = %s
   AND promoted_at <= %s AND (retired_at IS NULL OR retired_at > %s)
 ORDER BY organisation_id NULLS LAST LIMIT 1
"""
PARAMETERS = "SELECT parameters::text AS parameters FROM model_versions WHERE id = %s"
RETIRE = """
UPDATE model_versions SET retired_at = %(at)s
 WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s
   AND promoted_at IS NOT NULL AND retired_at IS NULL
"""
# What was learned of mood was learned of labelled texts that somebody gave for everybody, not of organisations.
PART = """
UPDATE model_versions SET retired_at = %s
 WHERE (together OR organisation_id IS NULL) AND promoted_at IS NOT NULL AND retired_at IS NULL
   AND capability NOT IN ('mood', 'emotion')
"""
RECORD = """
INSERT INTO model_versions (organisation_id, capability, version, trained_at, window_from, window_to, lessons, people,
                            data_print, together, print, parameters, metrics, promoted_at, decided_by, reason)
SELECT %(organisation)s, %(capability)s, coalesce(max(version), 0) + 1, %(at)s, %(since)s, %(until)s, %(lessons)s,
       %(people)s, %(data_print)s, %(together)s, %(print)s, %(parameters)s, %(metrics)s,
       CASE WHEN %(promoted)s THEN %(at)s::timestamptz END, %(by)s, %(reason)s
  FROM model_versions WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s
RETURNING version
"""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a version was taught with. organisation: None for all together. data_print: equal for equal data.

    together: whether it stands on what all organisations taught.
    """

    organisation: int | None
    capability: str
    since: datetime
    until: datetime
    lessons: int
    people: int
    data_print: str
    together: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a version serves from `at` on, who decided it (`by`) and why."""

    at: datetime
    promoted: bool
    by: str
    reason: str


class Learned(Protocol):
    """Anything that was learned."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        ...


def serving(
    reader: Reader, capability: str, organisations: Collection[int], at: datetime, *, wanted: bool = True
) -> dict[int, Served]:
    """What served each of `organisations` at `at`; who has nothing has learned nothing yet. Nothing unless `wanted`."""
    if not wanted:
        return {}
    found = reader.read(SERVING, [at, capability, sorted(organisations), at, at], SERVED)
    told = {}
    for organisation, version, name, *edges in found.iter_rows():
        scale = UNSCALED if edges[0] is None else Scale(*edges)
        told[organisation] = Served(_chain(reader, version, name), scale)
    return told


@dataclass(frozen=True, slots=True)
class Standing:
    """A version that serves, and when it was learned: it may know every truth that was known then."""

    chain: Chain
    at: datetime


def standing(reader: Reader, capability: str, organisation: int | None, at: datetime) -> Standing | None:
    """What served an organisation (None: all who had nothing of their own) at `at`; None is the cold start."""
    schema = {"id": pl.Int64, "print": pl.String, "trained_at": INSTANT}
    found = reader.read(STANDING, [organisation, capability, at, at], schema)
    if found.is_empty():
        return None
    version, name, learned_at = found.row(0)
    return Standing(_chain(reader, version, name), learned_at)


def own(reader: Reader, capability: str, at: datetime) -> set[int]:
    """Organisations that a version of their own served at `at`."""
    statement = """SELECT organisation_id FROM model_versions
                    WHERE organisation_id IS NOT NULL AND capability = %s
                      AND promoted_at <= %s AND (retired_at IS NULL OR retired_at > %s)"""
    return set(reader.read(statement, [capability, at, at], {"organisation_id": pl.Int64})["organisation_id"])


def moved(reader: Reader, organisation: int, capability: str) -> dict[str, float]:
    """How far each number had moved at the last learning, furthest first; see `learn.drifting`.

    Nothing while nothing learned serves: then there is nobody to be unlike.
    """
    statement = """SELECT coalesce(metrics->'drift', '{}')::text AS drift FROM model_versions v
                    WHERE organisation_id = %s AND capability = %s
                      AND EXISTS (SELECT FROM model_versions s WHERE s.organisation_id = v.organisation_id
                                     AND s.capability = v.capability AND s.promoted_at IS NOT NULL
                                     AND s.retired_at IS NULL)
                    ORDER BY version DESC LIMIT 1"""
    found = reader.read(statement, [organisation, capability], {"drift": pl.String})
    told: dict[str, float] = {} if found.is_empty() else json.loads(found["drift"][0])
    return dict(sorted(told.items(), key=lambda item: -item[1]))


def latest(reader: Reader) -> datetime | None:
    """When a belief about anything was last learned, by anybody."""
    last: datetime | None = reader.read("SELECT max(trained_at) AS last FROM model_versions", [], {"last": INSTANT})[
        "last"
    ][0]
    return last


def _chain(reader: Reader, version: int, name: str) -> Chain:
    return parameters(reader, version, name, _kept, chain)


def parameters(
    reader: Reader,
    version: int,
    name: str,
    kept: dict[str, Made],
    made: Callable[[Mapping[str, Any]], Made],
    *,
    most: int = KEPT,
) -> Made:
    """What was learned, `made` of its parameters. name: its print, by which `kept` holds `most` that were read."""
    if name not in kept:
        while len(kept) >= most:
            kept.pop(next(iter(kept)), None)
        told = reader.read(PARAMETERS, [version], {"parameters": pl.String})["parameters"][0]
        kept[name] = made(json.loads(told))
    return kept[name]


def record(
    connection: Connection, taught: Taught, learned: Learned, metrics: Mapping[str, Any], decision: Decision
) -> int:
    """Write a version down and answer its number; a promoted one serves at once, and the one before it no more."""
    told = learned.as_dict()
    values = {
        **{name: getattr(taught, name) for name in Taught.__slots__},
        **{name: getattr(decision, name) for name in Decision.__slots__},
        "print": _print(told),
        "parameters": Jsonb(told),
        "metrics": Jsonb(metrics),
    }
    if decision.promoted:
        connection.execute(RETIRE, values)
    row = connection.execute(RECORD, values).fetchone()
    assert row is not None
    return int(row["version"])


def part(connection: Connection, *, at: datetime) -> None:
    """From `at` on let nothing serve that stands on what organisations taught each other."""
    connection.execute(PART, (at,))


def served(connection: Connection, organisation: int, at: datetime) -> list[dict[str, Any]]:
    """What serves an organisation at `at`, by capability: its own version, else that of all who learn together."""
    return connection.execute(
        """SELECT DISTINCT ON (capability) capability, version, trained_at, promoted_at, decided_by, reason, people,
                  lessons, organisation_id IS NULL AS shared
             FROM model_versions
            WHERE (organisation_id = %(organisation)s OR organisation_id IS NULL)
              AND promoted_at <= %(at)s AND (retired_at IS NULL OR retired_at > %(at)s)
            ORDER BY capability, organisation_id NULLS LAST""",
        {"organisation": organisation, "at": at},
    ).fetchall()


def history(connection: Connection, organisation: int | None, capability: str | None) -> list[dict[str, Any]]:
    """Every version of its own (None: of everybody), of one capability or all, newest first; no parameters."""
    return connection.execute(
        """SELECT version, capability, trained_at, window_from, window_to, lessons, people, data_print, metrics,
                  promoted_at, retired_at, decided_by, reason
             FROM model_versions
            WHERE organisation_id IS NOT DISTINCT FROM %s AND (capability = %s OR %s)
            ORDER BY trained_at DESC, capability, version DESC""",
        (organisation, capability or "", capability is None),
    ).fetchall()


def rescale(connection: Connection, scales: Mapping[int, Scale], *, at: datetime) -> None:
    """Let these organisations' chances be told on these scales from `at`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO risk_scales (organisation_id, at, medium, high, critical) VALUES (%s, %s, %s, %s, %s)",
            [
                (organisation, at, each.medium, each.high, each.critical)
                for organisation, each in sorted(scales.items())
            ],
        )


def _print(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
