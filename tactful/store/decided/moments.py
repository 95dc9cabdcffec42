"""Reading the moment frame: everything known about a batch of people, in one query.

The same text serves one person and everybody; only the scope differs. What is local is
filled in by `decide`, because a wall clock is a matter of zones, not of storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.allowances import Defaults
from tactful.facts.moments import MOMENT
from tactful.store.apart import apart
from tactful.store.database import Connection
from tactful.store.decided.outreach import WAITING
from tactful.store.reading import Reader
from tactful.store.sensed.moods import KNOWN

LOCAL = ("local_day", "local_minute", "first_day", "completion_day", "milestone_day")
STORED = {name: kind for name, kind in MOMENT.items() if name not in LOCAL}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which people a turn is about.

    people: these ids, or None for a range: ids in (after, upto], only those whose moment has come if `due`. woken:
    organisations (our numbers) all of whose people are due, because something was set otherwise for them.
    """

    people: tuple[int, ...] | None = None
    after: int = 0
    upto: int = 2**62
    due: bool = False
    woken: tuple[int, ...] = ()

    def where(self, at: datetime, *, person: str = "s.person_id") -> tuple[str, list[Any]]:
        """A condition on the person's id (and due time) with psycopg placeholders, and its values."""
        if self.people is not None:
            return f"{person} = ANY(%s)", [list(self.people)]
        clause, values = f"{person} > %s AND {person} <= %s", [self.after, self.upto]
        if self.due:
            # Through the serving table, so that it means the same for any statement and any past.
            due = "SELECT w.person_id FROM public.person_state w WHERE w.next_due_at <= %s"
            more = " OR w.organisation_id = ANY(%s)" if self.woken else ""
            return f"{clause} AND {person} IN ({due}{more})", [*values, at, *([list(self.woken)] if self.woken else [])]
        return clause, values


HOLD = "SELECT count(*) FROM (SELECT 1 FROM people WHERE {people} ORDER BY id FOR KEY SHARE) held"


def hold(connection: Connection, scope: Scope, *, at: datetime) -> None:
    """Let nobody in `scope` be erased until this transaction ends; waits for those who are being erased.

    Before anything of theirs is locked, let alone written: who erases takes the person first, then what is theirs.
    """
    clause, values = scope.where(at, person="id")
    connection.execute(HOLD.format(people=clause), values)


MINUTES = "(extract(hour from n.{0}) * 60 + extract(minute from n.{0}))::int"

# Told at the instant, and not practised since by then.
LOST = """{r}.detected_at <= %s AND ({r}.ended_at IS NULL OR {r}.ended_at > %s)
              AND NOT EXISTS (SELECT FROM public.person_memory m
                               WHERE m.person_id = {r}.user_id AND m.skill_id = {r}.skill_id
                                 AND m.last_at > {r}.last_practiced_at AND m.last_at <= %s)"""

# A mood of long ago is none.
FRESH = f"CASE WHEN b.last_interaction_at > %s::timestamptz - {KNOWN} THEN b.{{0}} END AS {{0}}"

