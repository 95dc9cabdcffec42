"""When somebody is at their best and whether now is a good time, over HTTP: in the product's shape, of nobody else."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

PROFILE, CHECK = "/api/v1/predictive/timing/profile", "/api/v1/predictive/timing/check"
SERVICE = bearer("backend", "service")
FIELDS = {
    "user_id": int, "peak_hours": list, "optimal_study_time": str, "best_days": list,
    "avg_session_duration_minutes": float, "preferred_session_length": int, "performance_by_hour": dict,
    "most_active_hour": int, "least_active_hour": int, "typical_study_days": list, "sessions_analyzed": int,
    "confidence": float, "updated_at": str,
}  # fmt: skip
DAY = timedelta(days=1)


def evening(engine: Engine, ago: int = 0) -> datetime:
    """Seven in the evening (UTC), so many days before yesterday's."""
    return engine.clock.now().replace(hour=19, minute=0, second=0, microsecond=0) - (1 + ago) * DAY


async def come(engine: Engine, person: str, days: int, organisation: str = "acme") -> None:
    """Half an hour of answers, every evening for so many days, up to the day before yesterday."""
    starts = [evening(engine, ago) for ago in range(1, days + 1)]
    await engine.accept(
        organisation,
        [
            Event(f"{person}-{at}-{minute}", person, "answer", at + timedelta(minutes=minute), None, None, None,
                  {"score": 0.75})
            for at in starts for minute in (0, 10, 20, 30)
        ],
    )  # fmt: skip


async def test_a_profile_is_told_in_the_products_shape(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 30)
    answer = await client.get(PROFILE, headers=bearer())
    assert answer.status_code == 200
    told = answer.json()
    assert {name: type(told[name]) for name in FIELDS} == FIELDS
    assert (told["user_id"], told["optimal_study_time"], told["most_active_hour"]) == (42, "19:00:00", 19)
    assert (told["sessions_analyzed"], told["confidence"]) == (30, 0.7)
    assert told["performance_by_hour"] == {"19": 0.75}
    assert (told["avg_session_duration_minutes"], told["preferred_session_length"]) == (30.0, 30)
    assert told["peak_hours"] == sorted(told["peak_hours"])
    assert len(told["best_days"]) <= 3
    assert (await client.get(PROFILE, params={"user_id": "42"}, headers=SERVICE)).json() == told


async def test_of_who_was_never_there_nothing_is_said(engine: Engine, client: httpx.AsyncClient) -> None:
    told = (await client.get(PROFILE, params={"user_id": "nobody"}, headers=SERVICE)).json()
    assert told.pop("updated_at")
    assert told == {
        "user_id": "nobody", "peak_hours": [], "optimal_study_time": None, "best_days": [],
        "avg_session_duration_minutes": None, "preferred_session_length": None, "performance_by_hour": {},
        "most_active_hour": None, "least_active_hour": None, "typical_study_days": [], "sessions_analyzed": 0,
        "confidence": 0.0,
    }  # fmt: skip
    answer = (await client.post(CHECK, json={"user_id": "nobody"}, headers=SERVICE)).json()
    assert (answer["is_good_time"], answer["alternative_time"], answer["confidence"]) == (False, None, 0.0)
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM people")).fetchone()
    assert row == {"n": 0}


