"""An educator is told once of each episode, never beyond the cap, and nothing is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tactful.facts.allowances import Telling
from tactful.kernel.chance import mix
from tactful.store.database import Database
from tactful.store.decided import alerts
from tests.living import NOW, one, rows
from tests.stories.test_races import at_once
from tests.teaching import TELLING, become, school

DAY = timedelta(days=1)
TOLD = """
SELECT e.external_id AS educator, p.external_id AS person, a.state, a.raised_at, a.told_at, a.closed_because
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id JOIN people p ON p.id = a.person_id ORDER BY a.id
"""


def told(database: Database, *names: str) -> list[tuple[object, ...]]:
    """Every alert as these of its columns."""
    return [tuple(row[name] for name in names) for row in rows(database, TOLD)]


def test_every_educator_of_the_persons_groups_is_told_once(closed_database: Database) -> None:
    people = school(
        closed_database,
        {"a": (["eva", "finn"], ["ana", "ben"]), "b": (["eva"], ["ana"]), "c": (["gil"], ["ben"]), "d": ([], ["ana"])},
    )
    become(closed_database, {people["ana"]: "critical", people["ben"]: "high"}, NOW)
    assert sorted(told(closed_database, "educator", "person", "state")) == [
        ("eva", "ana", "raised"),
        ("finn", "ana", "raised"),
    ]
    (alert, _) = rows(closed_database, "SELECT * FROM educator_alerts ORDER BY educator_id")
    assert (alert["risk_score"], alert["risk_factors"]) == (0.8, ["declining_engagement"])
    assert alert["facts"]["sessions_by_week"] == [0, 3, 0, 0]
    assert alert["raised_at"] == alert["told_at"] == alert["episode"] == NOW


def test_nobody_is_told_of_themselves(closed_database: Database) -> None:
    people = school(closed_database, {"a": (["eva"], ["ana"]), "b": (["ana"], ["eva"])})
    become(closed_database, {people["eva"]: "critical"}, NOW)
    assert told(closed_database, "educator", "person") == [("ana", "eva")]


def test_the_same_episode_is_told_once_and_the_next_one_again(closed_database: Database) -> None:
    ana = school(closed_database, {"a": (["eva"], ["ana"])})["ana"]
    for days, level in enumerate(["critical", "critical", "critical", "high", "critical"]):
        become(closed_database, {ana: level}, NOW + days * DAY)
        become(closed_database, {ana: level}, NOW + days * DAY)
    assert told(closed_database, "raised_at", "state", "closed_because") == [
        (NOW, "closed", "The risk is no longer critical."),
        (NOW + 4 * DAY, "raised", None),
    ]


def test_what_lasts_for_long_is_told_again_and_only_the_newest_stays_open(closed_database: Database) -> None:
    ana = school(closed_database, {"a": (["eva"], ["ana"])})["ana"]
    for days in range(30):
        become(closed_database, {ana: "critical"}, NOW + days * DAY)
    assert told(closed_database, "raised_at", "state") == [
        (NOW, "closed"),
        (NOW + 14 * DAY, "closed"),
        (NOW + 28 * DAY, "raised"),
    ]


def test_what_an_educator_closed_is_not_told_again_in_the_same_episode(closed_database: Database) -> None:
    ana = school(closed_database, {"a": (["eva"], ["ana"])})["ana"]
    become(closed_database, {ana: "critical"}, NOW)
    with closed_database.batch() as connection:
        connection.execute("UPDATE educator_alerts SET state = 'closed', closed_at = %s", (NOW,))
    become(closed_database, {ana: "critical"}, NOW + DAY)
    assert told(closed_database, "state") == [("closed",)]


def test_a_moment_of_the_past_tells_nothing_of_what_is_known_better(closed_database: Database) -> None:
    ana = school(closed_database, {"a": (["eva"], ["ana"])})["ana"]
    become(closed_database, {ana: "high"}, NOW)
    become(closed_database, {ana: "critical"}, NOW - DAY)
    assert told(closed_database, "state") == []


def test_the_highest_risks_come_within_the_cap_and_the_rest_comes_later(closed_database: Database) -> None:
    members = [f"m{number}" for number in range(5)]
    people = school(closed_database, {"a": (["eva"], members)})
    two = Telling(per_day=2, again_days=14)
    risks = {people[name]: 0.75 + number / 100 for number, name in enumerate(members)}
    become(closed_database, dict.fromkeys(risks, "critical"), NOW, scores=risks, telling=two)
    assert {person for person, state in told(closed_database, "person", "state") if state == "raised"} == {"m4", "m3"}
    release(closed_database, NOW + timedelta(hours=3), two)
    assert Counter(told(closed_database, "state")) == {("raised",): 2, ("held",): 3}
    # One of those that wait falls below critical: of them nobody is told.
    become(closed_database, {people["m2"]: "high"}, NOW + timedelta(hours=4), telling=two)
    release(closed_database, NOW + DAY, two)
    states = {row["person"]: row["state"] for row in rows(closed_database, TOLD)}
    assert states == {"m4": "raised", "m3": "raised", "m2": "closed", "m1": "raised", "m0": "raised"}
    assert [at for _, at in told(closed_database, "state", "told_at") if at == NOW + DAY] == [NOW + DAY] * 2


def release(database: Database, at: datetime, telling: Telling) -> None:
    with database.batch() as connection:
        alerts.release(connection, at=at, per_day=telling.per_day)


def test_two_at_the_same_moment_are_one_alert(closed_database: Database) -> None:
    members = [f"m{number}" for number in range(30)]
    people = school(closed_database, {"a": (["eva", "finn"], members), "b": (["finn"], members[:20])})
    some = [people[name] for name in members]
    three = Telling(per_day=3, again_days=14)

    def deciding(asked: list[int], at: datetime) -> object:
        return lambda: become(closed_database, dict.fromkeys(asked, "critical"), at, telling=three)

    at_once(
        deciding(some, NOW),
        deciding(some[:15], NOW + timedelta(seconds=1)),
        deciding(some[10:], NOW),
        deciding(some[3:4], NOW + timedelta(seconds=2)),
    )
    counts = Counter(told(closed_database, "educator", "person"))
    assert set(counts.values()) == {1}
    assert len(counts) == 60
    assert Counter(told(closed_database, "educator", "state"))["eva", "raised"] == 3
    assert Counter(told(closed_database, "educator", "state"))["finn", "raised"] == 3
    assert {row["told"] for row in rows(closed_database, "SELECT told FROM educator_days")} == {3}


def test_what_dies_before_its_commit_told_nobody(closed_database: Database) -> None:
    ana = school(closed_database, {"a": (["eva"], ["ana"])})["ana"]
    broken = "ALTER TABLE educator_days ADD CONSTRAINT no_room CHECK (told < 1)"
    with psycopg.connect(closed_database.owner_url, autocommit=True) as owner:
        owner.execute(broken)
        with pytest.raises(psycopg.errors.CheckViolation):
            become(closed_database, {ana: "critical"}, NOW)
        assert one(closed_database, "SELECT count(*) FROM educator_alerts") == 0
        assert one(closed_database, "SELECT count(*) FROM dropout_risk_scores") == 0
        owner.execute("ALTER TABLE educator_days DROP CONSTRAINT no_room")
    become(closed_database, {ana: "critical"}, NOW)
    assert told(closed_database, "state") == [("raised",)]


MEMBERS = [f"m{number}" for number in range(8)]
TAUGHT = {"eva": MEMBERS, "finn": MEMBERS[:4]}
ZONES = {"eva": ZoneInfo("UTC"), "finn": ZoneInfo("Pacific/Auckland")}


class Course:
    """Levels by chance, step by step, and the alerts that must follow, worked out in the plainest way."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.since: dict[str, datetime] = {}
        self.expected: Counter[tuple[str, str, datetime]] = Counter()

    def step(self, number: int, at: datetime) -> dict[str, str]:
        levels = {}
        for place, name in enumerate(MEMBERS):
            drawn = mix(number * len(MEMBERS) + place, self.seed) % 100
            if drawn < 60:
                levels[name] = "critical" if drawn < 35 else "high"
                self._becomes(name, levels[name], at)
        return levels

    def _becomes(self, name: str, level: str, at: datetime) -> None:
        if level != "critical":
            self.since.pop(name, None)
        elif name not in self.since or at - self.since[name] >= 5 * DAY:
            self.since[name] = at
            self.expected.update((educator, name, at) for educator, taught in TAUGHT.items() if name in taught)


