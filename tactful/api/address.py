"""Addresses: what the API answers to, each declared once, and the route class that guards them all."""

import inspect
import typing
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from tactful.api.auth import SCOPES, WIDGET
from tactful.api.call import DOOR_KEY, SCOPE_KEY, Call
from tactful.api.door import Door
from tactful.api.errors import answer, documented, translate
from tactful.api.schemas.wire import Wire
from tactful.api.settings import BODY_BYTES
from tactful.api.twice import twice
from tactful.api.unfit import unfit
from tactful.kernel.errors import (
    BadInput,
    BadRequest,
    NotAllowed,
    NotReady,
    NotSignedIn,
    TactfulError,
    TooLarge,
    TooMany,
)  # fmt: skip

# What stands behind these is an id of the product's own.
ROOMS = "/api/v1/live/sessions/"
ROOM = f"{ROOMS}{{id}}"
OWN_IDS = ("/api/v1/people/", "/api/v1/catalogue/", "/api/v1/interventions/", ROOMS)


class OwnId(Convertor[str]):
    """An id with or without slashes; not one that ends like the address of its explanation or its export."""

    regex = ".+(?<!/explain)(?<!/export)"

    def convert(self, value: str) -> str:
        """The id, as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The id, as it is."""
        return value


class RoomId(OwnId):
    """The id of a live session at the end of an address: not one that ends like an address below it."""

    below = "|".join(
        (
            "signals|start|end|leaderboard|achievements|ticket|stream|socket|suggestions|report",
            "polls(?:/[^/]+(?:/(?:vote|close))?)?",
            "questions(?:/[^/]+(?:/(?:vote|answered|hide))?)?",
        )
    )
    regex = f"(?!.*/(?:{below})$).+"


register_url_convertor("own", OwnId())
register_url_convertor("room", RoomId())
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Address:
    """One thing the API answers to. scopes: whose tokens may; None for anybody, without a token.

    raises: errors beyond those every address has. responses: what else the description says of answers.
    head: whether HEAD is answered where GET is; not where asking changes something. admit: who may, where a token in
    the header is not the only way in. plain: whether JSON may also come as plain text, as browsers send beacons.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    tag: str
    scopes: frozenset[str] | None = frozenset(SCOPES) - {WIDGET}
    raises: tuple[type[TactfulError], ...] = ()
    responses: dict[int | str, dict[str, Any]] = field(default_factory=dict)
    head: bool = True
    admit: Callable[[Door, Request], Awaitable[Call]] | None = None
    plain: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method it answers to."""
        return ("GET", "HEAD") if self.method == "GET" and self.head else (self.method,)

    @property
    def route(self) -> str:
        """The path as the framework matches it: the product's own ids may have slashes in them (sent as %2F)."""
        if self.path == ROOM:
            return f"{ROOMS}{{id:room}}"
        own = self.path.startswith(OWN_IDS)
        return self.path.replace("{id}", "{id:own}") if own else self.path

    @property
    def body(self) -> type[Wire] | None:
        """The model of the request's body, if it has one."""
        hint = typing.get_type_hints(self.endpoint).get("body")
        return hint if isinstance(hint, type) and issubclass(hint, Wire) else None

    @property
    def body_optional(self) -> bool:
        """Whether the body may be left out altogether."""
        body = inspect.signature(self.endpoint).parameters.get("body")
        return body is not None and body.default is not inspect.Parameter.empty

    def errors(self) -> list[type[TactfulError]]:
        """Every error it may answer with."""
        hints = set(typing.get_type_hints(self.endpoint)) - {"return", "call", "request"}
        kinds: list[type[TactfulError]] = [TactfulError, NotReady, *self.raises]
        kinds += [BadInput] if hints or self.scopes is not None else []
        kinds += [BadRequest, TooLarge] if self.body else []
        kinds += [NotSignedIn, NotAllowed, TooMany] if self.scopes is not None else []
        return sorted(set(kinds), key=lambda kind: kind.status)


