"""Clearing what is over: counters of past days, and what retention no longer keeps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.milestones import STALE
from tactful.facts.quick import HALF_LIFE
from tactful.store.database import Connection
from tactful.store.running.chats import KEPT as CHATS
from tactful.store.sensed.told import KEPT
from tactful.store.tables.interactions import HAS_WORDS

# A local day is over everywhere once it is two days old in UTC: the last zone is UTC-12.
OVER_EVERYWHERE = timedelta(days=1)


# In person order, as beats and decisions lock these rows, and attention first, as those do who show help: nobody then
# waits for another in a circle.
RESETS = (
    """
WITH over AS MATERIALIZED (
  SELECT person_id FROM attention
   WHERE local_day < %s AND (sent_today, outreach_today, in_context_today, critical_today) <> (0, 0, 0, 0)
   ORDER BY person_id FOR NO KEY UPDATE)
UPDATE attention a SET sent_today = 0, outreach_today = 0, in_context_today = 0, critical_today = 0
  FROM over WHERE a.person_id = over.person_id
""",
    """
WITH over AS MATERIALIZED (
  SELECT user_id FROM ambient_presence_states WHERE counters_day < %s ORDER BY user_id FOR NO KEY UPDATE)
UPDATE ambient_presence_states a
   SET quick_access_count_today = 0, inline_help_count_today = 0, counters_day = NULL
  FROM over WHERE a.user_id = over.user_id
""",
)


def daily_reset(connection: Connection, at: datetime) -> int:
    """Clear the daily counters of local days that are over everywhere. Answers how many rows were cleared.

    Nobody depends on it for correctness: a counter is only read together with its local day.
    """
    last = (at - OVER_EVERYWHERE).date()
    return sum(connection.execute(reset, (last,)).rowcount for reset in RESETS)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept [days]. events: raw events; 0 keeps them for ever. beliefs: once they are over, and
    what live sessions came to. signals: of live audiences, and their sums by the second; 0 as for events. messages:
    their words; engagements: what was told of them, 0 as for events. interventions: what was said to people, once it is
    over, with where it went.
    """

    keys: int
    ledger: int
    jobs: int
    events: int = 0
    beliefs: int = 400
    signals: int = 30
    messages: int = 90
    engagements: int = 400
    interventions: int = 400


# Partitions of a table with the days they hold, by the names that `ensure_partition` gives: a month, a year,
# or all before 2000.
SPANS = """
SELECT name, CASE length(said) WHEN 6 THEN CASE said WHEN 'before' THEN '-infinity' ELSE to_date(said, 'YYYYMM') END
             ELSE to_date(said, 'YYYY') END AS first,
       CASE length(said) WHEN 6 THEN CASE said WHEN 'before' THEN '2000-01-01'
                                     ELSE to_date(said, 'YYYYMM') + interval '1 month' END
            ELSE to_date(said, 'YYYY') + interval '1 year' END AS beyond
  FROM (SELECT c.relname AS name, substr(c.relname, length(%(parent)s) + 2) AS said
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = %(parent)s::regclass AND c.relispartition) p
"""
# A partition is over where its last day is over in every zone.
OVER = f"""
SELECT name FROM ({SPANS}) s WHERE beyond + interval '1 day' <= %(before)s AND {{unless}} ORDER BY name
"""
# What was decided lately about a moment long ago is kept like everything that was decided lately.
LATELY = """
NOT EXISTS (SELECT FROM ticks t WHERE t.started_at >= %(before)s
               AND t.at >= first - interval '1 day' AND t.at < beyond + interval '1 day')
"""

GONE = f"""
NOT EXISTS (SELECT FROM ({SPANS}) s
             WHERE {{at}} >= first - interval '1 day' AND {{at}} < beyond + interval '1 day')
"""
LEDGER = {"parent": "decisions"}

