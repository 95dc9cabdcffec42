"""The examples in the documentation run as they stand there."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tests.conftest import ROLE_SECRET
from tests.house.tree import ROOT


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code on a page."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)


def variables(database: Database, redis_url: str) -> dict[str, str]:
    """What leads an example to servers that run."""
    return {"DATABASE_URL": database.owner_url, "REDIS_URL": redis_url, "TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET}


@pytest.fixture
def environ(closed_database: Database, redis_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Variables that lead an example to this test's servers."""
    # Not pytest's own folder: as root that one is closed to the user whom servers run under.
    with tempfile.TemporaryDirectory(prefix="tactful-test-", dir="/tmp") as data:
        yield variables(closed_database, redis_url) | {
            "TACTFUL_EMBEDDED_DATA_DIR": data,
            "TACTFUL_CONFIG": str(_empty(tmp_path)),
        }


def _empty(folder: Path) -> Path:
    """A file that sets nothing, whatever lies where the tests are run from."""
    (folder / "none.toml").touch()
    return folder / "none.toml"


def run(code: str, environ: dict[str, str]) -> str:
    """Run an example as a program of its own; what it printed."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_engine_runs_inside_somebody_elses_program(environ: dict[str, str]) -> None:
    told = run(blocks("guides/library.md", "python")[0], environ)
    assert "42" in told or "Nothing" in told


MOUNTED = """
import asyncio

import httpx


async def call():
    async with lifespan(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://host") as client:
        for path in ("healthz", "proactive/interventions"):
            print((await client.get(f"/engagement/{path}")).status_code)


asyncio.run(call())
"""


def test_the_router_serves_inside_somebody_elses_application(environ: dict[str, str]) -> None:
    example = blocks("guides/library.md", "python")[1]
    assert run(example + MOUNTED, environ).split() == ["200", "401"]


LEARNING = "guides/learning-platform.md"
ASKED = re.compile(r"""ask (?:-X (PUT) )?"?\$URL(/[^\s"?]+)(?:\?user_id=\w+|\?capability=\w+)?"?(?: -d '([^']*)')?""")


def asked() -> list[tuple[str, str, str]]:
    """Method, path and body of everything that the guide asks."""
    found = ASKED.findall("".join(blocks(LEARNING, "console")))
    return [(method or ("POST" if body else "GET"), path, body) for method, path, body in found if "events" not in path]


def test_what_the_guide_for_a_learning_platform_asks_is_described() -> None:
    description = create_app(Engine(Settings({}))).openapi()
    described = {re.sub(r"{\w+}", r"[^/]+", path): methods for path, methods in description["paths"].items()}
    assert len(asked()) >= 15
    for method, path, body in asked():
        methods = next(told for pattern, told in described.items() if re.fullmatch(pattern, path))
        told = methods[method.lower()]
        if body:
            schema = told["requestBody"]["content"]["application/json"]["schema"]
            jsonschema_rs.validate({**schema, "components": description["components"]}, json.loads(body))


def test_events_of_the_guide_for_a_learning_platform_are_taken() -> None:
    description = create_app(Engine(Settings({}))).openapi()
    schema = {"$ref": "#/components/schemas/EventsIn", "components": description["components"]}
    told = json.loads(run(blocks(LEARNING, "python")[0], {}))
    assert len(told["events"]) == 316
    jsonschema_rs.validate(schema, told, validate_formats=True)
