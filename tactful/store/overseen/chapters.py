"""What a person's time line is made of: for each kind of entry a query of its instant, its key and what it tells."""

from collections.abc import Mapping

# Their activity, by day and by session.
DAY = """
SELECT least((d.day + 1)::timestamp AT TIME ZONE d.zone - interval '1 second',
             (SELECT last_seen_at FROM person_state WHERE person_id = d.person_id), %(now)s), d.day::text,
       jsonb_build_object('day', d.day, 'events', d.events, 'sessions', d.sessions, 'completions', d.completions,
                          'seconds', d.seconds, 'score_sum', d.score_sum, 'score_count', d.score_count,
                          'sentiment_sum', d.sentiment_sum, 'sentiment_count', d.sentiment_count)
  FROM person_day d WHERE d.person_id = %(person)s AND d.day <= (%(at)s AT TIME ZONE 'UTC')::date + 1
"""
SESSION = """
SELECT ended_at, started_at::text,
       jsonb_build_object('started_at', started_at, 'ended_at', ended_at, 'events', events)
  FROM person_session WHERE person_id = %(person)s
"""
KNOWN = """
SELECT created_at, id::text, jsonb_build_object('zone', zone) FROM people WHERE id = %(person)s
"""

# What was believed, and what came of it.
RISK = """
SELECT at, id::text, jsonb_build_object('level', level, 'before', level_before, 'score', risk_score,
                                        'factors', risk_factors)
  FROM risk_changes WHERE person_id = %(person)s
"""
NAMED = "coalesce((SELECT nullif(c.title, '') FROM content c WHERE c.organisation_id = s.organization_id "
CONTENT = f"{NAMED} AND c.id = s.content_id), s.content_id)"
STRUGGLE = f"""
SELECT s.predicted_at, s.id::text,
       jsonb_build_object('content', {CONTENT}, 'probability', s.struggle_probability,
                          'offered', s.intervention_offered, 'struggled', s.actual_struggled)
  FROM struggle_predictions s WHERE s.user_id = %(person)s
"""
STRUGGLED = f"""
SELECT s.actual_outcome_at, s.id::text,
       jsonb_build_object('content', {CONTENT}, 'probability', s.struggle_probability, 'struggled', s.actual_struggled,
                          'from', s.outcome_from, 'gave_up', s.gave_up)
  FROM struggle_predictions s WHERE s.user_id = %(person)s AND s.actual_outcome_at IS NOT NULL
"""
HELPED = f"""
SELECT s.intervention_answered_at, s.id::text,
       jsonb_build_object('content', {CONTENT}, 'accepted', s.intervention_accepted, 'action', s.intervention_action)
  FROM struggle_predictions s WHERE s.user_id = %(person)s AND s.intervention_answered_at IS NOT NULL
"""
SETTLED = """
SELECT due_at, id::text, jsonb_build_object('capability', capability, 'about', about, 'asked_at', asked_at,
                                            'probability', probability, 'truth', truth)
  FROM predictions WHERE person_id = %(person)s AND capability = ANY('{dropout,timing,plateau,forgetting}')
   AND truth IS NOT NULL
"""
SKILL = """coalesce((SELECT nullif(k.title, '') FROM skills k WHERE k.organisation_id = l.organization_id
                        AND k.id = l.skill_id), l.skill_id)"""
STUCK = f"""
SELECT l.detected_at, l.id::text,
       jsonb_build_object('skill', {SKILL}, 'topic', l.topic, 'suggested', l.intervention_suggested)
  FROM learning_plateaus l WHERE l.user_id = %(person)s
"""
UNSTUCK = f"""
SELECT coalesce(l.resolved_at, l.left_at), l.id::text,
       jsonb_build_object('skill', {SKILL}, 'resolved', l.resolved, 'taken', l.intervention_taken)
  FROM learning_plateaus l WHERE l.user_id = %(person)s AND NOT l.is_active
   AND coalesce(l.resolved_at, l.left_at) IS NOT NULL
"""
FADING = """
SELECT detected_at, id::text, jsonb_build_object('skill', skill_name, 'urgency', urgency, 'peak', peak_mastery,
                                                 'lost', regression_amount)
  FROM skill_regressions WHERE user_id = %(person)s
"""
REVIEWED = """
SELECT reviewed_at, id::text, jsonb_build_object('skill', skill_name, 'reminded', reminder_sent)
  FROM skill_regressions WHERE user_id = %(person)s AND user_reviewed AND reviewed_at IS NOT NULL
"""

MILESTONE = """
SELECT achieved_at, milestone_name, jsonb_build_object('milestone', display_name, 'points', points,
                                                       'celebrated', celebration = 'celebrated')
  FROM user_milestone_progress WHERE user_id = %(person)s
"""

# What was decided, done and answered.
DECIDED = """
SELECT at, lpad(id::text, 19, '0'),
       jsonb_build_object('id', id, 'result', result, 'chosen', chosen, 'kinds', kinds, 'verdicts', verdicts,
                          'due_at', due_at)
  FROM decisions WHERE person_id = %(person)s AND at <= %(at)s
"""
TEXTS = """'kind', i.intervention_type, 'title', i.title, 'message', i.message, 'channel', i.channel,
                          'decision', i.decision_id"""