KEYS = "DELETE FROM event_keys WHERE received_at < %(before)s"
# A session hears nothing more five minutes after its end.
SIGNAL_KEYS = "DELETE FROM signal_keys WHERE received_at < %(before)s"
# Whoever listens has been told; streams are what others catch up from.
OUTBOX = "DELETE FROM outbox WHERE published_at < %(before)s"
# Ticks go with the rows of the ledger that name them, asked ones and others.
TICKS = f"DELETE FROM ticks WHERE greatest(at, started_at) < %(before)s AND {GONE.format(at='ticks.at')}"
# Whose last row is gone gets a new one when next looked at: the same silence is then news again.
STATE, STATE_HERE = (
    f"DELETE FROM {table} WHERE since < %(before)s AND {GONE.format(at='since')}"
    for table in ("ledger_state", "ledger_state_here")
)
# A tick that is being written with one of these meanwhile loses it, and the next one brings it back.
CONFIGURATIONS = """
DELETE FROM configurations c
 WHERE created_at < %(before)s AND NOT EXISTS (SELECT FROM ticks t WHERE t.configuration = c.print)
"""
SESSIONS_OVER = "DELETE FROM operator_sessions WHERE expires_at < %(at)s"
LINKS_OVER = "DELETE FROM operator_links WHERE expires_at < %(at)s"
# Whoever used theirs has taken it away; these opened no chat.
CHATS_OVER = "DELETE FROM links WHERE expires_at < %(at)s"
TRIES = "DELETE FROM sign_in_tries WHERE at < %(before)s"
PASSES = "DELETE FROM passes WHERE started_at < %(before)s"
ERRANDS = "DELETE FROM errands WHERE finished_at < %(before)s"
RUNS = "DELETE FROM job_hours WHERE hour < %(before)s"
JOBS = """
DELETE FROM procrastinate_jobs j WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')
   AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= %(before)s)
"""
TOLD = "DELETE FROM told_visits WHERE last_beat_at < %(before)s"
# None of the tokens that it ends is good any more.
ENDINGS = "DELETE FROM ended_tokens WHERE ended_at < %(before)s"
# Within the day, calls are what the budget is counted by.
CALLS = "DELETE FROM language_model_calls WHERE at < %(before)s"
WORDS = "DELETE FROM prepared_words WHERE expires_at < %(before)s"
POLISHED = "DELETE FROM polished_words WHERE expires_at < %(before)s"
HEARD = "DELETE FROM chat_heard WHERE heard_at < %(before)s"
POSTS = "DELETE FROM webhook_posts WHERE state <> 'due' AND planned_at < %(before)s"
# That an episode was told is known from its risk row, not from the alert.
ALERTS = "DELETE FROM educator_alerts WHERE state = 'closed' AND closed_at < %(before)s"
OPERATOR_ALERTS = "DELETE FROM operator_alerts WHERE cleared_at < %(before)s"

# Nobody was there to be told, and now it is too late to be glad of it.
MILESTONES = """
UPDATE user_milestone_progress SET celebration = 'silent' WHERE celebration = 'waiting' AND achieved_at < %(before)s
"""

# Choices of quick actions of which less than a hundredth is left.
CHOICES = tuple(
    f"DELETE FROM {table} WHERE last_at < %(before)s" for table in ("quick_action_uses", "quick_action_totals")
)

# The words of messages go before what was told of them.
WORDED = f"""
WITH old AS MATERIALIZED (
  SELECT user_id, id, occurred_at FROM user_engagements WHERE occurred_at < %(before)s AND ({HAS_WORDS})
   ORDER BY occurred_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
UPDATE user_engagements e SET message_text = NULL, previous_bot_message = NULL FROM old
 WHERE e.user_id = old.user_id AND e.id = old.id AND e.occurred_at = old.occurred_at
"""

# What was believed and is over: what came of it is known, or cannot come any more. What somebody showed of themselves
# (`predictions.settle_risks`) and what was tried on a skill (`plateaus.before`) is known for as long.
LONG_GONE = "SELECT id FROM {table} WHERE {over} ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED"
BELIEFS = {
    "predictions": "due_at < %(before)s",
    "struggle_predictions": "predicted_at < %(before)s",
    "learning_plateaus": "NOT is_active AND coalesce(resolved_at, left_at, updated_at) < %(before)s",
    # While nobody practised, the same one may come back, and was reminded of once: at most one for each skill.
    "skill_regressions": "ended_at < %(before)s AND user_reviewed",
    "wrong_flags": "until < %(before)s",
    "risk_changes": "at < %(before)s",
    "preference_changes": "at < %(before)s",
    "inline_help_logs": "shown_at < %(before)s",
}
# What was said to people: with it go its deliveries, sent or not, and the marks it is answered by; what was asked for;
# and addresses at which nobody is any more.
SAID = {
    "intervention_logs": "expires_at < %(before)s",
    "proactive_outreach": "closed_at < %(before)s",
    "addresses": "disabled_because = 'gone' AND disabled_at < %(before)s",
}
# Rows of one transaction: few enough that nobody waits long for what it holds; and sessions, with all that was said and
# done in them.
MOST, MOST_SESSIONS = 10_000, 100
# With polls, votes, questions, suggestions and moments, which hang on them; what does not is named.
SESSIONS = """
WITH gone AS (DELETE FROM live_sessions WHERE id IN (
       SELECT id FROM live_sessions WHERE state = 'ended' AND ended_at < %(before)s
        ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED) RETURNING id),
     counts AS (DELETE FROM live_counts c USING gone WHERE c.live_session_id = gone.id),
     attention AS (DELETE FROM live_attention a USING gone WHERE a.live_session_id = gone.id),
     audience AS (DELETE FROM live_participants p USING gone WHERE p.live_session_id = gone.id)
SELECT count(*) AS went FROM gone
"""


def old_partitions(connection: Connection, *, at: datetime, keep: Retention) -> list[tuple[str, str]]:
    """Partitions of which retention keeps nothing, as (table, name)."""
    return [
        (table, row["name"])
        for table, kept in (_kept_by_partition(keep) | _series(keep)).items()
        if kept
        for row in connection.execute(
            OVER.format(unless=LATELY if table == "decisions" else "true"),
            {"parent": table, "before": at - timedelta(days=kept)},
        )
    ]


