"""A tick does each thing once, goes on where it died, and never runs beside another."""

from datetime import timedelta

import pytest

from tactful.decide import Rules
from tactful.store.alone import alone
from tactful.store.database import Database
from tactful.store.decided import ticks
from tactful.uses import ticking
from tests.living import NOW, RULES, dies_in_batch, one, rows, settle_in

EVERYTHING = """
SELECT (SELECT jsonb_agg(d ORDER BY id) FROM (SELECT id, person_id, result, chosen, kinds FROM decisions) d) AS made,
       (SELECT jsonb_agg(i ORDER BY id) FROM (SELECT id, user_id, intervention_type, state FROM intervention_logs) i)
         AS done,
       (SELECT jsonb_agg(a ORDER BY person_id) FROM attention a) AS attention,
       (SELECT count(*) FROM deliveries) AS deliveries
"""


def test_a_tick_reaches_some_and_leaves_most_alone(closed_database: Database) -> None:
    settle_in(closed_database)
    assert ticking.tick(closed_database, RULES, at=NOW) is not None
    reached = one(closed_database, "SELECT reached FROM ticks")
    assert 0 < reached < one(closed_database, "SELECT people FROM ticks")
    assert one(closed_database, "SELECT count(*) FROM intervention_logs WHERE state = 'planned'") == reached
    assert one(closed_database, "SELECT count(*) FROM deliveries WHERE state = 'due'") == reached


def test_the_same_tick_twice_changes_nothing(closed_database: Database) -> None:
    settle_in(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    before = rows(closed_database, EVERYTHING)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    assert rows(closed_database, EVERYTHING) == before


def test_the_next_tick_writes_no_silence_that_repeats_itself(closed_database: Database) -> None:
    settle_in(closed_database)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    for minutes in (2, 4, 6):
        ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=minutes), everybody=True)
    written = one(closed_database, "SELECT count(*) FROM decisions")
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=10), everybody=True)
    assert one(closed_database, "SELECT count(*) FROM decisions") == written


def test_a_tick_that_died_goes_on_where_its_last_batch_ended(
    closed_database: Database, database_url: str, template: str
) -> None:
    settle_in(closed_database)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(3), at=NOW, everybody=True, batch=20)
    assert one(closed_database, "SELECT cursor FROM ticks") == 40
    assert one(closed_database, "SELECT finished_at IS NULL FROM ticks")
    ticking.tick(closed_database, RULES, at=NOW, everybody=True, batch=20)
    assert one(closed_database, "SELECT finished_at IS NOT NULL FROM ticks")
    assert one(closed_database, "SELECT people FROM ticks") == 60
    assert one(closed_database, "SELECT reached FROM ticks") == one(
        closed_database, "SELECT count(*) FROM intervention_logs WHERE state = 'planned'"
    )


UNFINISHED = "SELECT count(*) FROM ticks WHERE finished_at IS NULL AND abandoned_at IS NULL"
AT_RISK = "SELECT count(*) FROM dropout_risk_scores WHERE calculated_at = %s"


def test_a_daily_pass_that_died_is_finished_by_the_next_tick(closed_database: Database) -> None:
    settle_in(closed_database)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(3), at=NOW, daily=True, batch=20)
    assert one(closed_database, AT_RISK, NOW) == 40
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=3), batch=20)
    assert one(closed_database, AT_RISK, NOW) == 60
    assert one(closed_database, UNFINISHED) == 0
    assert one(closed_database, "SELECT people FROM ticks WHERE scope = 'daily'") == 60
    before = rows(closed_database, EVERYTHING)
    ticking.tick(closed_database, RULES, at=NOW, daily=True)
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=3))
    assert rows(closed_database, EVERYTHING) == before


