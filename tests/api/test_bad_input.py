"""What people, programs and attackers send that they should not."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tactful.api.settings import BODY_BYTES
from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.events import counted
from tests.api.test_shapes import shaped

EVENTS, PRESENCE, PREFERENCES = "/api/v1/events", "/ambient/presence/update", "/proactive/preferences"
JSON = {"Content-Type": "application/json"}
GOOD = {"id": "e1", "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}
BODIES = pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", EVENTS),
        ("POST", PRESENCE),
        ("PUT", PREFERENCES),
        ("POST", "/proactive/interventions/response"),
        ("POST", "/api/v1/pauses"),
        ("PUT", "/api/v1/people/7"),
        ("POST", "/api/v1/people"),
        ("PUT", "/api/v1/catalogue/content/7"),
        ("PUT", "/api/v1/catalogue/skills/7"),
        ("POST", "/api/v1/alerts/7/close"),
        ("POST", "/api/v1/predictive/dropout/wrongly-flagged"),
        ("POST", "/api/v1/predictive/struggle/predict"),
        ("POST", "/api/v1/predictive/struggle/record-outcome"),
        ("POST", "/api/v1/predictive/struggle/response"),
    ],
)
# Where nothing needs to be said; there is no such alert.
BODILESS = {"/api/v1/alerts/7/close"}
# Enough for every address above but the first three and the answer, which persons use.
SERVICE = {"sub": "backend", "scope": "service"}
OFFICE = {"sub": "olga", "scope": "operator:organiser"}
# Text that means something to a database, a template, a shell, a browser or a log.
SLY = [
    "'; DROP TABLE people; --", '" OR 1=1 --', "\\'; SELECT pg_sleep(9); --", "%s %(x)s {x} {0.__class__} ${x}",
    "{{ 7*7 }}{% raw %}", "<script>alert(1)</script>", "$(reboot) `id` | ; &", "../../etc/passwd", "\u202eevil",
    "\U0001f600" * 20, "Ω≈ç√∫˜µ", "null", "-1", "NaN", "\ufeffbom", "a\u0301", "\ud7ff\ue000",
]  # fmt: skip


def asker(path: str) -> dict[str, str]:
    return OFFICE if path == "/api/v1/pauses" else SERVICE


async def send(client: httpx.AsyncClient, method: str, path: str, content: bytes, **who: str) -> httpx.Response:
    return await client.request(method, path, content=content, headers=bearer(**(who or asker(path))) | JSON)


@BODIES
@pytest.mark.parametrize(
    "content",
    [
        b"", b" ", b"{", b"}", b"[", b'{"a":}', b"{'a': 1}", b"\x00", b'{"page": "\x00"}',
        b"\xff\xfe", b'{"page": "\xff"}',
        b'{"page": "\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'{"a": 1} trailing', b"// comment",
    ],
)  # fmt: skip
async def test_what_is_not_json_is_refused(
    method: str, path: str, content: bytes, shared_client: httpx.AsyncClient
) -> None:
    told = await send(shared_client, method, path, content)
    if path in BODILESS and not content:
        assert (told.status_code, shaped(told)["error"]) == (404, "NotFound")
    else:
        assert (told.status_code, shaped(told)["error"]) in ((400, "BadRequest"), (422, "BadInput"))


@BODIES
@pytest.mark.parametrize("content", [b"null", b"[]", b"1", b'"text"', b"true", b'{"strange": 1}', b'{"__proto__": {}}'])
async def test_what_is_not_the_right_json_is_refused(
    method: str, path: str, content: bytes, shared_client: httpx.AsyncClient
) -> None:
    told = await send(shared_client, method, path, content)
    assert (told.status_code, shaped(told)["error"]) == (422, "BadInput")


@BODIES
async def test_a_body_that_is_too_large_is_refused(
    method: str, path: str, shared_client: httpx.AsyncClient, shared_engine: Engine
) -> None:
    most = shared_engine.settings[BODY_BYTES]
    told = await send(shared_client, method, path, b" " * (most + 1))
    assert (told.status_code, shaped(told)["error"]) == (413, "TooLarge")

    async def dripping() -> Any:
        for _ in range(most // 65536 + 2):
            yield b" " * 65536

    headers = bearer(**asker(path)) | JSON
    told = await shared_client.request(method, path, content=dripping(), headers=headers)
    assert (told.status_code, shaped(told)["error"]) == (413, "TooLarge")


@BODIES
async def test_a_body_that_does_not_call_itself_json_is_refused(
    method: str, path: str, shared_client: httpx.AsyncClient
) -> None:
    # A browser that leaves a page can say nothing else.
    plain = () if path == "/ambient/presence/update" else ("text/plain",)
    for kind in (*plain, "application/x-www-form-urlencoded", "multipart/form-data", "", "json", "application/"):
        told = await shared_client.request(
            method, path, content=b"{}", headers=bearer(**asker(path)) | {"Content-Type": kind}
        )
        assert (told.status_code, shaped(told)["error"]) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": " \t"}, "id"),
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"id": "x" * 10_000}, "id"),
        ({"id": "a\x00b"}, "id"),
        ({"kind": "a b"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "x" * 10_000}, "kind"),
        ({"kind": "a\x00b"}, "kind"),
        ({"occurred_at": "2026-01-31T08:00:00"}, "occurred_at"),
        ({"occurred_at": "2026-01-31"}, "occurred_at"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": 1769846400}, "occurred_at"),
        ({"occurred_at": "1969-12-31T23:59:59Z"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59Z"}, "occurred_at"),
        ({"occurred_at": "2026-02-30T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+23:59"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59-23:59"}, "occurred_at"),
        ({"occurred_at": None}, "occurred_at"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": -1}, "user_id"),
        ({"user_id": 1.5}, "user_id"),
        ({"user_id": 2**60}, "user_id"),
        ({"user_id": True}, "user_id"),
        ({"user_id": "x" * 10_000}, "user_id"),
        ({"user_id": "a\x00b"}, "user_id"),
        ({"content_id": "x" * 10_000}, "content_id"),
        ({"skill_id": "a\x00b"}, "skill_id"),
        ({"topic": {"$ne": 1}}, "topic"),
        ({"properties": []}, "properties"),
        ({"properties": {"a": None}}, "properties"),
        ({"properties": {"a": [1]}}, "properties"),
        ({"properties": {"a": {"b": 1}}}, "properties"),
        ({"properties": {"a": "x" * 10_000}}, "properties"),
        ({"properties": {"a": "\x00"}}, "properties"),
        ({"properties": {"a\x00": 1}}, "properties"),
        ({"properties": {"": 1}}, "properties"),
        ({"properties": {"x" * 10_000: 1}}, "properties"),
        ({"properties": {f"k{n}": n for n in range(33)}}, "properties"),
        ({"properties": {"a": 1e300}}, "properties"),
        ({"properties": {"a": -(10**400)}}, "properties"),
        ({"strange": 1}, "strange"),
    ],
)
async def test_an_event_that_does_not_fit_names_its_field_and_nothing_is_counted(
    change: dict[str, Any], field: str, shared_client: httpx.AsyncClient, shared_engine: Engine
) -> None:
    body = {"events": [GOOD | {"user_id": 1}, GOOD | {"id": "e2", "user_id": 1} | change]}
    told = await send(shared_client, "POST", EVENTS, json.dumps(body).encode())
    assert told.status_code == 422
    named = shaped(told)["fields"]
    assert named
    assert all(each.startswith(f"events.1.{field}") for each in named)
    async with shared_engine.database.service() as connection:
        assert (await (await connection.execute("SELECT count(*) AS n FROM event_keys")).fetchone()) == {"n": 0}


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1", b"-0.001", b"1e10", b'"35"', b"true"]
)
async def test_a_number_that_is_none_is_refused(number: bytes, shared_client: httpx.AsyncClient) -> None:
    told = await send(
        shared_client, "POST", PRESENCE, b'{"page": "x", "time_on_page": %b}' % number, sub="1", scope="person"
    )
    assert told.status_code in (400, 422)
    assert shaped(told)["fields"] in (["time_on_page"], [])


async def test_the_future_ends_tomorrow(client: httpx.AsyncClient, engine: Engine) -> None:
    for ahead, status in ((timedelta(hours=23), 200), (timedelta(hours=25), 422)):
        event = GOOD | {"occurred_at": (engine.clock.now() + ahead).isoformat()}
        told = await client.post(EVENTS, json={"events": [event]}, headers=bearer())
        assert told.status_code == status


async def test_a_batch_has_one_to_a_thousand_events(client: httpx.AsyncClient) -> None:
    for number, status in ((0, 422), (1, 200), (1000, 200), (1001, 422)):
        body = {"events": [GOOD | {"id": f"{number}-{n}"} for n in range(number)]}
        told = await client.post(EVENTS, json=body, headers=bearer())
        assert told.status_code == status
        if status == 200:
            assert told.json() == counted(number, 0)


async def test_the_same_id_counts_once(client: httpx.AsyncClient) -> None:
    body = {"events": [GOOD, GOOD | {"occurred_at": "2026-02-01T08:00:00Z"}, GOOD | {"id": "e2"}]}
    assert (await client.post(EVENTS, json=body, headers=bearer())).json() == counted(2, 1)
    assert (await client.post(EVENTS, json=body, headers=bearer())).json() == counted(0, 3)
    other = await client.post(EVENTS, json=body, headers=bearer(org="umbrella"))
    assert other.json() == counted(2, 1)


async def test_a_person_cannot_speak_for_another(client: httpx.AsyncClient) -> None:
    batch = {"events": [GOOD, GOOD | {"id": "e2", "user_id": 43}]}
    told = await client.post(EVENTS, json=batch, headers=bearer())
    assert (told.status_code, shaped(told)["fields"]) == (403, ["events.1.user_id"])
    for method, path, body in (
        ("POST", PRESENCE, {"page": "x"}),
        ("PUT", PREFERENCES, {}),
        ("POST", "/proactive/interventions/response", {"intervention_log_id": 1, "user_response": "engaged"}),
    ):
        told = await client.request(method, path, json=body | {"user_id": "43"}, headers=bearer())
        assert (told.status_code, shaped(told)["fields"]) == (403, ["user_id"])
    for path in (PREFERENCES, "/proactive/interventions", "/api/v1/predictive/dropout/risk"):
        told = await client.get(path, params={"user_id": "43"}, headers=bearer())
        assert (told.status_code, shaped(told)["fields"]) == (403, ["user_id"])
    told = await client.post(EVENTS, json={"events": [GOOD | {"user_id": 42}]}, headers=bearer())
    assert told.status_code == 200


async def test_sly_text_is_only_text(client: httpx.AsyncClient, engine: Engine) -> None:
    service = bearer(**SERVICE)
    for text in SLY:
        event: dict[str, Any] = {"id": text, "user_id": text, "content_id": text, "skill_id": text, "topic": text}
        body = {"events": [GOOD | event | {"properties": {"said": text}}]}
        assert (await client.post(EVENTS, json=body, headers=service)).json() == counted(1, 0)
        beat = {"page": text, "topic": text, "content_id": text, "user_id": text}
        assert (await client.post(PRESENCE, json=beat, headers=service)).status_code == 200
        person = {"name": text, "addresses": {"email": text}, "groups": [{"id": text, "name": text}]}
        path = f"/api/v1/people/{quote(text, safe='')}"
        if "/" not in text:
            told = await client.put(path, json=person, headers=service)
            assert (told.json()["name"], told.json()["addresses"]) == (text, {"email": text})
        pause = {"scope": "organisation", "reason": text}
        assert (await client.post("/api/v1/pauses", json=pause, headers=bearer(**OFFICE))).json()["reason"] == text
        shown = await client.get(PREFERENCES, params={"user_id": text}, headers=service)
        assert shown.json()["user_id"] == text
        named = await client.put(PREFERENCES, json={"disabled_intervention_types": [text]}, headers=bearer())
        assert named.status_code == 422
    async with engine.database.service() as connection:
        columns = "id, content_id, skill_id, topic, properties->>'said' AS said"
        rows = await (await connection.execute(f"SELECT {columns} FROM events")).fetchall()
        people = await (await connection.execute("SELECT external_id FROM people")).fetchall()
    assert sorted(row["id"] for row in rows) == sorted(SLY)
    assert all(set(row.values()) == {row["id"]} for row in rows)
    assert sorted(row["external_id"] for row in people) == sorted(SLY)


async def test_sly_text_in_a_token_is_only_text(client: httpx.AsyncClient) -> None:
    for text in (*SLY, "x" * 255):
        told = await client.get(PREFERENCES, headers=bearer(text, org=text))
        assert told.status_code in (200, 401)
        if told.status_code == 200:
            assert str(told.json()["user_id"]) == text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/proactive/preferences?user_id=", "user_id"),
        ("/proactive/preferences?user_id=%00", "user_id"),
        (f"/proactive/preferences?user_id={'x' * 10_000}", "user_id"),
        ("/proactive/interventions?evaluate=perhaps&user_id=1", "evaluate"),
        ("/api/v1/people/at-risk?limit=0", "limit"),
        ("/api/v1/people/at-risk?limit=1e9", "limit"),
        ("/api/v1/people/at-risk?after=zzzz", "after"),
        ("/api/v1/people/at-risk?after=WzEsIDJd", "after"),
        ("/api/v1/people/at-risk?after='%20OR%201=1", "after"),
        ("/api/v1/people/1/explain?at=2026-01-31", "at"),
        ("/api/v1/people/1/explain?at=2026-01-31T00:00:00", "at"),
        ("/api/v1/people/1/explain?at=1900-01-01T00:00:00Z", "at"),
        ("/api/v1/people/1/explain?at=9999-01-01T00:00:00Z", "at"),
        ("/api/v1/people/%00/explain", "id"),
        (f"/api/v1/people/{'x' * 10_000}/explain", "id"),
        ("/api/v1/decisions/0", "id"),
        ("/api/v1/decisions/99999999999999999999", "id"),
        ("/api/v1/decisions/abc", "id"),
    ],
)
async def test_a_question_that_does_not_fit_names_its_field(
    path: str, field: str, shared_client: httpx.AsyncClient
) -> None:
    told = await shared_client.get(path, headers=bearer(**SERVICE))
    assert (told.status_code, shaped(told)["fields"]) == (422, [field])


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        (
            "PUT",
            PREFERENCES,
            {"user_id": 1, "quiet_hours_start": "25:00"},
            "quiet_hours_start must be a time of the day",
        ),
        ("PUT", PREFERENCES, {"user_id": 1, "quiet_hours_end": "7"}, "quiet_hours_end must be a time of the day"),
        (
            "PUT",
            PREFERENCES,
            {"user_id": 1, "quiet_hours_end": "00:00:30"},
            "quiet_hours_end must be a time of the day",
        ),
        ("PUT", "/api/v1/people/1", {"locale": "zz-!!"}, "locale must be a language tag like pt or en-GB."),
        ("PUT", "/api/v1/people/1", {"zone": "../etc/passwd"}, "zone must be an IANA time zone like Europe/Lisbon."),
        ("PUT", "/api/v1/people/1", {"zone": "Mars/Olympus"}, "zone must be an IANA time zone like Europe/Lisbon."),
        ("PUT", "/api/v1/catalogue/content/1", {"kind": "a b!"}, "kind must be small letters, digits and underscores"),
        ("GET", "/api/v1/people/at-risk?after=%00", None, "after must be what the page before called next."),
        ("GET", "/api/v1/people/at-risk?after=zzzz", None, "after must be what the page before called next."),
    ],
)
async def test_what_is_written_wrong_is_told_how_to_write_it(
    method: str, path: str, body: dict[str, Any] | None, told: str, shared_client: httpx.AsyncClient
) -> None:
    answer = await shared_client.request(method, path, json=body, headers=bearer(**SERVICE))
    assert answer.status_code == 422
    assert shaped(answer)["detail"].startswith(told)


@pytest.mark.parametrize("zone", ["+02:00", "+0200", "+02"])
async def test_a_plus_that_became_a_blank_is_explained(zone: str, shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.get(f"/api/v1/people/1/explain?at=2026-01-31T10:00:00{zone}", headers=bearer(**SERVICE))
    assert (told.status_code, shaped(told)["fields"]) == (422, ["at"])
    assert "%2B" in shaped(told)["detail"]
    assert "with Z" in shaped(told)["detail"]


async def test_a_time_with_a_blank_for_its_t_is_not_taken_for_one(shared_client: httpx.AsyncClient) -> None:
    for at in ("2026-01-31 10:00:00", "2026-01-31 10:00"):
        told = await shared_client.get(f"/api/v1/people/1/explain?at={at}", headers=bearer(**SERVICE))
        assert (told.status_code, "%2B" in shaped(told)["detail"]) == (422, False)


async def test_a_parameter_that_is_given_twice_is_refused(shared_client: httpx.AsyncClient) -> None:
    told = await shared_client.get(f"{PREFERENCES}?user_id=1&user_id=2", headers=bearer(**SERVICE))
    assert (told.status_code, shaped(told)["fields"]) == (422, ["user_id"])
