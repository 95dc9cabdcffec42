"""Messages on Reddit: what comes back is understood, and what may have arrived never goes twice."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tactful.deliver.reddit import Reddit
from tactful.deliver.reddit.settings import AGREEMENTS, ENABLED, PASSWORD
from tactful.facts.chats import Pressed, Said, Start, Stop, Text, Why
from tactful.kernel.errors import BadSetting, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message, Response
from tactful.kernel.settings import Settings
from tactful.testing.reddit import RedditPeer
from tests.living import NOW

pytestmark = pytest.mark.anyio
WHO = "redditor_ana"


@pytest.fixture
def peer() -> Iterator[RedditPeer]:
    with RedditPeer() as made:
        yield made


@pytest.fixture
async def channel(peer: RedditPeer, anyio_backend: str) -> AsyncIterator[Reddit]:
    made = Reddit(Settings(peer.settings()))
    yield made
    await made.close()


def delivery(mark: str = "0af3") -> Delivery:
    return Delivery(7, "reddit", WHO, Message("Hello, Ana", "You are back.", ""), NOW, mark=mark, out="https://a.b/o")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Yes", Pressed("0af3", Response.ENGAGED)),
        ("no", Pressed("0af3", Response.DISMISSED)),
        ("später", Pressed("0af3", Response.SNOOZED)),
        ("STOP", Stop()),
        ("/stop", Stop()),
        ("WHY", Why()),
        ("no idea what you mean", Text("no idea what you mean")),
        ("start here or there?", Text("start here or there?")),
    ],
)
async def test_a_reply_answers_the_message_it_replies_to(
    words: str, said: Said, peer: RedditPeer, channel: Reddit
) -> None:
    await channel.send(delivery(), NOW)
    peer.replies(WHO, words)
    (heard,) = await channel.hear(None)
    assert (heard.said, heard.chat) == (said, WHO)


async def test_what_was_taken_is_read_and_not_heard_again(peer: RedditPeer, channel: Reddit) -> None:
    peer.says(WHO, "link abc")
    heard = await channel.hear(None)
    assert [each.said for each in heard] == [Start("abc")]
    assert [each.key for each in await channel.hear(None)] == [each.key for each in heard]
    await channel.took(heard)
    assert await channel.hear(None) == []


async def test_a_comment_is_never_answered_where_all_can_read_it(peer: RedditPeer, channel: Reddit) -> None:
    peer.says(WHO, "STOP")["was_comment"] = True
    (heard,) = await channel.hear(None)
    assert heard.chat == ""


@pytest.mark.parametrize("status", [502, 504])
async def test_a_gateway_that_gave_up_leaves_open_whether_it_arrived(
    status: int, peer: RedditPeer, channel: Reddit
) -> None:
    peer.fail(status)
    with pytest.raises(Exception) as told:
        await channel.send(delivery(), NOW)
    assert not isinstance(told.value, ChannelRefused)


async def test_a_rest_is_as_long_as_the_header_says(peer: RedditPeer, channel: Reddit) -> None:
    peer.fail(429, **{"x-ratelimit-reset": "42"})
    with pytest.raises(ChannelRefused) as refused:
        await channel.send(delivery(), NOW)
    assert (refused.value.refusal, refused.value.after) == (Refusal.RETRY, 42)


async def test_a_wrong_password_is_our_trouble_and_nobody_elses(peer: RedditPeer) -> None:
    channel = Reddit(Settings(peer.settings() | {PASSWORD.name: "wrong"}))
    with pytest.raises(ChannelRefused, match="does not know this account") as refused:
        await channel.send(delivery(), NOW)
    assert refused.value.refusal is Refusal.RETRY
    await channel.close()


async def test_a_mark_that_would_not_come_back_is_refused(channel: Reddit) -> None:
    with pytest.raises(ChannelRefused, match="does not fit"):
        await channel.send(delivery("a mark"), NOW)


def test_it_is_off_until_somebody_switches_it_on() -> None:
    assert Reddit.of(Settings({})) is None
    with pytest.raises(BadSetting, match="needs all of the others"):
        AGREEMENTS[0].hold(Settings({ENABLED.name: True}))
