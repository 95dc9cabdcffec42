"""Educators hear of who is about to leave, and say who is not."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import ADMIN, ORGANISER, VIEWER
from tactful.bootstrap import Engine
from tactful.decide.settings import ALERTS_PER_DAY
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.predict.dropout.settings import CRITICAL_FROM, HIGH_FROM
from tactful.store.described.memberships import Membership
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

ALERTS, FLAGGED = "/api/v1/alerts", "/api/v1/predictive/dropout/wrongly-flagged"
EVA, ORGANISER_OF_ACME, SERVICE = bearer("eva"), bearer("olga", ORGANISER), bearer("backend", "service")


@pytest.fixture
def changes() -> dict[str, Any]:
    # Whoever was away for ten days is critical here.
    return {HIGH_FROM.name: 0.35, CRITICAL_FROM.name: 0.4, ALERTS_PER_DAY.name: 3}


async def class_of(engine: Engine, *members: str, educators: tuple[str, ...] = ("eva",), org: str = "acme") -> None:
    """Members who came every day for three weeks and stopped ten days ago, and their educators."""
    now = engine.clock.now()
    told = [Person(each, name=each.title(), groups=[Membership("7", "Fractions", "member")]) for each in members]
    told += [Person(each, groups=[Membership("7", "Fractions", "educator")]) for each in educators]
    await engine.describe(org, told)
    for person in members:
        days = [now - timedelta(days=10 + number) for number in range(21)]
        events = [Event(f"{person}-{number}", person, "visit", day) for number, day in enumerate(days)]
        await engine.events.submit([(org, event) for event in events])
    await engine.tick(everybody=True)


async def listed(client: httpx.AsyncClient, headers: dict[str, str], **asked: Any) -> dict[str, Any]:
    answered = await client.get(ALERTS, params=asked, headers=headers)
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    return told


async def test_an_educator_reads_their_own_alerts_with_reasons(engine: Engine, client: httpx.AsyncClient) -> None:
    await class_of(engine, "ana", educators=("eva", "finn"))
    told = await listed(client, EVA)
    assert (told["count"], told["held"], told["summary"], told["next"]) == (1, 0, "", None)
    (alert,) = told["alerts"]
    expected = {"educator_id": "eva", "user_id": "ana", "name": "Ana", "group_id": 7, "group_name": "Fractions"}
    assert {**expected, "state": "raised", "closed_at": None}.items() <= alert.items()
    assert alert["risk_score"] >= 0.4
    assert alert["risk_factors"]
    assert len(alert["reasons"]) == len(alert["risk_factors"])
    assert {each["educator_id"] for each in (await listed(client, ORGANISER_OF_ACME))["alerts"]} == {"eva", "finn"}
    assert (await listed(client, SERVICE, educator_id="finn"))["count"] == 1
    for nobody in (bearer("ana"), bearer("eva", org="umbrella"), bearer("v", VIEWER, org="umbrella")):
        assert (await listed(client, nobody))["alerts"] == []
    foreign = await client.get(ALERTS, params={"educator_id": "finn"}, headers=EVA)
    assert (foreign.status_code, shaped(foreign)["error"]) == (403, "NotAllowed")


async def test_beyond_the_cap_alerts_are_held_and_summed_up(engine: Engine, client: httpx.AsyncClient) -> None:
    await class_of(engine, *(f"m{number}" for number in range(8)))
    told = await listed(client, EVA)
    assert (told["count"], told["held"]) == (8, 5)
    assert told["summary"] == "5 more became critical; they come when the next day begins, highest risk first."
    assert (await listed(client, EVA, state="raised"))["count"] == 3
    first = await listed(client, EVA, limit=5)
    second = await listed(client, EVA, limit=5, after=first["next"])
    assert [each["id"] for each in first["alerts"] + second["alerts"]] == [each["id"] for each in told["alerts"]]


async def test_an_alert_is_closed_once_by_whose_it_is(engine: Engine, client: httpx.AsyncClient) -> None:
    await class_of(engine, "ana")
    (alert,) = (await listed(client, EVA))["alerts"]
    path = f"{ALERTS}/{alert['id']}/close"
    for stranger in (bearer("ana"), bearer("eva", org="umbrella"), bearer("x", ADMIN, org="umbrella")):
        refused = await client.post(path, json={}, headers=stranger)
        assert (refused.status_code, shaped(refused)["error"]) == (404, "NotFound")
    assert (await client.post(path, json={}, headers=bearer("v", VIEWER))).status_code == 403
    closed = (await client.post(path, json={"because": "I called."}, headers=EVA)).json()
    assert (closed["state"], closed["closed_by"], closed["closed_because"]) == ("closed", "person eva", "I called.")
    again = await client.post(path, json={"because": "Me too."}, headers=ORGANISER_OF_ACME)
    assert again.json() == closed
    assert (await listed(client, EVA))["alerts"] == []
    assert (await listed(client, EVA, state="closed"))["alerts"] == [closed]
    assert await acts(engine) == [{"actor": "person eva", "act": "close alert"}]


async def test_an_alert_is_closed_without_a_word(engine: Engine, client: httpx.AsyncClient) -> None:
    await class_of(engine, "ana")
    (alert,) = (await listed(client, EVA))["alerts"]
    path = f"{ALERTS}/{alert['id']}/close"
    assert (await client.post(path, content="because", headers=EVA)).status_code == 400
    closed = await client.post(path, headers=EVA)
    assert (closed.status_code, closed.json()["state"], closed.json()["closed_because"]) == (200, "closed", "")


async def acts(engine: Engine) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute("SELECT actor, act FROM audit_log ORDER BY id")).fetchall()


async def standing(engine: Engine) -> list[Any]:
    """Everything that flagging somebody wrongly could change."""
    async with engine.database.service() as connection:
        tables = ("educator_alerts", "wrong_flags", "audit_log", "dropout_risk_scores", "people")
        return [
            await (await connection.execute(f"SELECT * FROM {table} ORDER BY id".encode())).fetchall()
            for table in tables
        ]


@pytest.mark.parametrize(("who", "actor"), [(EVA, "person eva"), (ORGANISER_OF_ACME, "operator:organiser olga"),
                                            (SERVICE, "service backend")])  # fmt: skip
async def test_whoever_is_wrongly_flagged_stays_below_critical(
    engine: Engine, client: httpx.AsyncClient, who: dict[str, str], actor: str
) -> None:
    await class_of(engine, "ana", "ben", educators=("eva", "finn"))
    body = {"user_id": "ana", "note": "On holiday."}
    told = (await client.post(FLAGGED, json=body, headers=who)).json()
    expected = {"user_id": "ana", "actor": actor, "note": "On holiday.", "risk_level": "critical", "alerts_closed": 2}
    assert expected.items() <= told.items()
    open_now = (await listed(client, ORGANISER_OF_ACME))["alerts"]
    assert {each["user_id"] for each in open_now} == {"ben"}
    risk = (await client.get("/api/v1/predictive/dropout/risk", headers=bearer("ana"))).json()
    assert (risk["risk_level"], risk["reengagement_strategy"]["urgency"]) == ("high", "high")
    await engine.tick(daily=True)
    at_risk = (await client.get("/api/v1/people/at-risk", headers=SERVICE)).json()["people"]
    assert {each["user_id"]: each["risk_level"] for each in at_risk} == {"ana": "high", "ben": "critical"}
    assert len((await listed(client, EVA, state="closed"))["alerts"]) == 1
    before = await standing(engine)
    again = (await client.post(FLAGGED, json={"user_id": "ana", "note": "Really."}, headers=ORGANISER_OF_ACME)).json()
    assert again == {**told, "alerts_closed": 0}
    assert await standing(engine) == before
    assert await acts(engine) == [{"actor": actor, "act": "wrongly flagged"}]


async def test_what_cannot_be_flagged_wrongly_is_answered_and_changes_nothing(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await class_of(engine, "ana")
    await class_of(engine, "zoe", org="umbrella")
    days = [engine.clock.now() - timedelta(days=number) for number in range(28)]
    await engine.accept("acme", [Event(f"new-{number}", "new", "visit", day) for number, day in enumerate(days)])
    await engine.describe("acme", [Person("quiet"), Person("eva", groups=[Membership("7", role="educator")])])
    before = await standing(engine)
    for who, person, status, error in (
        (SERVICE, "nobody", 404, "NotFound"),
        (SERVICE, "zoe", 404, "NotFound"),
        (bearer("eva", org="umbrella"), "ana", 404, "NotFound"),
        (EVA, "zoe", 404, "NotFound"),
        (bearer("ana"), "ana", 404, "NotFound"),
        (EVA, "new", 404, "NotFound"),
        (SERVICE, "new", 409, "Conflict"),
        (SERVICE, "quiet", 409, "Conflict"),
        (bearer("v", VIEWER), "ana", 403, "NotAllowed"),
        (SERVICE, "", 422, "BadInput"),
    ):
        refused = await client.post(FLAGGED, json={"user_id": person}, headers=who)
        assert (refused.status_code, shaped(refused)["error"]) == (status, error), (person, refused.text)
        if status == 404:
            assert shaped(refused)["detail"] == "There is nothing under that name, or it is not yours to see."
            assert shaped(refused)["fields"] == ["user_id"]
    blank = await client.post(FLAGGED, json={"user_id": "ana", "note": " \t"}, headers=EVA)
    assert (blank.status_code, shaped(blank)["fields"]) == (422, ["note"])
    with pytest.raises(BadInput, match="note must have something in it"):
        await engine.wrongly_flagged("acme", "ana", note="  ")
    assert await standing(engine) == before
