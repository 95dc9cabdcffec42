"""Counting events equals a naive recomputation of everything, whatever order they come in."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful.kernel.records import Event
from tactful.store.database import AsyncConnection, Connection, Database
from tactful.store.sensed import events
from tactful.store.sensed.events import Row
from tactful.store.sensed.measures import COMPLETED, SCORE, SECONDS, SENTIMENT, measures
from tactful.store.steps import run
from tests.often import often

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
GAP = timedelta(minutes=30)
DAY_COLUMNS = (
    "events", "sessions", "completions", "score_sum", "score_count", "sentiment_sum", "sentiment_count", "seconds",
)  # fmt: skip
# Clocks change on 29 March at 1:00 UTC (Berlin), on 8 March at 5:00 UTC (Havana, at midnight) and
# on 4 April at 15:00 UTC (Lord Howe, by half an hour); Kiritimati and Pago Pago are 25 hours apart.
ZONES = ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")
STARTS = [
    datetime(2026, 3, 29, 0, tzinfo=UTC),
    datetime(2026, 3, 8, 4, tzinfo=UTC),
    datetime(2026, 4, 4, 14, tzinfo=UTC),
    datetime(2026, 2, 28, 22, tzinfo=UTC),
]


def said_by(kind: str, properties: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{name: values[0] for name, values in measures([kind], [properties]).items()})


@dataclass
class Naive:
    """State of one person, worked out from all their events at once."""

    zone: str
    events: list[Event] = field(default_factory=list)

    def local(self, event: Event) -> datetime:
        return event.occurred_at.astimezone(ZoneInfo(self.zone))

    def sessions(self) -> list[tuple[datetime, datetime, date, int]]:
        found: list[list[Event]] = []
        for event in sorted(self.events, key=lambda event: event.occurred_at):
            if found and event.occurred_at - found[-1][-1].occurred_at <= GAP:
                found[-1].append(event)
            else:
                found.append([event])
        return [(one[0].occurred_at, one[-1].occurred_at, self.local(one[0]).date(), len(one)) for one in found]

    def days(self) -> dict[date, list[Any]]:
        days: dict[date, list[Any]] = defaultdict(lambda: [0, 0, 0, 0.0, 0, 0.0, 0, 0.0])
        for event in self.events:
            row, said = days[self.local(event).date()], said_by(event.kind, event.properties)
            row[0] += 1
            row[2] += said.completed
            for place, value in ((3, said.score), (5, said.sentiment)):
                row[place] += value or 0.0
                row[place + 1] += value is not None
            row[7] += said.seconds or 0.0
        for _, _, day, _ in self.sessions():
            days[day][1] += 1
        return dict(days)

    def hours(self) -> dict[int, int]:
        hours: dict[int, int] = defaultdict(int)
        for event in self.events:
            local = self.local(event)
            hours[local.weekday() * 24 + local.hour] += 1
        return dict(hours)

    def skills(self) -> dict[str, tuple[int, float, datetime]]:
        skills: dict[str, tuple[int, float, datetime]] = {}
        for event in self.events:
            if event.skill_id is not None:
                attempts, score, last = skills.get(event.skill_id, (0, 0.0, event.occurred_at))
                more = said_by(event.kind, event.properties).score or 0.0
                skills[event.skill_id] = (attempts + 1, score + more, max(last, event.occurred_at))
        return skills

    def state(self) -> dict[str, Any]:
        times = [event.occurred_at for event in self.events]
        done = [event.occurred_at for event in self.events if said_by(event.kind, event.properties).completed]
        streaks = self.streaks()
        return {
            "first_seen_at": min(times),
            "last_seen_at": max(times),
            "last_completion_at": max(done, default=None),
            "events": len(times),
            "active_days": len(self.days()),
            "current_streak": streaks[-1],
            "longest_streak": max(streaks),
            "streak_day": max(self.days()),
            "morning_hour": self.busiest(5, 11),
            "evening_hour": self.busiest(17, 23),
        }

    def streaks(self) -> list[int]:
        days = sorted(self.days())
        streaks = [1]
        for before, day in pairwise(days):
            streaks = [*streaks[:-1], streaks[-1] + 1] if day - before == timedelta(days=1) else [*streaks, 1]
        return streaks

    def busiest(self, low: int, high: int) -> int | None:
        counts = [self.local(event).hour for event in self.events]
        inside = [(-counts.count(hour), hour) for hour in range(low, high + 1) if hour in counts]
        return min(inside)[1] if inside else None


def naive(rows: Sequence[Row], zones: dict[str, str]) -> dict[str, Naive]:
    people: dict[str, Naive] = {}
    seen: set[str] = set()
    for _, event in rows:
        if event.id not in seen:
            seen.add(event.id)
            people.setdefault(event.person, Naive(zones[event.person])).events.append(event)
    return people


def write(database: Database, rows: Sequence[Row]) -> list[bool | None]:
    with database.batch() as connection:
        return run(connection, events.count_rows(rows, now=NOW))


def same(stored: Any, wanted: Any) -> bool:
    return stored == pytest.approx(wanted) if isinstance(wanted, float) else bool(stored == wanted)


def check(database: Database, wanted: dict[str, Naive]) -> None:
    with database.batch() as connection:
        compare(connection, wanted)


def compare(connection: Connection, wanted: dict[str, Naive]) -> None:
    def rows(statement: str, *values: Any) -> list[dict[str, Any]]:
        return connection.execute(statement, values).fetchall()

    assert rows("SELECT count(*) AS n FROM events")[0]["n"] == sum(len(one.events) for one in wanted.values())
    for external, one in wanted.items():
        person = rows("SELECT id FROM people WHERE external_id = %s", external)[0]["id"]
        sessions = rows("SELECT * FROM person_session WHERE person_id = %s ORDER BY started_at", person)
        assert [(s["started_at"], s["ended_at"], s["day"], s["events"]) for s in sessions] == one.sessions()
        days = rows("SELECT * FROM person_day WHERE person_id = %s", person)
        stored = {day["day"]: [day[name] for name in DAY_COLUMNS] for day in days}
        assert stored == {day: pytest.approx(row) for day, row in one.days().items()}
        hours = rows("SELECT hour, events FROM person_hour WHERE person_id = %s", person)
        assert {row["hour"]: row["events"] for row in hours} == one.hours()
        skills = rows("SELECT * FROM person_skill WHERE person_id = %s", person)
        assert {s["skill_id"]: (s["attempts"], s["last_at"]) for s in skills} == {
            name: (attempts, last) for name, (attempts, _, last) in one.skills().items()
        }
        assert {s["skill_id"]: s["score_sum"] for s in skills} == pytest.approx(
            {name: score for name, (_, score, _) in one.skills().items()}
        )
        state = rows("SELECT * FROM person_state WHERE person_id = %s", person)[0]
        assert {name: state[name] for name in one.state()} == one.state()


KINDS = st.sampled_from(["answer", "visit", "lesson_completed", "completion", "completed", "incompleted!"])
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "score": st.one_of(st.floats(-0.5, 1.5), st.integers(0, 1), st.booleans(), st.just("high"), st.none()),
        "correct": st.one_of(st.booleans(), st.integers(0, 1)),
        "sentiment": st.one_of(st.floats(-1.5, 1.5), st.sampled_from(["", "good", "0.5"])),
        "seconds": st.one_of(st.integers(-5, 100_000), st.just([1])),
        "completed": st.one_of(st.booleans(), st.just("yes")),
    },
)


@st.composite
def facts(draw: st.DrawFn, start: datetime) -> Event:
    """An event of one of three people, mostly close to others, sometimes days away."""
    near = draw(st.sampled_from([True, True, True, False]))
    hours = draw(st.integers(-3, 3) if near else st.integers(-15 * 24, 15 * 24))
    minutes = draw(st.sampled_from([0, 10, 29, 30, 31, 45, 59]))
    at = start + timedelta(hours=hours, minutes=minutes, seconds=draw(st.sampled_from([0, 0, 1])))
    return Event(
        id=str(draw(st.integers(0, 60))),
        person=draw(st.sampled_from("abc")),
        kind=draw(KINDS),
        occurred_at=min(at, NOW),
        skill_id=draw(st.sampled_from([None, "s1", "s2"])),
        topic=draw(st.sampled_from([None, "t"])),
        properties=draw(PROPERTIES),
    )


BATCHES = st.sampled_from(STARTS).flatmap(
    lambda start: st.lists(st.lists(facts(start), max_size=25), min_size=1, max_size=5)
)


@pytest.mark.parametrize("large", [1, 1000])
@given(batches=BATCHES, zones=st.fixed_dictionaries({name: st.sampled_from(ZONES) for name in "abc"}))
@settings(
    max_examples=often(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_state_equals_a_naive_recomputation(
    module_database: Database, large: int, batches: list[list[Event]], zones: dict[str, str]
) -> None:
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 7)")
        for name, zone in zones.items():
            connection.execute(
                """INSERT INTO people (organisation_id, external_id, zone, zone_source, holdout_bucket)
                   SELECT id, %s, %s, 'person', 0 FROM organisations""",
                (name, zone),
            )
        rows = [[("acme", event) for event in batch] for batch in batches]
        seen: set[str] = set()
        for batch in rows:
            fresh = []
            for _, event in batch:
                fresh.append(event.id not in seen)
                seen.add(event.id)
            assert run(connection, events.count_rows(batch, now=NOW, large=large)) == fresh
        compare(connection, naive([row for batch in rows for row in batch], zones))


def visit(number: int, *, person: str = "ana", at: datetime = NOW, **properties: Any) -> Row:
    return ("acme", Event(str(number), person, "visit", at, properties=properties))


def test_a_long_history_that_comes_at_once_is_the_same_as_one_that_grew(closed_database: Database) -> None:
    night = NOW.replace(hour=22) - timedelta(days=9)
    told = [night + timedelta(minutes=20 * number) for number in range(18)]
    told += [NOW - timedelta(days=day, minutes=7 * number) for day in (20, 19, 18, 3, 1) for number in range(20)]
    rows = [visit(number, person="ana", at=at, score=0.5) for number, at in enumerate(told)]
    assert write(closed_database, rows) == [True] * len(rows)
    history = naive(rows, {"ana": "UTC"})
    assert history["ana"].state()["longest_streak"] == 3
    # The night's one session began the day before: the day after has none of its own.
    assert 0 in [day[1] for day in history["ana"].days().values()]
    check(closed_database, history)


def test_a_large_group_with_known_ids_counts_only_the_new_ones(closed_database: Database) -> None:
    rows = [visit(number, at=NOW - timedelta(minutes=number)) for number in range(300)]
    assert write(closed_database, rows[:200]) == [True] * 200
    assert write(closed_database, rows) == [False] * 200 + [True] * 100
    check(closed_database, naive(rows, {"ana": "UTC"}))


def test_the_same_id_counts_once_also_with_another_time_and_person(closed_database: Database) -> None:
    assert write(closed_database, [visit(1), visit(1, at=NOW - timedelta(days=40))]) == [True, False]
    assert write(closed_database, [visit(1, person="ben", at=NOW - timedelta(days=70))]) == [False]


def test_the_same_id_counts_once_in_each_organisation(closed_database: Database) -> None:
    other = ("other", visit(1)[1])
    assert write(closed_database, [visit(1), other]) == [True, True]
    assert write(closed_database, [visit(1), other]) == [False, False]


async def count(connection: AsyncConnection, rows: Sequence[Row]) -> list[bool | None]:
    return await events.write_group(connection, rows, await events.meet(connection, rows), now=NOW)


async def test_copies_that_arrive_at_the_same_moment_on_two_servers_count_once(database: Database) -> None:
    rows = [visit(number, person=f"p{number % 7}", at=NOW - timedelta(minutes=7 * number)) for number in range(250)]

    async def server(mine: list[Row]) -> list[bool | None]:
        accepted = []
        for start in range(0, len(mine), 50):
            async with database.service() as connection:
                accepted += await count(connection, mine[start : start + 50])
        return accepted

    async def all_at_once(mine: list[Row]) -> list[bool | None]:
        async with database.service() as connection:
            return await count(connection, mine)

    told = await asyncio.gather(server(rows), server(rows[::-1]), all_at_once(rows))
    assert sum(answers.count(True) for answers in told) == len(rows)
    check(database, naive(rows, {f"p{number}": "UTC" for number in range(7)}))


def test_an_unknown_person_gets_the_organisations_zone_or_the_devices(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed, zone) VALUES ('acme', 7, 'Asia/Kolkata')")
    write(closed_database, [visit(1), visit(2, person="ben", zone="Europe/Berlin")])
    write(closed_database, [visit(3, person="ben")])
    assert zones(closed_database) == {"ana": ("Asia/Kolkata", "organisation"), "ben": ("Europe/Berlin", "device")}
    write(closed_database, [visit(4, zone="Asia/Tokyo")])
    assert zones(closed_database)["ana"] == ("Asia/Tokyo", "device")


def test_a_device_does_not_overrule_the_person(closed_database: Database) -> None:
    write(closed_database, [visit(1)])
    with closed_database.batch() as connection:
        connection.execute("UPDATE people SET zone = 'Europe/Paris', zone_source = 'person'")
    write(closed_database, [visit(2, zone="Asia/Tokyo")])
    assert zones(closed_database) == {"ana": ("Europe/Paris", "person")}


def zones(database: Database) -> dict[str, tuple[str, str]]:
    with database.batch() as connection:
        rows = connection.execute("SELECT external_id, zone, zone_source FROM people").fetchall()
    return {row["external_id"]: (row["zone"], row["zone_source"]) for row in rows}


def test_a_new_fact_makes_its_person_due_and_an_old_due_time_stays(closed_database: Database) -> None:
    write(closed_database, [visit(1), visit(2, person="ben")])
    early, late = NOW - timedelta(hours=1), NOW + timedelta(hours=9)
    with closed_database.batch() as connection:
        connection.execute(
            """UPDATE person_state SET changed_at = %s, next_due_at = CASE external_id WHEN 'ana' THEN %s ELSE %s END
                 FROM people WHERE people.id = person_id""",
            (early, early, late),
        )
    write(closed_database, [visit(3), visit(4, person="ben")])
    with closed_database.batch() as connection:
        rows = connection.execute(
            "SELECT changed_at, next_due_at FROM person_state JOIN people ON id = person_id ORDER BY external_id"
        ).fetchall()
    assert [row["changed_at"] for row in rows] == [NOW, NOW]
    assert [row["next_due_at"] for row in rows] == [early, NOW]


@given(kind=KINDS, properties=PROPERTIES)
@settings(max_examples=often(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_python_and_sql_read_the_same_numbers_from_an_event(
    module_database: Database, kind: str, properties: dict[str, Any]
) -> None:
    statement = f"""SELECT {COMPLETED} AS completed, {SCORE} AS score, {SENTIMENT} AS sentiment, {SECONDS} AS seconds
                      FROM (SELECT %s::text AS kind, %s::jsonb AS properties) e"""
    with module_database.batch() as connection:
        row = connection.execute(statement, (kind, json.dumps(properties))).fetchone()
    assert row is not None
    said = said_by(kind, properties)
    assert all(same(row[name], value) for name, value in vars(said).items())
