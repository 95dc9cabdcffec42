"""What came of what was done in a span of time: counted in the database, person by person, so that little leaves it.

Every figure is a set of moments (figure, part, measure, person_id, came), summed up as `learn.shares.Tally` wants it.
came: null where it cannot be known yet; such a moment counts nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from polars._typing import PolarsDataType

from tactful.store.decided.plateaus import OFFER
from tactful.store.reading import Reader, positional

# How long a plateau or a regression is followed.
FOLLOWED = timedelta(days=14)

# Candidates of the ledger; alone: whether nothing but the comparison stood against them.
WANTED = """
rails AS MATERIALIZED (
  SELECT c.print, 1::bigint << (r.place - 1)::int AS holdout
    FROM configurations c CROSS JOIN jsonb_array_elements_text(c.body->'rails') WITH ORDINALITY AS r (name, place)
   WHERE r.name = 'holdout'),
wanted AS MATERIALIZED (
  SELECT DISTINCT d.person_id, d.at, c.kind, c.trigger, d.result = 'acted' AND d.chosen = c.kind AS acted,
         c.verdict & r.holdout <> 0 AS held_out, c.verdict = r.holdout AS alone
    FROM decisions d JOIN ticks t ON t.id = d.tick_id JOIN rails r ON r.print = t.configuration
   CROSS JOIN LATERAL unnest(d.kinds, d.triggers, d.verdicts) AS c (kind, trigger, verdict)
   WHERE d.organisation_id = %(organisation)s AND d.at > %(since)s AND d.at <= %(until)s)
"""
# The first time in the span that somebody was considered at high risk or more.
AT_RISK = """
risky AS (
  SELECT DISTINCT ON (person_id) person_id, at, held_out FROM wanted
   WHERE trigger IN ('risk_high', 'risk_critical') ORDER BY person_id, at),
at_risk AS MATERIALIZED (
  SELECT r.*, i.reached, i.saw FROM risky r CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS reached, count(*) FILTER (WHERE shown_at IS NOT NULL) > 0 AS saw FROM intervention_logs i
     WHERE i.user_id = r.person_id AND i.intervention_type = ANY(%(winning)s) AND i.state <> 'shadow'
       AND (i.state <> 'withdrawn' OR i.shown_at IS NOT NULL)
       AND i.triggered_at >= r.at AND i.triggered_at <= %(until)s) i)
"""
CAME = """CASE WHEN {at} + {span} <= %(until)s THEN EXISTS (
         SELECT FROM person_session s WHERE s.person_id = {whose} AND s.started_at > {at}
            AND s.started_at <= {at} + {span}) END"""
RETURNED = f"""
SELECT 'at_risk' AS figure, 'everybody' AS part, m.measure, person_id,
       CASE m.measure WHEN 'reached' THEN reached ELSE saw END AS came
  FROM at_risk CROSS JOIN (VALUES ('reached'), ('saw')) AS m (measure)
UNION ALL
SELECT 'at_risk', CASE WHEN reached THEN 'reached' WHEN held_out THEN 'held_out' ELSE 'not_reached' END, 'returned',
       person_id, {CAME.format(at="at", span="%(horizon)s::interval", whose="at_risk.person_id")} FROM at_risk
"""
SESSIONS = f"""
SELECT w.kind, CASE WHEN w.acted THEN 'reached' ELSE 'held_out' END, m.measure, w.person_id,
       {CAME.format(at="w.at", span="m.span", whose="w.person_id")}
  FROM (SELECT DISTINCT person_id, at, kind, acted FROM wanted WHERE acted OR alone) w
 CROSS JOIN (VALUES ('within_hour', interval '1 hour'), ('within_day', interval '1 day')) AS m (measure, span)
"""
MINE = "i.organization_id = %(organisation)s AND i.triggered_at > %(since)s AND i.triggered_at <= %(until)s"
ANSWERS = """
SELECT i.intervention_type, 'planned', 'shown', i.user_id,
       CASE WHEN i.shown_at IS NOT NULL THEN true WHEN i.expires_at <= %(until)s OR i.state = 'withdrawn' THEN false END
  FROM intervention_logs i WHERE i.state <> 'shadow' AND {mine}
UNION ALL
SELECT i.intervention_type, 'shown', 'accepted', i.user_id,
       CASE WHEN i.user_response <> 'snoozed' THEN i.user_response = 'engaged'
            WHEN i.expires_at <= %(until)s THEN false END
  FROM intervention_logs i WHERE i.shown_at IS NOT NULL AND {mine}
