"""Figures for whoever runs the place are those that plain counting gives, before and after they are summed up."""

import asyncio
import csv
import io
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI

from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.settings import AT_ONCE
from tactful.uses import analytics
from tests.api.conftest import bearer
from tests.console.conftest import Operators
from tests.console.looking import interventions, people

PLAIN = """
SELECT count(*) AS delivered, count(*) FILTER (WHERE user_response = 'engaged') AS engaged,
       count(*) FILTER (WHERE user_response = 'dismissed') AS dismissed,
       count(*) FILTER (WHERE user_response = 'snoozed') AS snoozed,
       count(*) FILTER (WHERE coalesce(user_response, 'ignored') = 'ignored') AS ignored
  FROM intervention_logs i JOIN organisations o ON o.id = i.organization_id JOIN people p ON p.id = i.user_id
 WHERE o.name = %s AND (shown_at IS NOT NULL OR user_response IS NOT NULL)
   AND i.triggered_at > now() - interval '30 days'
"""
KIND, CHANNEL, TEMPLATE = (f"i.{name} = %s" for name in ("intervention_type", "channel", "template"))
HOUR = "extract(hour FROM coalesce(shown_at, responded_at, triggered_at) AT TIME ZONE p.zone) = %s"
MOVED = "UPDATE people SET zone = 'Asia/Kolkata' WHERE external_id::int %% 2 = 0 AND organisation_id = (" \
        "SELECT id FROM organisations WHERE name = %s)"  # fmt: skip
COUNTED = ("delivered", "engaged", "dismissed", "snoozed", "ignored")
BERLIN = ZoneInfo("Europe/Berlin")


def run(database: Database, statement: str, *values: Any) -> list[dict[str, Any]]:
    with database.batch() as connection:
        found = connection.execute(statement.encode(), values)
        return found.fetchall() if found.description else []


def plainly(engine: Engine, organisation: str, condition: str, *values: Any) -> dict[str, Any]:
    return run(engine.database, f"{PLAIN} AND {condition}", organisation, *values)[0]


async def taken(engine: Engine, organisation: str, many: int) -> None:
    """So many interventions, an hour apart, of people half of whom live in India."""
    await people(engine, organisation)
    await interventions(engine, organisation, many)
    await asyncio.to_thread(run, engine.database, MOVED, organisation)


async def test_rates_are_those_that_plain_counting_gives_and_stay_so_once_days_are_summed_up(engine: Engine) -> None:
    await taken(engine, "rates", 900)
    before = await engine.outreach_analytics("rates")
    assert len(before["by_kind"]) == 3
    assert len(before["by_hour"]) > 10
    for row in before["by_kind"]:
        assert {name: row[name] for name in COUNTED} == plainly(engine, "rates", KIND, row["kind"])
        assert row["response_rate_low"] < row["engaged"] / row["delivered"] == row["response_rate"]
    for row in before["by_channel"]:
        assert {name: row[name] for name in COUNTED} == plainly(engine, "rates", CHANNEL, row["channel"])
    for row in before["by_hour"]:
        assert {name: row[name] for name in COUNTED} == plainly(engine, "rates", HOUR, row["hour"])
    for row in before["by_template"]:
        found = plainly(engine, "rates", f"{KIND} AND {TEMPLATE}", row["kind"], row["template"])
        assert {name: row[name] for name in COUNTED} == found
    rate = before["overall"]["response_rate"]
    assert before["overall_metrics"]["response_rate"] == pytest.approx(100 * rate)
    await engine.reckon()
    assert run(engine.database, "SELECT 1 FROM response_hours")
    after = await engine.outreach_analytics("rates")
    assert {**after, "since": 0, "until": 0} == {**before, "since": 0, "until": 0}


async def test_what_may_still_be_answered_counts_nowhere_and_few_make_no_rate(engine: Engine) -> None:
    await taken(engine, "few", 12)
    await asyncio.to_thread(
        run, engine.database,
        "UPDATE intervention_logs SET state = 'shown', user_response = NULL, shown_at = triggered_at "
        "WHERE user_response = 'engaged' AND organization_id = (SELECT id FROM organisations WHERE name = 'few')",
    )  # fmt: skip
    told = (await engine.outreach_analytics("few"))["overall"]
    assert told["engaged"] == 0 < told["open"]
    assert told["delivered"] == told["dismissed"] + told["snoozed"] + told["ignored"] > 0
    assert (told["response_rate"], told["response_rate_low"]) == (None, None)


async def test_nothing_yet_is_said_plainly(engine: Engine) -> None:
    await people(engine, "empty", 0)
    told = await engine.outreach_analytics("empty")
    assert (told["overall"]["delivered"], told["overall_metrics"], told["by_kind"]) == (0, {"response_rate": None}, [])
    assert (await engine.churn_risk_distribution("empty"))["judged"] == 0
    assert [row["people"] for row in (await engine.daily_active_people("empty", days=3))["days"]] == [0, 0, 0]
    assert {row["reached"] for row in (await engine.milestone_progress("empty"))["milestones"]} == {0}
    for days in (0, 367):
        with pytest.raises(BadInput):
            await engine.daily_active_people("empty", days=days)