QUERY = f"""
SELECT s.person_id, s.organisation_id, p.zone, g.seed, p.holdout_bucket::int AS holdout_bucket,
       coalesce((p.consent->>'engagement')::boolean, {{consented}}) AS consented,
       (p.consent->>'outreach')::boolean IS FALSE AS outreach_stopped,
       s.first_seen_at, s.last_seen_at, s.last_completion_at, s.events, s.active_days,
       s.current_streak, s.longest_streak, s.streak_day, s.week_days::int AS week_days,
       s.morning_hour::int AS morning_hour, s.evening_hour::int AS evening_hour,
       coalesce(n.dnd_enabled, false) AS dnd,
       CASE WHEN n.user_id IS NULL THEN {{quiet_start}} ELSE {MINUTES.format("quiet_hours_start")} END AS quiet_start,
       CASE WHEN n.user_id IS NULL THEN {{quiet_end}} ELSE {MINUTES.format("quiet_hours_end")} END AS quiet_end,
       coalesce(n.max_notifications_per_day, {{max_per_day}}) AS max_per_day,
       n.disabled_intervention_types AS disabled_kinds, n.disabled_channels, n.preferred_channel,
       c.reach, c.reach_sent, c.reach_answered,
       a.local_day AS attention_day, a.sent_today::int AS sent_today, a.outreach_today::int AS outreach_today,
       a.in_context_today::int AS in_context_today, a.critical_today::int AS critical_today,
       a.last_outreach_at, a.last_by_kind::text AS last_by_kind,
       a.ignored_by_kind::text AS ignored_by_kind,
       o.open_kinds,
       q.paused_kinds, q.paused_channels, q.shadow_kinds, v.person_id IS NOT NULL AS vouched_for,
       w.residual AS shown_residual, w.information AS shown_information,
       t.id AS plateau_id, t.topic AS plateau_topic,
       nullif(k.title, '') AS plateau_skill, t.days_on_topic AS plateau_days,
       t.intervention_suggested AS plateau_suggestion, t.intervention_taken AS plateau_taken,
       f.id AS regression_id, f.skill_name AS fading_skill, f.urgency AS fading_urgency,
       f.regression_amount AS fading_loss, f.days_since_practice AS fading_days,
       CASE WHEN o.refreshing IS NOT NULL THEN EXISTS (
           SELECT FROM skill_regressions g WHERE g.id = o.refreshing AND {LOST.format(r="g")}) END AS fading_open,
       y.milestones, y.milestone, y.milestone_points, y.milestone_at,
       x.asked_kinds, x.asked_values, x.asked_small,
       u.good_hours, u.confidence AS timing_confidence,
       {FRESH.format("mood")}, {FRESH.format("mood_slope")},
       b.last_sentiment, b.last_interaction_at AS last_message_at,
       extract(epoch FROM %s::timestamptz - b.last_interaction_at)::float AS talked_ago, b.last_quality,
       l.print AS ledger_print, r.risk_level AS risk_level_before, s.changed_at,
       (s.next_due_at <= %s{{woken}}) AS was_due
  FROM person_state s
  JOIN people p ON p.id = s.person_id
  JOIN organisations g ON g.id = s.organisation_id
  LEFT JOIN user_notification_preferences n ON n.user_id = s.person_id
  LEFT JOIN attention a ON a.person_id = s.person_id
  LEFT JOIN ledger_state l ON l.person_id = s.person_id
  LEFT JOIN dropout_risk_scores r ON r.user_id = s.person_id
  LEFT JOIN person_surprises w ON w.person_id = s.person_id
  LEFT JOIN user_timing_profiles u ON u.user_id = s.person_id
  LEFT JOIN user_behavior_patterns b ON b.user_id = s.person_id
  LEFT JOIN ({WAITING}) x ON x.user_id = s.person_id
  LEFT JOIN (SELECT person_id, array_agg(channel ORDER BY channel) AS reach,
                    array_agg(sent ORDER BY channel) AS reach_sent,
                    array_agg(answered ORDER BY channel) AS reach_answered
               FROM (SELECT person_id, channel, sum(sent)::int AS sent, sum(answered)::int AS answered
                       FROM addresses WHERE disabled_at IS NULL AND {{persons}} GROUP BY person_id, channel) w
              GROUP BY person_id) c ON c.person_id = s.person_id
  -- The same that uq_intervention_logs_one_open keeps single, whatever the instant.
  LEFT JOIN (SELECT user_id, array_agg(intervention_type) AS open_kinds,
                    max((context->>'regression_id')::bigint) FILTER (WHERE intervention_type = 'skill_refresh')
                        AS refreshing
               FROM intervention_logs
              WHERE state IN ('planned', 'deferred') AND {{people}}
              GROUP BY user_id) o
    ON o.user_id = s.person_id
  -- Of several the one with something to suggest on which they have been the longest.
  LEFT JOIN (SELECT DISTINCT ON (user_id) * FROM learning_plateaus WHERE is_active AND {{people}}
              ORDER BY user_id, intervention_taken, days_on_topic DESC, id) t ON t.user_id = s.person_id
  LEFT JOIN skills k ON k.organisation_id = s.organisation_id AND k.id = t.skill_id
  -- Of several the one of which most is lost; each is a reason once.
  LEFT JOIN (SELECT DISTINCT ON (user_id) * FROM skill_regressions r
              WHERE NOT reminder_sent AND urgency IN ('high', 'critical') AND {LOST.format(r="r")} AND {{people}}
              ORDER BY user_id, regression_amount DESC, id) f ON f.user_id = s.person_id
  -- Several that wait are one celebration, of the largest.
  LEFT JOIN (SELECT user_id, count(*)::int AS milestones, sum(points)::int AS milestone_points,
                    (array_agg(display_name ORDER BY points DESC, target_value DESC, milestone_name))[1] AS milestone,
                    max(achieved_at) AS milestone_at
               FROM user_milestone_progress WHERE celebration = 'waiting' AND {{people}}
              GROUP BY user_id) y ON y.user_id = s.person_id
  LEFT JOIN (SELECT organisation_id,
                    array_agg(name) FILTER (WHERE mode = 'pause' AND scope <> 'channel') AS paused_kinds,
                    array_agg(name) FILTER (WHERE mode = 'pause' AND scope = 'channel') AS paused_channels,
                    array_agg(name) FILTER (WHERE mode = 'shadow') AS shadow_kinds
               FROM pauses GROUP BY organisation_id) q ON q.organisation_id = s.organisation_id
  LEFT JOIN (SELECT DISTINCT person_id FROM wrong_flags WHERE at <= %s AND until > %s) v ON v.person_id = s.person_id
 WHERE """


