"""Filling in every field, one address after the other."""

from datetime import timedelta
from typing import Any

from tactful.testing.reddit import RedditPeer
from tactful.testing.telegram import TelegramPeer
from tests.api.experiment_calls import NEW
from tests.chats import hear
from tests.respect.planting import CHAT, PERSON_PER_MINUTE, WHO, Planted
from tests.tried import tried

ROOM = "/api/v1/live/sessions/{id}"
KEYNOTE = {"id": "keynote"}


async def fill(told: Planted) -> None:
    """Let them come into being, do everything that can be done, and be reached."""
    for step in (_looked_after, _described, seen, _said, _on_a_page, _learning, _in_a_room, _reachable, _reached):
        await step(told)


def _as_described(told: Planted, *channels: str) -> dict[str, Any]:
    mark = told.mark
    addresses = {name: f"{mark()}@example.org" for name in (*told.peers, *channels)}
    return {
        "name": mark(), "locale": f"en-{mark()}", "zone": "Europe/Lisbon", "device_zone": "Europe/Lisbon",
        "addresses": addresses, "consent": {mark(): True, "engagement": True, "outreach": True},
    }  # fmt: skip


def _groups(told: Planted) -> list[dict[str, Any]]:
    return [{"id": told.mark(), "name": told.mark()}, {"id": "7"}]


async def _described(told: Planted) -> None:
    groups = _groups(told)
    await told.put("POST /api/v1/people", {"people": [{"user_id": WHO, "groups": groups, **_as_described(told)}]})
    await told.put(
        "PUT /api/v1/people/{id}", {"groups": [*groups, *_groups(told)[:1]], **_as_described(told, told.mark())}, id=WHO
    )
    await told.put("PUT /proactive/preferences", {"user_id": WHO, "max_notifications_per_day": 9})
    await told.put("PUT /proactive/consent", {"user_id": WHO, "presence": True})


async def seen(told: Planted) -> None:
    """Let them have been here."""
    past = [
        {"id": told.mark(), "kind": kind, "user_id": WHO, "content_id": told.mark(), "skill_id": told.mark(),
         "topic": told.mark(), "occurred_at": (told.clock.now() - timedelta(days=day, minutes=9)).isoformat(),
         "properties": {told.mark(): told.mark(), "correct": True, "seconds": 5}}
        for day, kind in enumerate(("visit", "answer", "completion", told.mark(), "answer"))
    ]  # fmt: skip
    await told.put("POST /api/v1/events", {"events": past})


async def _said(told: Planted) -> None:
    def message(number: int) -> dict[str, Any]:
        return {
            "message_text": f"I love {told.mark()} so much!", "id": told.mark(), "user_id": WHO,
            "engagement_type": told.mark(), "channel": told.mark(), "session_id": told.mark(),
            "previous_bot_message": f"How was {told.mark()}?",
        }  # fmt: skip

    await told.put("POST /api/v1/interactions", message(1))
    await told.put("POST /api/v1/interactions/batch", {"interactions": [message(2), message(3)]})


async def _on_a_page(told: Planted) -> None:
    def beat() -> dict[str, Any]:
        names = {name: told.mark() for name in ("page", "topic", "content_id", "visit_id")}
        return {**names, "user_id": WHO, "time_on_page": 5}

    await told.put("POST /ambient/presence/update", beat())
    told.clock.advance(timedelta(seconds=30))
    await told.put("POST /ambient/presence/beats", {"beats": [beat(), beat()]})
    page = {name: told.mark() for name in ("page", "topic", "content_id", "concept")}
    behaviour = {"time_on_section": 35, "scroll_count": 4}
    helped = await told.put(
        "POST /ambient/inline-help/check", {"user_behavior": behaviour, "current_context": page, "user_id": WHO}
    )
    answer = {"help_id": helped["help_id"], "user_response": "accepted", "user_id": WHO}
    await told.put("POST /ambient/inline-help/response", answer)
    offered = {"id": told.mark(), "label": told.mark(), "url": f"/{told.mark()}", "keywords": [told.mark()]}
    asked = {"current_concept": told.mark(), "content_id": told.mark()}
    await told.put(
        "POST /ambient/quick-actions",
        {"current_page": told.mark(), "current_content": asked, "actions": [offered], "user_id": WHO},
    )
    chosen = {"action_id": told.mark(), "current_page": told.mark(), "id": told.mark(), "user_id": WHO}
    await told.put("POST /ambient/quick-actions/used", chosen)
    await told.put("POST /api/v1/tokens/widget", {"user_id": WHO, "session_id": told.mark()})


async def _learning(told: Planted) -> None:
    content = {
        "content_id": told.mark(), "type": told.mark(), "prerequisites": [told.mark()], "similar_topics": [told.mark()],
        "difficulty_rating": 0.9,
    }  # fmt: skip
    await told.engine.accept("acme", tried(WHO, [0.0] * 8, at=told.clock.now() - timedelta(minutes=5)))
    believed = await told.put("POST /api/v1/predictive/struggle/predict", {"content_metadata": content, "user_id": WHO})
    outcome = {"content_id": content["content_id"], "struggled": True, "user_id": WHO}
    await told.put("POST /api/v1/predictive/struggle/record-outcome", outcome)
    chosen = {"prediction_id": believed["prediction_id"], "action": "continue_anyway", "user_id": WHO}
    await told.put("POST /api/v1/predictive/struggle/response", chosen)
    await told.put("POST /api/v1/predictive/timing/check", {"user_id": WHO})
    for asked in ("dropout/risk", "insights", "plateaus", "regressions", "timing/profile"):
        await told.put(f"GET /api/v1/predictive/{asked}?user_id={WHO}")


