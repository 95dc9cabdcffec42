"""People in a chat are understood, answered in their language, and left alone where they want that."""

from collections.abc import AsyncIterator, Iterator
from datetime import time

import pytest

from tactful.bootstrap import Engine
from tactful.compose import chats as words
from tactful.facts.chats.labels import LABELS, STOP
from tactful.kernel.clock import SetClock
from tactful.kernel.records import Response
from tactful.store.database import Database
from tactful.testing.telegram import TelegramPeer
from tests.chats import ANA, allowed, chatting, hear, link, plan
from tests.living import NOW, one, rows

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def peer(clock: SetClock) -> Iterator[TelegramPeer]:
    with TelegramPeer(clock=clock, wait=0) as made:
        yield made


@pytest.fixture
async def engine(
    closed_database: Database, redis_url: str, peer: TelegramPeer, clock: SetClock, anyio_backend: str
) -> AsyncIterator[Engine]:
    async with chatting(closed_database, redis_url, peer, clock) as made:
        yield made


async def says(engine: Engine, peer: TelegramPeer, text: str, *, language: str = "en") -> str:
    """What somebody linked is answered."""
    chat, before = peer.address("ana"), len(peer.told(peer.address("ana")))
    peer.says(chat, text, language=language)
    await hear(engine, "telegram")
    return "\n".join(peer.told(chat)[before:])


