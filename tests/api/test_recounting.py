"""What was done in live sessions over HTTP: history, counts, and whether types of intervention do good."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SystemClock
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped
from tests.learn.test_lift import moments

BASE = "/api/v1/live/sessions"
DONE = "/api/v1/interventions"
SERVICE = bearer("backend", "service")
VIEWER = bearer("victor", "operator:viewer")
EVERYBODY_ELSE = bearer("oscar", "operator:admin", org="zenith")
KINDS = ("POLL", "CHAT_PROMPT", "POLL", "NOTIFICATION", "POLL")


async def begin(client: httpx.AsyncClient, session: str = "keynote", event: str = "conference") -> None:
    made = await client.post(BASE, json={"session_id": session, "event_id": event}, headers=SERVICE)
    assert made.status_code == 200, made.text
    assert (await client.post(f"{BASE}/{session.replace('/', '%2F')}/start", headers=SERVICE)).status_code == 200


async def act(client: httpx.AsyncClient, *kinds: str, session: str = "keynote", event: str = "conference") -> list[str]:
    """Ids of what was set off, in order."""
    done = []
    for kind in kinds:
        told = {"session_id": session, "event_id": event, "intervention_type": kind, "reason": "x", "override": True}
        answer = await client.post(f"{DONE}/manual", json=told, headers=SERVICE)
        assert answer.status_code == 200, answer.text
        done.append(answer.json()["intervention_id"])
    return done


async def get(client: httpx.AsyncClient, path: str, **asked: Any) -> dict[str, Any]:
    told = await client.get(f"{DONE}/{path}", params=asked, headers=VIEWER)
    assert told.status_code == 200, told.text
    return dict(told.json())


async def learned(engine: Engine, effect: float, *, sessions: int = 40) -> None:
    """Moments of polls in other sessions of acme, settled an hour ago; polls made engagement higher by `effect`."""
    rows = moments(800, effect, sessions=sessions).to_dicts()
    at = SystemClock().now() - timedelta(hours=1)
    async with engine.database.service() as connection:
        made = await connection.execute(
            """INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, seed)
               SELECT o.id, 'past ' || n, 'past', 'automatic', 1 FROM organisations o, generate_series(1, %s) n
                WHERE o.name = 'acme' RETURNING id, organisation_id""",
            (sessions,),
        )
        ids = await made.fetchall()
        told = [
            row | {"id": number + 10_000, "session": ids[row["live_session_id"]]["id"], "at": at}
            | {"organisation": ids[0]["organisation_id"]}
            for number, row in enumerate(rows)
        ]  # fmt: skip
        await connection.cursor().executemany(
            """INSERT INTO live_moments (decision_id, organisation_id, live_session_id, at, anomaly_type, context, kind,
                                         acted, propensity, offered, control_share, before, expected, after,
                                         settles_at, settled_at)
               VALUES (%(id)s, %(organisation)s, %(session)s, %(at)s, 'SUDDEN_DROP', %(context)s, %(kind)s, %(acted)s,
                       %(propensity)s, %(offered)s, 0.3, %(before)s, %(expected)s, %(after)s, %(at)s, %(at)s)""",
            told,
        )


async def test_history_is_told_newest_first_page_by_page(client: httpx.AsyncClient) -> None:
    await begin(client)
    done = await act(client, *KINDS)
    told = await get(client, "history/keynote")
    assert told["total"] == 5
    assert [row["id"] for row in told["interventions"]] == done[::-1]
    first = told["interventions"][0]
    assert (first["session_id"], first["event_id"], first["type"]) == ("keynote", "conference", "POLL")
    assert (first["outcome"], first["actor"], first["confidence"]) == (None, "service backend", 1.0)
    assert first["metadata"]["poll"]["question"]
    page = await get(client, "history/keynote", limit=2, offset=1)
    assert (page["total"], [row["id"] for row in page["interventions"]]) == (5, done[::-1][1:3])
    beyond = await get(client, "history/keynote", offset=5)
    assert beyond == {"total": 5, "interventions": []}


async def test_history_of_an_event_is_that_of_all_its_sessions_lately(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    await begin(client)
    await begin(client, "workshop")
    await begin(client, "elsewhere", "meetup")
    one = await act(client, "POLL")
    two = await act(client, "CHAT_PROMPT", session="workshop")
    await act(client, "POLL", session="elsewhere", event="meetup")
    told = await get(client, "history/event/conference")
    assert (told["total"], [row["id"] for row in told["interventions"]]) == (2, [*two, *one])
    async with engine.database.service() as connection:
        await connection.execute(
            "UPDATE interventions SET timestamp = timestamp - interval '30 hours' WHERE session_id = 'keynote'"
        )
    assert [row["id"] for row in (await get(client, "history/event/conference"))["interventions"]] == two
    assert (await get(client, "history/event/conference", hours=168, limit=1))["total"] == 2
    unknown = await client.get(f"{DONE}/history/event/nowhere", headers=VIEWER)
    assert (unknown.status_code, shaped(unknown)["fields"]) == (404, ["event_id"])


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("history/keynote", {"limit": 201}), ("history/keynote", {"limit": 0}), ("history/keynote", {"offset": -1}),
        ("history/event/conference", {"hours": 169}), ("history/event/conference", {"hours": 0}),
        ("history/event/conference", {"limit": 501}),
    ],
)  # fmt: skip
async def test_limits_of_pages_hold(shared_client: httpx.AsyncClient, path: str, asked: dict[str, int]) -> None:
    told = await shared_client.get(f"{DONE}/{path}", params=asked, headers=VIEWER)
    assert (told.status_code, shaped(told)["fields"]) == (422, list(asked))


async def test_whether_it_did_good_is_unknown_until_effects_are_known(client: httpx.AsyncClient) -> None:
    await begin(client)
    assert await get(client, "stats/keynote") | {"effects": None} == {
        "session_id": "keynote", "total_interventions": 0, "by_type": {}, "success_rate": None, "avg_confidence": None,
        "successful_interventions": None, "effects": None,
    }  # fmt: skip
    await act(client, *KINDS)
    told = await get(client, "stats/keynote")
    assert (told["total_interventions"], told["by_type"]) == (5, {"CHAT_PROMPT": 1, "NOTIFICATION": 1, "POLL": 3})
    assert (told["success_rate"], told["successful_interventions"], told["avg_confidence"]) == (None, None, 1.0)
    assert set(told["effects"]) == {"POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION"}
    assert told["effects"]["POLL"] == {
        "value": None, "low": None, "high": None, "moments": 0, "controls": 0, "sessions": 0, "success": None,
    }  # fmt: skip


@pytest.mark.parametrize(("effect", "good"), [(0.08, 3), (0.0, 0)])
async def test_success_means_that_the_type_is_known_to_do_good(
    client: httpx.AsyncClient, engine: Engine, effect: float, good: int
) -> None:
    await begin(client)
    await act(client, *KINDS)
    await learned(engine, effect)
    told = await get(client, "stats/keynote")
    poll = told["effects"]["POLL"]
    assert poll["low"] < effect + 1e-9 < poll["high"]
    assert (poll["low"] > 0) is poll["success"] is (good > 0)
    # Of chat prompts and notifications nothing is known, so they count neither way.
    assert (told["successful_interventions"], told["success_rate"]) == (good, good / 3)
    assert (poll["moments"] + poll["controls"], poll["sessions"]) == (800, 40)


async def test_what_is_told_to_organisers_alone_is_no_success(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client)
    for to in ("audience", "organisers"):
        told = {"session_id": "keynote", "event_id": "conference", "reason": "By hand", "override": True}
        words = {"to": to, "title": "Soon", "body": "We go on in a minute."}
        asked = told | {"intervention_type": "NOTIFICATION", "context": words}
        assert (await client.post("/api/v1/interventions/manual", json=asked, headers=SERVICE)).status_code == 200
    await learned(engine, 0.08)
    async with engine.database.service() as connection:
        await connection.execute("UPDATE live_moments SET kind = 'NOTIFICATION', offered = '{NOTIFICATION}'")
    stats = await get(client, "stats/keynote")
    assert stats["effects"]["NOTIFICATION"]["success"] is True
    assert (stats["by_type"], stats["successful_interventions"], stats["success_rate"]) == ({"NOTIFICATION": 2}, 1, 1.0)


async def test_what_others_learned_is_not_told(client: httpx.AsyncClient, engine: Engine) -> None:
    await begin(client)
    await learned(engine, 0.08)
    other = bearer("backend", "service", org="zenith")
    assert (await client.post(BASE, json={"session_id": "own", "event_id": "e"}, headers=other)).status_code == 200
    told = (await client.get(f"{DONE}/stats/own", headers=EVERYBODY_ELSE)).json()
    assert told["effects"]["POLL"]["moments"] == 0
    for path in ("history/keynote", "stats/keynote", "history/event/conference"):
        assert (await client.get(f"{DONE}/{path}", headers=EVERYBODY_ELSE)).status_code == 404
    assert (await client.get(f"{DONE}/stats/keynote", headers=bearer("ana"))).status_code == 403


async def test_sessions_with_slashes_in_their_names_have_a_history_too(client: httpx.AsyncClient) -> None:
    await begin(client, "2026/keynote")
    await act(client, "POLL", session="2026/keynote")
    assert (await get(client, "history/2026%2Fkeynote"))["total"] == 1
    assert (await get(client, "stats/2026%2Fkeynote"))["total_interventions"] == 1
