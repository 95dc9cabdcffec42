"""What the doctor finds, on a database that is well and on ones that are not."""

import sys
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tactful.kernel.clock import SystemClock
from tactful.kernel.settings import Settings
from tactful.lab.doctor import Finding, examine
from tactful.store.database import Database
from tactful.store.running import condition
from tactful.store.settings import DATABASE_URL, LATE_MINUTES, REDIS_URL, ROLE_SECRET
from tests.conftest import ROLE_SECRET as SECRET

Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(closed_database: Database, redis_url: str) -> Look:
    """What the doctor says, by part."""

    def looking(secret: str = SECRET, *, late: int = 15) -> dict[str, Finding]:
        values = {
            DATABASE_URL.name: closed_database.owner_url,
            REDIS_URL.name: redis_url,
            ROLE_SECRET.name: secret,
            LATE_MINUTES.name: late,
        }
        return {finding.part: finding for finding in examine(Settings(values))}

    return looking


def words(**named: object) -> Finding:
    """What the doctor says of live words, wherever the database may be."""
    settings = Settings({DATABASE_URL.name: "postgresql://127.0.0.1:1/nowhere", REDIS_URL.name: "redis://127.0.0.1:1"})
    return next(
        each
        for each in examine(settings.replace(**{f"llm.{name}": value for name, value in named.items()}))
        if each.part == "live words"
    )


def test_a_language_model_without_its_key_is_noticed() -> None:
    named = {"provider": "openai", "model": "small", "input_price": 1.0}
    assert words() == Finding("live words", "templates")
    told = words(**named)
    assert told.found == "templates alone"
    assert "there is no key for it: set OPENAI_API_KEY or TACTFUL_LLM_API_KEY" in told.advice
    pytest.importorskip("pydantic_ai", reason="the extra tactful[llm] is not installed")
    assert words(**named, api_key="k") == Finding("live words", "templates, and small of openai")


def test_a_language_model_without_the_extra_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    told = words(provider="compatible", model="small", base_url="http://127.0.0.1:9/v1")
    assert not told.well
    assert "pydantic_ai is not installed: run pip install 'tactful[llm]'" in told.advice


def test_a_fresh_database_lacks_only_a_tick(look: Look) -> None:
    told = look()
    assert [part for part, finding in told.items() if not finding.well] == ["last tick"]
    assert told["time zone"].found == "UTC"
    assert told["row security"].found == "knows who asks"


def test_a_tick_that_finished_is_seen_whoever_owns_the_database(look: Look, closed_database: Database) -> None:
    at = SystemClock().now() - timedelta(minutes=3)
    with closed_database.batch() as connection:
        connection.execute(
            "INSERT INTO ticks (at, scope, policy, configuration, finished_at) VALUES (%s, 'due', 'p', 'c', %s)",
            (at, at),
        )
    assert look()["last tick"] == Finding("last tick", f"{at:%Y-%m-%d %H:%M} UTC")


def test_how_late_a_tick_may_be_is_a_setting(look: Look, closed_database: Database) -> None:
    at = SystemClock().now() - timedelta(minutes=40)
    with closed_database.batch() as connection:
        connection.execute(
            "INSERT INTO ticks (at, scope, policy, configuration, finished_at) VALUES (%s, 'due', 'p', 'c', %s)",
            (at, at),
        )
    assert not look()["last tick"].well
    assert look(late=180)["last tick"].well


def test_a_pass_that_stands_still_is_named(look: Look, closed_database: Database) -> None:
    now = SystemClock().now()
    with closed_database.batch() as connection:
        for name, days, finished in (("plateaus", 2, None), ("regressions", 2, now), ("timing", 0, None)):
            connection.execute(
                "INSERT INTO passes (name, at, configuration, started_at, finished_at) VALUES (%s, %s, 'c', %s, %s)",
                (name, now, now - timedelta(days=days), finished),
            )
    told = look()["passes"]
    assert told.found == "not finished for more than a day: plateaus"
    assert "passes --now" in told.advice
    with closed_database.batch() as connection:
        connection.execute("UPDATE passes SET finished_at = %s", (now,))
    assert look()["passes"].well


def test_roles_with_other_passwords_cannot_log_in(look: Look) -> None:
    told = look("another secret, which is not theirs")
    assert "cannot log in" in told["role service_role"].found
    assert "store.role_secret" in told["role service_role"].advice
    assert told["time zone"].advice == "Let service_role log in first."


def test_an_owner_who_may_not_read_who_there_is_is_noticed(look: Look, closed_database: Database) -> None:
    name = str(conninfo_to_dict(closed_database.owner_url)["dbname"])
    with psycopg.connect(closed_database.owner_url, autocommit=True) as owner:
        if owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() != (True,):
            pytest.skip("only a superuser may give functions away")
        role = sql.Identifier(f"heir_{name}")
        owner.execute(sql.SQL("CREATE ROLE {}").format(role))
        owner.execute(sql.SQL("ALTER FUNCTION current_person() OWNER TO {}").format(role))
        told = look()["row security"]
        assert (told.found, told.well) == ("knows nobody", False)
        assert f"ALTER POLICY people_owner ON people TO heir_{name}" in told.advice
        owner.execute("ALTER FUNCTION current_person() OWNER TO CURRENT_USER")
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


def test_sessions_in_another_zone_are_noticed(closed_database: Database) -> None:
    class Dropping(Database):
        """As behind a pooler that drops what connections ask for."""

        def url(self, role: object) -> str:
            return super().url("service_role").replace("timezone=UTC", "timezone=Europe/Berlin")

    found = condition.condition(Dropping(closed_database.owner_url, role_secret=SECRET))
    assert found.zone == "Europe/Berlin"