async def test_active_people_are_counted_by_days_of_the_organisations_zone(engine: Engine) -> None:
    await engine.write_organisation("active", zone="Europe/Berlin")
    now = engine.clock.now()
    midnight = now.astimezone(BERLIN).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
    quarter = timedelta(minutes=15)
    # One who is there over midnight, one who comes twice, one of long ago, and one of just now.
    moments = {"over": [midnight - quarter, midnight + quarter], "once": [midnight - timedelta(days=3)], "now": [now],
               "twice": [midnight + 8 * quarter, midnight + 40 * quarter]}  # fmt: skip
    await engine.accept("active", [
        Event(f"{who}{at}", who, "visit", at.astimezone(UTC)) for who, each in moments.items() for at in each
    ])  # fmt: skip
    told = await engine.daily_active_people("active", days=7)
    counts = {row["date"]: row["people"] for row in told["days"]}
    day = midnight.date()
    assert (told["zone"], told["counted_at"]) == ("Europe/Berlin", None)
    assert [counts[day - timedelta(days=back)] for back in (3, 1, 0)] == [1, 1, 2]
    assert counts[now.astimezone(BERLIN).date()] == 1
    assert sum(counts.values()) == 5
    await engine.reckon()
    kept = await engine.daily_active_people("active", days=7)
    assert kept["counted_at"] is not None
    assert kept["days"] == told["days"]
    # In another zone, what was counted is of other days.
    await engine.write_organisation("active", zone="Pacific/Auckland")
    assert (await engine.daily_active_people("active", days=7))["counted_at"] is None


async def test_risks_are_told_by_level_and_score_with_the_unknown_apart(engine: Engine) -> None:
    await people(engine, "risks", 6)
    told = {
        "1": (0.05, "low"),
        "2": (0.55, "medium"),
        "3": (0.85, "critical"),
        "4": (1.0, "critical"),
        "5": (None, "unknown"),
    }
    for person, (score, level) in told.items():
        await asyncio.to_thread(
            run, engine.database,
            "INSERT INTO dropout_risk_scores (user_id, organization_id, risk_score, risk_level) SELECT p.id, "
            "organisation_id, %s, %s FROM people p JOIN organisations o ON o.id = organisation_id "
            "WHERE o.name = 'risks' AND p.external_id = %s", score, level, person,
        )  # fmt: skip
    found = await engine.churn_risk_distribution("risks")
    assert found["levels"] == {"critical": 2, "high": 0, "medium": 1, "low": 1}
    assert (found["judged"], found["unknown"]) == (4, 1)
    assert [row["people"] for row in found["histogram"]] == [1, 0, 0, 0, 0, 1, 0, 0, 1, 1]
    assert found["judged_at"] is not None


async def test_progress_of_milestones_is_told_by_quarters_of_the_way(engine: Engine) -> None:
    now = engine.clock.now()
    for person, many in (("a", 1), ("b", 5), ("c", 8), ("d", 10)):
        did = [Event(f"{person}{n}", person, "visit", now - timedelta(minutes=n)) for n in range(many)]
        await engine.accept("quarters", did)
        await engine.milestones("quarters", person)
    own = {"milestone_name": "ten", "display_name": "Ten", "metric_name": "interactions", "target_value": 10.0,
           "category": "engagement", "difficulty_level": 1}  # fmt: skip
    await engine.add_milestone("quarters", own)
    told = await engine.milestone_progress("quarters")
    (ten,) = [row for row in told["milestones"] if row["milestone_name"] == "ten"]
    assert (told["people"], told["kept"], ten["reached"]) == (4, False, 1)
    assert [ten[f"quarter_{number}"] for number in (1, 2, 3, 4)] == [1, 0, 1, 1]


async def test_what_is_a_lot_is_worked_out_at_night(engine: Engine) -> None:
    await engine.accept("large", [Event("1", "ana", "visit", engine.clock.now())])
    whose = await engine.require("large")
    database, at = engine.database, engine.clock.now()
    before = await asyncio.to_thread(analytics.progress, database, whose, at=at, few=0)
    assert (before["at"], before["kept"], before["milestones"]) == (None, True, [])
    await asyncio.to_thread(analytics.keep_progress, database, whose, at)
    after = await asyncio.to_thread(analytics.progress, database, whose, at=at, few=0)
    assert (after["at"], after["people"]) == (at, 1)
    assert after["milestones"] == (await engine.milestone_progress("large"))["milestones"]
    assert engine.settings[AT_ONCE] >= 10


async def test_each_is_a_table_for_a_spreadsheet_too(engine: Engine, app: FastAPI) -> None:
    await taken(engine, "sheets", 100)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for name, most in (("outreach-performance", 20), ("churn-risk-distribution", 16), ("daily-active-users", 30)):
            answer = await client.get(f"/api/v1/analytics/{name}?format=csv", headers=bearer("x", "service", "sheets"))
            assert answer.headers["content-type"].startswith("text/csv"), answer.text
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            assert len(rows) >= most
        told = (await client.get("/api/v1/analytics/dashboard", headers=bearer("x", "service", "sheets"))).json()
        refused = await client.get("/api/v1/analytics/dashboard", headers=bearer("1", "person", "sheets"))
    assert set(told) == {"outreach_performance", "churn_risk_distribution", "daily_active_users", "milestone_progress"}
    assert told["outreach_performance"]["overall"]["delivered"] > 0
    assert refused.status_code == 403


async def test_the_page_tells_rates_and_unknowns_and_its_tables_are_saved(engine: Engine, operator: Operators) -> None:
    await taken(engine, "page", 200)
    viewer = await operator("page", "viewer")
    page = (await viewer.see("analytics", span="month")).text
    assert "Of 1" in page
    assert "&lt;b&gt;" in page
    assert "Nobody was judged yet." in page
    told = await engine.outreach_analytics("page")
    rows = list(csv.DictReader(io.StringIO((await viewer.see("analytics", span="month", csv="performance")).text)))
    assert int(rows[0]["delivered"]) == told["overall"]["delivered"]
    assert len(list(csv.DictReader(io.StringIO((await viewer.see("analytics", csv="active")).text)))) == 7
    assert (await viewer.send("analytics/reckon")).status_code == 403
    assert (await (await operator("page", "organiser")).send("analytics/reckon")).status_code == 303
