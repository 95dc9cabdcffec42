"""What push services and browsers are told, and which of them are told anything at all."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tactful.bootstrap.where import agreements, setting_rows
from tactful.deliver.web_push import WebPush, key_for_browsers
from tactful.deliver.web_push.notification import payload, topic
from tactful.deliver.web_push.sealing import MOST
from tactful.deliver.web_push.settings import CONTACT, KEY, PRIVATE
from tactful.kernel.errors import BadInput, BadSetting, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings, read
from tactful.testing.push_service import PushService
from tests.living import NOW

OUT = "https://tactful.example/api/v1/out/abc"
LINK = "https://learn.example/today"
HELLO = Message("Hello", "You are back.", LINK)
HOURS = timedelta(hours=1)
SETTINGS = {KEY.name: "a key of these tests, long enough", CONTACT.name: "mailto:push@example.org", PRIVATE.name: True}


def delivery(address: str | None = None, said: Message = HELLO, **more: Any) -> Delivery:
    told = {"out": OUT, "mark": "mark-7"} | more
    return Delivery(7, "web_push", address, said, NOW + HOURS, **told)


async def sent(service: PushService, settings: dict[str, Any] = SETTINGS, **more: Any) -> str:
    channel = WebPush.of(Settings(settings))
    assert channel is not None
    try:
        return (await channel.send(delivery(channel.address(service.subscription("ana")), **more), NOW)).reference
    finally:
        await channel.close()


async def test_the_push_service_hears_who_we_are_how_long_it_counts_and_what_it_takes_the_place_of() -> None:
    with PushService(lambda push: (201, {"Location": "/m/1"})) as service:
        assert await sent(service) == "/m/1"
    (push,) = service.pushes
    assert (push.headers["ttl"], push.headers["urgency"], push.headers["topic"]) == ("3600", "normal", "mark-7")
    assert push.claims["sub"] == "mailto:push@example.org"
    assert 0 < push.claims["exp"] - NOW.timestamp() <= 86_400


def test_a_browser_without_our_worker_can_show_it_as_it_is() -> None:
    told = json.loads(payload(delivery()))
    assert (told["web_push"], told["mutable"]) == (8030, True)
    shown = told["notification"]
    assert (shown["title"], shown["body"], shown["navigate"]) == ("Hello", "You are back.", LINK)
    assert shown["actions"] == [{"action": "out", "title": "Stop these messages", "navigate": OUT}]
    assert told["tactful"]["answers"] == "https://tactful.example/api/v1/responses/mark-7"


@pytest.mark.parametrize("action", ["resume", "/today", "javascript:x()", ""])
def test_what_leads_nowhere_on_the_web_is_no_place_to_navigate_to(action: str) -> None:
    told = json.loads(payload(delivery(said=Message("Hello", "You are back.", action))))
    assert "web_push" not in told
    assert "navigate" not in told["notification"]
    assert told["tactful"]["action"] == ""


def test_it_reads_in_its_own_language_and_direction() -> None:
    assert json.loads(payload(delivery(language="ar")))["notification"]["dir"] == "rtl"
    german = json.loads(payload(delivery(language="de_AT")))
    assert (german["notification"]["lang"], german["tactful"]["words"]["snoozed"]) == ("de-AT", "Später")


@pytest.mark.parametrize("letter", ["a", "ä", "\u0639", "\U0001f600", '"', "\x01"])
def test_long_words_are_cut_to_what_there_is_room_for(letter: str) -> None:
    told = payload(delivery(said=Message("Hello", letter * 10_000, LINK)))
    assert MOST - 40 < len(told) <= MOST
    assert json.loads(told)["notification"]["body"].endswith("\u2026")


def test_addresses_are_never_cut() -> None:
    with pytest.raises(ChannelRefused) as refused:
        payload(delivery(said=Message("Hello", "You are back.", LINK + "?" + "x" * 5_000)))
    assert refused.value.refusal is Refusal.INVALID


def test_a_mark_that_is_no_topic_becomes_one_that_tells_as_much() -> None:
    long = [topic(delivery(mark=f"{number} " * 30)) for number in (1, 2, 1)]
    assert all(len(each) == 32 for each in long)
    assert long[0] == long[2] != long[1]


@pytest.mark.parametrize(
    ("status", "refusal", "after"),
    [
        (404, Refusal.GONE, None), (410, Refusal.GONE, None), (413, Refusal.INVALID, None),
        (301, Refusal.INVALID, None), (400, Refusal.INVALID, None), (429, Refusal.RETRY, 90.0),
        (503, Refusal.RETRY, 90.0),
    ],
)  # fmt: skip
async def test_answers_of_push_services_say_what_is_to_be_done(
    status: int, refusal: Refusal, after: float | None
) -> None:
    with PushService(lambda push: (status, {"Retry-After": "90", "Location": "http://127.0.0.1:1/"})) as service:
        with pytest.raises(ChannelRefused) as refused:
            await sent(service)
        assert (refused.value.refusal, refused.value.after) == (refusal, after)


def subscription(endpoint: str) -> str:
    with PushService() as service:
        return json.dumps(json.loads(service.subscription("ana")) | {"endpoint": endpoint})


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/x", "https://127.0.0.1/x", "https://localhost/x", "https://10.1.2.3/x", "https://[::1]/x",
        "https://user:pass@push.example/x", "ftp://push.example/x", "https://push.example/\r\nx",
    ],
)  # fmt: skip
def test_nobody_has_us_knock_at_doors_inside(endpoint: str) -> None:
    channel = WebPush.of(Settings(SETTINGS | {PRIVATE.name: False}))
    assert channel is not None
    with pytest.raises(BadInput):
        channel.address(subscription(endpoint))


async def test_a_name_that_leads_inside_is_not_followed_either() -> None:
    channel, lenient = (WebPush.of(Settings(SETTINGS | {PRIVATE.name: inside})) for inside in (False, True))
    assert channel is not None
    assert lenient is not None
    # As a name that was somebody's when it was told, and leads inside by now.
    told = lenient.address(subscription("https://localhost/x"))
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(told), NOW)
    await channel.close()
    assert refused.value.refusal is Refusal.GONE
    assert "private" in refused.value.detail


def test_what_browsers_add_is_not_kept() -> None:
    channel = WebPush.of(Settings(SETTINGS))
    assert channel is not None
    told = subscription("https://push.example/x")
    again = json.dumps(json.loads(told) | {"other": 1}, indent=3)
    assert channel.address(told) == channel.address(again)
    assert json.loads(channel.address(told)).keys() == {"endpoint", "keys"}


def test_browsers_are_told_a_key_only_where_it_is_set_up() -> None:
    assert key_for_browsers(Settings({})) is None
    assert len(key_for_browsers(Settings(SETTINGS)) or "") == 87


@pytest.mark.parametrize("values", [{KEY: "x" * 40}, {KEY: "tiny one", CONTACT: "mailto:a@b.c"}, {CONTACT: "a@b.c"}])
def test_settings_that_cannot_work_are_refused_and_the_key_is_not_shown(values: dict[Any, str]) -> None:
    environ = {row.variable: value for row, value in values.items()}
    with pytest.raises(BadSetting) as refused:
        read(setting_rows(), environ=environ, file=None, agreements=agreements())
    assert values.get(KEY, "?") not in refused.value.detail
