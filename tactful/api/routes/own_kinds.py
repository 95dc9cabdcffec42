"""Kinds and triggers that an organisation writes itself: checked, saved, tried on the past, live, back."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.organisations import ADMINS
from tactful.api.routes.risk import READERS
from tactful.api.schemas.own_kinds import (
    BackIn,
    FileOut,
    LiveIn,
    LiveOut,
    OwnKindsCheckedIn,
    OwnKindsCheckedOut,
    OwnKindsIn,
    OwnKindsOut,
    SavedOut,
    SwitchedIn,
    TriedIn,
    TriedOut,
)
from tactful.kernel.errors import Conflict, NotFound
from tactful.sense.limits import LARGEST_COUNT

Version = Annotated[int, Path(alias="id", ge=1, le=LARGEST_COUNT)]


async def read_own_kinds(call: Caller) -> OwnKindsOut:
    """Kinds and triggers of your own that are live, and every version of their file, newest first."""
    return OwnKindsOut(**await call.engine.own_kinds(call.organisation))


async def save_own_kinds(call: Caller, body: OwnKindsIn) -> SavedOut:
    """Keep a file as the next version; nobody is reached by it before it is put live."""
    row = await call.engine.save_own_kinds(
        call.organisation, body.file, note=body.note, expected_version=body.expected_version, actor=call.actor
    )
    return SavedOut(**row)


async def read_own_kinds_file(call: Caller, version: Version) -> FileOut:
    """One version of the file as it was saved."""
    return FileOut(**await call.engine.own_kinds_file(call.organisation, version))


async def check_own_kinds(call: Caller, body: OwnKindsCheckedIn) -> OwnKindsCheckedOut:
    """Everything that is wrong with a file, each with its line and field. Nothing is kept."""
    return OwnKindsCheckedOut(**await call.engine.check_own_kinds(call.organisation, body.file))


async def try_own_kinds(call: Caller, body: TriedIn) -> TriedOut:
    """What a version, or a file, would have done in the past: to whom, when, how often, what withheld it. Nobody
    is reached."""
    told = await call.engine.try_own_kinds(
        call.organisation,
        version=body.version,
        file=body.file,
        days=body.days,
        every_hours=body.every_hours,
        people=body.people,
        actor=call.actor,
    )
    return TriedOut(**told)


async def put_own_kinds_live(call: Caller, body: LiveIn) -> LiveOut:
    """Decide by that version from now on, in every process. One that nobody tried is answered with 409, unless
    `untried` says that it may go live all the same."""
    told = await call.engine.put_own_kinds_live(
        call.organisation,
        body.version,
        untried=body.untried,
        note=body.note,
        expected_version=body.expected_version,
        actor=call.actor,
    )
    return LiveOut(**told)


async def take_own_kinds_back(call: Caller, body: BackIn) -> LiveOut:
    """Decide again by what was live before the last change of it."""
    return LiveOut(**await call.engine.take_own_kinds_back(call.organisation, note=body.note, actor=call.actor))


async def switch_own_kind(call: Caller, body: SwitchedIn) -> LiveOut:
    """Switch one live trigger off or on; off, what waits because of it is withdrawn."""
    told = await call.engine.switch_own_kind(call.organisation, body.name, body.on, note=body.note, actor=call.actor)
    return LiveOut(**told)


BASE = "/api/v1/own-kinds"
BOTH = (NotFound, Conflict)
ROUTES = (
    Address("GET", BASE, read_own_kinds, "own kinds", READERS, raises=(NotFound,)),
    Address("POST", BASE, save_own_kinds, "own kinds", ADMINS, raises=BOTH),
    Address("POST", f"{BASE}/check", check_own_kinds, "own kinds", READERS, raises=(NotFound,)),
    Address("POST", f"{BASE}/try", try_own_kinds, "own kinds", ADMINS, raises=(NotFound,)),
    Address("POST", f"{BASE}/live", put_own_kinds_live, "own kinds", ADMINS, raises=BOTH),
    Address("POST", f"{BASE}/back", take_own_kinds_back, "own kinds", ADMINS, raises=BOTH),
    Address("POST", f"{BASE}/switch", switch_own_kind, "own kinds", ADMINS, raises=(NotFound,)),
    Address("GET", f"{BASE}/versions/{{id}}", read_own_kinds_file, "own kinds", READERS, raises=(NotFound,)),
)
