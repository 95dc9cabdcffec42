"""What is stored about somebody: to take along, and to be erased."""

from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from fastapi.responses import StreamingResponse
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response

from tactful.api.address import Address
from tactful.api.auth import ADMIN, PERSON, SERVICE, WIDGET
from tactful.api.call import Caller
from tactful.api.routes.people import Id
from tactful.api.schemas.people import ErasedOut, ForgetIn
from tactful.api.schemas.wire import shown
from tactful.kernel.errors import BadInput, NotFound

KEEPERS = frozenset({SERVICE, ADMIN})
THEMSELVES = frozenset({PERSON, WIDGET})
FORGET_ME = "forget me"
# Read from the file and sent on at a time [bytes].
PIECE = 1 << 16
EVERYTHING: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "Everything, by table."}
}


async def export_person(call: Caller, person: Id) -> Response:
    """Everything that is stored about a person, as one JSON document: their rows, by table. Times are in UTC.

    What a row says of somebody else is left out. Nothing changes, but the audit log says who took it.
    """
    return _sent(await call.engine.export(call.organisation, person, actor=call.actor))


async def my_data(call: Caller) -> Response:
    """Everything that is stored about you, as one JSON document: your rows, by table. Times are in UTC."""
    return _sent(await call.engine.export(call.organisation, call.person(), themselves=True))


async def erase_person(call: Caller, person: Id) -> ErasedOut:
    """Delete everything that is about a person, for good. Twice is once.

    What comes in about them later is not stored, until they are described again with `PUT` or in a batch.
    """
    done = await call.engine.erase(call.organisation, person, actor=call.actor)
    return ErasedOut(user_id=shown(person), already=not done)


async def forget_me(call: Caller, body: ForgetIn) -> ErasedOut:
    """Delete everything that is about you, for good. Say so with `confirm`: your user id, or "forget me"."""
    person = call.person()
    if str(body.confirm) not in (person, FORGET_ME):
        raise BadInput(f'confirm must be your user id, or "{FORGET_ME}".', fields=["confirm"])
    done = await call.engine.erase(call.organisation, person, themselves=True)
    return ErasedOut(user_id=shown(person), already=not done)


def _sent(file: BinaryIO) -> Response:
    size = file.seek(0, 2)
    file.seek(0)
    headers = {
        "Content-Disposition": 'attachment; filename="my-data.json"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(file), media_type="application/json", headers=headers)


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        async for piece in iterate_in_threadpool(iter(lambda: file.read(PIECE), b"")):
            yield piece


ROUTES = (
    Address(
        "GET",
        "/api/v1/people/{id}/export",
        export_person,
        "data rights",
        KEEPERS,
        raises=(NotFound,),
        responses=EVERYTHING,
        head=False,
    ),
    Address("GET", "/proactive/my-data", my_data, "data rights", THEMSELVES, responses=EVERYTHING, head=False),
    Address("DELETE", "/api/v1/people/{id}", erase_person, "data rights", KEEPERS, raises=(NotFound,)),
    Address("POST", "/proactive/forget-me", forget_me, "data rights", THEMSELVES, raises=(NotFound,)),
)
