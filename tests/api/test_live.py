"""Live sessions over HTTP: described, started, heard, ended; and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SystemClock
from tactful.predict.anomaly import DEFAULT, Usual, usual
from tests.api.conftest import bearer

BASE = "/api/v1/live/sessions"
SERVICE, VIEWER, ORGANISER = (
    bearer("backend", "service"),
    bearer("vera", "operator:viewer"),
    bearer("olga", "operator:organiser"),
)
KEYNOTE: dict[str, Any] = {
    "session_id": "keynote", "event_id": "conference", "title": "Keynote", "topic": "databases", "mode": "automatic",
    "starts_at": "2026-03-01T09:00:00Z", "ends_at": "2026-03-01T11:00:00Z",
    "agenda": [{"kind": "break", "starts_at": "2026-03-01T10:00:00Z", "ends_at": "2026-03-01T10:15:00Z"}],
}  # fmt: skip


async def started(client: httpx.AsyncClient, **more: Any) -> None:
    assert (await client.post(BASE, json=KEYNOTE | more, headers=SERVICE)).status_code == 200
    name = more.get("session_id", "keynote")
    assert (await client.post(f"{BASE}/{name}/start", headers=ORGANISER)).status_code == 200


async def tell(
    client: httpx.AsyncClient, *signals: dict[str, Any], who: dict[str, str] = SERVICE, name: str = "keynote"
) -> httpx.Response:
    return await client.post(f"{BASE}/{name}/signals", json={"signals": list(signals)}, headers=who)


async def test_a_session_is_described_started_and_ended(client: httpx.AsyncClient) -> None:
    made = (await client.post(BASE, json=KEYNOTE, headers=SERVICE)).json()
    assert {name: made[name] for name in ("session_id", "event_id", "state", "viewers", "started_at")} == {
        "session_id": "keynote", "event_id": "conference", "state": "planned", "viewers": 0, "started_at": None,
    }  # fmt: skip
    assert made["agenda"] == [KEYNOTE["agenda"][0] | {"title": ""}]
    assert (await client.post(f"{BASE}/keynote/start", headers=ORGANISER)).json()["state"] == "live"
    again = (await client.post(f"{BASE}/keynote/start", headers=ORGANISER)).json()
    assert (again["state"], again["ended_at"]) == ("live", None)
    ended = (await client.post(f"{BASE}/keynote/end", headers=ORGANISER)).json()
    assert ended["state"] == "ended"
    assert (await client.post(f"{BASE}/keynote/end", headers=ORGANISER)).json() == ended
    refused = await client.post(f"{BASE}/keynote/start", headers=ORGANISER)
    assert (refused.status_code, refused.json()["fields"]) == (409, ["session_id"])


async def test_a_session_may_have_begun_before(client: httpx.AsyncClient) -> None:
    await client.post(BASE, json=KEYNOTE, headers=SERVICE)
    began = SystemClock().now() - timedelta(minutes=5)
    heard = {"id": "j", "kind": "join", "count": 40, "at": (began + timedelta(minutes=1)).isoformat()}
    assert (await tell(client, heard)).json()["accepted"] == 1
    for hours, field in ((-13, "started_at"), (1, "started_at")):
        wrong = {"started_at": (began + timedelta(hours=hours)).isoformat()}
        refused = await client.post(f"{BASE}/keynote/start", json=wrong, headers=ORGANISER)
        assert (refused.status_code, refused.json()["fields"]) == (422, [field])
    told = {"started_at": began.isoformat()}
    started = (await client.post(f"{BASE}/keynote/start", json=told, headers=ORGANISER)).json()
    assert datetime.fromisoformat(started["started_at"]) == began
    assert (started["state"], started["viewers"]) == ("live", 40)
    again = (await client.post(f"{BASE}/keynote/start", headers=ORGANISER)).json()
    assert again["started_at"] == started["started_at"]


async def test_a_session_starts_from_what_earlier_ones_of_the_organisation_were_like(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    made = """INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, seed, state, ended_at, level)
              SELECT id, 'past ' || name || n, 'past', 'manual', 1, 'ended', now() - make_interval(days => n),
                     CASE WHEN n <= 20 THEN %s ELSE 5 END
                FROM organisations, generate_series(1, 25) n WHERE name = %s"""
    await started(client, session_id="first")
    other = bearer("backend", "service", org="zenith")
    assert (await client.post(BASE, json=KEYNOTE, headers=other)).status_code == 200
    async with engine.database.service() as connection:
        for level, organisation in ((-1.0, "acme"), (2.0, "zenith")):
            await connection.execute(made.encode(), (level, organisation))
    await started(client, session_id="later")
    async with engine.database.service() as connection:
        found = await connection.execute(
            "SELECT prior_level AS mean, prior_spread AS spread FROM live_sessions WHERE state = 'live' ORDER BY id"
        )
        first, later = await found.fetchall()
    assert Usual(**first) == DEFAULT
    # As the detector has it: of its own organisation, of the latest twenty alone.
    assert Usual(**later) == usual([-1.0] * 20)
    assert later["mean"] < -1.1


async def test_what_is_said_of_a_session_may_change_while_it_runs(client: httpx.AsyncClient) -> None:
    await started(client)
    changed = {"event_id": "conference", "mode": "manual", "agenda": []}
    told = (await client.put(f"{BASE}/keynote", json=changed, headers=ORGANISER)).json()
    assert (told["mode"], told["agenda"], told["state"], told["title"]) == ("manual", [], "live", "")


async def test_signals_count_once_and_tell_who_is_there(client: httpx.AsyncClient) -> None:
    await started(client)
    joined = [{"id": f"j{n}", "kind": "join", "user_id": n} for n in range(3)]
    assert (await tell(client, *joined)).json() == {"accepted": 3, "duplicate": 0, "outside": 0}
    assert (await tell(client, *joined, {"id": "c", "kind": "chat", "user_id": 1})).json() == {
        "accepted": 1, "duplicate": 3, "outside": 0,
    }  # fmt: skip
    assert (await client.get(f"{BASE}/keynote", headers=VIEWER)).json()["viewers"] == 3


async def test_a_person_speaks_for_themselves_alone(client: httpx.AsyncClient) -> None:
    await started(client)
    assert (await tell(client, {"id": "1", "kind": "join"}, who=bearer("42"))).status_code == 200
    other = await tell(client, {"id": "2", "kind": "join", "user_id": 7}, who=bearer("42"))
    assert (other.status_code, other.json()["fields"]) == (403, ["signals.0.user_id"])
    many = await tell(client, {"id": "3", "kind": "reaction", "count": 500}, who=bearer("42"))
    assert (many.status_code, many.json()["fields"]) == (403, ["signals.0.count"])
    assert (await client.get(f"{BASE}/keynote", headers=VIEWER)).json()["viewers"] == 1


async def test_sessions_of_an_event_are_listed_newest_first(client: httpx.AsyncClient) -> None:
    for name, event in (("a", "one"), ("b", "two"), ("c", "one")):
        await client.post(BASE, json={"session_id": name, "event_id": event}, headers=SERVICE)
    await client.post(f"{BASE}/c/start", headers=SERVICE)
    listed = await client.get(BASE, params={"event_id": "one"}, headers=VIEWER)
    assert [each["session_id"] for each in listed.json()["sessions"]] == ["c", "a"]
    live = await client.get(BASE, params={"state": "live"}, headers=VIEWER)
    assert [each["session_id"] for each in live.json()["sessions"]] == ["c"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"id": "1", "kind": "applause"}, "signals.0.kind"),
        ({"id": "", "kind": "chat"}, "signals.0.id"),
        ({"id": "1", "kind": "chat", "at": "2026-03-01T09:00:00"}, "signals.0.at"),
        ({"id": "1", "kind": "reaction", "count": 0}, "signals.0.count"),
        ({"id": "1", "kind": "reaction", "count": 2, "user_id": 1}, "signals.0.count"),
        ({"id": "1", "kind": "attention", "user_id": 1}, "signals.0.value"),
        ({"id": "1", "kind": "attention", "user_id": 1, "value": 1.2}, "signals.0.value"),
        ({"id": "1", "kind": "chat", "user_id": 1, "value": 0.3}, "signals.0.value"),
        ({"id": "1", "kind": "chat", "user_id": 1, "words": "hi"}, "signals.0.words"),
    ],
)
async def test_signals_that_do_not_fit_are_refused_and_nothing_of_their_batch_counts(
    client: httpx.AsyncClient, engine: Engine, told: dict[str, Any], field: str
) -> None:
    await started(client)
    refused = await tell(client, told, {"id": "good", "kind": "chat", "user_id": 1})
    assert refused.status_code in (403, 422)
    assert any(each.startswith(field) for each in refused.json()["fields"]), refused.json()
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM signals")).fetchone()
    assert row == {"n": 0}


async def test_a_signal_far_ahead_is_refused_and_one_minutes_late_is_not(client: httpx.AsyncClient) -> None:
    await started(client)
    now = SystemClock().now()
    chat: dict[str, Any] = {"kind": "chat", "user_id": 1}
    ahead = await tell(client, chat | {"id": "1", "at": (now + timedelta(minutes=5)).isoformat()})
    assert (ahead.status_code, ahead.json()["fields"]) == (422, ["signals.0.at"])
    late = await tell(client, chat | {"id": "2", "at": (now - timedelta(minutes=7)).isoformat()})
    assert late.json() == {"accepted": 1, "duplicate": 0, "outside": 0}


async def test_strangers_other_organisations_and_people_are_refused(client: httpx.AsyncClient) -> None:
    await started(client)
    signal = {"id": "1", "kind": "chat", "user_id": 1}
    assert (await tell(client, signal, name="nowhere")).status_code == 404
    other = await tell(client, signal, who=bearer("backend", "service", org="zenith"))
    assert (other.status_code, other.json()["fields"]) == (404, ["session_id"])
    assert (await tell(client, signal, who=VIEWER)).status_code == 403
    assert (await client.post(f"{BASE}/keynote/end", headers=bearer("42"))).status_code == 403
    assert (await client.post(f"{BASE}/keynote/end", headers=VIEWER)).status_code == 403
    elsewhere = bearer("olga", "operator:organiser", org="zenith")
    assert (await client.get(f"{BASE}/keynote", headers=elsewhere)).status_code == 404


async def test_a_session_of_that_name_is_made_once(client: httpx.AsyncClient) -> None:
    await client.post(BASE, json=KEYNOTE, headers=SERVICE)
    again = await client.post(BASE, json=KEYNOTE | {"title": "Another"}, headers=SERVICE)
    assert (again.status_code, again.json()["fields"]) == (409, ["session_id"])
    assert (await client.get(f"{BASE}/keynote", headers=VIEWER)).json()["title"] == "Keynote"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mode": "wild"}, "mode"),
        ({"ends_at": "2026-03-01T08:00:00Z"}, "ends_at"),
        ({"language": "English"}, "language"),
        ({"agenda": [KEYNOTE["agenda"][0] | {"kind": "nap"}]}, "agenda.0.kind"),
        ({"agenda": [KEYNOTE["agenda"][0] | {"ends_at": "2026-03-01T09:00:00Z"}]}, "agenda.0.ends_at"),
    ],
)
async def test_sessions_that_cannot_be_are_refused(
    client: httpx.AsyncClient, changed: dict[str, Any], field: str
) -> None:
    refused = await client.post(BASE, json=KEYNOTE | changed, headers=SERVICE)
    assert (refused.status_code, refused.json()["fields"]) == (422, [field])
    assert (await client.get(BASE, headers=VIEWER)).json() == {"sessions": []}