async def test_whether_now_is_good_is_told_in_the_products_shape(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 30)
    at = evening(engine)
    good = await client.post(CHECK, json={"current_time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}, headers=bearer())
    assert good.status_code == 200
    told = good.json()
    assert (told["is_good_time"], told["alternative_time"]) == (True, None)
    assert told["reasoning"].startswith("Now is a good time.")
    morning = (await client.post(CHECK, json={"current_time": f"{at - 10 * DAY / 24:%Y-%m-%dT%H:%M:%SZ}"},
                                 headers=bearer())).json()  # fmt: skip
    assert not morning["is_good_time"]
    other = datetime.fromisoformat(morning["alternative_time"])
    assert at - 4 * DAY / 24 < other <= at
    assert set(morning["contributions"]) == {"presence", "hour", "answers", "exchange", "sender"}


async def test_what_is_proposed_may_be_asked_about_and_is_good(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 30)
    now = engine.clock.now()
    for ahead in (0.1, 1.5, 6, 13.5):
        at = (now + ahead * DAY).replace(hour=9, minute=0)
        told = (await client.post(CHECK, json={"current_time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}, headers=bearer())).json()
        if told["alternative_time"] is None:
            assert told["is_good_time"] or ahead > 13
            continue
        answer = await client.post(CHECK, json={"current_time": told["alternative_time"]}, headers=bearer())
        assert (answer.status_code, answer.json()["is_good_time"]) == (200, True)
    far = f"{now + 15 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    refused = await client.post(CHECK, json={"current_time": far}, headers=bearer())
    assert (refused.status_code, shaped(refused)["fields"]) == (422, ["current_time"])


async def test_of_what_was_never_sent_no_share_is_told(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 12)
    told = " ".join((await client.post(CHECK, json={}, headers=bearer())).json()["reasons"])
    assert "How people answer what is sent from here is not known yet." in told
    assert "55 %" not in told


async def test_now_is_the_default(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 3)
    now = (await client.post(CHECK, json={}, headers=bearer())).json()
    assert isinstance(now["is_good_time"], bool)
    assert now["reasoning"]


async def test_nobody_sees_anybody_elses(engine: Engine, client: httpx.AsyncClient) -> None:
    await come(engine, "42", 12)
    await engine.carry_out("timing")
    for stranger in (bearer("43"), bearer("42", org="umbrella")):
        assert (await client.get(PROFILE, headers=stranger)).json()["sessions_analyzed"] == 0
        assert (await client.post(CHECK, json={}, headers=stranger)).json()["confidence"] == 0
    refused = await client.get(PROFILE, params={"user_id": "42"}, headers=bearer("43"))
    assert (refused.status_code, shaped(refused)["error"]) == (403, "NotAllowed")
    refused = await client.post(CHECK, json={"user_id": 42}, headers=bearer("43"))
    assert (refused.status_code, shaped(refused)["error"]) == (403, "NotAllowed")
    assert (await client.get(PROFILE, headers=bearer("v", VIEWER))).status_code == 403
    assert (await client.post(CHECK, json={})).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current_time": "2026-01-01T19:00:00"}, "current_time"),
        ({"current_time": "7 pm"}, "current_time"),
        ({"current_time": "1969-12-31T23:59:59Z"}, "current_time"),
        ({"current_time": "2999-01-01T00:00:00Z"}, "current_time"),
        ({"current_time": 7}, "current_time"),
        ({"intervention_type": "telepathy"}, "intervention_type"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"zone": "localtime"}, "zone"),
        ({"mood": "good"}, "mood"),
        ({"user_id": ""}, "user_id"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    engine: Engine, client: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    await come(engine, "42", 3)
    refused = await client.post(CHECK, json={"user_id": 42} | body, headers=SERVICE)
    assert refused.status_code in (400, 422)
    assert {name.split(".")[0] for name in shaped(refused)["fields"]} == {field}
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM contact_party")).fetchone()
    assert row == {"n": 0}


async def test_of_a_body_that_is_none_it_is_said_what_is_wrong(client: httpx.AsyncClient) -> None:
    as_json = SERVICE | {"Content-Type": "application/json"}
    empty = await client.post(CHECK, content="  ", headers=as_json)
    assert (empty.status_code, shaped(empty)["detail"]) == (400, "The body is empty; send JSON.")
    strange = await client.post(CHECK, json={"user_id": 42, "mood": "good"}, headers=SERVICE)
    known = "known: current_time, intervention_type, zone, user_id"
    assert shaped(strange)["detail"] == f"mood is not asked for here; {known}."


async def test_whom_it_is_about_must_be_said_by_a_service(client: httpx.AsyncClient) -> None:
    for refused in (await client.post(CHECK, json={}, headers=SERVICE), await client.get(PROFILE, headers=SERVICE)):
        assert (refused.status_code, shaped(refused)["fields"]) == (422, ["user_id"])


async def test_in_process_what_cannot_be_is_refused_too(engine: Engine) -> None:
    with pytest.raises(BadInput, match="at needs a time zone"):
        await engine.check_timing("acme", "42", datetime(2026, 1, 1))
    with pytest.raises(BadInput, match="organisation"):
        await engine.timing_profile("", "42")