@pytest.mark.parametrize("seed", range(3))
def test_any_course_of_levels_tells_each_episode_once_within_the_cap(closed_database: Database, seed: int) -> None:
    people = school(closed_database, {educator: ([educator], taught) for educator, taught in TAUGHT.items()})
    with closed_database.batch() as connection:
        connection.execute("UPDATE people SET zone = 'Pacific/Auckland' WHERE external_id = 'finn'")
    two, course = Telling(per_day=2, again_days=5), Course(seed)
    for number in range(40):
        at = NOW + number * timedelta(hours=7)
        levels = course.step(number, at)
        release(closed_database, at, two)
        become(closed_database, {people[name]: level for name, level in levels.items()}, at, telling=two)
    assert Counter(told(closed_database, "educator", "person", "raised_at")) == course.expected
    heard = [row for row in rows(closed_database, TOLD) if row["told_at"] is not None]
    days = Counter((row["educator"], row["told_at"].astimezone(ZONES[row["educator"]]).date()) for row in heard)
    assert max(days.values()) == 2
    standing = [row for row in rows(closed_database, TOLD) if row["state"] != "closed"]
    opened = Counter((row["educator"], row["person"]) for row in standing)
    assert max(opened.values()) == 1
    assert {person for _, person in opened} == course.since.keys()


def test_a_person_who_is_erased_takes_their_alerts_along(closed_database: Database) -> None:
    people = school(closed_database, {"a": (["eva"], ["ana", "ben"])})
    become(closed_database, {people["ana"]: "critical", people["ben"]: "critical"}, NOW, telling=TELLING)
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM people WHERE external_id = 'ana'")
    assert told(closed_database, "person") == [("ben",)]


@pytest.mark.parametrize("erased", ["ana", "eva"])
def test_whoever_is_just_being_erased_is_waited_for_and_not_in_a_circle(closed_database: Database, erased: str) -> None:
    people = school(closed_database, {"a": (["eva"], ["ana"])})
    become(closed_database, {people["ana"]: "critical"}, NOW)
    become(closed_database, {people["ana"]: "high"}, NOW + DAY)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as thread:
        with closed_database.batch() as erasing:
            erasing.execute("SELECT 1 FROM people WHERE id = %s FOR UPDATE", (people[erased],))
            telling = thread.submit(become, closed_database, {people["ana"]: "critical"}, NOW + 2 * DAY)
            while not one(closed_database, waiting):
                assert not telling.done()
            erasing.execute("DELETE FROM people WHERE id = %s", (people[erased],))
        if erased == "ana":
            # Whoever writes for many does so again without them: see `despite_erasure`.
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                telling.result()
        else:
            telling.result()
    assert told(closed_database, "educator", "person") == []
