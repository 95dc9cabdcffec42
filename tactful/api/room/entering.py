"""Who may come into a live room over a long connection, and as whom.

A client shows its token in the `Authorization` header. A browser, which cannot send one there, shows a ticket in the
address (`?ticket=`) or, over a WebSocket, the token in its first message. Pages of other origins than those allowed
are kept out, whatever they show.
"""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from tactful.api.auth import PERSON, PERSONAL, SCOPES, Token
from tactful.api.call import Call
from tactful.api.door import Door
from tactful.api.settings import ORIGINS
from tactful.kernel.errors import NotAllowed, NotSignedIn

EVERYBODY = frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may come in. participant: None for those who run the room. room: as `Engine.room` tells of it."""

    call: Call
    room: dict[str, Any]
    participant: str | None

    @property
    def organiser(self) -> bool:
        """Whether they run the room."""
        return self.participant is None


async def admitted(door: Door, connection: HTTPConnection, *, raw: str | None = None) -> Call:
    """The call of somebody who wants to come in. raw: a token that was shown in a message.

    raises: NotSignedIn, NotAllowed, TooMany.
    """
    _of_an_origin(connection.headers, door.engine.settings[ORIGINS])
    ticket = connection.query_params.get("ticket")
    if ticket is None or raw is not None:
        return await door.admit(connection, scopes=EVERYBODY, raw=raw)
    token = await _redeemed(door, ticket, str(connection.path_params["id"]))
    return await door.admit_token(token, scopes=EVERYBODY)


async def visit(door: Door, call: Call, session_id: str) -> Visitor:
    """Whom a call lets into a room. raises: NotAllowed, NotFound; Conflict once the session has ended."""
    call.enter(session_id)
    room = await door.hub.find(call.organisation, session_id)
    return Visitor(call, room, call.token.subject if call.token.scope in PERSONAL else None)


def shows_something(connection: HTTPConnection) -> bool:
    """Whether a client shows a token or a ticket with its request."""
    return "authorization" in connection.headers or "ticket" in connection.query_params


async def grant(call: Call, session_id: str, seconds: int, *, participant: str | None) -> str:
    """A ticket into a room with the rights of this call. participant: whom a service lets in, as a person.

    raises: NotFound, NotReady.
    """
    await call.engine.room(call.organisation, session_id)
    token = call.token
    claims = {"session": session_id, "organisation": token.organisation, "expires": token.expires, "id": token.id}
    claims |= {"issued": token.issued}
    if participant is not None and token.scope not in PERSONAL:
        claims |= {"subject": participant, "scope": PERSON, "id": None}
    else:
        claims |= {"subject": token.subject, "scope": token.scope}
    return await call.engine.rooms.grant(claims, seconds=seconds)


async def _redeemed(door: Door, ticket: str, session_id: str) -> Token:
    claims = await door.engine.rooms.redeem(ticket[:100])
    if claims is None or claims["session"] != session_id:
        raise NotSignedIn("The ticket was used before or is too old; get a new one.")
    claims["session"] = session_id
    return Token(**claims)


def _of_an_origin(headers: Headers, allowed: str) -> None:
    """Nothing, where it is no page of a browser or one of an origin that is allowed. raises: NotAllowed."""
    origin = headers.get("origin")
    if origin is None:
        return
    own = origin.partition("://")[2]
    named = {each.strip().rstrip("/") for each in allowed.split(",")}
    if own != headers.get("host") and origin not in named:
        raise NotAllowed("Pages of this origin may not come in; name it in api.origins.")
