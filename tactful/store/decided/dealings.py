"""What had been done with people by an instant of the past, and what stood then, for telling why.

`asof` rebuilds what people did; this rebuilds what was done with them, into temporary tables with
the names of the real ones: the attention they had given, what was open, what was paused. Only for
answers that write nothing: a decision claims the attention there is, not the one there was. What
cannot be taken back, because only its last state is kept, is named by `unknown`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tactful.kernel.records import Kind
from tactful.store.database import Connection
from tactful.store.shadows import FORGET

TABLES = """
CREATE TEMP TABLE attention (LIKE public.attention INCLUDING DEFAULTS) ON COMMIT DROP;
CREATE TEMP TABLE intervention_logs (user_id bigint, intervention_type text, state text, context jsonb) ON COMMIT DROP;
CREATE TEMP TABLE user_notification_preferences (LIKE public.user_notification_preferences) ON COMMIT DROP;
CREATE TEMP TABLE pauses (organisation_id bigint, scope text, name text, mode text) ON COMMIT DROP
"""

# A claim was made when the first delivery came into being; what only waited, or was withdrawn before, made none.
ATTENTION = """
INSERT INTO pg_temp.attention (person_id, organisation_id, local_day, sent_today, outreach_today, in_context_today,
                               critical_today, last_outreach_at, last_by_kind, ignored_by_kind)
WITH claims AS (
  SELECT i.user_id, i.organization_id, i.intervention_type AS kind, d.at, (d.at AT TIME ZONE p.zone)::date AS day,
         k.initiative, k.critical
    FROM public.intervention_logs i
    JOIN people p ON p.id = i.user_id
    JOIN (SELECT intervention_id, min(due_at) AS at FROM deliveries WHERE person_id = ANY(%(people)s) GROUP BY 1) d
      ON d.intervention_id = i.id
    LEFT JOIN unnest(%(kinds)s::text[], %(initiatives)s::text[], %(critical)s::boolean[])
           AS k (kind, initiative, critical) ON k.kind = i.intervention_type
   WHERE i.user_id = ANY(%(people)s) AND d.at < %(at)s),
last AS (SELECT user_id, max(day) AS day FROM claims GROUP BY user_id),
kinds AS (
  SELECT user_id, jsonb_object_agg(kind, ceil(extract(epoch FROM at))::bigint) AS latest
    FROM (SELECT user_id, kind, max(at) AS at FROM claims GROUP BY user_id, kind) k GROUP BY user_id),
ignored AS (
  SELECT user_id, jsonb_object_agg(kind, many) AS ignored
    FROM (SELECT i.user_id, i.intervention_type AS kind, count(*) AS many FROM public.intervention_logs i
           WHERE i.user_id = ANY(%(people)s) AND i.state = 'expired' AND i.expires_at <= %(at)s
             AND i.shown_at IS NOT NULL AND i.user_response IS NULL
             AND NOT EXISTS (SELECT FROM public.intervention_logs e
                              WHERE e.user_id = i.user_id AND e.intervention_type = i.intervention_type
                                AND e.user_response = 'engaged' AND e.responded_at BETWEEN i.expires_at AND %(at)s)
           GROUP BY 1, 2) w GROUP BY user_id)
SELECT user_id, min(organization_id), l.day,
       count(*) FILTER (WHERE c.day = l.day AND initiative IN ('nudge', 'outreach')),
       count(*) FILTER (WHERE c.day = l.day AND initiative = 'outreach'),
       count(*) FILTER (WHERE c.day = l.day AND initiative = 'in_context'),
       count(*) FILTER (WHERE c.day = l.day AND critical),
       max(at) FILTER (WHERE initiative = 'outreach'), k.latest, coalesce(w.ignored, '{}')
  FROM claims c JOIN last l USING (user_id) JOIN kinds k USING (user_id) LEFT JOIN ignored w USING (user_id)
 GROUP BY user_id, l.day, k.latest, w.ignored
"""

# Waiting to be seen: decided before, neither shown nor answered nor taken back yet, or snoozed by then.
OPEN = """
INSERT INTO pg_temp.intervention_logs
SELECT user_id, intervention_type, 'planned', context FROM public.intervention_logs
 WHERE user_id = ANY(%(people)s) AND triggered_at < %(at)s AND expires_at > %(at)s AND state <> 'shadow'
   AND (withdrawn_at IS NULL OR withdrawn_at >= %(at)s)
   AND (least(shown_at, responded_at) IS NULL OR least(shown_at, responded_at) >= %(at)s
        OR (user_response = 'snoozed' AND responded_at < %(at)s))
