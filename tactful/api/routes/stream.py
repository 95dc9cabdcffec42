"""Ways into a live room over long connections: a stream of events, a WebSocket, and tickets into both."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Header, Query, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from tactful.api.address import Address
from tactful.api.call import DOOR_KEY, Caller
from tactful.api.door import Door
from tactful.api.room.entering import admitted, grant, visit
from tactful.api.room.settings import PING_SECONDS, TICKET_SECONDS
from tactful.api.room.socket import Socket
from tactful.api.room.stream import Stream
from tactful.api.room.welcome import welcome
from tactful.api.routes.live import SessionId
from tactful.api.routes.room import BASE, EVERYBODY, NOBODY_NAMED, TAG, viewer
from tactful.api.schemas.room import TicketOut, WhoIn
from tactful.api.schemas.wire import Short
from tactful.kernel.errors import Conflict, NotFound

Since = Annotated[Short | None, Query(description="The id of the last message you were told; what came since is told.")]
EVENTS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}


async def make_ticket(call: Caller, session_id: SessionId, body: WhoIn = NOBODY_NAMED) -> TicketOut:
    """A ticket into the room for a browser, which shows it as `?ticket=` where it cannot send a header.

    It stands for one connection, with the rights of this token; a service that names user_id lets in that participant.
    """
    seconds = call.engine.settings[TICKET_SECONDS]
    who = viewer(call, body.user_id)
    return TicketOut(ticket=await grant(call, session_id, seconds, participant=who), seconds=seconds)


async def stream(
    request: Request,
    call: Caller,
    session_id: SessionId,
    ticket: Annotated[Short | None, Query(description="Instead of a token, for browsers.")] = None,
    since: Since = None,
    last_event_id: Annotated[Short | None, Header()] = None,
) -> Response:
    """What the room is told, as server-sent events: each a JSON object with `type`, `data` and mostly an `id`.

    The first one, `welcome`, says what stands. Those who run the room hear what is for organisers too. A participant is
    in the room for as long as this goes on.
    """
    door: Door = request.scope[DOOR_KEY]
    visitor = await visit(door, call, session_id)
    client = door.hub.client(visitor.participant, organiser=visitor.organiser, expires=call.token.expires)
    room, missed = await door.hub.enter(visitor.room, call.organisation, client, since=last_event_id or since)
    try:
        first = [await welcome(door.hub, room, client), *missed]
    except BaseException:
        door.hub.leave(room, client)
        raise
    return Stream(door.hub, room, client, first, silence=door.engine.settings[PING_SECONDS])


def socket(door: Door) -> Callable[[WebSocket], Awaitable[None]]:
    """The WebSocket of a room, for the router."""

    async def serve(websocket: WebSocket) -> None:
        await Socket(websocket, door).serve(websocket.path_params["id"])

    return serve


# As addresses with ids of the product are matched.
SOCKET = f"{BASE}/socket".replace("{id}", "{id:own}")
ROUTES = (
    Address("POST", f"{BASE}/ticket", make_ticket, TAG, EVERYBODY, raises=(NotFound,)),
    Address(
        "GET",
        f"{BASE}/stream",
        stream,
        TAG,
        EVERYBODY,
        raises=(NotFound, Conflict),
        responses=EVENTS,
        head=False,
        admit=admitted,
    ),
)
