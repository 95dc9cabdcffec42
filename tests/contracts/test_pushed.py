"""What every channel that goes out must keep, against a real server that speaks its protocol."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.bootstrap.where import setting_rows
from tactful.deliver import PUSHED, set_up
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise, Pushed
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings, read
from tactful.testing.channels import ALSO, PEERS
from tactful.testing.peers import Peer
from tactful.testing.pubsub_peer import PubsubPeer
from tactful.testing.webhook_peer import SECRET
from tactful.uses.sending.settings import DOUBTFUL_WAVE, WAVE
from tactful.uses.sending.through import ABREAST
from tests.living import NOW

HELLO = Message("Hello, Ana", "Your seventh day in a row is near.", "https://learn.example/today")
OUT = "https://tactful.example/api/v1/out/abc"
ODD = {
    "right to left": Message(
        "\u0645\u0631\u062d\u0628\u0627", "\u0639\u062f\u062a \u0645\u0646 \u062c\u062f\u064a\u062f", HELLO.action
    ),
    "emoji": Message("\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44b\U0001f3fd", HELLO.action),
    "markup": Message("<b>Hi</b> *you* _there_", "1 < 2 & [a](b) `c` </p><script>x()</script>", HELLO.action),
    "long": Message("Hello", "so much to say " * 700, HELLO.action),
    "no link": Message("Hello", "Nothing to open.", ""),
}


# Valkey takes its time to start, and what is published on it is read by whoever listens there: one for all.
@pytest.fixture(scope="module")
def listened(redis_url: str) -> Callable[[], Peer]:
    return lambda: PubsubPeer(redis_url)


@pytest.fixture(params=[*PEERS, *ALSO])
def peer(request: pytest.FixtureRequest, listened: Callable[[], Peer]) -> Iterator[Peer]:
    makers = {**PEERS, **ALSO, "pubsub": listened}
    with makers[request.param]() as made:
        yield made


@pytest.fixture
async def channel(peer: Peer, request: pytest.FixtureRequest) -> AsyncIterator[Pushed]:
    name = request.node.callspec.params["peer"].partition("/")[0]
    made = set_up(Settings(peer.settings()))[name]
    yield made
    await made.close()


def delivery(peer: Peer, channel: Pushed, message: Message = HELLO, *, number: int = 7, who: str = "ana") -> Delivery:
    return Delivery(
        number, channel.name, channel.address(peer.address(who)), message, NOW + timedelta(hours=1),
        out=OUT, mark=f"mark{number}", secret=SECRET,
    )  # fmt: skip


def way_out(channel: Pushed) -> str:
    """How what is sent is stopped: in a channel that hears and has buttons, by one that comes back with the mark."""
    return "mark7" if {Can.HEARS, Can.BUTTONS} <= channel.can else OUT


def test_every_channel_that_goes_out_has_another_side_to_try_it_with() -> None:
    assert sorted(PEERS) == sorted(each.name for each in PUSHED)
    assert {name.partition("/")[0] for name in ALSO} <= PEERS.keys()


def test_what_it_is_set_up_with_are_settings(peer: Peer) -> None:
    known = {row.name for row in setting_rows()}
    assert set(peer.settings()) <= known


async def test_its_pace_is_a_setting_where_it_has_one_limit_for_all(peer: Peer, channel: Pushed) -> None:
    assert channel.pace > 0
    if channel.pace < math.inf:
        slower = set_up(Settings(peer.settings() | {f"{channel.name}.pace": 0.5}))[channel.name]
        assert slower.pace == 0.5
        assert f"{channel.name}.pace" in {row.name for row in setting_rows()}
        await slower.close()


async def test_as_many_as_go_out_at_once_are_all_taken(peer: Peer, channel: Pushed) -> None:
    many = ABREAST * (WAVE if channel.promise is Promise.IDEMPOTENT else DOUBTFUL_WAVE).default
    each = [delivery(peer, channel, number=number, who=f"p{number}") for number in range(many)]
    receipts = await asyncio.gather(*(channel.send(one, NOW) for one in each))
    assert len(receipts) == len(peer.taken) == many


async def test_it_carries_the_words_the_link_and_the_way_out(peer: Peer, channel: Pushed) -> None:
    receipt = await channel.send(delivery(peer, channel), NOW)
    (taken,) = peer.taken
    assert taken.who == channel.address(peer.address("ana"))
    assert HELLO.title in taken.text
    assert HELLO.body in taken.text
    assert taken.action == HELLO.action
    assert taken.out == way_out(channel)
    assert receipt.reference


async def test_answers_can_be_given_where_it_says_so(peer: Peer, channel: Pushed) -> None:
    await channel.send(delivery(peer, channel), NOW)
    assert bool(peer.taken[0].answers) is (Can.BUTTONS in channel.can)


@pytest.mark.parametrize("message", ODD.values(), ids=ODD)
async def test_any_words_arrive_as_they_are(message: Message, peer: Peer, channel: Pushed) -> None:
    await channel.send(delivery(peer, channel, message), NOW)
    (taken,) = peer.taken
    assert message.title in taken.text
    # What is too long for the channel is cut, and says so.
    assert message.body in taken.text or (len(message.body) > 2_000 and "\u2026" in taken.text)
    assert taken.action == message.action
    assert taken.out == way_out(channel)


@pytest.mark.parametrize("title", ["Hello\r\nBcc: eve@example.org", "Hello\nX-Other: 1", "Hello\x00there"])
async def test_words_are_never_read_as_orders(title: str, peer: Peer, channel: Pushed) -> None:
    await channel.send(delivery(peer, channel, Message(title, "You are back.", "")), NOW)
    (taken,) = peer.taken
    assert taken.who == channel.address(peer.address("ana"))
    assert not {"bcc", "x-other"} & {name.lower() for name in taken.raw.get("headers", {})}


async def test_a_copy_can_be_told_from_another_delivery_where_that_is_promised(peer: Peer, channel: Pushed) -> None:
    for number in (7, 7, 8):
        await channel.send(delivery(peer, channel, number=number), NOW)
    first, copy, other = (taken.key for taken in peer.taken)
    if channel.promise is Promise.IDEMPOTENT:
        assert first == copy != other
        assert first
    else:
        assert first is copy is other is None


@pytest.mark.parametrize("refusal", Refusal)
async def test_a_refusal_says_why(refusal: Refusal, peer: Peer, channel: Pushed) -> None:
    if refusal not in peer.refuses:
        pytest.skip("This protocol cannot say so.")
    peer.refuse(refusal)
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(peer, channel), NOW)
    assert refused.value.refusal is refusal
    assert refused.value.detail.endswith((".", "!", "?"))
    assert peer.taken == []
    peer.refuse(None)
    await channel.send(delivery(peer, channel), NOW)
    assert len(peer.taken) == 1


async def test_how_long_to_be_left_alone_is_heard(peer: Peer, channel: Pushed) -> None:
    peer.refuse(Refusal.RETRY, after=17)
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(peer, channel), NOW)
    assert refused.value.after in (17, None)
    assert refused.value.after == 17 or not getattr(peer, "says_how_long", True)


async def test_whom_it_has_no_address_of_is_gone(peer: Peer, channel: Pushed) -> None:
    for address in (None, ""):
        with pytest.raises(ChannelRefused) as refused:
            await channel.send(replace(delivery(peer, channel), address=address), NOW)
        assert refused.value.refusal is Refusal.GONE
    assert peer.taken == []


async def test_nobody_listening_has_taken_nothing(peer: Peer, channel: Pushed) -> None:
    peer.leave()
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(peer, channel), NOW)
    assert refused.value.refusal is Refusal.RETRY


@pytest.mark.parametrize("taking", [True, False])
async def test_no_answer_is_no_refusal_where_nothing_may_come_twice(taking: bool, peer: Peer, channel: Pushed) -> None:
    peer.hang_up(taking=taking)
    with pytest.raises(Exception) as told:
        await channel.send(delivery(peer, channel), NOW)
    in_doubt = not isinstance(told.value, ChannelRefused)
    assert in_doubt or channel.promise is Promise.IDEMPOTENT or not taking
    # No channel, and no library below it, may try again by itself what may have been taken.
    assert len(peer.taken) == int(taking)
    peer.refuse(None)
    await channel.send(delivery(peer, channel, number=8), NOW)


async def test_fifty_at_once_are_fifty(peer: Peer, channel: Pushed) -> None:
    each = [delivery(peer, channel, number=number, who=f"p{number}") for number in range(50)]
    receipts = await asyncio.gather(*(channel.send(one, NOW) for one in each))
    assert sorted(taken.who for taken in peer.taken) == sorted(str(one.address) for one in each)
    assert all(receipt.reference for receipt in receipts)


async def test_what_is_no_address_is_refused(peer: Peer, channel: Pushed) -> None:
    for strange in ("", *peer.strange):
        with pytest.raises(BadInput) as refused:
            channel.address(strange)
        assert not refused.value.detail.endswith(".")


async def test_an_address_is_kept_in_one_way(peer: Peer, channel: Pushed) -> None:
    once = channel.address(peer.address("ana"))
    assert channel.address(once) == once


def test_without_what_it_needs_it_is_not_set_up() -> None:
    bare = read(setting_rows(), environ={}, file=None)
    assert set(set_up(bare)) <= {"webhook", "pubsub"}
