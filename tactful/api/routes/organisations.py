"""Organisations and the tokens they hand out."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path

from tactful.api import auth
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
from tactful.api.settings import AUDIENCE, ROTATION_HOURS, SERVICE_TOKEN_DAYS
from tactful.facts import zones
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.store import audit, organisations, tokens
from tactful.store.database import AsyncConnection

ADMINS = frozenset({ADMIN})
Organisation = Annotated[Name, Path(alias="name")]
TokenId = Annotated[Name, Path(alias="id")]


async def write_organisation(call: Caller, name: Organisation, body: OrganisationIn) -> OrganisationOut:
    """Create the organisation of this token, or change it."""
    _own(call, name)
    _zone(body.zone)
    async with call.engine.database.service() as connection:
        row = await organisations.write(connection, name, zone=body.zone, now=call.at)
        await _note(connection, call, "write organisation", {"zone": row["zone"]})
    return OrganisationOut(name=row["name"], zone=row["zone"], created_at=row["created_at"])


async def list_tokens(call: Caller, name: Organisation) -> TokensOut:
    """Every token that was handed out, newest first; never the tokens themselves."""
    _own(call, name)
    async with call.engine.database.service() as connection:
        rows = await tokens.of(connection, name)
    return TokensOut(tokens=[TokenOut(**row) for row in rows])


async def hand_out_token(call: Caller, name: Organisation, body: TokenIn) -> NewTokenOut:
    """Hand out a token for a service or an operator. It is shown this once."""
    _own(call, name)
    async with call.engine.database.service() as connection:
        return await _hand_out(connection, call, body)


async def rotate_token(call: Caller, name: Organisation, token_id: TokenId, body: RotateIn) -> NewTokenOut:
    """Hand out a successor; the old token goes on working for a while, so that nobody is locked out."""
    _own(call, name)
    hours = call.engine.settings[ROTATION_HOURS] if body.overlap_hours is None else body.overlap_hours
    async with call.engine.database.service() as connection:
        old = await tokens.revoke(connection, name, token_id, at=call.at + timedelta(hours=hours))
        if old is None:
            raise NotFound("The organisation has no such token.")
        return await _hand_out(connection, call, TokenIn(scope=old["scope"], note=old["note"]))


async def revoke_token(call: Caller, name: Organisation, token_id: TokenId) -> TokenOut:
    """Refuse a token from now on (other processes follow within a few seconds)."""
    _own(call, name)
    async with call.engine.database.service() as connection:
        row = await tokens.revoke(connection, name, token_id, at=call.at)
        if row is None:
            raise NotFound("The organisation has no such token.")
        await _note(connection, call, "revoke token", {"token": token_id})
    call.forget()
    return TokenOut(**row)


async def _hand_out(connection: AsyncConnection, call: Call, wanted: TokenIn) -> NewTokenOut:
    if not call.key:
        raise Conflict("This server checks tokens with the keys of your own issuer (api.jwks); hand them out there.")
    settings, token_id = call.engine.settings, ids.token(12)
    days = wanted.days or settings[SERVICE_TOKEN_DAYS]
    row = await tokens.add(
        connection,
        call.organisation,
        token_id=token_id,
        scope=wanted.scope,
        note=wanted.note,
        at=call.at,
        until=call.at + timedelta(days=days),
    )
    await _note(connection, call, "hand out token", {"token": token_id, "scope": wanted.scope})
    token = auth.issue(
        call.key,
        sub=f"{wanted.scope}-{token_id}",
        org=call.organisation,
        scope=wanted.scope,
        now=call.at,
        hours=days * 24,
        audience=settings[AUDIENCE],
        token_id=token_id,
    )
    return NewTokenOut(token=token, **row)


async def _note(connection: AsyncConnection, call: Call, act: str, detail: dict[str, Any]) -> None:
    await audit.write(connection, organisation=call.organisation, actor=call.actor, act=act, detail=detail)


def _own(call: Call, name: str) -> None:
    if name != call.organisation:
        raise NotFound("There is no such organisation, or it is not yours to see.")


def _zone(zone: str | None) -> None:
    if zone is not None and not zones.known(zone):
        raise BadInput(f"zone: {zone} is not an IANA time zone, like Europe/Lisbon.", fields=["zone"])


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
