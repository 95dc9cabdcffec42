"""What people write that nobody expects: at length, in any script, from anywhere, as code, and as other headers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tactful.facts.interactions import LONGEST_MESSAGE
from tactful.store.database import Database
from tactful.testing.reddit import RedditPeer
from tactful.testing.telegram import TelegramPeer
from tests.api.experiment_calls import NEW
from tests.api.test_shapes import shaped
from tests.chats import hear
from tests.living import one, rows
from tests.respect.planting import Planted, planting

INTERACTIONS = "/api/v1/interactions"
# Arabic, Hebrew, Persian with joiners, marks of direction, and smileys alone: of several parts, with colours of skin.
SCRIPTS = [
    "\u0623\u0646\u0627 \u0633\u0639\u064a\u062f \u062c\u062f\u0627",
    "\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u202eabc\u202c",
    "\u200f\u200f!",
    "\U0001f600",
    "\U0001f62d\U0001f62d\U0001f62d",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44b\U0001f3fd",
    "\u2764\ufe0f",
    "\U0001f1f5\U0001f1f9",
]
CHATS = ("telegram", "reddit")


@pytest.fixture
async def told(closed_database: Database, redis_url: str, anyio_backend: str) -> AsyncIterator[Planted]:
    async with planting(closed_database, redis_url) as told:
        yield told


async def linked(told: Planted, channel: str, who: str = "ana") -> TelegramPeer | RedditPeer:
    """The other side of a chat that somebody is linked in."""
    peer = told.peers[channel]
    assert isinstance(peer, TelegramPeer | RedditPeer)
    await told.put("PUT /api/v1/people/{id}", {"name": "Ana"}, id=who)
    begun = await told.put("POST /api/v1/links", {"channel": channel, "user_id": who})
    peer.says(peer.address(who), f"/start {begun['token']}")
    await hear(told.engine, channel)
    return peer


async def post(told: Planted, path: str, body: Any, *, method: str = "POST", scope: str = "service") -> Any:
    return await told.client.request(method, path, json=body, headers=told.bearer("olga", scope))


def said(told: Planted) -> list[str]:
    found = rows(told.engine.database, "SELECT message_text FROM user_engagements ORDER BY occurred_at, id")
    return [row["message_text"] for row in found]


async def test_ten_thousand_characters_are_read_and_one_more_is_refused(told: Planted) -> None:
    for letter in ("x", "\U0001f62d", "\u0634", "so much to say. "):
        text = (letter * LONGEST_MESSAGE)[:LONGEST_MESSAGE]
        answer = await post(told, INTERACTIONS, {"message_text": text, "previous_bot_message": text, "user_id": "ana"})
        assert answer.status_code == 200, answer.text
        assert said(told)[-1:] == [text] or text in said(told)
        refused = await post(told, INTERACTIONS, {"message_text": text + letter[0], "user_id": "ana"})
        assert (refused.status_code, shaped(refused)["fields"]) == (422, ["message_text"])
        batch = {
            "interactions": [
                {"message_text": "short", "user_id": "ana"},
                {"message_text": text + "x", "user_id": "ana"},
            ]
        }
        refused = await post(told, f"{INTERACTIONS}/batch", batch)
        assert (refused.status_code, shaped(refused)["fields"]) == (422, ["interactions.1.message_text"])
    assert len(said(told)) == 4


@pytest.mark.parametrize("channel", CHATS)
async def test_what_is_written_at_length_in_a_chat_is_taken_as_far_as_it_is_read(channel: str, told: Planted) -> None:
    peer = await linked(told, channel)
    peer.says(peer.address("ana"), "so much to say. " * 1000)
    peer.says(peer.address("ana"), "and more")
    await hear(told.engine, channel)
    assert sorted(map(len, said(told))) == [len("and more"), LONGEST_MESSAGE]


async def test_any_script_and_smileys_alone_are_taken_as_they_are(told: Planted) -> None:
    chats = [await linked(told, channel) for channel in CHATS]
    for text in SCRIPTS:
        answer = await post(told, INTERACTIONS, {"message_text": text, "user_id": "ana"})
        assert answer.status_code == 200, answer.text
        for peer in chats:
            peer.says(peer.address("ana"), text)
        await told.put("PUT /api/v1/people/{id}", {"name": text}, id="ana")
        assert (await told.engine.person("acme", "ana"))["name"] == text
    for channel in CHATS:
        await hear(told.engine, channel)
    assert sorted(said(told)) == sorted([*SCRIPTS] * 3)
    exported = await told.client.get("/api/v1/people/ana/export", headers=told.bearer("olga", "service"))
    kept = [row["message_text"] for row in exported.json()["tables"]["user_engagements"]]
    assert sorted(kept) == sorted([*SCRIPTS] * 3)


@pytest.mark.parametrize("channel", CHATS)
async def test_of_strangers_nothing_is_kept_and_who_shut_us_out_is_written_nothing(channel: str, told: Planted) -> None:
    peer = await linked(told, channel)
    for text in ("I am eve", "/stop", "/why", "hello?"):
        peer.says(peer.address("eve"), text)
    await hear(told.engine, channel)
    assert len(peer.told(peer.address("eve"))) == 1
    assert said(told) == []
    assert one(told.engine.database, "SELECT count(*) FROM people") == 1
    # Whoever stopped may still say something, and it is no yes.
    peer.says(peer.address("ana"), "/stop")
    peer.says(peer.address("ana"), "It was nice though")
    await hear(told.engine, channel)
    assert said(told) == ["It was nice though"]
    assert (await told.engine.consent("acme", "ana"))["outreach"] is False
    with told.engine.database.batch() as connection:
        connection.execute("UPDATE addresses SET disabled_at = now(), disabled_because = 'blocked'")
    await request(told, topic="Fractions", who="ana")
    await told.engine.tick(everybody=True)
    assert await told.engine.send_due(channel) == 0


async def test_whom_nobody_knows_is_not_found_and_does_not_come_into_being(told: Planted) -> None:
    await told.put("PUT /api/v1/people/{id}", {}, id="ana")
    asked = {"user_id": "nobody"}
    for path, body in (
        ("/api/v1/outreach", {**asked, "outreach_type": "check_in"}),
        ("/api/v1/stop", asked),
        ("/api/v1/predictive/dropout/wrongly-flagged", asked),
    ):
        answer = await post(told, path, body)
        assert (answer.status_code, shaped(answer)["error"]) == (404, "NotFound"), path
    for path in ("/api/v1/people/nobody/export", "/api/v1/people/nobody/explain"):
        answer = await told.client.get(path, headers=told.bearer("olga", "service"))
        assert answer.status_code == 404, path
    for path in ("/api/v1/out/00000000000000000000000000000000", "/api/v1/out/x"):
        assert (await told.client.post(path)).status_code == 404
    answer = await told.client.post("/api/v1/responses/x", json={"response": "engaged"})
    assert answer.status_code == 404
    assert one(told.engine.database, "SELECT count(*) FROM people") == 1


CODE = [
    "{% for x in y %}{{ x }}{% endfor %}", "{{ 7*7 }}", "{streak.__class__}", "{streak!r}", "{streak:>999999999}",
    "{0}", "{}", "{", "}", "{streak", "{{streak}}", "{str{streak}eak}", "{topic[0]}", "{self}", "{__import__('os')}",
    "{streak}}", "one\nline", "\u2028", "\x00",
]  # fmt: skip


async def test_templates_with_loops_code_or_gaps_that_nobody_knows_are_refused(told: Planted) -> None:
    await told.put("PUT /api/v1/people/{id}", {}, id="ana")
    plain = {"title": "Hello", "body": "You are back.", "action": "start"}
    for text, part in product(CODE, ("title", "body")):
        content = [plain, {**plain, part: f"Say {text} now"}]
        own = "/api/v1/templates/people.gentle_nudge"
        answers = [
            (await post(told, own, {"content": content}, method="PUT", scope="operator:admin"), "content"),
            (await post(told, f"{own}/preview", {"content": content}), "content"),
            (await post(told, "/api/v1/experiments", _trial(content), scope="operator:admin"), "variants.1.content"),
        ]
        for answer, field in answers:
            assert (answer.status_code, answer.json().get("fields")) == (422, [f"{field}.1.{part}"]), text
    assert one(told.engine.database, "SELECT count(*) FROM own_settings") == 0


def _trial(content: list[dict[str, str]]) -> dict[str, Any]:
    first, second = NEW["variants"]
    return {**NEW, "variants": [first, {**second, "content": content}]}


async def request(told: Planted, *, topic: str, who: str) -> None:
    """Ask for something about a topic."""
    body = {"user_id": who, "outreach_type": "topic_follow_up", "priority_score": 1, "context_data": {"topic": topic}}
    await told.put("POST /api/v1/outreach", body)


INSIDE_FACTS = [
    "{topic}", "{feature} {topic}", "{topic.__class__}", "{{ 7*7 }}", "{% for x in y %}", "%(x)s ${x} {0}", "{",
    "Fractions\r\nBcc: eve@example.org", "Fractions\u2028Bcc: eve@example.org", "\x85Bcc: eve@example.org",
]  # fmt: skip


async def test_what_facts_hold_is_never_filled_in_itself_and_never_a_header(told: Planted) -> None:
    people = [f"p{number}" for number in range(len(INSIDE_FACTS))]
    for who, topic in zip(people, INSIDE_FACTS, strict=True):
        named = {"name": "{topic} {name}", "addresses": {"email": f"{who}@example.org"}, "zone": "UTC"}
        await told.put("PUT /api/v1/people/{id}", named, id=who)
        seen = {"id": who, "kind": "visit", "user_id": who, "occurred_at": _yesterday(told)}
        await told.put("POST /api/v1/events", {"events": [seen]})
        await request(told, topic=topic, who=who)
    await told.engine.tick(everybody=True)
    assert await told.engine.send_due("email") == len(people)
    letters = told.peers["email"].taken
    assert {letter.who for letter in letters} == {f"{who}@example.org" for who in people}
    words = [letter.text.partition("-- ")[0] for letter in letters]
    assert [text for text in words if set(text) & set("{}%$") or "49" in text] == []
    assert [letter.raw for letter in letters if "eve@example.org" in str(letter.raw)] == []


def _yesterday(told: Planted) -> str:
    return (told.clock.now() - timedelta(days=1)).isoformat()


# Several at once, names beside them, and whatever ends a line for anybody.
MAILBOXES = [
    "ana@example.org\r\nBcc: eve@example.org", "ana@example.org\nBcc: eve@example.org", "ana@example.org\rX: y",
    "ana@example.org\x0bX: y", "ana@example.org\x85Bcc: eve@example.org", "ana@example.org\u2028Bcc: eve@example.org",
    "ana@example.org\u2029Bcc: eve@example.org", "ana@example.org\x00",
]  # fmt: skip
STRANGE = [
    "ana@example.org, eve@example.org", "ana@example.org;eve@example.org", "Ana <ana@example.org>",
    "ana@example.org> RCPT TO:<eve@example.org", "ana@example.org?bcc=eve@example.org", '"ana\\"@example.org',
]  # fmt: skip


async def test_an_address_brings_nobody_else_along(told: Planted) -> None:
    for number, address in enumerate([*MAILBOXES, *STRANGE]):
        who = f"p{number}"
        await told.put("PUT /api/v1/people/{id}", {"zone": "UTC"}, id=who)
        refused = await post(told, "/api/v1/addresses", {"channel": "email", "address": address, "user_id": who})
        assert (refused.status_code, shaped(refused)["fields"]) == (422, ["address"])
        described = await post(told, f"/api/v1/people/{who}", {"addresses": {"email": address}}, method="PUT")
        # A product may tell what is no mailbox; then nothing is sent there.
        assert described.status_code == (422 if address in MAILBOXES else 200), address
        seen = {"id": who, "kind": "visit", "user_id": who, "occurred_at": _yesterday(told)}
        await told.put("POST /api/v1/events", {"events": [seen]})
        await request(told, topic="Fractions", who=who)
    await told.engine.tick(everybody=True)
    assert await told.engine.send_due("email") == 0
    assert told.peers["email"].taken == []
    refused_there = "SELECT count(*) FROM deliveries WHERE channel = 'email' AND refusal = 'gone'"
    assert one(told.engine.database, refused_there) == len(STRANGE)
