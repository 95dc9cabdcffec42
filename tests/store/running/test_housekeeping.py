"""What retention no longer keeps goes, and nothing else."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tactful.store.database import Database
from tactful.store.running import housekeeping
from tactful.store.running.housekeeping import Retention
from tactful.uses import asking, ticking
from tests.living import NOW, RULES, one, rows, settle_in
from tests.rooms import NOW as BEGAN
from tests.rooms import live_session
from tests.store.sensed.talk import said, write
from tests.uses.rooms import room

KEEP = Retention(keys=400, ledger=100, jobs=30)
LATER = NOW + timedelta(days=140)
COUNTS = """
SELECT (SELECT count(*) FROM decisions) AS decisions, (SELECT count(*) FROM ticks) AS ticks,
       (SELECT count(*) FROM configurations) AS configurations, (SELECT count(*) FROM ledger_state) AS state
"""


def forget(database: Database, at: datetime, keep: Retention = KEEP) -> None:
    """Everything that the nightly job does."""
    with database.batch() as connection:
        old = housekeeping.old_partitions(connection, at=at, keep=keep)
    for table, name in old:
        with database.batch() as connection:
            housekeeping.drop(connection, table, name)
    with database.batch() as connection:
        housekeeping.forget(connection, at=at, keep=keep)
    while forget_words(database, at, keep):
        continue


def forget_words(database: Database, at: datetime, keep: Retention) -> int:
    with database.batch() as connection:
        return housekeeping.forget_words(connection, at=at, keep=keep)


def long_ago(database: Database) -> None:
    """Make what was decided about NOW decided then."""
    with database.batch() as connection:
        connection.execute("UPDATE ticks SET started_at = at, finished_at = at")
        connection.execute("UPDATE configurations SET created_at = %s", (NOW,))


@pytest.fixture
def decided(closed_database: Database) -> Database:
    """Twenty people, decided about by a tick and by somebody who asked."""
    settle_in(closed_database, count=20)
    ticking.tick(closed_database, RULES, at=NOW)
    name = one(closed_database, "SELECT external_id FROM people LIMIT 1")
    asking.ask(closed_database, RULES, "acme", name, NOW + timedelta(minutes=1), past=False)
    return closed_database


def test_ticks_go_with_their_decisions_and_leave_no_configuration(decided: Database) -> None:
    long_ago(decided)
    forget(decided, LATER)
    assert rows(decided, COUNTS) == [{"decisions": 0, "ticks": 0, "configurations": 0, "state": 0}]
    assert one(decided, "SELECT to_regclass('decisions_202603') IS NULL"), "its room is free again"
    assert one(decided, "SELECT count(*) FROM events") > 0


def test_a_month_that_is_not_over_is_kept_whole(decided: Database) -> None:
    long_ago(decided)
    before = rows(decided, COUNTS)
    forget(decided, NOW + timedelta(days=110))
    assert rows(decided, COUNTS) == before


def test_what_was_decided_lately_about_a_moment_long_ago_is_kept(decided: Database) -> None:
    with decided.batch() as connection:
        connection.execute("UPDATE ticks SET started_at = %s", (LATER,))
        connection.execute("UPDATE configurations SET created_at = %s", (NOW,))
    before = rows(decided, COUNTS)
    forget(decided, LATER)
    assert rows(decided, COUNTS) == before


def test_raw_events_are_kept_unless_a_time_is_set_and_what_they_add_up_to_always(decided: Database) -> None:
    days, events = one(decided, "SELECT count(*) FROM person_day"), one(decided, "SELECT count(*) FROM events")
    forget(decided, NOW + timedelta(days=3000))
    assert one(decided, "SELECT count(*) FROM events") == events
    forget(decided, NOW + timedelta(days=5), Retention(keys=400, ledger=100, jobs=30, events=8))
    oldest = one(decided, "SELECT min(occurred_at) FROM events")
    assert oldest >= NOW.replace(month=2, day=1, hour=0, minute=0)
    assert 0 < one(decided, "SELECT count(*) FROM events") < events
    assert one(decided, "SELECT count(*) FROM person_day") == days


def test_jobs_that_ended_long_ago_are_forgotten(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, status)
               SELECT 'default', s::text, s FROM unnest(enum_range(NULL::procrastinate_job_status)) s"""
        )
        connection.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'started', %s FROM procrastinate_jobs",
            (NOW,),
        )
        connection.execute("UPDATE procrastinate_events SET at = %s", (NOW,))
    forget(closed_database, NOW + timedelta(days=29))
    assert one(closed_database, "SELECT count(*) FROM procrastinate_jobs") == 7
    forget(closed_database, NOW + timedelta(days=31))
    left = rows(closed_database, "SELECT status::text FROM procrastinate_jobs ORDER BY 1")
    assert [row["status"] for row in left] == ["aborting", "doing", "todo"]


