"""Alerts to operators: over HTTP, on the page of how it runs, by the worker, and with or without Apprise."""

import asyncio
import csv
import io
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from tactful.bootstrap import Engine
from tactful.bootstrap.where import read_settings
from tactful.deliver.apprise import sayer
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import BadInput, BadSetting
from tactful.store.alone import alone
from tactful.testing.webhooks import Endpoint
from tactful.uses.operator_alerts.settings import APPRISE
from tactful.worker import schedule
from tactful.worker.counting import counted
from tests.api.conftest import bearer, engine_settings
from tests.conftest import copied
from tests.console.conftest import Operators
from tests.console.looking import people

AT_RISK = """
INSERT INTO dropout_risk_scores (user_id, organization_id, risk_score, risk_level)
SELECT p.id, organisation_id, 0.8, 'high' FROM people p JOIN organisations o ON o.id = organisation_id
 WHERE o.name = %s ON CONFLICT DO NOTHING
"""


async def at_risk(engine: Engine, organisation: str, *, limit: int = 3) -> None:
    """Twenty people at high risk, where so many are too many."""
    await people(engine, organisation)
    wished = {"operator_alerts.high_risk_people": limit, "operator_alerts.high_risk_people_clear": limit}
    await engine.change_settings(organisation, wished)
    async with engine.database.service() as connection:
        await connection.execute(AT_RISK, (organisation,))


async def test_an_open_alert_stands_at_the_top_and_an_old_one_in_the_history(
    engine: Engine, operator: Operators, app: FastAPI
) -> None:
    viewer = await operator("alarmed", "viewer")
    assert "Nothing was wrong with the whole so far" in (await viewer.see("running")).text
    await at_risk(engine, "alarmed")
    assert await engine.check_operator_alerts() == {"told": 1, "held": 0, "cleared": 0, "passed_on": 0}
    assert "20 people are at high or critical risk of leaving. Since" in (await viewer.see("running")).text
    (row,) = await engine.operator_alerts("alarmed", state="open")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        told = (await client.get("/api/v1/operator-alerts", headers=bearer("x", "service", "alarmed"))).json()
        theirs = (await client.get("/api/v1/operator-alerts", headers=bearer("x", "service", "others"))).json()
    assert (told["count"], told["next"], told["alerts"][0]["limit"], told["alerts"][0]["id"]) == (
        1,
        None,
        3.0,
        row["id"],
    )
    assert theirs == {"count": 0, "alerts": [], "next": None}
    await engine.change_settings(
        "alarmed", {"operator_alerts.high_risk_people": 50, "operator_alerts.high_risk_people_clear": 40}
    )
    assert (await engine.check_operator_alerts() or {})["cleared"] == 1
    page = (await viewer.see("running")).text
    assert "Since <time" not in page
    assert "not yet</span></td>" not in page
    (saved,) = csv.DictReader(io.StringIO((await viewer.see("running", csv="alerts")).text))
    assert (saved["kind"], saved["cleared_at"] != "") == ("high_risk_people", True)
    assert await engine.operator_alerts("alarmed", state="open") == []
    with pytest.raises(BadInput, match="state"):
        await engine.operator_alerts("alarmed", state="raised")


async def test_two_do_not_check_at_once(engine: Engine) -> None:
    def held() -> None:
        with alone(engine.database, "operator alerts") as mine:
            assert mine
            assert engine._check(engine.clock.now()) is None

    await asyncio.to_thread(held)


@pytest.fixture
async def telling(database_url: str, template: str, redis_url: str) -> AsyncIterator[tuple[Engine, Endpoint]]:
    """An engine that passes alerts on through Apprise, to an address of ours."""
    with Endpoint() as endpoint, copied(database_url, template, f"{template}_apprise") as database:
        urls = endpoint.url.replace("http://", "json://")
        async with Engine(engine_settings(database, redis_url).replace(**{APPRISE.name: urls})) as engine:
            yield engine, endpoint


async def test_the_worker_checks_and_apprise_passes_on(telling: tuple[Engine, Endpoint]) -> None:
    engine, endpoint = telling
    await at_risk(engine, "passing")
    for _ in range(2):
        await schedule.check_operator_alerts(engine, SystemClock().now())
    assert len(endpoint.posted) == 1
    assert "(passing)" in endpoint.posted[0].body


async def test_every_run_of_a_job_is_counted_and_whether_it_failed(engine: Engine) -> None:
    async with counted(engine, "tactful.trying"):
        pass
    with pytest.raises(RuntimeError):
        async with counted(engine, "tactful.trying"):
            raise RuntimeError("it did not work")
    async with engine.database.service() as connection:
        found = await connection.execute("SELECT sum(runs) AS runs, sum(failed) AS failed FROM job_hours")
        assert await found.fetchone() == {"runs": 2, "failed": 1}


def test_without_the_extra_addresses_are_refused_at_the_start_and_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(BadSetting, match=r"run pip install 'tactful\[alerts\]'") as refused:
        read_settings({APPRISE.variable: "json://127.0.0.1"})
    assert refused.value.fields == [APPRISE.name]
    assert read_settings({})[APPRISE] == ""
    assert sayer("") is None


def test_what_is_no_address_is_refused_at_the_start() -> None:
    with pytest.raises(BadSetting, match="no address"):
        read_settings({APPRISE.variable: "json://127.0.0.1 mail"})