class Guarded(APIRoute):
    """A route that admits, reads and fails the same way wherever it is mounted.

    door: of one engine; None where the application says with each request which door it came to.
    """

    door: ClassVar[Door | None]
    known: ClassVar[dict[Callable[..., Any], Address]]

    def get_route_handler(self) -> Handler:
        """The endpoint behind the door: token and limits first, the body only then."""
        inner, address, own = super().get_route_handler(), self.known[self.endpoint], self.door
        body, scopes = address.body, address.scopes
        optional, admit = address.body_optional, address.admit
        asked = {field.alias for field in self.dependant.query_params}

        async def handle(request: Request) -> Response:
            try:
                door = request.scope[DOOR_KEY] = own or request.scope[DOOR_KEY]
                if scopes is not None:
                    call = await (admit(door, request) if admit else door.admit(request, scopes=scopes))
                    request.scope[SCOPE_KEY] = call
                    if address.path.startswith(ROOM):
                        call.enter(request.path_params["id"])
                    _nothing_else(request, asked)
                if body is not None and not (optional and _bare(request)):
                    await take(request, body, door.engine.settings[BODY_BYTES], plain=address.plain)
                return await inner(request)
            except ClientDisconnect:
                raise
            except Exception as error:
                return answer(translate(error))

        return handle


def _nothing_else(request: Request, asked: set[str]) -> None:
    if request.scope["query_string"]:
        strange = [name for name in request.query_params if name not in asked]
        if strange:
            known = ", ".join(sorted(asked)) or "none"
            raise BadInput(
                f"{strange[0][:100] or 'A nameless parameter'} is not asked for here; known: {known}.", fields=strange
            )
        if len(request.query_params.multi_items()) > len(request.query_params):
            names = [name for name, _ in request.query_params.multi_items()]
            twice = next(name for name in names if names.count(name) > 1)
            raise BadInput(f"{twice} is given more than once; which one counts?", fields=[twice])


def _bare(request: Request) -> bool:
    """Whether nothing was sent with the request."""
    return "transfer-encoding" not in request.headers and request.headers.get("content-length", "0") == "0"


async def take(request: Request, model: type[Wire], most: int, *, plain: bool = False) -> None:
    """Read and check the body once, before the framework would.

    raises: TooLarge, BadRequest when it is not JSON, BadInput naming every field that does not fit.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if not json and not (plain and kind == "text/plain"):
        raise BadRequest("Send the body as JSON, with the header Content-Type: application/json.")
    raw = await read(request, most)
    if not raw.strip():
        raise BadRequest("The body is empty; send JSON.")
    try:
        parsed = model.read(raw)
    except ValidationError as error:
        raise unfit(error.errors(include_url=False, include_input=False), model) from None
    again = twice(raw, parsed)
    if again is not None:
        raise BadInput(f"{again} is given more than once; which one counts?", fields=[again])
    # The framework takes both from the request and finds the model already made; of JSON only.
    request._body, request._json = raw, parsed
    if not json:
        headers = [(name, value) for name, value in request.scope["headers"] if name != b"content-type"]
        request._headers = Headers(raw=[*headers, (b"content-type", b"application/json")])


async def read(request: Request, most: int) -> bytes:
    """The body as it was sent. raises: TooLarge for more than `most` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and len(told) < 20 and int(told) > most:
        raise TooLarge(f"The body is larger than {most} bytes; send it in smaller parts.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"The body is larger than {most} bytes; send it in smaller parts.")
        parts.append(part)
    return b"".join(parts)


def guarded(addresses: Iterable[Address], *, door: Door | None = None) -> type[Guarded]:
    """The route class for these addresses; door: of `Guarded`."""
    by_endpoint = {address.endpoint: address for address in addresses}
    return type("Guarded", (Guarded,), {"door": door, "known": by_endpoint})


def mount(router: APIRouter, addresses: Sequence[Address]) -> None:
    """Add addresses to a router whose route class is `guarded`."""
    for address in addresses:
        router.add_api_route(
            address.route,
            address.endpoint,
            methods=[address.method],
            tags=[address.tag],
            responses={**documented(address.errors(), model=address is addresses[0]), **address.responses},
        )
    # Behind all others, which are asked for more; the description has each address once.
    for address in addresses:
        if "HEAD" in address.methods:
            router.add_api_route(address.route, address.endpoint, methods=["HEAD"], include_in_schema=False)
