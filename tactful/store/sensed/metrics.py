"""How the metrics of `facts.milestones` are worked out: each an expression over what is kept up with every fact.

Set by set over the people in `whom` (person_id, organisation_id, participant, and the columns of person_state); raw
events are never looked at. An expression that is null is nothing yet.
"""

from collections.abc import Collection

# What else is looked up: name -> rows by person. Each person of `whom` at most once.
SOURCES = {
    "skills": """
SELECT person_id, count(*) AS tried, sum(k.attempts) AS attempts
  FROM whom JOIN person_skill k USING (person_id) GROUP BY person_id""",
    "memories": """
SELECT person_id, count(*) FILTER (WHERE m.peak >= 0.6) AS learned
  FROM whom JOIN person_memory m USING (person_id) GROUP BY person_id""",
    "refreshed": """
SELECT person_id, count(DISTINCT r.skill_id) AS skills
  FROM whom JOIN skill_regressions r ON r.user_id = person_id WHERE r.user_reviewed GROUP BY person_id""",
    "overcome": """
SELECT person_id, count(*) AS plateaus
  FROM whom JOIN learning_plateaus l ON l.user_id = person_id WHERE l.resolved GROUP BY person_id""",
    "attended": """
SELECT person_id, count(*) AS events
  FROM whom JOIN live_participants t ON t.organisation_id = whom.organisation_id AND t.participant = whom.participant
 GROUP BY person_id""",
    "voted": """
SELECT person_id, count(*) AS votes
  FROM whom JOIN poll_votes v ON v.organisation_id = whom.organisation_id AND v.participant = whom.participant
 GROUP BY person_id""",
    "asked": """
SELECT person_id, count(*) AS questions, sum(q.votes) AS votes
  FROM whom JOIN audience_questions q ON q.organisation_id = whom.organisation_id AND q.participant = whom.participant
 WHERE q.hidden_at IS NULL GROUP BY person_id""",
}

# metric -> the expression, with the source it needs as `source.column`.
EXPRESSIONS = {
    "interactions": "whom.events",
    "active_days": "whom.active_days",
    "completions": "whom.completions",
    "comebacks": "whom.comebacks",
    "attempts": "skills.attempts",
    "skills_practised": "skills.tried",
    "skills_learned": "memories.learned",
    "skills_refreshed": "refreshed.skills",
    "plateaus_overcome": "overcome.plateaus",
    "consecutive_active_days": "whom.longest_streak",
    "hours_active": "whom.seconds / 3600",
    "days_known": "extract(epoch FROM whom.last_seen_at - whom.first_seen_at) / 86400",
    "live_events": "attended.events",
    "live_votes": "voted.votes",
    "live_questions": "asked.questions",
    "live_upvotes": "asked.votes",
}


def known(metrics: Collection[str], people: str) -> str:
    """Common table expressions that end in `known` (person_id, organisation_id, last_seen_at, metric, value).

    people: a condition on the state `s`. Only what these metrics need is looked up.
    """
    told = {name: EXPRESSIONS[name] for name in EXPRESSIONS if name in metrics}
    needed = [name for name in SOURCES if any(f"{name}." in expression for expression in told.values())]
    values = ", ".join(f"('{name}', ({expression})::float8)" for name, expression in told.items())
    found = "".join(f"\n{name} AS ({SOURCES[name]})," for name in needed)
    joined = "".join(f" LEFT JOIN {name} USING (person_id)" for name in needed)
    return f"""
whom AS MATERIALIZED (
  SELECT s.person_id, s.organisation_id, p.external_id AS participant, s.events, s.active_days, s.completions,
         s.seconds, s.comebacks, s.longest_streak, s.first_seen_at, s.last_seen_at
    FROM person_state s JOIN people p ON p.id = s.person_id WHERE {people}),{found}
known AS (
  SELECT whom.person_id, whom.organisation_id, whom.last_seen_at, v.metric, v.value
    FROM whom{joined} CROSS JOIN LATERAL (VALUES {values}) AS v (metric, value) WHERE v.value > 0)
"""
