"""What a client is told first: what stands in the room."""

from collections.abc import Mapping
from typing import Any

from tactful.api.room.client import Client
from tactful.api.room.hub import Hub
from tactful.api.room.message import Message
from tactful.api.room.room import Room
from tactful.api.schemas.wire import shown
from tactful.bootstrap.polling import opened, seen


async def welcome(hub: Hub, room: Room, client: Client) -> Message:
    """What stands. Its id is where to resume from, should nothing else come."""
    last = room.last
    await hub.know(room)
    polls = list(room.polls.values())
    own: list[Mapping[str, Any] | None] = [None] * len(polls)
    if polls and client.participant is not None:
        own = list(await hub.engine.own_votes([poll["poll_id"] for poll in polls], client.participant))
    client.voted |= {poll["poll_id"] for poll, vote in zip(polls, own, strict=True) if vote is not None}
    data = {
        "session_id": shown(room.session_id),
        "you": None if client.participant is None else shown(client.participant),
        "polls": [_poll(poll, vote, client) for poll, vote in zip(polls, own, strict=True)],
    }
    return Message("welcome", data, id=last)


def _poll(poll: Mapping[str, Any], own: Mapping[str, Any] | None, client: Client) -> dict[str, Any]:
    may = client.organiser or seen(poll["results"], is_open=True, voted=own is not None)
    counts = poll["counts"] if may else None
    return {**opened(poll), "votes": poll["votes"], "counts": counts, "own": own}
