"""Organisations and the tokens they hand out."""

from datetime import timedelta
from typing import Any

from tactful.bootstrap import operating, signing
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.bootstrap.settings import AUDIENCE, LONGEST_WIDGET, ROTATION_HOURS, SERVICE_TOKEN_DAYS, WIDGET_MINUTES
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.sense import limits
from tactful.store.database import AsyncConnection
from tactful.store.described import endings, organisations, tokens
from tactful.store.running import audit

MOST_DAYS, MOST_HOURS = 3650, 8760
HANDED_OUT = tuple(scope for scope in signing.SCOPES if scope not in signing.PERSONAL)


class Offices(Running):
    """Organisations and tokens."""

    @property
    def signing_key(self) -> str:
        """The secret that tokens are signed with: the setting's, or one kept in the data directory; empty for none."""
        folder = self.where.folder
        return signing.secret(self.settings, lambda: folder.secret("jwt") if folder is not None else "")

    async def write_organisation(
        self, organisation: str, *, zone: str | None = None, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Create an organisation, or change its zone. raises: BadInput naming the field."""
        limits.name(organisation, "name")
        if zone is not None:
            limits.zone(zone, "zone")
        async with self.database.service() as connection:
            row = await organisations.write(connection, organisation, zone=zone, now=self.clock.now())
            await operating.note(connection, organisation, actor, "write organisation", {"zone": row["zone"]})
        return row

    async def tokens(self, organisation: str) -> list[dict[str, Any]]:
        """Every token that was handed out, newest first; never the tokens themselves. raises: BadInput."""
        named(organisation)
        async with self.database.service() as connection:
            return await tokens.of(connection, organisation)

    async def hand_out_token(
        self,
        organisation: str,
        *,
        scope: str = signing.SERVICE,
        note: str = "",
        days: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Hand out a token for a service or an operator; `token` in the answer is shown this once.

        scope: service or an operator's. days: `api.service_token_days` when left out.

        raises: BadInput naming the field; NotFound for an organisation nobody knows; Conflict where tokens are
        checked with the keys of your own issuer.
        """
        named(organisation)
        if scope not in HANDED_OUT:
            raise BadInput(f"scope: {scope} is none; known are {', '.join(HANDED_OUT)}.", fields=["scope"])
        limits.text(note, "note")
        if days is not None:
            limits.whole(days, "days", 1, MOST_DAYS)
        async with self.database.service() as connection:
            return await self._hand_out(connection, organisation, scope, note, days=days, actor=actor)

    async def rotate_token(
        self, organisation: str, token_id: str, *, overlap_hours: float | None = None, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Hand out a successor, once; the old token goes on working for `overlap_hours` (`api.rotation_hours`).

        raises: as `hand_out_token`; NotFound when the organisation has no such token; Conflict when it was rotated
        or revoked already, which changes nothing.
        """
        named(organisation)
        limits.name(token_id, "token_id")
        if overlap_hours is not None:
            limits.within(overlap_hours, "overlap_hours", 0, MOST_HOURS)
        hours = self.settings[ROTATION_HOURS] if overlap_hours is None else overlap_hours
        until = self.clock.now() + timedelta(hours=hours)
        async with self.database.service() as connection:
            old = await tokens.retire(connection, organisation, token_id, at=until)
            made = await self._hand_out(connection, organisation, old["scope"], old["note"], actor=actor)
        self.tokens_ended += 1
        return made

    async def revoke_token(self, organisation: str, token_id: str, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Refuse a token from now on (other processes follow within a few seconds). Twice is once.

        raises: BadInput, NotFound.
        """
        named(organisation)
        limits.name(token_id, "token_id")
        async with self.database.service() as connection:
            row = await tokens.revoke(connection, organisation, token_id, at=self.clock.now())
            if row is None:
                raise NotFound("The organisation has no such token.")
            await operating.note(connection, organisation, actor, "revoke token", {"token": token_id})
        self.tokens_ended += 1
        return row

    async def widget_token(
        self, organisation: str, person: str, *, minutes: int | None = None, session_id: str | None = None
    ) -> dict[str, Any]:
        """A token for one person's browser: `token` and, in UTC, `expires_at`.

        minutes: `api.widget_minutes` when left out. session_id: of the one live session it is good in; of any if not.

        raises: BadInput naming the field; Conflict for somebody who was erased and has not been described again, and
        where tokens are checked with the keys of your own issuer.
        """
        named(organisation, person)
        if minutes is not None:
            limits.whole(minutes, "minutes", 1, LONGEST_WIDGET)
        if session_id is not None:
            limits.name(session_id, "session_id")
        key, now = self._key(), self.clock.now()
        async with self.database.service() as connection:
            if await endings.erased(connection, organisation, person):
                raise Conflict(endings.ERASED_TOLD)
        hours = (minutes or self.settings[WIDGET_MINUTES]) / 60
        token = signing.issue(
            key,
            sub=person,
            org=organisation,
            scope=signing.WIDGET,
            now=now,
            hours=hours,
            audience=self.settings[AUDIENCE],
            session=session_id,
        )
        return {"token": token, "expires_at": now + timedelta(hours=hours)}

    async def end_widget_tokens(self, organisation: str, person: str, *, actor: str = IN_PROCESS) -> None:
        """Refuse every widget token somebody was given until now (other processes follow within a few seconds).

        raises: BadInput; NotFound for an organisation nobody knows.
        """
        named(organisation, person)
        async with self.database.service() as connection:
            mark = await endings.end(connection, organisation, person, at=self.clock.now())
            if mark is None:
                raise NotFound(f"There is no organisation {organisation}.")
            await operating.note(connection, organisation, actor, "end widget tokens", {"mark": mark})
        self.tokens_ended += 1

    def _key(self) -> str:
        if not self.signing_key:
            told = "This server checks tokens with the keys of your own issuer (api.jwks); hand them out there."
            raise Conflict(told)
        return self.signing_key

    async def acts(
        self, organisation: str, *, act: str = "", actor: str = "", before: int | None = None, limit: int = 50
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """What was done to the engine on the organisation's behalf, newest first, and every kind of act there is.

        act: only this one; actor: only those with this in their name; before: only what is older than this id.
        raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            found = await audit.read(connection, act=act, actor=actor, before=before, limit=limit)
            return found, await audit.acts(connection)

    async def _hand_out(
        self,
        connection: AsyncConnection,
        organisation: str,
        scope: str,
        note: str,
        *,
        actor: str,
        days: int | None = None,
    ) -> dict[str, Any]:
        key, now, token_id = self._key(), self.clock.now(), ids.token(12)
        days = days or self.settings[SERVICE_TOKEN_DAYS]
        until = now + timedelta(days=days)
        row = await tokens.add(connection, organisation, token_id=token_id, scope=scope, note=note, at=now, until=until)
        await operating.note(connection, organisation, actor, "hand out token", {"token": token_id, "scope": scope})
        token = signing.issue(
            key,
            sub=f"{scope}-{token_id}",
            org=organisation,
            scope=scope,
            now=now,
            hours=days * 24,
            audience=self.settings[AUDIENCE],
            token_id=token_id,
        )
        return {"token": token, **row}