"""

# Whoever had said nothing by then was under the defaults.
PREFERENCES = """
INSERT INTO pg_temp.user_notification_preferences
SELECT * FROM public.user_notification_preferences WHERE user_id = ANY(%(people)s) AND created_at <= %(at)s
"""

# What stands since before stood then; of what has ended since, the audit log tells.
PAUSES = """
INSERT INTO pg_temp.pauses
WITH theirs AS (SELECT DISTINCT organisation_id AS id FROM people WHERE id = ANY(%(people)s)),
acts AS (
  SELECT DISTINCT ON (organisation_id, scope, name, mode) *
    FROM (SELECT a.organisation_id, a.detail->>'scope' AS scope, coalesce(a.detail->>'name', '') AS name,
                 replace(act, 'end ', '') AS mode, act NOT LIKE 'end %%' AS begins, at, a.id
            FROM audit_log a JOIN theirs t ON t.id = a.organisation_id
           WHERE at <= %(at)s AND act IN ('pause', 'shadow', 'end pause', 'end shadow')) a
   ORDER BY organisation_id, scope, name, mode, at DESC, id DESC)
SELECT organisation_id, scope, name, mode FROM acts WHERE begins
 UNION
SELECT p.organisation_id, p.scope, p.name, p.mode FROM public.pauses p JOIN theirs t ON t.id = p.organisation_id
 WHERE p.since <= %(at)s
"""

# Who came into being later and was never described since is as they always were.
CHANGED = """
SELECT CASE WHEN p.updated_at > p.created_at THEN p.updated_at END AS described,
       EXISTS (SELECT FROM public.learning_plateaus l
                WHERE l.user_id = p.id AND l.detected_at <= %(at)s AND l.suggested_at > %(at)s
                  AND (l.is_active OR coalesce(l.resolved_at, l.left_at) > %(at)s)) AS suggested,
       n.updated_at AS preferred,
       (SELECT t.updated_at FROM user_timing_profiles t WHERE t.user_id = p.id AND t.updated_at > %(at)s) AS timed,
       s.first_seen_at AS began, (SELECT min(occurred_at) FROM events WHERE person_id = p.id) AS kept_from
  FROM people p
  LEFT JOIN public.person_state s ON s.person_id = p.id
  LEFT JOIN public.user_notification_preferences n ON n.user_id = p.id AND n.created_at <= %(at)s
 WHERE p.id = %(person)s
"""


def shadow(connection: Connection, people: Sequence[int], at: datetime, kinds: Iterable[Kind]) -> None:
    """From here to the end of the transaction, attention, open interventions, preferences and pauses are as of `at`.

    kinds: those of then; they say what counts as an outreach.
    """
    named = list(kinds)
    values = {
        "people": list(people),
        "at": at,
        "kinds": [kind.name for kind in named],
        "initiatives": [kind.initiative.value for kind in named],
        "critical": [kind.critical for kind in named],
    }
    connection.execute(TABLES)
    connection.execute(FORGET)
    for statement in (ATTENTION, OPEN, PREFERENCES, PAUSES):
        connection.execute(statement, values)


def unknown(connection: Connection, person_id: int, at: datetime) -> list[str]:
    """What has changed since `at` and is kept only as it is now, in words."""
    row = connection.execute(CHANGED, {"person": person_id, "at": at}).fetchone() or {}
    described, preferred = row.get("described"), row.get("preferred")
    began, kept_from = row.get("began"), row.get("kept_from")
    told = []
    if began is not None and began <= at and (kept_from is None or began < kept_from):
        since = "What they did" if kept_from is None else f"What they did before {kept_from:%Y-%m-%d}"
        told.append(
            f"{since} is kept only as what it adds up to (store.event_days), so less is known here than was known then."
        )
    if preferred is not None and preferred > at:
        told.append(
            f"Their preferences were changed on {preferred:%Y-%m-%d}; what they were before is not kept, "
            "so those of now are used."
        )
    if row.get("timed") is not None:
        told.append(
            f"Their good hours were last worked out on {row['timed']:%Y-%m-%d}; what they were before is not kept, "
            "so those of then are used."
        )
    if row.get("suggested"):
        told.append("Something else has been suggested to them since; what had been suggested before is not kept.")
    if described is not None and described > at:
        told.append(
            f"What is known of the person was last changed on {described:%Y-%m-%d}; "
            "consent and time zone are those of now."
        )
    return told
