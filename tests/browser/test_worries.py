"""The status page says what is wrong, in words, and stays legible while it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.store.database import Database
from tests.browser.conftest import Visit, engine

LATE = """INSERT INTO ticks (at, scope, policy, configuration, started_at, finished_at)
          SELECT t, 'due', 'test', '', t, t FROM (VALUES (now() - interval '20 minutes')) v (t)"""
TICKED = LATE.replace("20 minutes", "2 minutes")
FAILED = "INSERT INTO procrastinate_jobs (task_name, queue_name, status) VALUES ('test', 'default', 'failed')"
WORRIES = {
    "no tick yet": ([], "Running No tick yet; the worker starts one by itself. tactful doctor says what to do."),
    "late": ([LATE], "Running, but not ticking The last tick finished 20 minutes ago. Does the worker run?"),
    "failed": ([TICKED, FAILED], "Running The last tick finished 2 minutes ago. 1 failed: see below."),
}


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("engine") / "log"
    with engine(module_database, redis_url, log, "api") as address:
        yield address


@pytest.fixture
def worry(module_database: Database, request: pytest.FixtureRequest) -> Iterator[str]:
    """Something that is wrong, until the test is over; what the page should say."""
    acts, sentence = WORRIES[request.param]
    # The owner of one's own server may see no row of these.
    with psycopg.connect(module_database.url("service_role")) as connection:
        for act in acts:
            connection.execute(act)
    yield sentence
    with psycopg.connect(module_database.url("service_role")) as connection:
        connection.execute("DELETE FROM ticks")
        connection.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.parametrize("worry", WORRIES, indirect=True)
def test_what_is_wrong_is_said_in_words(visit: Callable[..., Visit], worry: str) -> None:
    seen = visit(width=360)
    page = seen.go("/")
    assert " ".join(page.get_by_role("status").inner_text().split()).startswith(worry)
    assert seen.complaints == seen.refused() == []
    assert seen.barriers_in_light_and_dark() == []
    assert seen.overflow() <= 0


@pytest.mark.parametrize("worry", ["no tick yet"], indirect=True)
def test_before_the_first_tick_nothing_looks_like_an_error(visit: Callable[..., Visit], worry: str) -> None:
    page = visit().go("/")
    assert "Not yet" in page.get_by_role("region", name="Last tick").inner_text()
    assert "0 ticks" in page.get_by_role("region", name="Last 24 hours").inner_text()
    assert page.locator(".bad, .warn").count() == 0


@pytest.mark.parametrize("worry", ["failed"], indirect=True)
def test_a_failure_is_counted_where_failures_are(visit: Callable[..., Visit], worry: str) -> None:
    told = visit().go("/").get_by_role("region", name="Failures").inner_text()
    assert "1 failed" in told
    assert "worker's log" in told


@contextmanager
def away(database: Database) -> Iterator[None]:
    """The database takes no connections during the block."""
    name = sql.Identifier(str(conninfo_to_dict(database.owner_url)["dbname"]))
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(make_conninfo(database.owner_url, dbname="postgres"), autocommit=True) as owner:
        owner.execute(allow.format(name, sql.SQL("false")))
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name.as_string()[1:-1],)
        )
        yield
        owner.execute(allow.format(name, sql.SQL("true")))


def test_without_its_database_the_page_says_so_and_stays_legible(
    visit: Callable[..., Visit], module_database: Database
) -> None:
    with away(module_database):
        seen = visit(width=360)
        told = seen.go("/").get_by_role("status").inner_text()
        assert "Not ready The database does not answer." in " ".join(told.split())
        assert seen.barriers_in_light_and_dark() == []
