"""Letting a version serve again that served before: what was learned then, and its scale, under a new number."""

from tactful.store.database import Connection
from tactful.store.learned import predictions
from tactful.store.learned.versions import RETIRE, Decision

# The same content under a new number: what was learned then, and what it was judged by, stay as they were.
AGAIN = """
INSERT INTO model_versions (organisation_id, capability, version, trained_at, window_from, window_to, lessons, people,
                            data_print, together, print, parameters, metrics, promoted_at, decided_by, reason)
SELECT organisation_id, capability,
       (SELECT max(version) + 1 FROM model_versions
         WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s),
       trained_at, window_from, window_to, lessons, people, data_print, together, print, parameters, metrics,
       %(at)s, %(by)s, %(reason)s
  FROM model_versions WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s
   AND version = %(version)s AND promoted_at IS NOT NULL
RETURNING version
"""
# Chances are told on the scale that was made for it.
SCALE_AGAIN = """
INSERT INTO risk_scales (organisation_id, at, medium, high, critical)
SELECT s.organisation_id, %(at)s, s.medium, s.high, s.critical
  FROM model_versions v JOIN risk_scales s ON s.organisation_id = v.organisation_id AND s.at >= v.promoted_at
   AND (v.retired_at IS NULL OR s.at < v.retired_at)
 WHERE v.organisation_id = %(organisation)s AND v.capability = 'dropout' AND %(capability)s = 'dropout'
   AND v.version = %(version)s
 ORDER BY s.at DESC, s.id DESC LIMIT 1
"""
HOLD = """
SELECT pg_advisory_xact_lock(
    hashtextextended('versions ' || coalesce(%(organisation)s::text, '') || %(capability)s, 0))
"""
SERVES = """
SELECT version FROM model_versions
 WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s
   AND promoted_at IS NOT NULL AND retired_at IS NULL
"""
SERVED = """
SELECT FROM model_versions
 WHERE organisation_id IS NOT DISTINCT FROM %(organisation)s AND capability = %(capability)s
   AND version = %(version)s AND promoted_at IS NOT NULL
"""


def serves(connection: Connection, organisation: int | None, capability: str) -> int | None:
    """The number of the organisation's own version that serves; None where none does. Held until the transaction ends:
    nobody else sets one back meanwhile.
    """
    whose = {"organisation": organisation, "capability": capability}
    connection.execute(HOLD, whose)
    row = connection.execute(SERVES, whose).fetchone()
    return int(row["version"]) if row else None


def set_back(
    connection: Connection, organisation: int | None, capability: str, version: int, *, decision: Decision
) -> int | None:
    """Let a version serve again that has served before, under a new number, which is answered; None: it never did.

    version: 0 for none at all; what is told before anything was learned serves then, and 0 is answered.
    """
    values = {"organisation": organisation, "capability": capability, "version": version}
    values |= {name: getattr(decision, name) for name in Decision.__slots__}
    if not version:
        connection.execute(RETIRE, values)
        _start_over(connection, organisation, capability)
        return 0
    if connection.execute(SERVED, values).fetchone() is None:
        return None
    connection.execute(RETIRE, values)
    row = connection.execute(AGAIN, values).fetchone()
    assert row is not None
    connection.execute(SCALE_AGAIN, values)
    _start_over(connection, organisation, capability)
    return int(row["version"])


def _start_over(connection: Connection, organisation: int | None, capability: str) -> None:
    # By how much people surprised it is held to what serves.
    if capability == "dropout" and organisation is not None:
        predictions.start_over(connection, [organisation])
