"""What people say to us, as clients may rely on it: answered at once, counted once, whatever the words."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful.bootstrap import Engine
from tactful.facts.interactions import HEARD, LONGEST_MESSAGE
from tactful.kernel.clock import SystemClock
from tactful.sense.settings import SENTIMENT
from tactful.store.settings import MESSAGE_DAYS
from tests.api.conftest import bearer
from tests.api.test_events import count, rows
from tests.often import often

PLACE, BATCH = "/api/v1/interactions", "/api/v1/interactions/batch"
SERVICE = bearer("backend", "service")
GLAD, SAD = "I love this, it is wonderful!", "This is terrible, I hate it and I am sad."
STATE = "SELECT events, active_days, current_streak, last_seen_at FROM person_state"
PATTERN = """SELECT total_interactions, average_sentiment, average_quality, mood, mood_slope, mood_trend,
                    last_sentiment, last_quality, last_interaction_at FROM user_behavior_patterns"""


async def say(client: httpx.AsyncClient, text: str, *, who: dict[str, str] = SERVICE, **more: Any) -> httpx.Response:
    whom = {"user_id": 42} if who is SERVICE else {}
    return await client.post(PLACE, json={"message_text": text, **whom, **more}, headers=who)


def ago(**since: float) -> str:
    return (SystemClock().now() - timedelta(**since)).isoformat()


async def test_what_somebody_says_is_answered_with_what_its_words_tell(client: httpx.AsyncClient) -> None:
    told = (await say(client, GLAD)).json()
    assert set(told) == {"status", *HEARD}
    assert (told["status"], told["sentiment_type"], told["language"]) == ("counted", "very_positive", "en")
    assert told["sentiment_score"] > 0.6
    assert 0 < told["engagement_quality_score"] < 1
    assert (await say(client, SAD)).json()["sentiment_type"] == "very_negative"
    person = await say(client, "How do I do that?", who=bearer("42"))
    assert person.json()["status"] == "counted"


async def test_it_is_an_event_too(client: httpx.AsyncClient, engine: Engine) -> None:
    when = datetime(2026, 1, 31, 8, tzinfo=UTC)
    await say(client, SAD, occurred_at=when.isoformat(), channel="telegram", telegram_id=9_000_000_001, session_id="s1")
    assert await rows(engine, STATE) == [{"events": 1, "active_days": 1, "current_streak": 1, "last_seen_at": when}]
    [event] = await rows(engine, "SELECT kind, occurred_at, properties FROM events")
    assert (event["kind"], event["occurred_at"]) == ("message", when)
    assert event["properties"]["channel"] == "telegram"
    [day] = await rows(engine, "SELECT sentiment_sum, sentiment_count FROM person_day")
    assert day == {"sentiment_sum": event["properties"]["sentiment"], "sentiment_count": 1}
    [stored] = await rows(engine, "SELECT * FROM user_engagements")
    assert (stored["telegram_id"], stored["session_id"], stored["occurred_at"]) == (9_000_000_001, "s1", when)


async def test_the_same_id_counts_once_and_is_answered_as_it_was(client: httpx.AsyncClient, engine: Engine) -> None:
    first = (await say(client, GLAD, id="7")).json()
    again, changed = [(await say(client, text, id="7")).json() for text in (GLAD, SAD)]
    assert again == changed == first | {"status": "duplicate"}
    assert await count(engine, "user_engagements") == await count(engine, "events") == 1
    [pattern] = await rows(engine, PATTERN)
    assert pattern["total_interactions"] == 1
    # Chats number their messages each for itself.
    assert (await say(client, SAD, id="7", user_id=43)).json()["status"] == "counted"


async def test_copies_at_the_same_moment_count_once(client: httpx.AsyncClient, engine: Engine) -> None:
    told = [each.json() for each in await asyncio.gather(*[say(client, GLAD, id="7") for _ in range(8)])]
    assert sorted(each.pop("status") for each in told) == ["counted", *["duplicate"] * 7]
    assert all(each == told[0] for each in told)
    assert await rows(engine, "SELECT total_interactions FROM user_behavior_patterns") == [{"total_interactions": 1}]


async def test_the_order_in_which_messages_come_makes_no_difference(client: httpx.AsyncClient, engine: Engine) -> None:
    said = [(GLAD, ago(days=9)), ("Fine, I guess.", ago(days=5)), (SAD, ago(days=2)), ("I give up!", ago(days=1))]
    for user, order in ((1, (0, 1, 2, 3)), (2, (3, 1, 0, 2))):
        for place in order:
            await say(client, said[place][0], user_id=user, occurred_at=said[place][1])
    one, other = await rows(engine, PATTERN + " ORDER BY user_id")
    assert one.pop("last_interaction_at") == other.pop("last_interaction_at")
    assert one == pytest.approx(other)
    assert one["mood"] < -0.25
    assert one["mood_slope"] < -0.05
    assert (one["mood_trend"], one["last_sentiment"]) == ("declining", "negative")
    assert one["mood"] < one["average_sentiment"]


async def test_two_messages_make_no_slope_and_three_at_once_neither(client: httpx.AsyncClient, engine: Engine) -> None:
    for text in (GLAD, SAD, GLAD):
        await say(client, text, user_id=1)
    for days in (1, 2):
        await say(client, GLAD, user_id=2, occurred_at=ago(days=days))
    for pattern in await rows(engine, PATTERN):
        assert (pattern["mood_slope"], pattern["mood_trend"]) == (None, None)
        assert pattern["mood"] is not None


async def test_what_cannot_be_read_says_nothing_of_a_mood(client: httpx.AsyncClient, engine: Engine) -> None:
    told = (await say(client, "שלום, איך אני יכול לפתור את זה?")).json()
    assert (told["confidence"], told["sentiment_type"], told["language"]) == (0, "neutral", "he")
    [pattern] = await rows(engine, PATTERN)
    assert (pattern["mood"], pattern["average_sentiment"], pattern["total_interactions"]) == (None, None, 1)


async def test_topics_are_called_as_the_catalogue_calls_them(client: httpx.AsyncClient) -> None:
    skill = {"title": "Chain rule", "topics": ["Calculus"]}
    text = "Does the chain rule belong to calculus, or to topology? I study topology."
    assert (await say(client, text)).json()["topics"] == ["topology", "chain", "rule"]
    await client.put("/api/v1/catalogue/skills/chain", json=skill, headers=SERVICE)
    told = (await say(client, text)).json()["topics"]
    assert told == ["Chain rule", "Calculus", "topology", "belong", "study"]


async def test_a_batch_is_counted_whole_or_not_at_all(client: httpx.AsyncClient, engine: Engine) -> None:
    good = [{"message_text": text, "user_id": 42} for text in (GLAD, SAD)]
    told = await client.post(BATCH, json={"interactions": good}, headers=SERVICE)
    assert [each["sentiment_type"] for each in told.json()["interactions"]] == ["very_positive", "very_negative"]
    bad = [*good, {"message_text": "   ", "user_id": 42}]
    refused = await client.post(BATCH, json={"interactions": bad}, headers=SERVICE)
    assert (refused.status_code, refused.json()["fields"]) == (422, ["interactions.2.message_text"])
    assert await count(engine, "user_engagements") == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"message_text": "x" * (LONGEST_MESSAGE + 1)}, "message_text"),
        ({"message_text": ""}, "message_text"),
        ({"message_text": "\u200b \0"}, "message_text"),
        ({"message_text": 7}, "message_text"),
        ({"previous_bot_message": "x" * (LONGEST_MESSAGE + 1)}, "previous_bot_message"),
        ({"engagement_type": "two words"}, "engagement_type"),
        ({"channel": ""}, "channel"),
        ({"session_id": "\n"}, "session_id"),
        ({"telegram_id": -1}, "telegram_id"),
        ({"occurred_at": "2026-01-31T08:00:00"}, "occurred_at"),
        ({"occurred_at": "2106-01-31T08:00:00Z"}, "occurred_at"),
        ({"previous_bot_message_at": "1936-01-31T08:00:00Z"}, "previous_bot_message_at"),
        ({"user_id": None}, "user_id"),
        ({"mood": 1}, "mood"),
    ],
)
async def test_what_does_not_fit_is_named_and_changes_nothing(
    shared_client: httpx.AsyncClient, shared_engine: Engine, wrong: dict[str, Any], field: str
) -> None:
    body = {"message_text": "hello", "user_id": 42} | wrong
    told = await shared_client.post(PLACE, json=body, headers=SERVICE)
    assert (told.status_code, told.json()["fields"]) == (422, [field])
    assert field in told.json()["detail"]
    assert await count(shared_engine, "people WHERE external_id = '42'") == 0


ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=300)


@settings(max_examples=often(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT.filter(str.strip), times=st.integers(1, 10_000))
async def test_any_text_is_answered(shared_client: httpx.AsyncClient, text: str, times: int) -> None:
    whole = (text * (times // len(text) + 1))[:LONGEST_MESSAGE]
    if whole.strip():
        told = await say(shared_client, whole, user_id="anybody", previous_bot_message=text)
        assert told.status_code == 200, told.text
        assert 0 <= told.json()["engagement_quality_score"] <= 1
        assert -1 <= told.json()["sentiment_score"] <= 1
        assert len(told.json()["topics"]) <= 5


async def test_of_somebody_who_was_erased_nothing_is_stored(client: httpx.AsyncClient, engine: Engine) -> None:
    await say(client, GLAD)
    assert (await client.delete("/api/v1/people/42", headers=bearer("root", "operator:admin"))).status_code == 200
    told = (await say(client, SAD)).json()
    assert told == dict.fromkeys(HEARD) | {"status": "erased", "topics": []}
    assert await count(engine, "user_engagements") == await count(engine, "user_behavior_patterns") == 0


EVERYWHERE = """
SELECT c.table_name AS name FROM information_schema.tables c
 WHERE c.table_schema = 'public' AND c.table_type = 'BASE TABLE'
