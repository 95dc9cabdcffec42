"""Help in context for many at once: everybody's limits hold, whatever comes at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful.decide import Rules, inline_help
from tactful.decide.settings import COOLDOWN, IN_CONTEXT_PER_DAY
from tactful.facts.here import Asked
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.described import erasure
from tactful.store.running import housekeeping
from tactful.uses import helping
from tests.living import NOW, one, rows
from tests.often import often

LEAST = Settings({COOLDOWN["inline_help"].name: 0.0})
RULES = inline_help.rules(Rules.from_settings(LEAST))
MOST = LEAST[IN_CONTEXT_PER_DAY]
WRITTEN = """SELECT count(*) FROM inline_help_logs h FULL JOIN (SELECT * FROM decisions WHERE result = 'acted') d
                 ON d.id = h.decision_id AND d.person_id = h.user_id WHERE h.id IS NULL OR d.id IS NULL"""


def asks(person: str, about: str = "limits", **more: Any) -> Asked:
    return Asked("acme", person, "lesson", concept=about, **{"time_on_section": 40.0, "scroll_count": 5} | more)


def shown(told: list[dict[str, Any]]) -> list[bool]:
    return [each["should_show"] for each in told]


def test_many_are_decided_in_one_pass_each_as_alone(closed_database: Database) -> None:
    asked = [asks(f"person {number}", time_on_section=20.0 + number) for number in range(20)]
    told = helping.check(closed_database, RULES, asked, NOW)
    assert shown(told) == [number >= 10 for number in range(20)]
    assert one(closed_database, "SELECT count(*) FROM ticks") == 1
    assert one(closed_database, "SELECT count(*) FROM people") == 10
    assert one(closed_database, WRITTEN) == 0


def test_who_asks_twice_in_a_group_is_decided_about_twice(closed_database: Database) -> None:
    told = helping.check(closed_database, RULES, [asks("ana", str(number)) for number in range(MOST + 2)], NOW)
    assert shown(told) == [True] * MOST + [False] * 2


def test_the_same_type_rests_for_a_while(closed_database: Database) -> None:
    usual = inline_help.rules(Rules.from_settings(Settings({})))
    assert shown(helping.check(closed_database, usual, [asks("ana")], NOW)) == [True]
    (told,) = helping.check(closed_database, usual, [asks("ana", "series")], NOW + timedelta(minutes=1))
    assert told["reason"] == "They had one of this kind too short a while ago."
    assert shown(helping.check(closed_database, usual, [asks("ana", "series")], NOW + timedelta(minutes=4))) == [True]


def test_the_limit_belongs_to_the_persons_own_day(closed_database: Database) -> None:
    for number in range(MOST):
        helping.check(closed_database, RULES, [asks("ana", str(number))], NOW)
    assert shown(helping.check(closed_database, RULES, [asks("ana", "one more")], NOW + timedelta(hours=6))) == [False]
    assert shown(helping.check(closed_database, RULES, [asks("ana", "one more")], NOW + timedelta(hours=7))) == [True]
    assert one(closed_database, "SELECT inline_help_count_today FROM ambient_presence_states") == 1


def at_once(works: list[Any]) -> list[Any]:
    """What each of `works` answers, all begun together."""
    ready = Barrier(len(works))

    def run(work: Any) -> Any:
        ready.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.fixture(scope="module")
def whom() -> Iterator[str]:
    """Somebody new for each try, so that tries do not meet."""
    return (f"person {number}" for number in range(10_000))


@settings(max_examples=often(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 3), min_size=2, max_size=6))
def test_pages_of_several_servers_at_once_never_exceed_the_limit(
    module_database: Database, whom: Iterator[str], sizes: list[int]
) -> None:
    person = next(whom)
    groups = [[asks(person, f"{group} {number}") for number in range(size)] for group, size in enumerate(sizes)]
    works = [lambda group=group: helping.check(module_database, RULES, group, NOW) for group in groups]
    told = [each for group in at_once(works) for each in group]
    assert sum(shown(told)) == min(MOST, sum(sizes))
    assert {each["reason"] for each in told if not each["should_show"]} <= {
        helping.LOST, f"They had {MOST} helps today.",
    }  # fmt: skip
    whose = "SELECT count(*) FROM inline_help_logs h JOIN people p ON p.id = h.user_id WHERE external_id = %s"
    assert one(module_database, whose, person) == min(MOST, sum(sizes))
    assert one(module_database, WRITTEN) == 0


def test_who_is_erased_meanwhile_and_a_reset_stop_nobody(closed_database: Database) -> None:
    helping.check(closed_database, RULES, [asks(f"person {number}", "before") for number in range(8)], NOW)
    later = NOW + timedelta(days=3)

    def erase() -> None:
        for number in range(4):
            with closed_database.batch() as connection:
                erasure.erase(connection, "acme", f"person {number}")

    def reset() -> None:
        with closed_database.batch() as connection:
            housekeeping.daily_reset(connection, later)

    check = lambda: helping.check(closed_database, RULES, [asks(f"person {n}") for n in range(8)], later)  # noqa: E731
    first, second, *_ = at_once([check, check, erase, reset, reset])
    assert all(shown(first)[4:])
    assert all(shown(second)[4:])
    assert one(closed_database, WRITTEN) == 0
    orphans = "SELECT count(*) FROM decisions WHERE person_id NOT IN (SELECT id FROM people)"
    assert one(closed_database, orphans) == 0


def test_old_help_goes_with_what_was_believed(closed_database: Database) -> None:
    helping.check(closed_database, RULES, [asks("ana")], NOW)
    keep = housekeeping.Retention(keys=400, ledger=400, jobs=30, beliefs=400)
    with closed_database.batch() as connection:
        assert housekeeping.forget_beliefs(connection, at=NOW + timedelta(days=399), keep=keep) == 0
        assert housekeeping.forget_beliefs(connection, at=NOW + timedelta(days=401), keep=keep) == 1
    assert rows(closed_database, "SELECT FROM inline_help_logs") == []
