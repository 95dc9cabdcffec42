"""People are erased while everything else goes on: no work dies of it, nothing is lost and nothing counts twice."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest

from tactful.kernel.chance import mix
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided.struggles import Asked
from tactful.store.described.erasure import erase
from tactful.store.sensed import events
from tactful.uses import checking, insights, passing, plateaus, regressions, struggles, timing
from tactful.uses.checking import Check
from tests.conftest import ROLE_SECRET
from tests.living import NOW, RULES, one
from tests.store.sensed.talk import said, write

DEFAULT = Settings({})
PEOPLE, SECONDS = 8, 10
# What everybody shares is what each of those who are left brought to it.
SHARED = {
    "skill_sums": ("asked", "person_memory", "answers"),
    "practice_content": ("attempts", "practice_person_content", "attempts"),
}
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

Work = Callable[[], object]
JUDGES: tuple[Callable[[Database, tuple[str, str]], object], ...] = (
    lambda database, whom: regressions.of(database, DEFAULT, whom, NOW, active_only=True, most=10),
    lambda database, whom: plateaus.of(database, DEFAULT, whom, NOW, active_only=True, most=10),
    lambda database, whom: timing.of(database, DEFAULT, whom, NOW),
    lambda database, whom: checking.check(database, RULES, whom, Check(NOW)),
)


@pytest.fixture
def busy_database(closed_database: Database) -> Iterator[Database]:
    """The same database, for so many at once that they stand in each other's way."""
    database = Database(closed_database.owner_url, role_secret=ROLE_SECRET, pool_size=16, monthly_years=20)
    yield database
    database.close_batches()


def one_of(numbers: Iterator[int], most: int) -> int:
    return int(mix(5, next(numbers)) % most)


def answers(numbers: Iterator[int], *, size: int) -> list[events.Row]:
    """Answers of some of them, new each time."""
    people = [str(one_of(numbers, PEOPLE)) for _ in range(4)]
    return [
        ("acme", Event(f"e{next(numbers)}", person, "answer", NOW - timedelta(minutes=one_of(numbers, 90 * 1440)),
                       f"c{one_of(numbers, 4)}", f"s{one_of(numbers, 4)}", "Algebra",
                       {"correct": one_of(numbers, 5) < 3, "seconds": 5}))
        for person in people for _ in range(size)
    ]  # fmt: skip


def works(database: Database, numbers: Iterator[int]) -> list[Work]:
    def about() -> tuple[str, str]:
        return "acme", str(one_of(numbers, PEOPLE))

    def talking() -> object:
        return write(database, *[said(about()[1], 0.5, id=f"m{next(numbers)}", topics=["Algebra"]) for _ in range(4)])

    def erasing() -> None:
        with database.batch() as connection:
            erase(connection, *about())

    def asking() -> object:
        return struggles.predict(database, DEFAULT, [Asked(*about(), "c1", prerequisites=("s1",))], NOW)

    def counting() -> object:
        return events.write_large(database, answers(numbers, size=2), now=NOW)

    return [
        *[counting] * 4,
        *[talking] * 2,
        *[erasing] * 3,
        asking,
        lambda: insights.of(database, DEFAULT, RULES, about(), NOW, most=10),
        *[lambda judge=judge: judge(database, about()) for judge in JUDGES],
        *[lambda name=name: passing.go(database, name, DEFAULT, at=NOW + timedelta(seconds=next(numbers)))
          for name in passing.WORKS],
    ]  # fmt: skip


def over_and_over(work: Work, until: float) -> int:
    done = 0
    while time.monotonic() < until:
        try:
            work()
        except NotFound:
            # They were erased before.
            continue
        done += 1
    return done


def test_people_are_erased_while_everything_else_goes_on(busy_database: Database) -> None:
    numbers = count()
    for _ in range(10):
        events.write_large(busy_database, answers(numbers, size=10), now=NOW)
    all_works = works(busy_database, numbers)
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(all_works)) as threads:
        done = list(threads.map(lambda work: over_and_over(work, until), all_works))
    assert min(done) > 0
    assert one(busy_database, DEADLOCKS) == 0
    for table, (total, rows, part) in SHARED.items():
        left = f"SELECT (SELECT sum({total}) FROM {table}) - (SELECT coalesce(sum({part}), 0) FROM {rows})"
        assert one(busy_database, left) == 0, table
    for table, total in (
        ("events WHERE kind = 'answer'", "sum(attempts) FROM practice_person"),
        ("events WHERE kind = 'message'", "sum(total_interactions) FROM user_behavior_patterns"),
        ("user_engagements", "sum(total_interactions) FROM user_behavior_patterns"),
    ):
        assert one(busy_database, f"SELECT (SELECT count(*) FROM {table}) - (SELECT {total})") == 0, table


@pytest.mark.parametrize("judge", JUDGES, ids=("regressions", "plateaus", "timing", "checking"))
def test_who_judges_a_person_holds_nothing_of_theirs_while_they_are_being_erased(
    closed_database: Database, judge: Callable[[Database, tuple[str, str]], object]
) -> None:
    numbers = count()
    for _ in range(4):
        events.write_large(closed_database, answers(numbers, size=10), now=NOW)
    whom = ("acme", str(one(closed_database, "SELECT min(external_id) FROM people")))
    judge(closed_database, whom)
    with closed_database.batch() as erasing, ThreadPoolExecutor(1) as thread:
        erasing.execute("SELECT 1 FROM people WHERE external_id = %s FOR UPDATE", (whom[1],))
        judging = thread.submit(judge, closed_database, whom)
        while not one(closed_database, BLOCKED):
            assert not judging.done()
        erasing.execute("SET LOCAL lock_timeout = '2s'")
        erasing.execute("DELETE FROM people WHERE external_id = %s", (whom[1],))
        erasing.rollback()
        judging.result()
