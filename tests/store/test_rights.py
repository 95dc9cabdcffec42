"""What each role may do with each table, written down by hand: whoever gives a right says so here too."""

import pytest

from tactful.store.database import Database
from tactful.store.security import EXEMPT_PREFIXES
from tests.living import rows
from tests.store.rows import PARTITIONED, fill

# Letters of a role's rights: read, add, change, remove. What row security leaves of them is another test's.
LETTERS = {
    "SELECT": "r",
    "INSERT": "a",
    "UPDATE": "c",
    "DELETE": "x",
    "TRUNCATE": "T",
    "REFERENCES": "R",
    "TRIGGER": "G",
}
# Table: (authenticated, operator).
MAY = {
    "achievements": ("", "r"),
    "addresses": ("r", "r"),
    "agenda_items": ("", "racx"),
    "consent_changes": ("r", "r"),
    "links": ("", ""),
    "ambient_presence_states": ("r", "r"),
    "anomalies": ("", "r"),
    "attention": ("r", "r"),
    "audience_questions": ("", "r"),
    "audit_log": ("", "ra"),
    "chat_heard": ("", ""),
    "configurations": ("", ""),
    "contact_pair": ("r", "r"),
    "contact_party": ("r", "r"),
    "content": ("r", "racx"),
    "counted_days": ("", "r"),
    "decisions": ("r", "r"),
    "deliveries": ("r", "r"),
    "dropout_risk_scores": ("r", "r"),
    "educator_alerts": ("r", "r"),
    "educator_days": ("r", "r"),
    "ended_tokens": ("", ""),
    "engagement": ("", "r"),
    "engagement_milestones": ("", "r"),
    "erased_people": ("", ""),
    "errands": ("", "r"),
    "event_keys": ("", ""),
    "experiment_assignments": ("r", "r"),
    "experiment_days": ("", "r"),
    "experiments": ("", "r"),
    "events": ("r", "r"),
    "group_members": ("r", "r"),
    "groups": ("", "racx"),
    "imports": ("", ""),
    "inline_help_logs": ("r", "r"),
    "intervention_days": ("", "r"),
    "intervention_logs": ("r", "r"),
    "interventions": ("", "r"),
    "job_hours": ("", ""),
    "language_model_calls": ("", "r"),
    "learning_plateaus": ("r", "r"),
    "ledger_state": ("", ""),
    "ledger_state_here": ("", ""),
    "live_arms": ("", ""),
    "live_attention": ("", ""),
    "live_counts": ("", ""),
    "live_holders": ("", ""),
    "live_moments": ("", "r"),
    "live_participants": ("", "r"),
    "live_partitions": ("", ""),
    "live_seconds": ("", "r"),
    "live_sessions": ("", "racx"),
    "live_snapshots": ("", ""),
    "live_suggestions": ("", "r"),
    "looked_hours": ("", "r"),
    "model_versions": ("", ""),
    "operator_links": ("", ""),
    "operator_sessions": ("", ""),
    "operator_alerts": ("", "r"),
    "operators": ("", ""),
    "organisations": ("", "r"),
    "own_kind_trials": ("", "r"),
    "own_settings": ("", "r"),
    "outbox": ("", ""),
    "passes": ("", ""),
    "pauses": ("", "racx"),
    "people": ("r", "r"),
    "person_day": ("r", "r"),
    "person_form": ("r", "r"),
    "person_hour": ("r", "r"),
    "person_memory": ("r", "r"),
    "person_rhythm": ("r", "r"),
    "person_session": ("r", "r"),
    "person_skill": ("r", "r"),
    "person_state": ("r", "r"),
    "person_surprises": ("r", "r"),
    "person_topic": ("r", "r"),
    "poll_votes": ("", "r"),
    "polls": ("", "r"),
    "polished_words": ("", ""),
    "practice_content": ("", ""),
    "practice_person": ("r", "r"),
    "practice_person_content": ("r", "r"),
    "practice_person_skill": ("r", "r"),
    "practice_skill": ("", ""),
    "predictions": ("r", "r"),
    "prepared_words": ("", ""),
    "question_votes": ("", "r"),
    "quick_action_totals": ("", ""),
    "quick_action_uses": ("r", "r"),
    "reckonings": ("", "r"),
    "response_hours": ("", "r"),
    "result_days": ("", "r"),
    "risk_scales": ("", ""),
    "service_tokens": ("", ""),
    "sign_in_tries": ("", ""),
    "signal_keys": ("", ""),
    "signals": ("", "r"),
    "skill_curve": ("r", "r"),
    "skill_regressions": ("r", "r"),
    "skill_sums": ("", ""),
    "skills": ("r", "racx"),
    "struggle_predictions": ("r", "r"),
    "ticks": ("", ""),
    "told_visits": ("r", "r"),
    "topic_sums": ("", ""),
    "user_milestone_progress": ("r", "r"),
    "user_behavior_patterns": ("r", "r"),
    "user_engagements": ("r", "r"),
    "user_notification_preferences": ("rac", "r"),
    "user_session_stats": ("r", "r"),
    "user_timing_profiles": ("r", "r"),
    "verdict_days": ("", "r"),
    "visits": ("r", "r"),
    "webhook_posts": ("", ""),
    "webhooks": ("", ""),
    "proactive_outreach": ("r", "r"),
    "preference_changes": ("ra", "r"),
    "risk_changes": ("", "r"),
    "wrong_flags": ("", "r"),
}
HELD = """
SELECT c.relname AS name, coalesce(string_agg(p.right, ' ' ORDER BY p.place) FILTER (
           WHERE has_table_privilege(%s, c.oid, p.right)), '') AS rights
  FROM pg_class c CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS p ("right", place)
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY c.relname
"""
# Rights on single columns, beyond those on the table.
COLUMNS = """
SELECT concat_ws(' ', a.attrelid::regclass, a.attname, acl.grantee::regrole, acl.privilege_type) AS told
  FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) acl
 WHERE a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1
"""


