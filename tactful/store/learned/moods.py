"""What was learned about moods, as versions of `model_versions`: an organisation's own, or everybody's, or none.

Sentiment stands under "mood", emotions under "emotion": each has versions of its own.
"""

from collections.abc import Collection
from datetime import datetime

import polars as pl

from tactful.facts.wordings import Linear, Served, linear
from tactful.store.learned import versions
from tactful.store.reading import Reader

# What the registry calls them.
MOOD, EMOTION = "mood", "emotion"
CAPABILITIES = (MOOD, EMOTION)

# Models that stay read; each takes at most some 800 kB.
KEPT = 100
_kept: dict[str, Linear] = {}

SERVING = """
SELECT DISTINCT ON (o.id, v.capability) o.id AS organisation_id, v.capability, v.id AS version, v.print
  FROM organisations o JOIN model_versions v ON v.organisation_id = o.id OR v.organisation_id IS NULL
 WHERE v.capability = ANY(%s) AND o.id = ANY(%s) AND v.promoted_at <= %s
   AND (v.retired_at IS NULL OR v.retired_at > %s)
 ORDER BY o.id, v.capability, v.organisation_id NULLS LAST
"""
SERVED = {"organisation_id": pl.Int64, "capability": pl.String, "version": pl.Int64, "print": pl.String}


def serving(reader: Reader, organisations: Collection[int], at: datetime) -> dict[int, Served]:
    """What served each of `organisations` at `at`, own before everybody's; who is missing has the cold start."""
    found = reader.read(SERVING, [list(CAPABILITIES), sorted(organisations), at, at], SERVED)
    told: dict[int, dict[str, Linear]] = {}
    for organisation, capability, version, name in found.iter_rows():
        told.setdefault(organisation, {})[capability] = _read(reader, version, name)
    return {one: Served(each.get(MOOD), each.get(EMOTION)) for one, each in told.items()}


def standing(reader: Reader, capability: str, organisation: int | None, at: datetime) -> Linear | None:
    """What served an organisation (None: all who have nothing of their own) at `at`; None is the cold start."""
    schema = {"id": pl.Int64, "print": pl.String, "trained_at": pl.Datetime("us", "UTC")}
    found = reader.read(versions.STANDING, [organisation, capability, at, at], schema)
    return None if found.is_empty() else _read(reader, found["id"][0], found["print"][0])


def _read(reader: Reader, version: int, name: str) -> Linear:
    return versions.parameters(reader, version, name, _kept, linear, most=KEPT)