"""
MARK = "xylophagous"


async def found(engine: Engine, mark: str) -> set[str]:
    """The tables of which any row has this in it, anywhere."""
    tables = [row["name"] for row in await rows(engine, EVERYWHERE)]
    asked = " UNION ALL ".join(
        f"SELECT '{name}' AS name WHERE EXISTS (SELECT FROM \"{name}\" t WHERE t::text ILIKE '%{mark}%')"
        for name in tables
    )
    return {row["name"] for row in await rows(engine, asked)}


async def test_what_somebody_said_is_theirs_to_take_along_and_gone_without_a_trace_once_erased(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    planted: dict[str, Any] = {
        name: f"{MARK}-{name}" for name in ("id", "session_id", "previous_bot_message", "channel")
    }
    await say(client, f"Why are beetles {MARK}?", engagement_type=MARK, **planted)
    await engine.carry_out("patterns")
    held = await found(engine, MARK)
    assert {"events", "user_behavior_patterns"} <= held
    assert any(name.startswith("user_engagements_") for name in held)
    admin = bearer("root", "operator:admin")
    told = (await client.get("/api/v1/people/42/export", headers=admin)).json()["tables"]
    [message], [pattern] = told["user_engagements"], told["user_behavior_patterns"]
    assert message["message_text"] == f"Why are beetles {MARK}?"
    assert message["topics"] == ["beetles", MARK]
    assert {each["topic"] for each in pattern["preferred_topics"]} == {"beetles", MARK}
    assert (await client.delete("/api/v1/people/42", headers=admin)).status_code == 200
    # That an id was seen is remembered, as that of any event.
    assert await found(engine, MARK) <= {"event_keys"}


async def test_operators_and_services_see_who_needs_them_and_people_do_not(client: httpx.AsyncClient) -> None:
    needing = "/api/v1/people/needing-engagement"
    await client.put("/api/v1/people/42", json={"name": "Ana"}, headers=SERVICE)
    await say(client, SAD)
    await say(client, GLAD, user_id=43)
    for who in (SERVICE, bearer("olga", "operator:viewer")):
        told = (await client.get(needing, headers=who)).json()
        [ana] = told["people"]
        assert told["count"] == 1
        assert ana["user"] == {"user_id": 42, "display_name": "Ana"}
        assert ana["patterns"]["need"] == pytest.approx(-ana["patterns"]["mood"])
        assert (ana["patterns"]["risk_level"], ana["patterns"]["churn_risk_score"]) == ("unknown", None)
        assert ana["next_best_action"]["type"] == "low_mood"
        assert ana["next_best_action"]["reasons"]
    assert (await client.get(needing, headers=bearer("42"))).status_code == 403
    assert (await client.get(f"{needing}?limit=0", headers=SERVICE)).status_code == 422
    others = await client.get(needing, headers=bearer("else", "service", org="zenith"))
    assert others.json() == {"count": 0, "people": []}


async def test_a_low_mood_is_among_what_deserves_attention(client: httpx.AsyncClient) -> None:
    await say(client, SAD)
    told = await client.get("/api/v1/predictive/insights?user_id=42", headers=SERVICE)
    assert [each["type"] for each in told.json()["priority_actions"]] == ["low_mood"]


class TestWithoutWords:
    """Where no words are kept, and nobody looks at them."""

    @pytest.fixture
    def changes(self) -> dict[str, Any]:
        return {MESSAGE_DAYS.name: 0, SENTIMENT.name: False}

    async def test_what_is_not_to_be_kept_or_looked_at_is_not(self, client: httpx.AsyncClient, engine: Engine) -> None:
        told = (await say(client, SAD, previous_bot_message="How are you?")).json()
        assert (told["sentiment_score"], told["language"], told["topics"]) == (None, None, [])
        assert told["engagement_quality_score"] > 0
        [stored] = await rows(engine, "SELECT * FROM user_engagements")
        assert (stored["message_text"], stored["previous_bot_message"]) == (None, None)
        [pattern] = await rows(engine, PATTERN)
        assert (pattern["total_interactions"], pattern["mood"], pattern["average_sentiment"]) == (1, None, None)
