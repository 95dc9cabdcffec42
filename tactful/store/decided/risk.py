"""dropout_risk_scores: rewritten by the daily pass, and by a tick when somebody's level changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.allowances import Telling
from tactful.store.apart import apart_all
from tactful.store.copying import stage
from tactful.store.database import AsyncConnection, Connection
from tactful.store.decided import alerts
from tactful.store.reading import Reader

COLUMNS = {
    "risk_score": "double precision",
    "risk_level": "text",
    "risk_factors": "text[]",
    "session_frequency_trend": "double precision",
    "avg_days_between_sessions": "double precision",
    "sessions_by_week": "int[]",
    "days_silent": "int",
    "sentiment_trend_7d": "double precision",
    "days_since_last_completion": "int",
    "performance_trend": "double precision",
    "longest_streak": "int",
    "current_streak": "int",
    "confidence": "double precision",
    "cold_score": "double precision",
    "probability": "double precision",
    "own": "double precision",
    "contributions": "double precision[]",
}

NAMES = ", ".join(COLUMNS)
UPSERT = f"""
INSERT INTO dropout_risk_scores AS r (user_id, organization_id, {NAMES}, reengagement_strategy,
                                      critical_since, level_since, calculated_at, updated_at)
SELECT person_id, organisation_id, {NAMES}, strategy,
       CASE WHEN risk_level = 'critical' THEN %(at)s::timestamptz END, %(at)s, %(at)s, %(at)s
  FROM risks LEFT JOIN strategies USING (risk_level, risk_factors) ORDER BY person_id
ON CONFLICT (user_id) DO UPDATE
   SET ({NAMES}, reengagement_strategy, critical_since, level_before, level_since, calculated_at, updated_at)
     = ({", ".join(f"excluded.{name}" for name in COLUMNS)}, excluded.reengagement_strategy,
        CASE WHEN excluded.critical_since IS NOT NULL AND r.critical_since > %(at)s - %(again)s * interval '1 day'
             THEN r.critical_since ELSE excluded.critical_since END,
        CASE WHEN excluded.risk_level = r.risk_level THEN r.level_before ELSE r.risk_level END,
        CASE WHEN excluded.risk_level = r.risk_level THEN r.level_since ELSE %(at)s END, %(at)s, %(at)s)
 WHERE r.calculated_at <= %(at)s
"""

# Read back from the rows just written, so that of two who write at once only one has changed the level.
NOTE = """
INSERT INTO risk_changes (organisation_id, person_id, at, level, level_before, risk_score, risk_factors)
SELECT r.organization_id, r.user_id, %(at)s, r.risk_level, r.level_before, r.risk_score, r.risk_factors
  FROM risks x JOIN dropout_risk_scores r ON r.user_id = x.person_id
 WHERE r.level_since = %(at)s AND r.level_before IS NOT NULL ORDER BY r.user_id
    ON CONFLICT (person_id, at) DO NOTHING
"""

CARRIED_OUT = """
UPDATE dropout_risk_scores
   SET strategy_executed = true, strategy_executed_at = %s, user_returned = NULL, returned_at = NULL
 WHERE user_id = ANY(%s)
"""

# They came back with the first session after it; or they were there and stayed.
RETURNED = """
UPDATE dropout_risk_scores r SET user_returned = true, returned_at = b.at
  FROM (SELECT w.user_id, coalesce((SELECT min(started_at) FROM person_session x
                                     WHERE x.person_id = w.user_id AND x.started_at > w.strategy_executed_at
                                       AND x.started_at <= %(at)s),
                                   CASE WHEN s.last_seen_at <= %(at)s THEN s.last_seen_at END) AS at
          FROM dropout_risk_scores w JOIN person_state s ON s.person_id = w.user_id
         WHERE w.strategy_executed AND w.user_returned IS NULL AND s.last_seen_at > w.strategy_executed_at) b
 WHERE r.user_id = b.user_id AND b.at IS NOT NULL