""".replace(
    "{mine}", "i.organization_id = %(organisation)s AND i.triggered_at > %(since)s AND i.triggered_at <= %(until)s"
)
PLATEAUS = """
SELECT 'plateau', CASE WHEN p.holdout_bucket < %(held)s THEN 'held_out' WHEN EXISTS (
           SELECT FROM intervention_logs i WHERE i.user_id = l.user_id AND i.intervention_type = %(offer)s
              AND i.user_response = 'engaged' AND i.context->>'plateau_id' = l.id::text
              AND i.triggered_at >= l.detected_at AND i.responded_at <= l.detected_at + %(followed)s::interval)
         THEN 'accepted' ELSE 'not_accepted' END, 'resolved', l.user_id,
       l.resolved AND l.resolved_at <= l.detected_at + %(followed)s::interval
  FROM learning_plateaus l JOIN people p ON p.id = l.user_id
 WHERE l.organization_id = %(organisation)s AND l.detected_at > %(since)s
   AND l.detected_at + %(followed)s::interval <= %(until)s
"""
REGRESSIONS = """
SELECT 'regression', CASE WHEN p.holdout_bucket < %(held)s THEN 'held_out'
                          WHEN r.reminder_sent_at <= r.detected_at + %(followed)s::interval THEN 'reminded'
                          ELSE 'not_reminded' END, 'reviewed', r.user_id,
       r.user_reviewed AND r.reviewed_at <= r.detected_at + %(followed)s::interval
  FROM skill_regressions r JOIN people p ON p.id = r.user_id
 WHERE r.organization_id = %(organisation)s AND r.urgency IN ('high', 'critical') AND r.detected_at > %(since)s
   AND r.detected_at + %(followed)s::interval <= %(until)s
"""
MOMENTS = (RETURNED, SESSIONS, ANSWERS, PLATEAUS, REGRESSIONS)
TALLIED = f"""
WITH {WANTED}, {AT_RISK}, moments AS ({"UNION ALL".join(MOMENTS)})
SELECT figure, part, measure, count(*) AS people, sum(tries)::bigint AS tries, sum(hits)::bigint AS hits,
       sum(hits * hits)::bigint AS hits_squared, sum(tries * tries)::bigint AS tries_squared,
       sum(hits * tries)::bigint AS crossed
  FROM (SELECT figure, part, measure, person_id, count(*) AS tries, count(*) FILTER (WHERE came) AS hits
          FROM moments WHERE came IS NOT NULL GROUP BY figure, part, measure, person_id) p
 GROUP BY figure, part, measure ORDER BY figure, part, measure
"""
TALLY: dict[str, PolarsDataType] = {
    **dict.fromkeys(("figure", "part", "measure"), pl.String),
    **dict.fromkeys(("people", "tries", "hits", "hits_squared", "tries_squared", "crossed"), pl.Int64),
}

# Of whom something is believed, among those who were there.
BELIEFS = {
    "dropout": "dropout_risk_scores b WHERE b.user_id = s.person_id AND b.risk_level <> 'unknown'",
    "plateau": "skill_curve b WHERE b.person_id = s.person_id",
    "forgetting": "person_memory b WHERE b.person_id = s.person_id",
}
COVERED = f"""
SELECT count(*) AS active, {
    ", ".join(f"count(*) FILTER (WHERE EXISTS (SELECT FROM {told})) AS {name}" for name, told in BELIEFS.items())
}
  FROM person_state s
 WHERE s.organisation_id = %s AND s.first_seen_at <= %s
   AND EXISTS (SELECT FROM person_session x WHERE x.person_id = s.person_id AND x.ended_at > %s AND x.started_at <= %s)
"""


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked: an organisation and a span of time, by what those are known who are left alone for comparison.

    winning: kinds meant to win people back; horizon: how long they have to come; held: buckets below it are left alone.
    """

    organisation: int
    since: datetime
    until: datetime
    winning: Sequence[str]
    horizon: timedelta
    held: float


def tallied(reader: Reader, span: Span) -> pl.DataFrame:
    """TALLY: every figure of the span."""
    values: Mapping[str, Any] = {**asdict(span), "winning": list(span.winning), "followed": FOLLOWED, "offer": OFFER}
    return reader.read(*positional(TALLIED, values), TALLY)


def covered(reader: Reader, span: Span) -> dict[str, int]:
    """How many people were there (active), and of how many of them each capability believes something."""
    schema = dict.fromkeys(("active", *BELIEFS), pl.Int64)
    row = reader.read(COVERED, [span.organisation, span.until, span.since, span.until], schema).to_dicts()[0]
    return {name: int(row[name]) for name in schema}
