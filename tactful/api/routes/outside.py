"""What leaves the product: ways out of it, answers, addresses, consent, and what did not get through."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from tactful.api.address import Address, read
from tactful.api.auth import ADMIN, SERVICE
from tactful.api.call import DOOR_KEY, SPEAKERS, WITHOUT_WIDGETS, About, Caller
from tactful.api.door import Door
from tactful.api.out import page
from tactful.api.routes.interventions import told_of
from tactful.api.schemas.interventions import ResponseOut
from tactful.api.schemas.outside import (
    AddressIn,
    AddressOut,
    AnswerIn,
    ConsentChangeOut,
    ConsentsOut,
    LinkableOut,
    LinkIn,
    LinkOut,
    LinksOut,
    ReplayedOut,
    ReplayIn,
    StopIn,
    StoppedOut,
    UndeliveredListOut,
    UndeliveredOut,
)  # fmt: skip
from tactful.api.schemas.wire import LARGEST, shown
from tactful.kernel.errors import Conflict, NotFound, TooMany

KEEPERS = frozenset({SERVICE, ADMIN})
Token = Annotated[str, Path(min_length=1, max_length=100)]
HTML: dict[int | str, dict[str, object]] = {
    200: {"content": {"text/html": {}}, "description": "A page."},
    404: {"content": {"text/html": {}}, "description": "A page that says so."},
}
# Of a form with one field [bytes].
FORM = 4096


async def show_way_out(request: Request, token: Token) -> Response:
    """The page behind the link in every message: what can be stopped. Opening it changes nothing."""
    door = await _door(request)
    try:
        return _html(page.page(await door.engine.way_out(token)))
    except NotFound:
        return _html(page.unknown(), 404)


async def take_way_out(request: Request, token: Token) -> Response:
    """Stop at one tap: also what mail programs send by themselves (`List-Unsubscribe=One-Click`).

    A form with `do`: `stop` everything outside the product (also what is sent without it), `only` this channel, or
    `allow` it again.
    """
    door = await _door(request)
    engine = door.engine
    does = parse_qs((await read(request, FORM)).decode("utf-8", "replace")).get("do", ["stop"])[0]
    try:
        if does == "only":
            whom = await engine.way_out(token)
            await engine.switch_channel_off(whom["organisation"], whom["person"], whom["channel"])
        await engine.go_out(token, again=does in ("allow", "only"))
        return _html(page.page(await engine.way_out(token)))
    except NotFound:
        return _html(page.unknown(), 404)


async def answer_by_mark(request: Request, mark: Token, body: AnswerIn) -> ResponseOut:
    """Record what the person did with a message, named by the mark that came with it; it is good for nothing else."""
    door = await _door(request)
    return told_of(await door.engine.answered(mark, body.response))


async def add_address(call: Caller, body: AddressIn) -> AddressOut:
    """Note where the person wants to be reached, as they said themselves. It is theirs alone from now on."""
    person = call.person(body.user_id)
    wording = body.wording or None
    return AddressOut(
        **await call.engine.take_address(call.organisation, person, body.channel, body.address, wording=wording)
    )


async def remove_address(call: Caller, body: AddressIn) -> AddressOut:
    """Forget an address of the person."""
    person = call.person(body.user_id)
    return AddressOut(**await call.engine.drop_address(call.organisation, person, body.channel, body.address))


async def list_links(call: Caller, user_id: About = None) -> LinksOut:
    """The chats that the person can link to themselves, and which they have."""
    rows = await call.engine.links(call.organisation, call.person(user_id))
    return LinksOut(links=[LinkableOut(**row) for row in rows])


async def start_link(call: Caller, body: LinkIn) -> LinkOut:
    """A one-time token with which the person links a chat to themselves, and the link that does it in one step."""
    person = call.person(body.user_id)
    return LinkOut(**await call.engine.link_started(call.organisation, person, body.channel))


async def stop(call: Caller, body: StopIn) -> StoppedOut:
    """Stop all messages outside the product at once, also those that are queued; or allow them again."""
    person = call.person(body.user_id)
    told = await call.engine.stop(call.organisation, person, again=body.again, source=call.actor)
    return StoppedOut(**told)


async def list_consents(call: Caller, user_id: About = None) -> ConsentsOut:
    """What the person agreed to and took back, latest first, with the words they saw."""
    rows = await call.engine.consent_history(call.organisation, call.person(user_id))
    return ConsentsOut(changes=[ConsentChangeOut(**row) for row in rows])


async def list_undelivered(
    call: Caller,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> UndeliveredListOut:
    """Deliveries that came to nothing, or of which nobody can tell, latest first."""
    told = await call.engine.undelivered(call.organisation, limit=limit, before=before)
    rows = [UndeliveredOut(**{**row, "user_id": shown(row["user_id"])}) for row in told["deliveries"]]
    return UndeliveredListOut(deliveries=rows, next=told["next"])


async def replay(call: Caller, body: ReplayIn) -> ReplayedOut:
    """Send these again, as long as they are worth saying. Every guard rail is asked again."""
    return ReplayedOut(**await call.engine.replay_deliveries(call.organisation, body.ids, actor=call.actor))


async def _door(request: Request) -> Door:
    door: Door = request.scope[DOOR_KEY]
    await door.anybody(request)
    return door


def _html(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, page.HEADERS)


ROUTES = (
    Address("GET", "/api/v1/out/{token}", show_way_out, "outside", None, raises=(TooMany,), responses=HTML),
    Address("POST", "/api/v1/out/{token}", take_way_out, "outside", None, raises=(TooMany,), responses=HTML),
    Address("POST", "/api/v1/responses/{mark}", answer_by_mark, "outside", None, raises=(NotFound, TooMany)),
    Address("POST", "/api/v1/addresses", add_address, "outside", SPEAKERS, raises=(NotFound, Conflict)),
    Address("DELETE", "/api/v1/addresses", remove_address, "outside", SPEAKERS, raises=(NotFound, Conflict)),
    Address("GET", "/api/v1/links", list_links, "outside", SPEAKERS),
    Address("POST", "/api/v1/links", start_link, "outside", SPEAKERS, raises=(NotFound, Conflict)),
    Address("POST", "/api/v1/stop", stop, "outside", SPEAKERS, raises=(NotFound, Conflict)),
    Address("GET", "/api/v1/consents", list_consents, "outside", WITHOUT_WIDGETS),
    Address("GET", "/api/v1/deliveries/undelivered", list_undelivered, "outside", KEEPERS, raises=(NotFound,)),
    Address("POST", "/api/v1/deliveries/replay", replay, "outside", KEEPERS, raises=(NotFound,)),
)
