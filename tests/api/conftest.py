"""An application in process, on a real database and a real Valkey, and tokens to call it with."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tactful.api import auth
from tactful.api.app import create_app
from tactful.api.settings import PERSON_PER_MINUTE, REFUSED_PER_MINUTE
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import JWT_SECRET
from tactful.console import status
from tactful.decide.settings import HOLDOUT
from tactful.kernel.clock import SystemClock
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tests.conftest import ROLE_SECRET as SECRET

KEY = "the key of these tests, long enough for HS256"
Bearer = Callable[..., dict[str, str]]


def engine_settings(database: Database, redis_url: str, **changes: Any) -> Settings:
    """Settings of an engine on the test's own database."""
    values = {
        DATABASE_URL.name: database.owner_url,
        REDIS_URL.name: redis_url,
        ROLE_SECRET.name: SECRET,
        JWT_SECRET.name: KEY,
        # Nobody is held out: what a test plans is shown.
        HOLDOUT.name: 0.0,
    }
    return Settings(values).replace(**changes)


def bearer(sub: str = "42", scope: str = "person", org: str = "acme", **more: Any) -> dict[str, str]:
    """The header of somebody with a good token."""
    token = auth.issue(KEY, sub=sub, org=org, scope=scope, now=SystemClock().now(), hours=1, **more)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def changes() -> dict[str, Any]:
    """Settings of the engine that a test module wants different; dots written as two underscores."""
    return {}


@pytest.fixture
async def engine(closed_database: Database, redis_url: str, changes: dict[str, Any]) -> AsyncIterator[Engine]:
    """An open engine."""
    async with Engine(engine_settings(closed_database, redis_url, **changes)) as engine:
        await engine.valkey.flushdb()
        yield engine


@pytest.fixture(scope="module")
async def shared_engine(module_database: Database, redis_url: str, anyio_backend: str) -> AsyncIterator[Engine]:
    """An open engine for all tests of a module that change nothing; without limits worth speaking of."""
    generous = {PERSON_PER_MINUTE.name: 1_000_000, REFUSED_PER_MINUTE.name: 1_000_000}
    async with Engine(engine_settings(module_database, redis_url, **generous)) as engine:
        yield engine


@pytest.fixture(scope="module")
def shared_app(shared_engine: Engine) -> FastAPI:
    """The application of that engine."""
    return create_app(shared_engine, pages=[status.pages(shared_engine)])


@pytest.fixture(scope="module")
async def shared_client(shared_app: FastAPI, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks much and changes nothing."""
    async with calling(shared_app) as client:
        yield client


@pytest.fixture
def app(engine: Engine) -> FastAPI:
    """The application of that engine, with the status page."""
    return create_app(engine, pages=[status.pages(engine)])


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls it."""
    async with calling(app) as client:
        yield client


def calling(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application; what escapes from it fails the test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tactful.test")
