"""Views: what a seed names and our tables tell in another form. They ask as whoever reads them.

`user_session_stats` is a materialised view in the seed, refreshed now and then. Row security does not reach into
those, so here it is worked out from the sessions as they stand; one person's takes an index, and it is never stale.
"""

from collections.abc import Iterator

# avg_duration in minutes; last_session is when the latest one ended.
VIEWS = {
    "user_session_stats": """
SELECT person_id AS user_id, organisation_id AS organization_id, count(*) AS total_sessions,
       avg(extract(epoch FROM ended_at - started_at) / 60)::float8 AS avg_duration, max(ended_at) AS last_session
  FROM person_session GROUP BY person_id, organisation_id""",
}


def views() -> Iterator[str]:
    """Every statement that makes them, in order."""
    for name, query in VIEWS.items():
        yield f"CREATE VIEW {name} WITH (security_invoker = true) AS{query}"
        yield f"GRANT SELECT ON {name} TO authenticated, operator"
