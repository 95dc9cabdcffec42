"""Whether it runs, for machines and for people."""

import asyncio
import re

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import JWT_SECRET
from tactful.kernel.errors import BadSetting
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running.status import LAST_DAY, LAST_TICK, QUERY
from tactful.store.settings import STATUS_SECONDS
from tests.api.conftest import bearer, calling, engine_settings
from tests.api.test_shapes import shaped


async def test_a_running_engine_is_alive_and_ready(engine: Engine, client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}
    async with engine.database.service() as connection:
        await connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    told = (await client.get("/api/health/detailed")).json()
    assert told["status"] == "ok"
    assert {name: part["ok"] for name, part in told["parts"].items()} == dict.fromkeys(
        ("postgresql", "valkey", "worker"), True
    )


async def test_without_a_worker_it_is_degraded_unless_somebody_else_ticks(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    engine.settings = engine.settings.replace(**{STATUS_SECONDS.name: 0.0})
    told = (await client.get("/api/health/detailed")).json()
    assert (told["status"], told["parts"]["worker"]["ok"]) == ("degraded", False)
    await engine.tick()
    told = (await client.get("/api/health/detailed")).json()
    assert (told["status"], told["parts"]["worker"]["ok"]) == ("ok", True)


async def test_a_process_whose_worker_has_ended_is_not_ready(engine: Engine, client: httpx.AsyncClient) -> None:
    engine.worker = asyncio.create_task(asyncio.sleep(0))
    await engine.worker
    told = await client.get("/readyz")
    assert (told.status_code, shaped(told)["error"]) == (503, "NotReady")


async def test_without_valkey_it_is_degraded_and_goes_on(closed_database: Database) -> None:
    async with Engine(engine_settings(closed_database, "redis://127.0.0.1:1")) as engine:
        client = calling(create_app(engine))
        told = (await client.get("/api/health/detailed")).json()
        assert (told["status"], told["parts"]["valkey"]["ok"]) == ("degraded", False)
        statuses = [(await client.get("/proactive/preferences", headers=bearer())).status_code for _ in range(20)]
        assert set(statuses) == {200}
        counted = re.search(r"^tactful_limits_alone_total (\d+)", (await client.get("/metrics")).text, re.MULTILINE)
        assert counted is not None
        assert int(counted[1]) >= 1


async def test_metrics_name_routes_not_paths(client: httpx.AsyncClient) -> None:
    await client.get("/api/v1/people/somebody/explain", headers=bearer("s", "service"))
    await client.get("/somewhere/else")
    text = (await client.get("/metrics")).text
    assert 'route="/api/v1/people/{id}/explain",status="404"' in text
    assert 'route="none",status="404"' in text
    assert "somebody" not in text
    assert "tactful_jobs_waiting 0.0" in text


async def test_the_page_shows_that_it_runs(shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.get("/")
    assert told.status_code == 200
    for words in ("Running", "Last tick", "Queue", "Failures", "Versions", "PostgreSQL"):
        assert words in told.text
    assert "script" not in told.text
    assert "style=" not in told.text
    policy = told.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    style = await shared_client.get("/status.css")
    assert "prefers-color-scheme: dark" in style.text


async def test_strangers_learn_nothing_about_how_many_people_there_are(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    now = engine.clock.now()
    people = [Event(id=f"{n}", person=f"p{n}", kind="visit", occurred_at=now, properties={}) for n in range(2_741)]
    await engine.accept("acme", people)
    # At some hours everybody here would be reached, and what waits to be shown is told to whoever runs it.
    await engine.pause("acme")
    await engine.tick()
    for path in ("/", "/api/health/detailed", "/metrics"):
        told = (await client.get(path)).text
        assert not re.search(r"\b2,?741\b", told), path
        assert "organisations" not in told
    last = (await client.get("/api/health/detailed")).json()["last_tick"]
    assert last.keys() == {"at", "scope", "policy", "started_at", "finished_at"}


async def test_figures_are_counted_once_in_a_while_however_many_ask(engine: Engine, client: httpx.AsyncClient) -> None:
    waiting = "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'any')"

    async def shown() -> str:
        told = re.search(r"^tactful_jobs_waiting (\S+)", (await client.get("/metrics")).text, re.MULTILINE)
        assert told is not None
        return told[1]

    assert set(await asyncio.gather(*(shown() for _ in range(20)))) == {"0.0"}
    async with engine.database.service() as connection:
        await connection.execute(waiting)
    assert await shown() == "0.0"
    engine.settings = engine.settings.replace(**{STATUS_SECONDS.name: 0.0})
    assert await shown() == "1.0"


async def test_what_strangers_ask_reads_no_table_that_never_shrinks(engine: Engine) -> None:
    async with engine.database.service() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        for query in (QUERY % "30", LAST_TICK, LAST_DAY):
            plan = await (await connection.execute(f"EXPLAIN {query}".encode())).fetchall()
            text = "\n".join(row["QUERY PLAN"] for row in plan)
            assert not re.search("Seq Scan on (deliveries|ticks|people|organisations|events)", text), text


async def test_every_page_loads_only_our_own_files(shared_client: httpx.AsyncClient) -> None:
    for page in ("/", "/docs"):
        told = await shared_client.get(page)
        links = re.findall(r'(?:src|href)="([^"]+)"', told.text)
        assert links
        for link in links:
            assert not link.startswith(("http", "//"))
            assert (await shared_client.get(f"/{link}")).status_code == 200
        assert not re.search(r"<script(?![^>]*src=)", told.text)
    assert 'url: "openapi.json"' in (await shared_client.get("/docs/start.js")).text


def send_away(engine: Engine) -> None:
    """Cut every connection of this test's database and take no new ones."""
    parts = conninfo_to_dict(engine.database.owner_url)
    name = str(parts["dbname"])
    with psycopg.connect(make_conninfo(engine.database.owner_url, dbname="postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


async def test_the_engine_says_so_when_its_database_is_away(engine: Engine, client: httpx.AsyncClient) -> None:
    assert (await client.get("/proactive/preferences", headers=bearer())).status_code == 200
    send_away(engine)
    assert (await client.get("/healthz")).status_code == 200
    paths = ("/readyz", "/", "/api/health/detailed", "/proactive/preferences")
    ready, page, detailed, asked = await asyncio.gather(*(client.get(path, headers=bearer()) for path in paths))
    assert (ready.status_code, shaped(ready)["error"]) == (503, "NotReady")
    assert page.status_code == 503
    assert "does not answer" in page.text
    assert (detailed.status_code, detailed.json()["status"]) == (200, "degraded")
    assert (asked.status_code, shaped(asked)["error"]) == (503, "NotReady")


def test_a_short_secret_stops_the_start() -> None:
    with pytest.raises(BadSetting, match="shorter than 32 bytes"):
        JWT_SECRET.parse("short", source="JWT_SECRET")
    assert Settings({})[JWT_SECRET] == ""
