"""Whole decisions at the same moment: nobody's transaction dies, and nobody is reached twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tactful.decide import Rules, chances, choose
from tactful.decide.triggers.settings import SWITCHES
from tactful.facts.moments import INSTANT
from tactful.kernel.errors import NotFound
from tactful.kernel.settings import Settings
from tactful.loop import Turn, look
from tactful.store.database import Database
from tactful.store.decided import interventions, schedule
from tactful.store.decided.moments import Scope
from tactful.store.decided.ticks import begin
from tactful.store.described import erasure
from tactful.store.reading import RowReader
from tactful.store.running import housekeeping
from tactful.uses import asking, ticking
from tests.living import NOW, one, rows, settle_in

# One reason less: celebrations of what people reached would come to nearly everybody, whoever is counted on.
RULES = Rules.from_settings(Settings({SWITCHES["milestone_reached"].name: False}))

DECIDERS = 10
NIGHT = NOW.replace(hour=2)
OPEN_TWICE = """SELECT count(*) FROM (SELECT 1 FROM intervention_logs WHERE state IN ('planned', 'deferred')
                 GROUP BY user_id, intervention_type HAVING count(*) > 1) twice"""
# Every intervention follows from a decision that says so, and every decision that says so has one.
UNFOUNDED = """SELECT count(*) FROM intervention_logs i FULL JOIN
                 (SELECT * FROM decisions WHERE result IN ('acted', 'deferred', 'shadow')) d ON d.id = i.decision_id
                WHERE i.id IS NULL OR d.id IS NULL OR d.chosen <> i.intervention_type"""


def at_once(*works: object) -> list[object]:
    """What each of `works` answers, all begun together."""
    ready = threading.Barrier(len(works))

    def run(work: object) -> object:
        ready.wait()
        assert callable(work)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.fixture(params=["by day", "in quiet hours"])
def when(request: pytest.FixtureRequest, closed_database: Database) -> datetime:
    at = NIGHT if request.param == "in quiet hours" else NOW
    settle_in(closed_database, now=at)
    with closed_database.batch() as connection:
        # Nobody is held out, and quiet hours are the same night for everybody.
        connection.execute("UPDATE people SET holdout_bucket = 9000, zone = 'Europe/Berlin'")
        # Its first use is a queue of its own.
        begin(connection, at=at, scope="ask", policy=RULES.policy_name, configuration=RULES.stored())
    return at


def reachable(database: Database, at: datetime) -> list[str]:
    """People about whom something would be chosen; those first for whom it would have to wait."""
    found: dict[str, str] = {}
    for row in rows(database, "SELECT id, external_id FROM people ORDER BY id"):
        with database.batch() as connection:
            seen = look(RowReader(connection), Scope(people=(row["id"],)), at=at, rules=RULES)
        decided = choose(seen, at=at, rules=RULES, draws=chances(seen, at))
        if decided["result"][0] in ("acted", "deferred"):
            found[row["external_id"]] = decided["result"][0]
    assert ("deferred" in found.values()) == (at == NIGHT)
    return sorted(found, key=lambda person: found[person], reverse=True)


def test_ten_who_ask_about_one_person_all_get_an_answer(closed_database: Database, when: datetime) -> None:
    person = reachable(closed_database, when)[0]
    asked = [lambda: asking.ask(closed_database, RULES, "acme", person, when)] * DECIDERS
    told = [turn.decisions["result"][0] for turn in at_once(*asked) if isinstance(turn, Turn)]
    assert len(told) == DECIDERS
    assert len([each for each in told if each in ("acted", "deferred")]) == 1
    assert set(told) <= {"acted", "deferred", "lost", "silent"}
    assert one(closed_database, "SELECT count(*) FROM decisions") == DECIDERS
    assert one(closed_database, "SELECT count(*) FROM intervention_logs") == 1
    assert one(closed_database, UNFOUNDED) == 0


def test_a_tick_beside_many_who_ask_loses_nothing(closed_database: Database, when: datetime) -> None:
    people = reachable(closed_database, when)
    asked = [lambda each=each: asking.ask(closed_database, RULES, "acme", each, when) for each in people[:DECIDERS] * 2]
    ticked = lambda: ticking.tick(closed_database, RULES, at=when, everybody=True)  # noqa: E731
    assert None not in at_once(ticked, *asked)
    assert one(closed_database, "SELECT count(*) FROM ticks WHERE scope = 'all' AND finished_at IS NULL") == 0
    assert one(closed_database, OPEN_TWICE) == 0
    assert one(closed_database, UNFOUNDED) == 0
    assert one(closed_database, "SELECT count(DISTINCT user_id) FROM intervention_logs") == len(people)
    spent = "SELECT count(*) FROM attention WHERE sent_today > 0"
    planned = "SELECT count(*) FROM deliveries"
    assert one(closed_database, spent) == one(closed_database, planned)


def test_a_tick_at_an_earlier_instant_finds_what_already_waits(closed_database: Database) -> None:
    settle_in(closed_database, now=NIGHT)
    ticking.tick(closed_database, RULES, at=NIGHT, everybody=True)
    waiting = one(closed_database, "SELECT count(*) FROM intervention_logs WHERE state = 'deferred'")
    assert waiting
    assert ticking.tick(closed_database, RULES, at=NIGHT - timedelta(minutes=10), everybody=True) is not None
    assert one(closed_database, OPEN_TWICE) == 0
    assert one(closed_database, UNFOUNDED) == 0


def test_asking_after_a_deferral_has_expired_but_before_a_tick_has_closed_it(closed_database: Database) -> None:
    settle_in(closed_database, now=NIGHT)
    ticking.tick(closed_database, RULES, at=NIGHT, everybody=True)
    (late, *_) = rows(
        closed_database,
        """SELECT p.external_id, i.id FROM intervention_logs i JOIN people p ON p.id = i.user_id
            WHERE state = 'deferred' ORDER BY i.id""",
    )
    with closed_database.batch() as connection:
        connection.execute("UPDATE intervention_logs SET expires_at = %s, due_at = %s", (NIGHT, NIGHT))
    asked = asking.ask(closed_database, RULES, "acme", late["external_id"], NIGHT + timedelta(minutes=5))
    assert asked.decisions["result"][0] in ("acted", "deferred"), "what has expired waits for nobody"
    assert one(closed_database, "SELECT state FROM intervention_logs WHERE id = %s", late["id"]) == "expired"


def test_who_is_erased_while_a_tick_looks_at_them_stops_nobody_else(closed_database: Database, when: datetime) -> None:
    people = reachable(closed_database, when)
    ticked = erased_meanwhile(
        closed_database, people[0], lambda: ticking.tick(closed_database, RULES, at=when, everybody=True)
    )
    assert ticked is not None
    assert one(closed_database, "SELECT count(*) FROM ticks WHERE scope = 'all' AND finished_at IS NOT NULL") == 1
    assert one(closed_database, "SELECT count(DISTINCT user_id) FROM intervention_logs") == len(people) - 1
    assert one(closed_database, UNFOUNDED) == 0
    assert one(closed_database, "SELECT count(*) FROM decisions WHERE person_id NOT IN (SELECT id FROM people)") == 0


def test_who_is_erased_while_somebody_asks_about_them_is_not_found(closed_database: Database, when: datetime) -> None:
    person = reachable(closed_database, when)[0]
    with pytest.raises(NotFound, match=f"no person {person}"):
        erased_meanwhile(closed_database, person, lambda: asking.ask(closed_database, RULES, "acme", person, when))
    assert one(closed_database, "SELECT count(*) FROM decisions") == 0


def erased_meanwhile(database: Database, person: str, work: Callable[[], Any]) -> Any:
    """What `work` answers, where `person` is there when it looks and gone when it writes."""
    with ThreadPoolExecutor(1) as thread:
        with database.batch() as erasing:
            erasure.erase(erasing, "acme", person)
            working = thread.submit(work)
            while not one(database, BLOCKED):
                assert not working.done()
        return working.result()


BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
HOLD = "SELECT {key} FROM {table} WHERE {key} = (SELECT {end}({key}) FROM {table}) FOR NO KEY UPDATE"
# Whatever is touched lies behind all else, so that the first now comes last.
TOUCH = "UPDATE {table} SET {key} = {key} WHERE {key} = (SELECT min({key}) FROM {table})"


def plan_next_looks(database: Database) -> None:
    """The end of a tick whose people come in the opposite order."""
    seen = pl.DataFrame(
        rows(database, "SELECT person_id, changed_at FROM person_state ORDER BY person_id DESC"),
        {"person_id": pl.Int64, "changed_at": INSTANT},
    )
    later = seen.select("person_id", pl.lit(NOW + timedelta(hours=9)).alias("next_due_at"))
    with database.batch() as connection:
        schedule.next_due(connection, seen, later)


def close_what_is_over(database: Database) -> None:
    """What a tick settles, over interventions that lie in the opposite order."""
    with database.batch() as connection:
        interventions.expire(connection, NOW + timedelta(days=30))


def reset_counters(database: Database) -> None:
    """What happens once a day, over attention that lies in the opposite order."""
    with database.batch() as connection:
        housekeeping.daily_reset(connection, NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("table", "key", "work"),
    [
        ("person_state", "person_id", plan_next_looks),
        ("intervention_logs", "id", close_what_is_over),
        ("attention", "person_id", reset_counters),
    ],
)
def test_what_writes_many_rows_takes_them_in_the_order_everybody_does(
    closed_database: Database, table: str, key: str, work: Callable[[Database], None]
) -> None:
    settle_in(closed_database, count=40)
    ticking.tick(closed_database, RULES, at=NOW, everybody=True)
    with closed_database.batch() as connection:
        connection.execute(TOUCH.format(table=table, key=key))
    with closed_database.batch() as other, ThreadPoolExecutor(1) as thread:
        assert other.execute(HOLD.format(table=table, key=key, end="min")).fetchone()
        working = thread.submit(work, closed_database)
        while not one(closed_database, BLOCKED):
            assert not working.done()
        other.execute("SET LOCAL lock_timeout = '2s'")
        assert other.execute(HOLD.format(table=table, key=key, end="max")).fetchone()
        other.rollback()
        working.result()
