"""Generated requests over the whole description, against a real server: no 500, nothing undocumented."""

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, load_all_checks, positive_data_acceptance

from tactful.api.app import ADDRESSES, create_app
from tactful.api.auth import ADMIN, PERSON, SERVICE
from tactful.api.settings import PERSON_PER_MINUTE, REFUSED_PER_MINUTE
from tactful.bootstrap import Engine
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tests.api.conftest import bearer, engine_settings

SCHEMA = schemathesis.openapi.from_dict(create_app(Engine(Settings({}))).openapi())
# What a description cannot say is refused too: times before 1970, zones nobody knows, kinds we do not have.
LEFT_OUT: list[CheckFunction] = [positive_data_acceptance]
SCOPES = {(address.method, address.path): address.scopes for address in ADDRESSES}

load_all_checks()


class Served(uvicorn.Server):
    """A server in a thread of its own, with an event loop of its own."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(uvicorn.Config(app, port=0, log_config=None, access_log=False))
        self._thread = threading.Thread(target=self.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"

    def begin(self) -> None:
        self._thread.start()
        while not self.started:
            assert self._thread.is_alive()
            time.sleep(0.05)

    def end(self) -> None:
        self.should_exit = True
        self._thread.join(timeout=30)


@pytest.fixture(scope="module")
def served(module_database: Database, redis_url: str) -> Iterator[str]:
    generous = {PERSON_PER_MINUTE.name: 1_000_000, REFUSED_PER_MINUTE.name: 1_000_000}
    engine = Engine(engine_settings(module_database, redis_url, **generous))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield

    server = Served(create_app(engine, lifespan=lifespan))
    server.begin()
    yield server.url
    server.end()


def token(case: Any) -> dict[str, str]:
    """A token that may, for somebody of the organisation."""
    scopes = SCOPES[case.operation.method.upper(), case.operation.path]
    may = next((scope for scope in (SERVICE, ADMIN, PERSON) if scopes is not None and scope in scopes), None)
    return {} if may is None else bearer(scope=may)


@SCHEMA.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_description_promises(case: Any, served: str) -> None:
    case.call_and_validate(base_url=served, headers=token(case), excluded_checks=LEFT_OUT, timeout=20)