async def _in_a_room(told: Planted) -> None:
    await told.put("POST /api/v1/live/sessions", {"session_id": "keynote", "event_id": "conference"})
    await told.put(f"POST {ROOM}/start", **KEYNOTE)
    signals = [
        {"id": told.mark(), "kind": kind, "user_id": WHO, "properties": {told.mark(): told.mark()}}
        for kind in ("join", "chat", "reaction")
    ]
    await told.put(f"POST {ROOM}/signals", {"signals": signals}, **KEYNOTE)
    body = {"question": "What was new to you?", "type": "open_ended"}
    poll = await told.put(f"POST {ROOM}/polls", body, **KEYNOTE)
    vote = {"words": told.mark(), "user_id": WHO}
    await told.put(f"POST {ROOM}/polls/{{poll_id}}/vote", vote, **KEYNOTE, poll_id=poll["poll_id"])
    question = await told.put(f"POST {ROOM}/questions", {"words": told.mark(), "user_id": WHO}, **KEYNOTE)
    another = await told.put(f"POST {ROOM}/questions", {"words": "Why?", "user_id": "boris"}, **KEYNOTE)
    assert question["question_id"] != another["question_id"]
    wanted = {**KEYNOTE, "question_id": another["question_id"]}
    await told.put(f"POST {ROOM}/questions/{{question_id}}/vote", {"user_id": WHO}, **wanted)
    await told.put(f"POST {ROOM}/ticket", {"user_id": WHO}, **KEYNOTE)


async def _reachable(told: Planted) -> None:
    for name, peer in told.peers.items():
        if name not in ("telegram", "reddit"):
            own = {"channel": name, "address": peer.address(told.mark()), "wording": told.mark(), "user_id": WHO}
            if name == "web_push":
                # The subscription's keys are nobody's words; its endpoint is.
                own["address"] = peer.address(WHO)
            await told.put("POST /api/v1/addresses", own)
    dropped = {"channel": "pubsub", "address": told.mark(), "user_id": WHO}
    await told.put("POST /api/v1/addresses", dropped)
    await told.put("DELETE /api/v1/addresses", {**dropped, "wording": told.mark()})
    telegram, reddit = told.peers["telegram"], told.peers["reddit"]
    assert isinstance(telegram, TelegramPeer)
    assert isinstance(reddit, RedditPeer)
    for channel, chat, peer in (("telegram", CHAT, telegram), ("reddit", told.mark(), reddit)):
        link = await told.put("POST /api/v1/links", {"channel": channel, "user_id": WHO})
        peer.says(told.beside(f"{channel} who", chat), f"/start {link['token']}")
        await hear(told.engine, channel)
        more = {"language": f"en-{told.beside('telegram language', told.mark())}"} if peer is telegram else {}
        peer.says(chat, f"It is {told.beside(f'{channel} text', told.mark())} again.", **more)
        await hear(told.engine, channel)
    # One more that is not used.
    await told.put("POST /api/v1/links", {"channel": "telegram", "user_id": WHO})
    wording = told.beside("stop wording", told.mark())
    for again in (False, True):
        await told.engine.stop("acme", WHO, again=again, source="telegram", wording=wording)


async def _looked_after(told: Planted) -> None:
    group = [{"id": "7", "role": "educator"}]
    educators = [{"user_id": name, "groups": group} for name in ("eva", "finn")]
    await told.put("POST /api/v1/people", {"people": [{"user_id": WHO, "groups": [{"id": "7"}]}]})
    await told.put("POST /api/v1/people", {"people": educators})
    came = [
        {"id": told.mark(), "kind": "visit", "user_id": WHO,
         "occurred_at": (told.clock.now() - timedelta(days=10 + day)).isoformat()}
        for day in range(21)
    ]  # fmt: skip
    await told.put("POST /api/v1/events", {"events": came})
    await told.engine.tick(everybody=True)
    first, _ = (await told.put("GET /api/v1/alerts"))["alerts"]
    await told.put("POST /api/v1/alerts/{id}/close", {"because": told.mark()}, id=first["id"])
    flagged = {"user_id": WHO, "note": told.mark()}
    await told.put("POST /api/v1/predictive/dropout/wrongly-flagged", flagged, scope="operator:organiser")


async def _reached(told: Planted) -> None:
    trial = {**NEW, "kind": "topic_follow_up"}
    await told.put("POST /api/v1/experiments", trial, scope="operator:admin")
    for worth, kind in ((0.9, "topic_follow_up"), (0.5, "check_in")):
        body = {
            "user_id": WHO, "outreach_type": kind, "priority_score": worth, "id": told.mark(),
            "context_data": {told.mark(): told.mark(), "topic": told.mark()},
        }  # fmt: skip
        last = await told.put("POST /api/v1/outreach", body)
    await told.put("DELETE /api/v1/outreach/{id}", id=last["id"])
    # Once a day at most, and something was said when they were about to leave.
    told.clock.advance(timedelta(days=1))
    await told.engine.tick(everybody=True)
    sent = {name: await told.engine.send_due(name) for name in told.peers}
    assert sum(sent.values()) > 0, sent
    # They come by so often that it is told to Valkey, and answer what they were sent.
    for _ in range(PERSON_PER_MINUTE // 10):
        await told.put("GET /proactive/interventions", scope="person")
    asked = await told.put(f"GET /api/v1/outreach?user_id={WHO}&status=chosen")
    answer = {"intervention_log_id": asked["outreach"][0]["intervention_id"], "user_response": "snoozed"}
    await told.put("POST /proactive/interventions/response", {**answer, "user_id": WHO})
    await told.put("POST /api/v1/stop", {"user_id": WHO})