# All these tables lie in person order, so for many people their indexes are merged: a hash of each
# of them would be looked up a million times all over memory (5.1 s, not 3.4 s).
FOR_MANY = "SET LOCAL enable_hashjoin = off"


# What holds for people who never said, in the order in which QUERY asks for it, with its type.
UNSAID = {"consented": "boolean", "quiet_start": "int", "quiet_end": "int", "max_per_day": "int"}


def read(
    reader: Reader, scope: Scope, *, at: datetime, defaults: Defaults, own: Mapping[int, Defaults] | None = None
) -> pl.DataFrame:
    """The stored part of MOMENT for everybody in `scope`, in person order.

    own: defaults of organisations that have others than `defaults`, by our number of them.
    """
    if scope.people is None:
        reader.run(FOR_MANY)
    clause, values = scope.where(at)
    # Grouped before they are joined, so the people have to be named once more inside.
    waiting, named = Scope(scope.people, scope.after, scope.upto).where(at, person="user_id")
    persons, named_too = Scope(scope.people, scope.after, scope.upto).where(at, person="person_id")
    woken = f" OR s.organisation_id IN ({', '.join(map(str, scope.woken))})" if scope.woken else ""
    statement = QUERY.replace("{people}", waiting).replace("{persons}", persons).replace("{woken}", woken) + clause
    for name, kind in UNSAID.items():
        theirs = {whose: getattr(each, name) for whose, each in (own or {}).items()}
        statement = statement.replace(f"{{{name}}}", apart("%s", theirs, whose="s.organisation_id", kind=kind))
    head, lost = [getattr(defaults, name) for name in UNSAID], [at, at, at]
    asked = [
        *head,
        *lost,
        at,
        at,
        at,
        at,
        at,
        at,
        at,
        at,
        *named,
        *named_too,
        *named,
        *named,
        *lost,
        *named,
        *named,
        at,
        at,
        *values,
    ]
    return reader.read(statement, asked, STORED).sort("person_id")