def held(database: Database, role: str) -> dict[str, str]:
    """The rights of a role on every table, partition and view, as letters."""
    found = rows(database, HELD, role, list(LETTERS))
    return {row["name"]: "".join(LETTERS[right] for right in row["rights"].split()) for row in found}


@pytest.fixture(scope="module")
def filled(module_database: Database) -> Database:
    with module_database.batch() as connection:
        fill(connection)
    return module_database


@pytest.mark.parametrize(("place", "role"), [(0, "authenticated"), (1, "operator")])
def test_requests_may_do_what_is_written_here_and_nothing_else(filled: Database, place: int, role: str) -> None:
    # On the queue, the migrations and every partition: nothing.
    expected = {name: MAY[name][place] if name in MAY else "" for name in held(filled, role)}
    assert held(filled, role) == expected


def test_jobs_may_read_and_write_every_row_and_change_no_table(filled: Database) -> None:
    found = held(filled, "service_role")
    assert found.pop("alembic_version") == "r"
    assert set(found.values()) == {"racx"}


def test_every_table_is_written_down(filled: Database) -> None:
    parts = tuple(f"{table.name}_2" for table in PARTITIONED) + tuple(f"{table.name}_before" for table in PARTITIONED)
    known = {name for name in held(filled, "operator") if not name.startswith((*EXEMPT_PREFIXES, *parts))}
    assert known == MAY.keys()


def test_of_what_was_decided_people_may_change_only_what_they_answer(filled: Database) -> None:
    answers = ("due_at", "expires_at", "responded_at", "shown_at", "state", "user_response")
    expected = [f"inline_help_logs {column} authenticated UPDATE" for column in ("responded_at", "user_response")]
    expected += [f"intervention_logs {column} authenticated UPDATE" for column in answers]
    outcomes = (
        "actual_outcome_at", "actual_struggled", "completion_time_seconds", "gave_up", "intervention_accepted",
        "intervention_action", "intervention_answered_at", "outcome_from",
    )  # fmt: skip
    expected += [f"skill_regressions {column} authenticated UPDATE" for column in ("reminder_sent", "reminder_sent_at")]
    expected += [f"struggle_predictions {column} authenticated UPDATE" for column in outcomes]
    told_of = ("celebrated_at", "celebration")
    expected += [f"user_milestone_progress {column} authenticated UPDATE" for column in told_of]
    assert [row["told"] for row in rows(filled, COLUMNS)] == [
        "addresses answered authenticated UPDATE",
        "attention ignored_by_kind authenticated UPDATE",
        "deliveries state authenticated UPDATE",
        *expected,
    ]
