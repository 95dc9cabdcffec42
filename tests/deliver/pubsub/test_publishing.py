"""Publishing to programs that listen, on a real Valkey."""

from datetime import timedelta

import pytest

from tactful.deliver.pubsub import Pubsub
from tactful.deliver.pubsub.settings import URL
from tactful.kernel.errors import CannotStart, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings
from tactful.testing.channels import PEERS
from tactful.testing.pubsub_peer import PubsubPeer
from tests.living import NOW


def delivery(address: str | None = "ana") -> Delivery:
    said = Message("Hello", "You are back.", "resume")
    return Delivery(7, "pubsub", address, said, NOW + timedelta(hours=1), out="https://x.example/out", mark="mark-7")


async def test_programs_read_all_they_need_to_carry_it_on(redis_url: str) -> None:
    with PubsubPeer(redis_url) as peer:
        channel = Pubsub.of(Settings(peer.settings()))
        assert channel is not None
        receipt = await channel.send(delivery(), NOW)
        await channel.close()
        assert receipt.reference == "1"
        assert peer.taken[0].raw["told"] == {
            "type": "intervention", "timestamp": "2026-03-04T17:30:00+00:00", "mark": "mark-7", "title": "Hello",
            "message": "You are back.", "action": "resume", "out": "https://x.example/out", "language": "en",
            "expires_at": "2026-03-04T18:30:00+00:00",
        }  # fmt: skip


async def test_nothing_is_published_where_it_could_be_heard_by_others(redis_url: str) -> None:
    channel = Pubsub.of(Settings({URL.name: redis_url}))
    assert channel is not None
    for address in (None, "", "*", "a b"):
        with pytest.raises(ChannelRefused) as refused:
            await channel.send(delivery(address), NOW)
        assert refused.value.refusal is Refusal.GONE
    await channel.close()


def test_without_a_server_there_is_nothing_to_publish_on() -> None:
    assert Pubsub.of(Settings({})) is None
    with pytest.raises(CannotStart):
        Pubsub.of(Settings({URL.name: "redis://127.0.0.1:none/0"}))


def test_the_other_side_brings_a_server_of_its_own() -> None:
    with PEERS["pubsub"]() as peer:
        assert peer.taken == []
        assert peer.settings()[URL.name].startswith("redis://")
