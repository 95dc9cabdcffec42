"""Organisations and the tokens they hand out."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.auth import ADMIN
from tactful.api.call import Call, Caller
from tactful.api.schemas.offices import (
    NewTokenOut,
    OrganisationIn,
    OrganisationOut,
    RotateIn,
    TokenIn,
    TokenOut,
    TokensOut,
)  # fmt: skip
from tactful.api.schemas.wire import Name
from tactful.kernel.errors import Conflict, NotFound

ADMINS = frozenset({ADMIN})
Organisation = Annotated[Name, Path(alias="name")]
TokenId = Annotated[Name, Path(alias="id")]


async def write_organisation(call: Caller, name: Organisation, body: OrganisationIn) -> OrganisationOut:
    """Create the organisation of this token, or change it."""
    _own(call, name)
    row = await call.engine.write_organisation(name, zone=body.zone, actor=call.actor)
    return OrganisationOut(name=row["name"], zone=row["zone"], created_at=row["created_at"])


async def list_tokens(call: Caller, name: Organisation) -> TokensOut:
    """Every token that was handed out, newest first; never the tokens themselves."""
    _own(call, name)
    return TokensOut(tokens=[TokenOut(**row) for row in await call.engine.tokens(name)])


async def hand_out_token(call: Caller, name: Organisation, body: TokenIn) -> NewTokenOut:
    """Hand out a token for a service or an operator. It is shown this once."""
    _own(call, name)
    row = await call.engine.hand_out_token(name, scope=body.scope, note=body.note, days=body.days, actor=call.actor)
    return NewTokenOut(**row)


async def rotate_token(call: Caller, name: Organisation, token_id: TokenId, body: RotateIn) -> NewTokenOut:
    """Hand out a successor, once; the old token goes on working for a while, so that nobody is locked out.

    A token that was rotated or revoked already is answered with 409: hand out another one for whoever has none.
    With `overlap_hours` 0 the old one is refused at once (other processes follow within a few seconds).
    """
    _own(call, name)
    row = await call.engine.rotate_token(name, token_id, overlap_hours=body.overlap_hours, actor=call.actor)
    return NewTokenOut(**row)


async def revoke_token(call: Caller, name: Organisation, token_id: TokenId) -> TokenOut:
    """Refuse a token from now on (other processes follow within a few seconds)."""
    _own(call, name)
    row = await call.engine.revoke_token(name, token_id, actor=call.actor)
    return TokenOut(**row)


def _own(call: Call, name: str) -> None:
    if name != call.organisation:
        raise NotFound("There is no such organisation, or it is not yours to see.")


ROUTES = (
    Address("PUT", "/api/v1/organisations/{name}", write_organisation, "organisations", ADMINS, raises=(NotFound,)),
    Address("GET", "/api/v1/organisations/{name}/tokens", list_tokens, "organisations", ADMINS, raises=(NotFound,)),
    Address(
        "POST",
        "/api/v1/organisations/{name}/tokens",
        hand_out_token,
        "organisations",
        ADMINS,
        raises=(NotFound, Conflict),
    ),
    Address(
        "POST",
        "/api/v1/organisations/{name}/tokens/{id}/rotate",
        rotate_token,
        "organisations",
        ADMINS,
        raises=(NotFound, Conflict),
    ),
    Address(
        "DELETE", "/api/v1/organisations/{name}/tokens/{id}", revoke_token, "organisations", ADMINS, raises=(NotFound,)
    ),
)
