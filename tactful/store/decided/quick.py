"""What quick actions are ordered by: what is due for each who asks, and what was chosen so far."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.allowances import Defaults
from tactful.facts.moments import INSTANT
from tactful.facts.quick import ANY_PAGE, ANY_PART, PART_HOURS, Asked, worth
from tactful.store.database import Connection
from tactful.store.decided.moments import LOST
from tactful.store.reading import RowReader

# Of people nobody knows there is only their organisation, if that. part: of the person's own day.
READ = f"""
SELECT a.number, o.id AS organisation_id, p.id AS person_id, p.locale,
       coalesce((p.consent->>'engagement')::boolean, %s) AS consented,
       (extract(hour FROM l.local)::int / {PART_HOURS}) AS part, (l.local::date - s.streak_day) AS days_since,
       s.current_streak, f.skill_id AS fading_id, f.skill_name AS fading_skill,
       b.last_content_id, c.title AS last_title, q.paused_kinds, q.paused_channels
  FROM unnest(%s::int[], %s::text[], %s::text[]) AS a (number, organisation, person)
  LEFT JOIN organisations o ON o.name = a.organisation
  LEFT JOIN people p ON p.organisation_id = o.id AND p.external_id = a.person
  LEFT JOIN LATERAL (SELECT %s::timestamptz AT TIME ZONE p.zone AS local) l ON true
  LEFT JOIN person_state s ON s.person_id = p.id
  LEFT JOIN ambient_presence_states b ON b.user_id = p.id
  LEFT JOIN content c ON c.organisation_id = o.id AND c.id = b.last_content_id
  LEFT JOIN LATERAL (SELECT skill_id, skill_name FROM skill_regressions r
                      WHERE r.user_id = p.id AND urgency IN ('high', 'critical') AND {LOST.format(r="r")}
                      ORDER BY regression_amount DESC, id LIMIT 1) f ON true
  LEFT JOIN (SELECT organisation_id,
                    array_agg(name) FILTER (WHERE scope <> 'channel') AS paused_kinds,
                    array_agg(name) FILTER (WHERE scope = 'channel') AS paused_channels
               FROM pauses WHERE mode = 'pause' GROUP BY organisation_id) q ON q.organisation_id = o.id
 ORDER BY a.number
"""
FACTS: dict[str, Any] = {
    "number": pl.Int64, "organisation_id": pl.Int64, "person_id": pl.Int64, "locale": pl.String,
    "consented": pl.Boolean, "part": pl.Int32, "days_since": pl.Int32, "current_streak": pl.Int32,
    "fading_id": pl.String, "fading_skill": pl.String, "last_content_id": pl.String, "last_title": pl.String,
    "paused_kinds": pl.List(pl.String), "paused_channels": pl.List(pl.String),
}  # fmt: skip

OWN = f"""
SELECT a.number, u.action_id AS id, max(u.last_at) AS last_at,
       sum(u.weight) FILTER (WHERE u.page = '{ANY_PAGE}' AND u.part = {ANY_PART}) * %s AS own,
       sum(u.weight) FILTER (WHERE u.page <> '{ANY_PAGE}') * %s AS own_here,
       sum(u.weight) FILTER (WHERE u.part <> {ANY_PART}) * %s AS own_now
  FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::int[]) AS a (number, person_id, page, part)
  JOIN quick_action_uses u ON u.person_id = a.person_id
       AND (u.page, u.part) IN (('{ANY_PAGE}', {ANY_PART}), (a.page, {ANY_PART}), ('{ANY_PAGE}', a.part))
 GROUP BY a.number, u.action_id
"""
OTHERS = f"""
SELECT a.number, t.action_id AS id, sum(t.weight) FILTER (WHERE t.page = '{ANY_PAGE}') * %s AS others,
       sum(t.weight) FILTER (WHERE t.page <> '{ANY_PAGE}') * %s AS others_here
  FROM unnest(%s::int[], %s::bigint[], %s::text[]) AS a (number, organisation_id, page)
  JOIN quick_action_totals t ON t.organisation_id = a.organisation_id AND t.page IN ('{ANY_PAGE}', a.page)
 GROUP BY a.number, t.action_id
"""
CHOSEN: dict[str, Any] = {
    "number": pl.Int64, "id": pl.String, "last_at": INSTANT,
    "own": pl.Float64, "own_here": pl.Float64, "own_now": pl.Float64,
}  # fmt: skip
BY_OTHERS: dict[str, Any] = {"number": pl.Int64, "id": pl.String, "others": pl.Float64, "others_here": pl.Float64}


def read(connection: Connection, asked: Sequence[Asked], *, at: datetime, defaults: Defaults) -> pl.DataFrame:
    """FACTS of each of `asked`, in their order; one round trip."""
    columns = [[getattr(each, name) for each in asked] for name in ("organisation", "person")]
    values = [defaults.consented, list(range(len(asked))), *columns, at, at, at, at]
    return RowReader(connection).read(READ, values, FACTS)


def chosen(
    connection: Connection, asked: Sequence[Asked], facts: pl.DataFrame, *, at: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was chosen so far, as it counts at `at`: CHOSEN by each person, and BY_OTHERS of the organisation."""
    scale, pages, numbers = 1 / worth(at), [each.page for each in asked], facts["number"].to_list()
    reader, people, parts = RowReader(connection), facts["person_id"].to_list(), facts["part"].to_list()
    own = reader.read(OWN, [scale, scale, scale, numbers, people, pages, parts], CHOSEN)
    organisations = facts["organisation_id"].to_list()
    return own, reader.read(OTHERS, [scale, scale, numbers, organisations, pages], BY_OTHERS)