SHOWN = f"""
SELECT i.shown_at, i.id::text, jsonb_build_object({TEXTS})
  FROM intervention_logs i WHERE i.user_id = %(person)s AND i.shown_at IS NOT NULL
"""
ANSWERED = f"""
SELECT i.responded_at, i.id::text, jsonb_build_object({TEXTS}, 'response', i.user_response)
  FROM intervention_logs i WHERE i.user_id = %(person)s AND i.responded_at IS NOT NULL
"""
WITHDRAWN = f"""
SELECT i.withdrawn_at, i.id::text, jsonb_build_object({TEXTS}, 'because', i.withdrawn_because)
  FROM intervention_logs i WHERE i.user_id = %(person)s AND i.withdrawn_at IS NOT NULL
"""
EXPIRED = f"""
SELECT i.expires_at, i.id::text, jsonb_build_object({TEXTS}, 'shown', i.shown_at IS NOT NULL)
  FROM intervention_logs i WHERE i.user_id = %(person)s AND i.state = 'expired'
"""
# What a channel beside the product itself did with it; and what nobody knows to have come there.
DELIVERED = """
SELECT coalesce(d.sent_at, d.claimed_at, d.due_at), d.id::text,
       jsonb_build_object('kind', i.intervention_type, 'channel', d.channel, 'state', d.state, 'error', d.error,
                          'attempts', d.attempts)
  FROM deliveries d JOIN intervention_logs i ON i.id = d.intervention_id
 WHERE d.person_id = %(person)s AND d.state IN ('sending', 'sent', 'refused', 'unknown')
   AND (d.channel <> 'in_app' OR d.state <> 'sent')
"""
# Help where they are: in context, beside what they do.
HINTED = """
SELECT shown_at, id::text, jsonb_build_object('title', title, 'message', message, 'page', page, 'decision', decision_id,
                                              'reason', help_type)
  FROM inline_help_logs WHERE user_id = %(person)s
"""
HINT_ANSWERED = """
SELECT responded_at, id::text, jsonb_build_object('title', title, 'message', message, 'response', user_response,
                                                  'decision', decision_id)
  FROM inline_help_logs WHERE user_id = %(person)s AND responded_at IS NOT NULL
"""
TAKEN = f"""
SELECT l.taken_at, l.id::text, jsonb_build_object('skill', {SKILL}, 'suggested', l.intervention_suggested)
  FROM learning_plateaus l WHERE l.user_id = %(person)s AND l.taken_at IS NOT NULL
"""
RETURNED = """
SELECT returned_at, id::text, jsonb_build_object('after', strategy_executed_at)
  FROM dropout_risk_scores WHERE user_id = %(person)s AND user_returned AND returned_at IS NOT NULL
"""

# What educators and operators were told and said, and what the person said about being reached.
ALERTED = """
SELECT a.raised_at, a.id::text, jsonb_build_object('educator', coalesce(nullif(e.name, ''), e.external_id),
                                                   'score', a.risk_score, 'state', a.state)
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id WHERE a.person_id = %(person)s
"""
ALERT_CLOSED = """
SELECT a.closed_at, a.id::text, jsonb_build_object('educator', coalesce(nullif(e.name, ''), e.external_id),
                                                   'by', a.closed_by, 'because', a.closed_because)
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id
 WHERE a.person_id = %(person)s AND a.closed_at IS NOT NULL
"""
FLAGGED = """
SELECT at, id::text, jsonb_build_object('by', actor, 'note', note, 'until', until)
  FROM wrong_flags WHERE person_id = %(person)s
"""
PREFERRED = """
SELECT at, id::text, changes FROM preference_changes WHERE person_id = %(person)s
"""
CONSENTED = """
SELECT at, id::text, jsonb_build_object('purpose', purpose, 'given', given, 'source', source, 'wording', wording)
  FROM consent_changes WHERE person_id = %(person)s
"""
ACTED = """
SELECT a.at, a.id::text, jsonb_build_object('actor', a.actor, 'act', a.act, 'detail', a.detail)
  FROM audit_log a
 WHERE a.detail->>'user_id' = (SELECT external_id FROM people WHERE id = %(person)s)
"""

CHAPTERS: Mapping[str, str] = {
    "day": DAY, "session": SESSION, "known": KNOWN, "risk": RISK, "struggle": STRUGGLE, "struggled": STRUGGLED,
    "helped": HELPED, "settled": SETTLED, "stuck": STUCK, "unstuck": UNSTUCK, "fading": FADING, "reviewed": REVIEWED,
    "decided": DECIDED, "shown": SHOWN, "answered": ANSWERED, "withdrawn": WITHDRAWN, "expired": EXPIRED,
    "delivered": DELIVERED, "hinted": HINTED, "hint_answered": HINT_ANSWERED, "taken": TAKEN,
    "returned": RETURNED, "milestone": MILESTONE, "alerted": ALERTED, "alert_closed": ALERT_CLOSED, "flagged": FLAGGED,
    "preferred": PREFERRED, "consented": CONSENTED, "acted": ACTED,
}  # fmt: skip

# What operators can leave out: kinds of entries by what they are about.
TOPICS: Mapping[str, tuple[str, ...]] = {
    "activity": ("day", "session", "known"),
    "beliefs": ("risk", "struggle", "stuck", "fading"),
    "decisions": ("decided",),
    "messages": ("shown", "hinted", "delivered", "withdrawn", "expired"),
    "answers": ("answered", "hint_answered", "helped", "taken"),
    "outcomes": ("returned", "struggled", "unstuck", "reviewed", "settled", "milestone"),
    "alerts": ("alerted", "alert_closed", "flagged"),
    "wishes": ("preferred", "consented"),
    "audit": ("acted",),
}