def _kept_by_partition(keep: Retention) -> dict[str, int]:
    """How long rows are kept that go by whole partitions [days]."""
    return {"decisions": keep.ledger, "events": keep.events, "user_engagements": keep.engagements}


def drop(connection: Connection, table: str, name: str) -> None:
    """Drop one of `old_partitions`. In a transaction of its own: until it ends, nobody reads or writes the table.

    raises: LockNotAvailable when the table is busy for seconds on end; try again later.
    """
    connection.execute("SELECT drop_partition(%s, %s)", (table, name))


def old_chunks(connection: Connection, *, at: datetime, keep: Retention) -> list[tuple[str, datetime]]:
    """Tables that are hypertables, as (table, before when nothing of them is kept)."""
    found = {row["name"] for row in connection.execute("SELECT hypertables() AS name")}
    return [(table, at - timedelta(days=kept)) for table, kept in _series(keep).items() if kept and table in found]


def drop_chunks(connection: Connection, table: str, before: datetime) -> int:
    """Drop the chunks of a hypertable that end before then, and answer how many. As with `drop`, each in a transaction
    of its own.

    raises: LockNotAvailable when the table is busy for seconds on end; try again later.
    """
    row = connection.execute("SELECT drop_chunks_before(%s, %s) AS went", (table, before)).fetchone()
    return int(row["went"]) if row else 0


def _series(keep: Retention) -> dict[str, int]:
    """How long the time series of live sessions are kept [days]."""
    return dict.fromkeys(("signals", "live_seconds"), keep.signals) | dict.fromkeys(
        ("engagement", "anomalies", "interventions"), keep.beliefs
    )


def forget(connection: Connection, *, at: datetime, keep: Retention) -> int:
    """Delete rows that retention no longer keeps, once `old_partitions` are dropped. Answers how many went."""
    ledger = LEDGER | {"before": at - timedelta(days=keep.ledger)}
    statements: tuple[tuple[str, dict[str, Any]], ...] = (
        (KEYS, {"before": at - timedelta(days=keep.keys)}),
        (SIGNAL_KEYS, {"before": at - timedelta(days=keep.signals or keep.keys)}),
        (OUTBOX, {"before": at - timedelta(days=1)}),
        (TOLD, {"before": at - KEPT}),
        (ENDINGS, {"before": at - timedelta(days=1)}),
        (TICKS, ledger),
        (STATE, ledger),
        (STATE_HERE, ledger),
        (CONFIGURATIONS, ledger),
        (PASSES, ledger),
        (ALERTS, ledger),
        (OPERATOR_ALERTS, ledger),
        (CALLS, ledger),
        (HEARD, {"before": at - CHATS}),
        (WORDS, {"before": at}),
        (POLISHED, {"before": at}),
        (MILESTONES, {"before": at - timedelta(days=STALE)}),
        *((choices, {"before": at - 7 * HALF_LIFE}) for choices in CHOICES),
        (SESSIONS_OVER, {"at": at}),
        (LINKS_OVER, {"at": at}),
        (CHATS_OVER, {"at": at}),
        (TRIES, {"before": at - timedelta(days=1)}),
        (ERRANDS, {"before": at - timedelta(days=keep.jobs)}),
        (POSTS, {"before": at - timedelta(days=keep.jobs)}),
        (JOBS, {"before": at - timedelta(days=keep.jobs)}),
        (RUNS, {"before": at - timedelta(days=keep.jobs)}),
    )
    return sum(connection.execute(statement, values).rowcount for statement, values in statements)


def forget_beliefs(connection: Connection, *, at: datetime, keep: Retention) -> int:
    """Delete at most MOST beliefs of a table, or of what was said, or MOST_SESSIONS live sessions, that retention no
    longer keeps.

    Answers how many went; 0 at the end.
    """
    values = {"before": at - timedelta(days=keep.beliefs), "most": MOST}
    said = {"before": at - timedelta(days=keep.interventions), "most": MOST}
    for table, over in (BELIEFS | SAID).items():
        gone = LONG_GONE.format(table=table, over=over)
        statement = f"DELETE FROM {table} WHERE id IN ({gone})"
        went = connection.execute(statement, said if table in SAID else values).rowcount
        if went:
            return went
    row = connection.execute(SESSIONS, values | {"most": MOST_SESSIONS}).fetchone()
    return int(row["went"]) if row else 0


def forget_words(connection: Connection, *, at: datetime, keep: Retention) -> int:
    """Clear the words of at most MOST messages that retention no longer keeps. Answers of how many; 0 at the end."""
    values = {"before": at - timedelta(days=keep.messages), "most": MOST}
    return connection.execute(WORDED, values).rowcount


def count_partitioned(connection: Connection) -> None:
    """Bring up to date what PostgreSQL expects of partitioned tables and hypertables; it never does so by itself."""
    connection.execute("SELECT count_partitioned()")