async def test_who_comes_by_their_own_link_is_known_from_then_on(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    assert peer.told(chat) == [words.say("linked", "en")]
    assert await engine.whose("telegram", chat) == ANA
    kept = rows(engine.database, "SELECT source, wording, created_at FROM addresses")
    assert kept == [{"source": "person", "wording": words.say("consent", "en"), "created_at": NOW}]


async def test_a_link_opens_one_chat_once(engine: Engine, peer: TelegramPeer) -> None:
    token = (await engine.link_started(*ANA, "telegram"))["token"]
    for who in ("ana", "eve"):
        peer.says(peer.address(who), f"/start {token}")
    peer.says(peer.address("ana"), f"/start {token}")
    await hear(engine, "telegram")
    assert peer.told(peer.address("ana")) == [words.say("linked", "en"), words.say("already", "en")]
    assert peer.told(peer.address("eve")) == [words.say("link_over", "en")]
    assert await engine.whose("telegram", peer.address("eve")) is None


async def test_strangers_are_told_once_a_day_how_to_link_and_nothing_is_kept_of_them(
    engine: Engine, peer: TelegramPeer
) -> None:
    eve = peer.address("eve")
    for text in ("/start", "hello, it is eve with a secret", "/stop", "hello?"):
        peer.says(eve, text)
    await hear(engine, "telegram")
    assert peer.told(eve) == [words.say("stranger", "en")]
    for table in ("people", "events", "user_engagements", "addresses"):
        assert one(engine.database, f"SELECT count(*) FROM {table}") == 0
    told = rows(engine.database, "SELECT t.*::text AS told FROM chat_heard t")
    assert not [row for row in told if eve in row["told"] or "secret" in row["told"]]


async def test_stopping_holds_at_once_and_for_what_waits_already(engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    plan(engine.database, "telegram")
    assert await says(engine, peer, "/stop") == words.say("stopped", "en")
    assert allowed(engine.database) == "false"
    assert await engine.send_due("telegram") == 0
    assert peer.told(peer.address("ana"))[1:] == [words.say("stopped", "en")]
    assert one(engine.database, "SELECT state FROM deliveries") == "withdrawn"


@pytest.mark.parametrize("text", ["stop", "STOP", " Stop! ", "/STOP", "unsubscribe", "Parar", "arrêt"])
async def test_any_plain_word_for_stop_stops(text: str, engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    assert await says(engine, peer, text) == words.say("stopped", "en")
    assert allowed(engine.database) == "false"


async def test_a_new_link_after_stopping_is_a_new_yes_with_its_words(engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    await says(engine, peer, "/stop")
    await link(engine, "telegram", peer)
    assert allowed(engine.database) == "true"
    history = await engine.consent_history(*ANA)
    assert [(row["given"], row["source"]) for row in history][:2] == [(True, "telegram"), (False, "telegram")]
    assert history[0]["wording"] == words.say("consent", "en")


async def test_quiet_hours_are_set_and_ended_in_a_line(engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    assert "22:00" in await says(engine, peer, "/quiet 22:00-08:00")
    theirs = await engine.preferences(*ANA)
    assert (theirs["quiet_hours_start"], theirs["quiet_hours_end"]) == (time(22), time(8))
    assert "22:00" in await says(engine, peer, "/preferences")
    assert await says(engine, peer, "/quiet at night") == words.say("quiet_unfit", "en")
    await says(engine, peer, "/quiet off")
    assert (await engine.preferences(*ANA))["quiet_hours_start"] is None


async def test_why_tells_the_reason_of_what_came_last(engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    assert await says(engine, peer, "/why") == words.say("nothing_yet", "en")
    plan(engine.database, "telegram")
    assert await engine.send_due("telegram") == 1
    title = peer.taken[-1].text.split("\n")[0]
    told = await says(engine, peer, "/why")
    assert title in told
    assert "You are usually here in the morning" in told


@pytest.mark.parametrize("response", [Response.ENGAGED, Response.SNOOZED, Response.DISMISSED])
async def test_a_button_is_an_answer_that_counts_once(response: Response, engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    number = plan(engine.database, "telegram")
    await engine.send_due("telegram")
    for _ in range(2):
        peer.presses(chat, LABELS["en"][response])
    assert await hear(engine, "telegram") == 2
    row = rows(engine.database, "SELECT user_response FROM intervention_logs WHERE id = %s", number)
    assert row == [{"user_response": str(response)}]
    # They answer here: that is what channels are chosen by.
    assert one(engine.database, "SELECT answered FROM addresses") == int(response is Response.ENGAGED)
    # Nothing is left to press, and no button still waits.
    assert len(peer.api.answered) == 2
    assert not set(peer.labels(chat)) & set(LABELS["en"].values())
    assert words.thanks(response, "en") in peer.told(chat)


async def test_the_stop_under_a_message_stops_everything(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    plan(engine.database, "telegram")
    await engine.send_due("telegram")
    peer.presses(chat, LABELS["en"][STOP])
    await hear(engine, "telegram")
    assert peer.told(chat)[-1] == words.say("stopped", "en")
    assert allowed(engine.database) == "false"


async def test_any_other_text_is_something_they_said(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    assert await says(engine, peer, "I love these exercises, they are wonderful!") == ""
    (said,) = rows(engine.database, "SELECT channel, telegram_id, sentiment_score FROM user_engagements")
    assert (said["channel"], said["telegram_id"]) == ("telegram", int(chat))
    assert said["sentiment_score"] > 0
    assert one(engine.database, "SELECT count(*) FROM events") == 1


async def test_what_comes_again_is_neither_done_nor_answered_twice(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    peer.says(chat, "This is going well")
    peer.says(chat, "/help")
    heard = await engine.chats["telegram"].hear(await engine.chat_place("telegram"))
    assert await engine.take_heard("telegram", heard) == 2
    assert await engine.take_heard("telegram", heard) == 0
    assert peer.told(chat)[1:] == [words.say("help", "en")]
    assert one(engine.database, "SELECT count(*) FROM user_engagements") == 1


async def test_what_was_done_but_not_noted_is_done_again_without_a_trace(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    peer.says(chat, "This is going well")
    peer.says(chat, "/quiet 22-8")
    heard = await engine.chats["telegram"].hear(await engine.chat_place("telegram"))
    await engine.take_heard("telegram", heard)
    with engine.database.batch() as connection:
        # As if we had died in between.
        connection.execute("DELETE FROM chat_heard")
    await engine.take_heard("telegram", heard)
    assert one(engine.database, "SELECT count(*) FROM user_engagements") == 1
    assert one(engine.database, "SELECT count(*) FROM events") == 1


async def test_whoever_blocks_the_bot_is_left_alone_until_they_let_it_in(engine: Engine, peer: TelegramPeer) -> None:
    chat = await link(engine, "telegram", peer)
    off = "SELECT disabled_because FROM addresses"
    peer.blocks(chat)
    await hear(engine, "telegram")
    assert one(engine.database, off) == "blocked"
    peer.unblocks(chat)
    await hear(engine, "telegram")
    assert one(engine.database, off) is None


@pytest.mark.parametrize("language", LABELS)
async def test_each_is_answered_in_their_language(language: str, engine: Engine, peer: TelegramPeer) -> None:
    await link(engine, "telegram", peer)
    told = [await says(engine, peer, f"/{each}", language=f"{language}-XX") for each in ("help", "stop")]
    assert told == [words.say("help", language), words.say("stopped", language)]


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    gaps = {
        language: {name: sentence.count("{") for name, sentence in table.items()}
        for language, table in words.LANGUAGES.items()
    }
    assert set(words.LANGUAGES) == set(LABELS)
    assert all(each == gaps["en"] for each in gaps.values())
