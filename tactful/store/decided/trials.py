"""Trying kinds out on the past: whom it is tried on, what had been done with them, and what it said."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import Connection
from tactful.store.steps import Say, Steps

# The same people whenever it is asked, and no other order than chance.
SAMPLE = """
SELECT id, external_id, count(*) OVER () AS everybody FROM people WHERE organisation_id = %(organisation)s
 ORDER BY md5(id::text), id LIMIT %(most)s
"""
WRITE = """
INSERT INTO own_kind_trials (organisation_id, version, at, actor, result)
SELECT id, %(version)s, %(at)s, %(actor)s, %(result)s FROM organisations WHERE name = %(organisation)s
"""
LAST = """
SELECT DISTINCT ON (version) version, at, actor, result FROM own_kind_trials
 WHERE organisation_id = (SELECT id FROM organisations WHERE name = %(organisation)s) AND version = ANY(%(versions)s)
 ORDER BY version, at DESC, id DESC
"""


def sample(connection: Connection, organisation: int, most: int) -> tuple[dict[int, str], int]:
    """Up to `most` of an organisation's people, by lot: their own ids by ours; and how many people it has."""
    rows = connection.execute(SAMPLE, {"organisation": organisation, "most": most}).fetchall()
    return {row["id"]: row["external_id"] for row in rows}, rows[0]["everybody"] if rows else 0


def write(
    organisation: str, version: int, result: Mapping[str, Any], *, at: datetime, actor: str
) -> Steps[list[dict[str, Any]]]:
    """Keep what trying out a version said. result: without anybody's id."""
    values = {"organisation": organisation, "version": version, "at": at, "actor": actor}
    return (yield Say(WRITE, values | {"result": Jsonb(dict(result))}))


def last(organisation: str, versions: Sequence[int]) -> Steps[dict[int, dict[str, Any]]]:
    """What trying out each version said last, by version: at, actor and result."""
    rows = yield Say(LAST, {"organisation": organisation, "versions": list(versions)})
    return {row["version"]: row for row in rows}
