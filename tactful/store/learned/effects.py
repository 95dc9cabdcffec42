"""What counts as what came of it: the moments that `figures` sums up, as SQL.

Each text answers figure, part, measure, person_id and came; the first ones are the tables that others read.
"""

# Candidates of the ledger; alone: whether nothing but the comparison stood against them.
WANTED = """
rails AS MATERIALIZED (
  SELECT c.print, 1::bigint << (r.place - 1)::int AS holdout
    FROM configurations c CROSS JOIN jsonb_array_elements_text(c.body->'rails') WITH ORDINALITY AS r (name, place)
   WHERE r.name = 'holdout'),
wanted AS MATERIALIZED (
  SELECT DISTINCT d.person_id, d.at, c.kind, c.trigger, d.result = 'acted' AND d.chosen = c.kind AS acted,
         c.verdict & r.holdout <> 0 AS held_out, c.verdict = r.holdout AS alone,
         CASE WHEN d.result = 'acted' THEN (d.facts->>'good_hour')::boolean END AS good_hour
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
STRUGGLED = "s.organization_id = %(organisation)s AND s.predicted_at > %(since)s AND s.predicted_at <= %(until)s"
STRUGGLES = """
SELECT 'struggle', 'offered', 'accepted', s.user_id,
       CASE WHEN s.intervention_accepted IS NOT NULL THEN s.intervention_accepted
            WHEN s.predicted_at + make_interval(days => %(waited)s) <= %(until)s THEN false END
  FROM struggle_predictions s WHERE s.intervention_offered AND {mine}
UNION ALL
SELECT 'struggle', CASE WHEN s.intervention_accepted THEN 'accepted' ELSE 'not_accepted' END, 'went_well', s.user_id,
       NOT s.actual_struggled
  FROM struggle_predictions s WHERE s.intervention_offered AND {mine}
""".replace("{mine}", STRUGGLED)
# By their hours as they were known then: those of today are made of the very sessions that are counted here. Of what
# was decided before this was kept nobody knows. And by whether it came because of the hour.
TIMES = f"""
SELECT 'timing', t.part, m.measure, w.person_id, {CAME.format(at="w.at", span="m.span", whose="w.person_id")}
  FROM (SELECT DISTINCT person_id, at, kind, good_hour FROM wanted WHERE acted) w
 CROSS JOIN LATERAL (VALUES
       (CASE w.good_hour WHEN true THEN 'well_timed' WHEN false THEN 'other_time' END),
       (CASE WHEN w.kind = %(nudge)s THEN 'nudge' ELSE 'message' END)) AS t (part)
 CROSS JOIN (VALUES ('within_hour', interval '1 hour'), ('within_day', interval '1 day')) AS m (measure, span)
 WHERE t.part IS NOT NULL
"""
TABLES = (WANTED, AT_RISK)
MOMENTS = (RETURNED, SESSIONS, ANSWERS, PLATEAUS, REGRESSIONS, STRUGGLES, TIMES)