def believe(database: Database, at: datetime) -> None:
    """Of each kind of belief one that was over at `at`, and of three of them one that goes on."""
    with database.batch() as connection:
        for statement in OVER:
            connection.execute(statement, {"at": at})


OVER = (
    """INSERT INTO predictions (organisation_id, person_id, capability, asked_at, due_at, confidence, truth)
       SELECT organisation_id, id, 'dropout', %(at)s - interval '30 days', %(at)s, 1, true FROM people""",
    """INSERT INTO struggle_predictions (user_id, organization_id, content_id, content_type, confidence, predicted_at)
       SELECT id, organisation_id, 'lesson', 'lesson', 1, %(at)s FROM people""",
    """INSERT INTO learning_plateaus (user_id, organization_id, topic, skill_id, days_on_topic, attempts, mastery_level,
              mastery_improvement, mastery_found, is_active, left_at)
       SELECT id, organisation_id, 'a', n, 9, 9, .5, 0, .5, n = 'on', CASE n WHEN 'over' THEN %(at)s END
         FROM people, unnest(ARRAY['over', 'on']) n""",
    """INSERT INTO skill_regressions (user_id, organization_id, skill_id, skill_name, peak_mastery, current_mastery,
              regression_amount, days_since_practice, last_practiced_at, urgency, user_reviewed, ended_at)
       SELECT id, organisation_id, n, n, 1, .5, .5, 9, %(at)s, 'high', n = 'over', CASE WHEN n <> 'on' THEN %(at)s END
         FROM people, unnest(ARRAY['over', 'on', 'not practised']) n""",
    """INSERT INTO wrong_flags (organisation_id, person_id, actor, at, until, risk_level)
       SELECT organisation_id, id, 'eva', %(at)s, %(at)s, 'critical' FROM people""",
)
BELIEVED = """
SELECT (SELECT count(*) FROM predictions) AS predictions, (SELECT count(*) FROM struggle_predictions) AS struggles,
       (SELECT count(*) FROM learning_plateaus) AS plateaus, (SELECT count(*) FROM skill_regressions) AS regressions,
       (SELECT count(*) FROM wrong_flags) AS flags
"""


