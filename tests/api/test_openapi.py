"""Generated requests over the whole description, against a real server: no 500, nothing undocumented."""

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, load_all_checks, negative_data_rejection, positive_data_acceptance
from schemathesis.specs.openapi.checks import unsupported_method

from tactful.api.app import ADDRESSES, create_app
from tactful.api.auth import ADMIN, PERSON, SERVICE
from tactful.api.settings import PERSON_PER_MINUTE, REFUSED_PER_MINUTE
from tactful.bootstrap import Engine
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tests.api.conftest import bearer, engine_settings
from tests.often import often

DESCRIPTION = create_app(Engine(Settings({}))).openapi()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
MESSAGES = DESCRIPTION["components"]["schemas"]
EXEMPLARY = sorted(name for name, message in MESSAGES.items() if "example" in message)
# What a description cannot say is refused too: times before 1970, zones nobody knows, kinds we do not have, a
# circle of prerequisites, shares that do not add up. And 7.0, which JSON Schema holds for whole and we do not.
# Everywhere else, what fits the description is taken.
UNSAYABLE = {
    "POST /ambient/inline-help/check",
    "POST /ambient/inline-help/response",
    "POST /ambient/quick-actions",
    "POST /ambient/quick-actions/used",
    "PUT /api/v1/settings",
    "POST /api/v1/settings/rehearse",
    "POST /api/v1/settings/undo",
    "POST /api/v1/templates/undo",
    "PUT /api/v1/templates/{id}",
    "POST /api/v1/templates/{id}/preview",
    "POST /ambient/presence/update",
    "POST /ambient/presence/beats",
    "PUT /proactive/consent",
    "POST /proactive/forget-me",
    "POST /api/v1/tokens/widget",
    "POST /proactive/interventions/response",
    "POST /api/v1/organisations/{name}/tokens",
    "POST /api/v1/events",
    "PUT /proactive/preferences",
    "POST /api/v1/people",
    "PUT /api/v1/people/{id}",
    "GET /api/v1/people/at-risk",
    "GET /api/v1/people/{id}/explain",
    "PUT /api/v1/catalogue/content/{id}",
    "PUT /api/v1/catalogue/skills/{id}",
    "POST /api/v1/pauses",
    "DELETE /api/v1/pauses",
    "POST /api/v1/webhooks",
    "POST /api/v1/addresses",
    "POST /api/v1/experiments",
    "POST /api/v1/own-kinds",
    "POST /api/v1/own-kinds/try",
    "POST /api/v1/own-kinds/live",
    "POST /api/v1/outreach",
    "POST /api/v1/interactions",
    "POST /api/v1/interactions/batch",
    "GET /api/v1/milestones",
    "POST /api/v1/milestones/definitions",
    "POST /api/v1/milestones/preview",
    "DELETE /api/v1/addresses",
    "POST /api/v1/links",
    "POST /api/v1/stop",
    "POST /api/v1/predictive/dropout/wrongly-flagged",
    "POST /api/v1/predictive/struggle/predict",
    "POST /api/v1/predictive/struggle/record-outcome",
    "POST /api/v1/predictive/struggle/response",
    "POST /api/v1/predictive/timing/check",
    "POST /api/v1/interventions/manual",
    "POST /api/v1/live/suggestions/{id}/approve",
    # 7.0 is a whole number in a description, and none here.
    "POST /api/v1/deliveries/replay",
    "POST /api/v1/live/sessions/{id}/ticket",
    "POST /api/v1/live/sessions",
    "PUT /api/v1/live/sessions/{id}",
    "POST /api/v1/live/sessions/{id}/start",
    "POST /api/v1/live/sessions/{id}/signals",
    "POST /api/v1/live/sessions/{id}/polls",
    "POST /api/v1/live/sessions/{id}/polls/{poll_id}/vote",
    "POST /api/v1/live/sessions/{id}/questions",
    "POST /api/v1/live/sessions/{id}/questions/{question_id}/vote",
}
# Where a service must say whom it is about, which a description cannot say either, and a person need not.
ABOUT_SOMEBODY = {
    "GET /proactive/interventions",
    "GET /proactive/interventions/{id}/why",
    "GET /proactive/consent",
    "GET /api/v1/consents",
    "GET /api/v1/links",
    "DELETE /api/v1/tokens/widget",
    "GET /proactive/preferences",
    "GET /api/v1/predictive/dropout/risk",
    "GET /api/v1/predictive/insights",
    "GET /api/v1/predictive/plateaus",
    "GET /api/v1/predictive/regressions",
    "GET /api/v1/predictive/timing/profile",
    "GET /api/v1/live/sessions/{id}/achievements",
    "DELETE /api/v1/live/sessions/{id}/questions/{question_id}/vote",
}
# Asked with PUT or DELETE, these are about somebody whose id ends that way.
UNDER_SOMEBODY = {
    "GET /api/v1/people/{id}/explain",
    "GET /api/v1/people/{id}/export",
    "GET /api/v1/people/{id}/next-best-action",
}
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


def name(case: Any) -> str:
    """What the description calls the address."""
    return f"{case.operation.method.upper()} {case.operation.path}"


def vanishes(case: Any) -> bool:
    """Whether something strange in the query is nothing by the time it is sent: an empty list, say."""
    return any(value is None or value in ([], {}, "") for value in (case.query or {}).values())


def test_what_is_left_out_is_there() -> None:
    assert {f"{method} {path}" for method, path in SCOPES} >= UNSAYABLE | ABOUT_SOMEBODY | UNDER_SOMEBODY


def shown(message: dict[str, Any]) -> dict[str, Any]:
    """A message's description in which what may be null may also be missing."""
    nullable = {
        name for name, told in message.get("properties", {}).items() if {"type": "null"} in told.get("anyOf", [])
    }
    return {**message, "required": [name for name in message.get("required", []) if name not in nullable]}


@pytest.mark.parametrize("message", EXEMPLARY)
def test_every_example_fits_its_description(message: str) -> None:
    # Examples are whole, but for what is null: that the framework leaves out of its description.
    described = {**shown(MESSAGES[message]), "components": {"schemas": {k: shown(v) for k, v in MESSAGES.items()}}}
    jsonschema_rs.validate(described, MESSAGES[message]["example"], validate_formats=True)


@SCHEMA.parametrize()
@settings(max_examples=often(12), derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_description_promises(case: Any, served: str) -> None:
    unsayable = name(case) in UNSAYABLE | ABOUT_SOMEBODY
    left_out: list[CheckFunction] = [positive_data_acceptance] if unsayable else []
    left_out += [negative_data_rejection] if vanishes(case) else []
    left_out += [unsupported_method] if name(case) in UNDER_SOMEBODY else []
    case.call_and_validate(base_url=served, headers=token(case), excluded_checks=left_out, timeout=20)


@SCHEMA.include(path_regex="^/(ambient|proactive|api/v1/predictive)/").parametrize()
@settings(max_examples=often(6), derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_fits_the_description_is_taken_from_a_person(case: Any, served: str) -> None:
    left_out: list[CheckFunction] = [] if name(case) in ABOUT_SOMEBODY else [positive_data_acceptance]
    left_out += [negative_data_rejection] if vanishes(case) else []
    case.call_and_validate(base_url=served, headers=bearer(), excluded_checks=left_out, timeout=20)