@pytest.mark.parametrize(
    ("later", "rules"),
    [
        (timedelta(minutes=50), RULES),
        (timedelta(minutes=3), RULES.replace(values=RULES.values | {"decide.holdout": 0.5})),
    ],
)
def test_a_tick_that_is_too_old_or_had_other_rules_is_given_up(
    closed_database: Database, later: timedelta, rules: Rules
) -> None:
    settle_in(closed_database)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(3), at=NOW, daily=True, batch=20)
    ticking.tick(closed_database, rules, at=NOW + later, batch=20)
    assert one(closed_database, AT_RISK, NOW) == 40
    assert one(closed_database, UNFINISHED) == 0
    assert one(closed_database, "SELECT abandoned_at IS NOT NULL FROM ticks WHERE scope = 'daily'")


def test_of_several_that_died_only_the_newest_is_gone_on_with(closed_database: Database) -> None:
    settle_in(closed_database)
    for minutes in (0, 5):
        with closed_database.batch() as connection:
            ticks.begin(
                connection,
                at=NOW + timedelta(minutes=minutes),
                scope="due",
                policy=RULES.policy_name,
                configuration=RULES.stored(),
            )
    ticking.tick(closed_database, RULES, at=NOW + timedelta(minutes=10))
    kept = rows(closed_database, "SELECT at FROM ticks WHERE finished_at IS NOT NULL ORDER BY at")
    assert [row["at"] for row in kept] == [NOW + timedelta(minutes=5), NOW + timedelta(minutes=10)]
    assert one(closed_database, UNFINISHED) == 0


def test_what_was_to_happen_later_is_left_alone_by_a_tick_about_the_past(closed_database: Database) -> None:
    settle_in(closed_database)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(2), at=NOW, everybody=True, batch=20)
    ticking.tick(closed_database, RULES, at=NOW - timedelta(days=3))
    assert one(closed_database, UNFINISHED) == 1


def test_a_tick_finishes_once(closed_database: Database) -> None:
    settle_in(closed_database, count=3)
    ticking.tick(closed_database, RULES, at=NOW)
    finished = one(closed_database, "SELECT finished_at FROM ticks")
    ticking.tick(closed_database, RULES, at=NOW)
    assert one(closed_database, "SELECT finished_at FROM ticks") == finished


def test_batches_of_any_size_decide_the_same(closed_database: Database, module_database: Database) -> None:
    decided = "SELECT person_id, result, chosen, kinds, verdicts, draw FROM decisions ORDER BY person_id"
    for database, batch in ((closed_database, 1_000_000), (module_database, 7)):
        settle_in(database)
        with database.batch() as connection:
            connection.execute("UPDATE organisations SET seed = 42")
            connection.execute("UPDATE people SET holdout_bucket = id % 10000")
        ticking.tick(database, RULES, at=NOW, everybody=True, batch=batch)
    assert rows(closed_database, decided) == rows(module_database, decided)