def test_beliefs_go_in_batches_when_they_were_over_for_long(
    closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(closed_database, count=5)
    believe(closed_database, NOW)
    before = rows(closed_database, BELIEVED)
    monkeypatch.setattr(housekeeping, "MOST", 2)
    keep = Retention(keys=400, ledger=100, jobs=30, beliefs=60)

    def batches(at: datetime) -> list[int]:
        went: list[int] = []
        while not went or went[-1]:
            with closed_database.batch() as connection:
                went.append(housekeeping.forget_beliefs(connection, at=at, keep=keep))
        return went

    assert batches(NOW + timedelta(days=60)) == [0]
    assert rows(closed_database, BELIEVED) == before
    assert batches(NOW + timedelta(days=61)) == [2, 2, 1] * 5 + [0]
    left = {"predictions": 0, "struggles": 0, "plateaus": 5, "regressions": 10, "flags": 0}
    assert rows(closed_database, BELIEVED) == [left]


def test_calls_of_language_models_are_kept_like_the_ledger_and_words_until_they_are_over(
    closed_database: Database,
) -> None:
    room(closed_database)
    with closed_database.batch() as connection:
        connection.execute(
            """WITH asked AS (
                 INSERT INTO language_model_calls (organisation_id, live_session_id, at, model, purpose, cost)
                 SELECT organisation_id, id, %s, 'm', 'POLL', 0 FROM live_sessions RETURNING *)
               INSERT INTO prepared_words (live_session_id, organisation_id, purpose, call_id, content, prepared_at,
                                           expires_at)
               SELECT live_session_id, organisation_id, purpose, id, '{}', at, %s FROM asked""",
            (NOW, NOW + timedelta(minutes=10)),
        )
    counts = (
        "SELECT (SELECT count(*) FROM language_model_calls) AS calls, (SELECT count(*) FROM prepared_words) AS words"
    )
    for days, kept in ((0, (1, 1)), (1, (1, 0)), (99, (1, 0)), (101, (0, 0))):
        forget(closed_database, NOW + timedelta(days=days))
        assert tuple(rows(closed_database, counts)[0].values()) == kept


def test_nobody_can_drop_what_is_not_kept_for_a_time(closed_database: Database) -> None:
    settle_in(closed_database, count=1)
    with pytest.raises(psycopg.errors.RaiseException), closed_database.batch() as connection:
        connection.execute("SELECT drop_partition('person_day', 'person_day_202603')")


def test_a_year_or_all_before_2000_goes_when_it_is_over_as_a_whole(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("SET LOCAL tactful.monthly_years = 0")
        for day in ("1985-03-01", "2004-06-15", "2005-01-01", "2006-02-01"):
            connection.execute("SELECT ensure_partition(t, %s) FROM unnest(ARRAY['events', 'decisions']) t", [day])
    names = "SELECT string_agg(substr(relname, 8), ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '^events_[^_]*$'"
    keep = Retention(keys=400, ledger=100, jobs=30, events=30)
    forget(closed_database, datetime(2006, 1, 31, tzinfo=UTC), keep)
    assert one(closed_database, names) == "2005 2006"
    forget(closed_database, datetime(2006, 2, 1, tzinfo=UTC), keep)
    assert one(closed_database, names) == "2006"
    assert one(closed_database, "SELECT to_regclass('decisions_before') IS NULL")
    assert one(closed_database, "SELECT to_regclass('decisions_2005') IS NOT NULL")


def test_signals_go_before_what_live_sessions_came_to(closed_database: Database) -> None:
    tables = ("signals", "live_seconds", "engagement", "anomalies", "interventions")
    with closed_database.batch() as connection:
        for table in tables:
            connection.execute("SELECT ensure_partition(%s, '2026-01-10')", [table])
    left = "SELECT count(*) FROM pg_class WHERE relname = ANY(ARRAY['signals_202601', 'live_seconds_202601'])"
    kept = "SELECT count(*) FROM pg_class WHERE relname ~ '^(engagement|anomalies|interventions)_202601$'"
    keep = Retention(keys=400, ledger=100, jobs=30, signals=30, beliefs=90)
    forget(closed_database, datetime(2026, 3, 5, tzinfo=UTC), keep)
    assert (one(closed_database, left), one(closed_database, kept)) == (0, 3)
    forget(closed_database, datetime(2026, 5, 5, tzinfo=UTC), keep)
    assert one(closed_database, kept) == 0


def test_live_sessions_go_with_all_that_was_said_in_them_and_those_that_run_stay(
    closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "MOST_SESSIONS", 2)
    with closed_database.batch() as connection:
        for name, state in (("one", "ended"), ("two", "ended"), ("three", "ended"), ("still", "live")):
            own = live_session(connection, name, state=state)
            connection.execute("INSERT INTO live_attention (live_session_id, organisation_id) VALUES (%s, 1)", (own,))
            connection.execute(
                """INSERT INTO live_participants (live_session_id, participant, organisation_id, present, since,
                                                  first_at, last_at)
                   VALUES (%s, 'ana', 1, true, now(), now(), now())""",
                (own,),
            )
            connection.execute(
                """WITH p AS (INSERT INTO polls (organisation_id, live_session_id, question, type, opened_at, closes_at)
                              VALUES (1, %s, 'Why?', 'open_ended', now(), now() + interval '1 min') RETURNING id)
                   INSERT INTO poll_votes (poll_id, participant, organisation_id, words, voted_at)
                   SELECT id, 'ana', 1, 'So', now() FROM p""",
                (own,),
            )
    keep = Retention(keys=400, ledger=100, jobs=30, beliefs=60)
    went = []
    for days in (59, 61, 61, 61):
        with closed_database.batch() as connection:
            went.append(housekeeping.forget_beliefs(connection, at=BEGAN + timedelta(days=days), keep=keep))
    assert went == [0, 2, 1, 0]
    for table in ("live_sessions", "live_counts", "live_attention", "live_participants", "polls", "poll_votes"):
        assert one(closed_database, f"SELECT count(*) FROM {table}") == 1, table


def test_keys_of_signals_go_with_the_signals(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO signal_keys (live_session_id, id, received_at) VALUES (1, 's', %s)", (NOW,))
    keep = Retention(keys=400, ledger=100, jobs=30, signals=30)
    for days, left in ((29, 1), (31, 0)):
        forget(closed_database, NOW + timedelta(days=days), keep)
        assert one(closed_database, "SELECT count(*) FROM signal_keys") == left
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO signal_keys (live_session_id, id, received_at) VALUES (1, 's', %s)", (NOW,))
    forget(closed_database, NOW + timedelta(days=399), Retention(keys=400, ledger=100, jobs=30, signals=0))
    assert one(closed_database, "SELECT count(*) FROM signal_keys") == 1


def test_only_partitions_of_that_table_are_dropped(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("SELECT drop_partition('events', t) FROM unnest(ARRAY['people', 'events']) t")
    assert one(closed_database, "SELECT count(*) FROM pg_class WHERE relname IN ('people', 'events')") == 2


def test_what_is_in_partitions_is_counted_for_their_parents_too(closed_database: Database) -> None:
    expected = "SELECT reltuples FROM pg_class WHERE relname = 'person_day'"
    with closed_database.batch() as connection:
        connection.execute("SELECT ensure_partition('person_day', '2026-03-01')")
        connection.execute(
            """INSERT INTO person_day (person_id, organisation_id, day, zone)
               SELECT number, 1, '2026-03-04', 'UTC' FROM generate_series(1, 500) number"""
        )
        before = connection.execute(expected).fetchone()
        housekeeping.count_partitioned(connection)
        after = connection.execute(expected).fetchone()
    assert before == {"reltuples": -1}
    assert after == {"reltuples": 500}


def test_words_of_messages_go_first_and_what_was_told_of_them_later(
    closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "MOST", 2)
    write(closed_database, *[said("ana", 0.5, days=day, previous_bot_message="before") for day in (0, 10, 20, 30, 40)])
    keep = Retention(keys=400, ledger=100, jobs=30, messages=15, engagements=60)
    worded = "SELECT count(*) FROM user_engagements WHERE num_nonnulls(message_text, previous_bot_message) = 2"
    wordless = "SELECT count(*) FROM user_engagements WHERE num_nonnulls(message_text, previous_bot_message) = 0"
    assert [forget_words(closed_database, NOW, keep) for _ in range(3)] == [2, 1, 0]
    assert (one(closed_database, worded), one(closed_database, wordless)) == (2, 3)
    before = rows(closed_database, "SELECT * FROM user_behavior_patterns")
    forget(closed_database, NOW + timedelta(days=120), keep)
    assert one(closed_database, "SELECT count(*) FROM user_engagements") == 0
    assert rows(closed_database, "SELECT * FROM user_behavior_patterns") == before
    forget(closed_database, NOW, Retention(keys=400, ledger=100, jobs=30, engagements=0))
