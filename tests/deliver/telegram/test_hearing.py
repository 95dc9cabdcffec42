"""What Telegram tells of people is read, whatever it is; what we cannot read stops nothing."""

import json
import logging
from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.deliver.telegram import Telegram
from tactful.deliver.telegram.settings import TOKEN
from tactful.deliver.telegram.updates import heard
from tactful.deliver.telegram.wording import LONGEST, size, text
from tactful.facts.chats import Blocked, Help, Pressed, Quiet, Said, Start, Stop, Text, Unblocked, Unknown, Why
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message, Response
from tactful.kernel.settings import Settings
from tactful.testing.telegram import TelegramPeer
from tactful.testing.telegram.marks import shown
from tactful.testing.telegram.server import TOKEN as SECRET
from tests.living import NOW

pytestmark = pytest.mark.anyio
FROM = {"id": 7, "is_bot": False, "language_code": "pt-BR"}
PRIVATE = {"id": 7, "type": "private"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def message(words: str, **more: Any) -> dict[str, Any]:
    told = {"message_id": 3, "date": 1_772_645_000, "from": FROM, "chat": PRIVATE, "text": words}
    return {"update_id": 1, "message": told | more}


def button(data: str) -> dict[str, Any]:
    told = {"id": "q", "from": FROM, "data": data, "message": {"message_id": 3, "chat": PRIVATE}}
    return {"update_id": 1, "callback_query": told}


def member(status: str) -> dict[str, Any]:
    told = {"chat": PRIVATE, "from": FROM, "date": 1_772_645_000, "new_chat_member": {"status": status}}
    return {"update_id": 1, "my_chat_member": told}


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (message("/start abc_DEF-1"), Start("abc_DEF-1")),
        (message("/start"), Start()),
        (message("/stop@tactful_bot"), Stop()),
        (message("/quiet 22:00-08:00"), Quiet(time(22), time(8))),
        (message("/quiet 22:00-22:00"), Quiet(fits=False)),
        (message("/why"), Why()),
        (message("/help me please"), Help()),
        (message("/frobnicate"), Unknown()),
        (message("why not?"), Text("why not?")),
        (message("", text=None, caption="my cat"), Text("my cat")),
        (message("", text=None), Unknown()),
        (button("e:m"), Pressed("m", Response.ENGAGED)),
        (button("o:m"), Stop()),
        (button("x:m"), Unknown()),
        (button(""), Unknown()),
        (member("kicked"), Blocked()),
        (member("member"), Unblocked()),
    ],
    ids=str,
)
def test_what_people_do_is_read_as_what_they_mean(update: dict[str, Any], said: Said) -> None:
    told = heard(update, now=NOW)
    assert told is not None
    assert (told.said, told.chat, told.key, told.place, told.language) == (said, "7", "1", 1, "pt-BR")


def test_when_it_was_said_is_known_and_never_later_than_now() -> None:
    told, ahead = heard(message("hello"), now=NOW), heard(message("hello", date=2**40), now=NOW)
    assert told is not None
    assert ahead is not None
    assert told.at == datetime.fromtimestamp(1_772_645_000, UTC)
    assert ahead.at == NOW


def test_what_is_said_in_groups_is_nobodys_to_answer() -> None:
    told = heard(message("/stop", chat={"id": -5, "type": "supergroup"}), now=NOW)
    assert told is not None
    assert told.chat == ""


@given(st.dictionaries(st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]), JSON), JSON)
def test_nothing_that_may_come_stops_the_reading(update: dict[str, Any], number: Any) -> None:
    told = heard({"update_id": number, **update}, now=NOW)
    assert told is None or told.chat == ""


@given(st.text(max_size=300), st.text(max_size=6000))
def test_any_words_fit_into_a_message(title: str, body: str) -> None:
    assert size(shown(text(Message(title, body, "")))) <= LONGEST


@pytest.fixture
def peer() -> Any:
    with TelegramPeer() as made:
        yield made


def delivery(**more: Any) -> Delivery:
    told = {"mark": "m", "language": "de"} | more
    return Delivery(7, "telegram", "1001", Message("Hallo", "Du.", "start"), NOW, **told)


async def test_buttons_are_in_their_language_and_lead_nowhere_strange(peer: TelegramPeer) -> None:
    channel = Telegram(Settings(peer.settings()))
    await channel.send(delivery(), NOW)
    assert peer.labels("1001") == ["Ja", "Später", "Nein, danke", "Keine Nachrichten mehr"]
    assert peer.taken[0].raw["told"]["link_preview_options"] == {"is_disabled": True}
    await channel.close()


@pytest.mark.parametrize(
    ("status", "words", "refusal"),
    [
        (403, "Forbidden: user is deactivated", Refusal.GONE),
        (403, "Forbidden: bot can't initiate conversation with a user", Refusal.BLOCKED),
        (400, "Bad Request: chat not found", Refusal.GONE),
        (400, "Bad Request: BUTTON_URL_INVALID", Refusal.INVALID),
        (401, "Unauthorized", Refusal.RETRY),
        (500, "Internal Server Error", Refusal.RETRY),
    ],
)
async def test_a_refusal_is_told_by_what_telegram_says(
    status: int, words: str, refusal: Refusal, peer: TelegramPeer
) -> None:
    peer.fail(status, words)
    channel = Telegram(Settings(peer.settings()))
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(), NOW)
    assert refused.value.refusal is refusal
    await channel.close()


async def test_a_mark_that_fits_behind_no_button_is_refused(peer: TelegramPeer) -> None:
    channel = Telegram(Settings(peer.settings()))
    with pytest.raises(ChannelRefused, match="does not fit"):
        await channel.send(delivery(mark="m" * 63), NOW)
    assert peer.taken == []


async def test_the_token_is_in_no_line_of_the_log(peer: TelegramPeer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    channel = Telegram(Settings(peer.settings()))
    await channel.send(delivery(), NOW)
    peer.leave()
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(), NOW)
    told = json.dumps([record.getMessage() for record in caplog.records]) + refused.value.detail
    assert "sendMessage" in told
    assert SECRET.partition(":")[2] not in told
    await channel.close()


def test_without_a_token_there_is_no_bot() -> None:
    assert Telegram.of(Settings({TOKEN.name: ""})) is None
