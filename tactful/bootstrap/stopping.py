"""Stopping at one tap, from wherever a message reached somebody; and answers that come back the same way."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tactful.bootstrap.reaching import IN_PROCESS, Reaching
from tactful.bootstrap.running import named
from tactful.facts.chats import Chats
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.store.database import Identity
from tactful.store.decided import marks, stopped
from tactful.store.described import addresses, consents, links
from tactful.store.described.people import LOCK
from tactful.store.running import audit
from tactful.store.steps import run_async

# The purpose that whatever leaves the product needs, beside that of engaging at all.
OUTREACH = "outreach"
# How long a one-time token links a chat.
LINK = timedelta(minutes=30)
CHANGES = 100


class Stopping(Reaching):
    """Ways out, consent, links of chats, answers by mark."""

    async def stop(
        self,
        organisation: str,
        person: str,
        *,
        again: bool = False,
        source: str = IN_PROCESS,
        wording: str | None = None,
    ) -> dict[str, Any]:
        """Let nothing reach the person outside the product any more, at once, also what is queued already.

        again: the opposite: they allow it (again). source: through what they said it; wording: what they saw then.
        Answers `outreach`: whether it is allowed now, and `withdrawn`: how many messages were still to go.

        raises: BadInput; NotFound.
        """
        named(organisation, person)
        limits.text(source, "source")
        now = self.clock.now()
        async with self.database.service() as connection:
            found = await stopped.find(connection, organisation, person)
            await connection.execute(LOCK, ([found],))
            await run_async(connection, consents.say(found, {OUTREACH: again}, at=now, source=source, wording=wording))
            withdrawn = 0 if again else await stopped.withdraw(connection, found, at=now)
        await self._due_again(organisation, person)
        return {"outreach": again, "withdrawn": withdrawn}

    async def way_out(self, token: str) -> dict[str, Any]:
        """Whom the way out in a message stops: organisation, person, channel, locale; and whether they are stopped.

        raises: NotFound.
        """
        async with self.database.service() as connection:
            row = await addresses.named(connection, _uuid(token))
            if row is None:
                raise NotFound("This link is not known any more.")
            row["stopped"] = await stopped.is_stopped(connection, row["person_id"])
        return row

    async def go_out(self, token: str, *, again: bool = False, wording: str | None = None) -> dict[str, Any]:
        """Stop, or allow again, whom the way out in a message names. Answers as `stop`. raises: NotFound."""
        whom = await self.way_out(token)
        return await self.stop(
            whom["organisation"], whom["person"], again=again, source=whom["channel"], wording=wording
        )

    async def switch_channel_off(self, organisation: str, person: str, channel: str) -> dict[str, Any]:
        """Add a channel to those that the person switched off; answers all preferences. raises: BadInput; Conflict."""
        before = await self.preferences(organisation, person)
        off = sorted({*before["disabled_channels"], channel})
        return await self.change_preferences(organisation, person, {"disabled_channels": off})

    async def consent_history(self, organisation: str, person: str) -> list[dict[str, Any]]:
        """What the person agreed to and took back, latest first. raises: BadInput."""
        named(organisation, person)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            return await consents.history(connection, most=CHANGES)

    async def take_address(
        self, organisation: str, person: str, channel: str, address: str, *, wording: str | None = None
    ) -> dict[str, Any]:
        """Note where the person wants to be reached, as they say themselves: a browser, a phone, a chat.

        It is theirs alone from now on. wording: what they agreed to, as they saw it. raises: BadInput naming the field;
        Conflict for somebody who was erased.
        """
        named(organisation, person)
        kept = self._address(channel, address)
        limits.text(wording or "", "wording")
        await self._due_again(organisation, person)
        async with self.database.service() as connection:
            found = await stopped.find(connection, organisation, person)
            await addresses.take(connection, found, channel, kept, wording=wording, at=self.clock.now())
        return {"channel": channel, "address": kept}

    async def drop_address(self, organisation: str, person: str, channel: str, address: str) -> dict[str, Any]:
        """Forget an address of the person. raises: BadInput; NotFound."""
        named(organisation, person)
        kept = self._address(channel, address)
        async with self.database.service() as connection:
            found = await stopped.find(connection, organisation, person)
            if not await addresses.drop(connection, found, channel, kept):
                raise NotFound("They have no such address.")
        await self._due_again(organisation, person)
        return {"channel": channel, "address": kept}

    async def link_started(
        self, organisation: str, person: str, channel: str, *, actor: str | None = None
    ) -> dict[str, Any]:
        """A one-time token with which the person links a chat to themselves: token, expires_at, and link.

        link: the address that opens the chat and says the token there; None where a channel has none. actor: whoever
        hands it to them, where they did not ask themselves; it is in the audit log.

        raises: BadInput; Conflict for somebody who was erased.
        """
        named(organisation, person)
        self._channel(channel)
        await self._due_again(organisation, person)
        until = self.clock.now() + LINK
        async with self.database.service() as connection:
            found = await stopped.find(connection, organisation, person)
            token = await links.begin(connection, found, channel, until=until)
            if actor is not None:
                detail = {"user_id": person, "channel": channel}
                await audit.write(connection, organisation=organisation, actor=actor, act="make link", detail=detail)
        way = self.outside[channel]
        return {"token": token, "expires_at": until, "link": way.link(token) if isinstance(way, Chats) else None}

    async def addresses(self, organisation: str, person: str) -> list[dict[str, Any]]:
        """Where a person is reached outside the product, latest first: channel, address, source (product or person),
        wording (what they agreed to), created_at, disabled_at and disabled_because, sent, answered, bounced.

        raises: BadInput.
        """
        named(organisation, person)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            return await addresses.of(connection)

    async def links(self, organisation: str, person: str) -> list[dict[str, Any]]:
        """The chats that the person can link to themselves: channel, and address where they did. raises: BadInput."""
        theirs = {
            row["channel"]: row["address"]
            for row in (await self.addresses(organisation, person))[::-1]
            if row["disabled_at"] is None
        }
        chats = sorted(name for name, way in self.outside.items() if isinstance(way, Chats))
        return [{"channel": name, "address": theirs.get(name)} for name in chats]

    async def linked(
        self, channel: str, token: str, address: str, *, wording: str | None = None
    ) -> dict[str, Any] | None:
        """Link a chat to whoever got the one-time token: organisation, person; None where it is none, or over.

        raises: BadInput.
        """
        kept = self._address(channel, address)
        now = self.clock.now()
        async with self.database.service() as connection:
            row = await links.use(connection, token, channel, now=now)
            if row is None:
                return None
            await addresses.take(connection, row["person_id"], channel, kept, wording=wording, at=now)
        await self._due_again(row["organisation"], row["person"])
        return {"organisation": row["organisation"], "person": row["person"]}

    async def whose(self, channel: str, address: str) -> tuple[str, str] | None:
        """Organisation and person whom a chat belongs to; None for nobody's."""
        async with self.database.service() as connection:
            row = await addresses.whose(connection, channel, address)
        return None if row is None else (row["organisation"], row["person"])

    async def answered(self, mark: str, response: str, *, at: datetime | None = None) -> dict[str, Any]:
        """Record an answer that names a message by its mark; as `answer`. raises: BadInput; NotFound."""
        at = self.instant(at)
        async with self.database.service() as connection:
            row = await marks.find(connection, _uuid(mark))
        if row is None:
            raise NotFound("There is no such message.")
        return await self.answer(row["organisation"], row["person"], row["intervention_id"], response, at=at)

    def _channel(self, channel: str) -> None:
        if channel not in self.outside:
            known = ", ".join(sorted(self.outside)) or "none"
            raise BadInput(f"channel: {channel} is not set up; set up are {known}.", fields=["channel"])

    def _address(self, channel: str, address: str) -> str:
        self._channel(channel)
        limits.text(address, "address")
        try:
            return self.outside[channel].address(address)
        except BadInput as wrong:
            raise BadInput(f"address {wrong.detail}.", fields=["address"]) from wrong


def _uuid(told: str) -> str:
    try:
        return str(UUID(hex=told))
    except (ValueError, TypeError, AttributeError):
        raise NotFound("This is not known.") from None