def test_a_second_tick_steps_aside(closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    with alone(closed_database, ticks.NAME) as mine:
        assert mine
        assert ticking.tick(closed_database, RULES, at=NOW) is None
    assert ticking.tick(closed_database, RULES, at=NOW) is not None


def test_what_quiet_hours_put_off_is_released_when_they_end(closed_database: Database) -> None:
    night = NOW.replace(hour=2)
    settle_in(closed_database, now=night)
    ticking.tick(closed_database, RULES, at=night, everybody=True)
    waiting = rows(closed_database, "SELECT id, due_at FROM intervention_logs WHERE state = 'deferred' ORDER BY due_at")
    assert waiting
    assert one(closed_database, "SELECT count(*) FROM attention") == one(
        closed_database, "SELECT count(DISTINCT user_id) FROM intervention_logs WHERE state = 'planned'"
    ), "what waits holds no attention"
    ticking.tick(closed_database, RULES, at=waiting[-1]["due_at"] + timedelta(minutes=5))
    later = rows(
        closed_database, "SELECT id, state FROM intervention_logs WHERE id = ANY(%s)", [one["id"] for one in waiting]
    )
    assert {row["state"] for row in later} <= {"planned", "withdrawn"}
    assert "planned" in {row["state"] for row in later}
    undelivered = """SELECT count(*) FROM intervention_logs i WHERE state = 'planned'
                      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.intervention_id = i.id)"""
    assert one(closed_database, undelivered) == 0


def test_of_several_that_waited_the_most_important_is_released(closed_database: Database) -> None:
    night = NOW.replace(hour=2)
    settle_in(closed_database, now=night)
    ticking.tick(closed_database, RULES, at=night, everybody=True)
    older = """INSERT INTO intervention_logs (id, user_id, organization_id, intervention_type, priority, trigger, state,
                                              triggered_at, due_at, expires_at)
               SELECT -id, user_id, organization_id, 'proactive_checkin', 7, 'risk_high', state,
                      triggered_at - interval '1 hour', due_at, expires_at
                 FROM intervention_logs WHERE state = 'deferred' AND intervention_type = 'emotional_support'"""
    with closed_database.batch() as connection:
        assert connection.execute(older).rowcount
    ticking.tick(closed_database, RULES, at=night + timedelta(hours=10))
    planned = "SELECT id, intervention_type AS kind FROM intervention_logs WHERE state = 'planned' AND trigger LIKE %s"
    released = rows(closed_database, planned, "risk%")
    assert any(row["kind"] == "emotional_support" for row in released)
    assert all(row["id"] > 0 for row in released)


def test_somebody_who_opts_out_while_it_waits_is_left_alone(closed_database: Database) -> None:
    night = NOW.replace(hour=2)
    settle_in(closed_database, now=night)
    ticking.tick(closed_database, RULES, at=night, everybody=True)
    with closed_database.batch() as connection:
        connection.execute("UPDATE people SET consent = '{\"engagement\": false}'")
    ticking.tick(closed_database, RULES, at=night + timedelta(hours=10))
    states = rows(closed_database, "SELECT DISTINCT state FROM intervention_logs WHERE trigger LIKE 'risk%%'")
    assert "deferred" not in {row["state"] for row in states} or one(
        closed_database,
        "SELECT min(due_at) > %s FROM intervention_logs WHERE state = 'deferred'",
        night + timedelta(hours=10),
    )
    released = "SELECT count(*) FROM intervention_logs WHERE state = 'planned' AND due_at > triggered_at"
    assert one(closed_database, released) == 0


def test_shadow_mode_decides_and_records_but_sends_nothing(closed_database: Database) -> None:
    settle_in(closed_database)
    with closed_database.batch() as connection:
        connection.execute(
            "INSERT INTO pauses (organisation_id, scope, mode, actor) VALUES (1, 'organisation', 'shadow', 'test')"
        )
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    assert one(closed_database, "SELECT count(*) FROM decisions WHERE result = 'shadow'") > 0
    assert one(closed_database, "SELECT count(*) FROM deliveries") == 0
    assert one(closed_database, "SELECT count(*) FROM attention") == 0


def test_a_pause_silences_everybody_and_says_so(closed_database: Database) -> None:
    settle_in(closed_database)
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO pauses (organisation_id, scope, actor) VALUES (1, 'organisation', 'test')")
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    bit = 1 << [rail.name for rail in RULES.rails].index("paused")
    assert one(closed_database, "SELECT count(*) FROM intervention_logs") == 0
    assert one(closed_database, "SELECT bool_and(v & %s > 0) FROM decisions, unnest(verdicts) v", bit)


def test_other_rules_make_another_configuration(closed_database: Database) -> None:
    settle_in(closed_database, count=3)
    ticking.tick(closed_database, RULES, at=NOW)
    stricter: Rules = RULES.replace(values=RULES.values | {"decide.holdout": 0.5})
    ticking.tick(closed_database, stricter, at=NOW + timedelta(minutes=5))
    assert one(closed_database, "SELECT count(*) FROM configurations") == 2