"""
STAYED_AWAY = """
UPDATE dropout_risk_scores SET user_returned = false
 WHERE strategy_executed AND user_returned IS NULL AND strategy_executed_at <= %(at)s - %(horizon)s * interval '1 day'
"""


def changed(beliefs: pl.DataFrame) -> pl.DataFrame:
    """The people whose level is not what the table last said."""
    return beliefs.filter(pl.col("risk_level").ne_missing(pl.col("risk_level_before")))


def rewrite(
    connection: Connection,
    beliefs: pl.DataFrame,
    strategies: pl.DataFrame,
    *,
    at: datetime,
    telling: Telling,
    others: Mapping[int, Telling] | None = None,
) -> None:
    """Write these people's rows, tell educators who became critical, and close alerts about who is so no more.

    beliefs: columns of MOMENT and what predict.dropout says of them. strategies: risk_level,
    risk_factors and the strategy (JSON text) for each of the few combinations that occur. others: how educators of
    organisations are told that have it their own way, by our number of them.
    """
    if beliefs.is_empty():
        return
    named = {"confidence": "risk_confidence", "current_streak": "standing_streak"}
    columns_of = (pl.col(named.get(name, name)).alias(name) for name in COLUMNS)
    rows = beliefs.select("person_id", "organisation_id", *columns_of)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute("DROP TABLE IF EXISTS risks")
    stage(connection, "risks", rows, f"person_id bigint, organisation_id bigint, {columns}")
    connection.execute("DROP TABLE IF EXISTS strategies")
    stage(connection, "strategies", strategies, "risk_level text, risk_factors text[], strategy jsonb")
    some = bool((rows["risk_level"] == "critical").any())
    if some:
        alerts.keep(connection, at=at, telling=telling, others=others)
    again = {"again": {whose: each.again_days for whose, each in (others or {}).items()}}
    upsert = apart_all(UPSERT, again, whose="excluded.organization_id")
    connection.execute(upsert, {"at": at, "again": telling.again_days})
    connection.execute(NOTE, {"at": at})
    alerts.follow(connection, at=at, telling=telling, others=others, some=some)


def learned(reader: Reader) -> pl.DataFrame:
    """organization_id, probability and days_silent of everybody of whom a learned chance is stored."""
    schema = {"organization_id": pl.Int64, "probability": pl.Float64, "days_silent": pl.Int32}
    return reader.read(f"SELECT {', '.join(schema)} FROM dropout_risk_scores WHERE probability IS NOT NULL", [], schema)


def carried_out(connection: Connection, people: list[int], *, at: datetime) -> None:
    """Note that something was planned for these people because of their risk; whether they return is open again."""
    if people:
        connection.execute(CARRIED_OUT, (at, people))


def settle(connection: Connection, *, at: datetime, horizon: int) -> None:
    """Note who came back after a strategy was carried out, and who stayed away for `horizon` days after it."""
    connection.execute(RETURNED, {"at": at})
    connection.execute(STAYED_AWAY, {"at": at, "horizon": horizon})


async def at_risk(
    connection: AsyncConnection, *, levels: list[str], limit: int, after: tuple[float, int] | None = None
) -> list[dict[str, Any]]:
    """People by risk, highest first, page by page; `after` is (score, user_id) of the last row seen.

    Row security keeps it to the organisation of the connection's identity.
    """
    score, person = after or (2.0, 0)
    found = await connection.execute(
        """SELECT r.*, p.external_id, p.name, p.zone, s.last_seen_at
             FROM dropout_risk_scores r JOIN people p ON p.id = r.user_id JOIN person_state s ON s.person_id = r.user_id
            WHERE r.risk_level = ANY(%s) AND (r.risk_score < %s OR (r.risk_score = %s AND r.user_id > %s))
            ORDER BY r.risk_score DESC, r.user_id LIMIT %s""",
        (levels, score, score, person, limit),
    )
    return await found.fetchall()
