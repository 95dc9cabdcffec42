"""Letting operators in: links that work once, and who of them may do what."""

import asyncio
from datetime import timedelta
from typing import Any

from tactful.bootstrap import passwords
from tactful.bootstrap.operating import ROLES, Operating, actor_of, fitting_email, hash_of, note, one
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import named
from tactful.bootstrap.settings import LINK_HOURS
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from tactful.sense import limits
from tactful.store.database import AsyncConnection
from tactful.store.described import operators, organisations

NOBODY = "You are not an operator here; ask one to invite you."
OVER = "This link was used before or is over; ask for a new one."


class Inviting(Operating):
    """Operators and the links that let them in."""

    async def first_link(self, organisation: str) -> str | None:
        """A secret for a link that lets the organisation's first operator in as admin; None where it has one.

        The one before it is good for nothing then. raises: BadInput.
        """
        named(organisation)
        secret = ids.token()
        async with self.database.service() as connection:
            await organisations.ensure(connection, organisation)
            if await operators.any_of(connection, organisation):
                return None
            await operators.withdraw_first(connection, organisation)
            await self._offer(connection, organisation, secret, role="admin")
        return secret

    async def invite(self, organisation: str, email: str, *, role: str = "viewer", actor: str = IN_PROCESS) -> str:
        """A secret for a link that lets somebody new in as an operator, once.

        raises: BadInput naming the field; NotFound for the organisation; Conflict where they are one already.
        """
        named(organisation)
        email, role = fitting_email(email), _role(role)
        secret = ids.token()
        async with self.database.service() as connection:
            await organisations.number(connection, organisation)
            if await operators.by_email(connection, email):
                raise Conflict("That e-mail address belongs to an operator already.", fields=["email"])
            await self._offer(connection, organisation, secret, role=role, email=email)
            await note(connection, organisation, actor, "invite operator", {"email": email, "role": role})
        return secret

    async def reset_password(self, organisation: str, operator_id: int, *, actor: str = IN_PROCESS) -> str:
        """A secret for a link with which an operator sets a new password, once. raises: BadInput, NotFound."""
        named(organisation)
        limits.whole(operator_id, "operator_id", 1, limits.LARGEST_ID)
        secret = ids.token()
        async with self.database.service() as connection:
            row = await one(connection, organisation, operator_id)
            await self._offer(connection, organisation, secret, role=row["role"], operator_id=operator_id)
            await note(connection, organisation, actor, "reset password", {"email": row["email"]})
        return secret

    async def offered(self, secret: str) -> dict[str, Any]:
        """What a link is for: organisation, role, email, operator_id. It can still be used. raises: NotFound."""
        async with self.database.service() as connection:
            found = await operators.offered(connection, hash_of(secret), at=self.clock.now(), take=False)
        if found is None:
            raise NotFound(OVER)
        return found

    async def accept_offer(self, secret: str, *, email: str = "", name: str = "", password: str) -> str:
        """Use a link: become an operator, or set a new password, and be signed in. Answers the session's secret.

        raises: NotFound where the link is over; BadInput naming the field, Conflict: then it can be used again.
        """
        limits.text(name, "name")
        now = self.clock.now()
        async with self.database.service() as connection:
            offer = await operators.offered(connection, hash_of(secret), at=now, take=True)
            if offer is None:
                raise NotFound(OVER)
            operator_id = offer["operator_id"]
            if operator_id is None:
                operator_id = await self._add(connection, offer, email=email, name=name, password=password)
            else:
                await self._renew(connection, offer, password)
            return await self._begin(connection, operator_id, at=now)

    async def sign_in_vouched(
        self, subject: str, *, email: str, verified: bool, name: str = "", role: str | None = None, joins: str = ""
    ) -> str:
        """Sign in somebody an issuer vouches for; answers the session's secret.

        subject: who they are to the issuer. An e-mail address counts where the issuer has verified it: of an operator
        it is, or of somebody who was invited. role: what the issuer says they may do; None leaves it as it is. joins:
        the organisation that whoever is new becomes an operator of; empty for none.

        raises: NotAllowed where they are nobody here; BadInput.
        """
        email, now = (fitting_email(email) if verified and email else ""), self.clock.now()
        async with self.database.service() as connection:
            row = await operators.by_subject(connection, subject)
            if row is None and email:
                row = await self._linked(connection, subject, email)
            if row is None and email:
                row = await self._newcomer(connection, subject, email, name=name, role=role, joins=joins)
            if row is None or row["disabled_at"] is not None:
                raise NotAllowed(NOBODY)
            if role is not None and row["role"] != role:
                await operators.change(connection, row["id"], role=_role(role))
            await note(connection, row["organisation"], actor_of(row), "sign in", {"issuer": subject.split(" ")[0]})
            return await self._begin(connection, row["id"], at=now)

    async def _linked(self, connection: AsyncConnection, subject: str, email: str) -> dict[str, Any] | None:
        """The operator of this address, from now on also by what the issuer calls them."""
        row = await operators.by_email(connection, email)
        # Somebody else's at the same issuer: an address that was given away.
        if row is None or row["subject"] is not None:
            return None
        await operators.change(connection, row["id"], subject=subject)
        return row

    async def _newcomer(
        self, connection: AsyncConnection, subject: str, email: str, *, name: str, role: str | None, joins: str
    ) -> dict[str, Any] | None:
        offer = await operators.invited(connection, email, at=self.clock.now())
        organisation = offer["organisation"] if offer else joins
        if not organisation:
            return None
        await organisations.ensure(connection, organisation)
        role = role or (offer["role"] if offer else ROLES[0])
        row = await operators.add(
            connection, organisation, email=email, name=name[:200], role=role, subject=subject, at=self.clock.now()
        )
        await note(connection, organisation, actor_of(row), "become operator", {"email": email, "role": role})
        return row

    async def operators(self, organisation: str) -> list[dict[str, Any]]:
        """Every operator, oldest first, with `last_seen_at`. raises: BadInput."""
        named(organisation)
        async with self.database.service() as connection:
            return await operators.of(connection, organisation)

    async def change_operator(
        self,
        organisation: str,
        operator_id: int,
        *,
        role: str | None = None,
        disabled: bool | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Change what an operator may do, or whether they may come in at all; they are signed out by that.

        raises: BadInput, NotFound; Conflict where nobody would be left who may change this again.
        """
        named(organisation)
        limits.whole(operator_id, "operator_id", 1, limits.LARGEST_ID)
        now, values = self.clock.now(), dict[str, Any]()
        if role is not None:
            values["role"] = _role(role)
        if disabled is not None:
            values["disabled_at"] = now if disabled else None
        async with self.database.service() as connection:
            admins = await operators.lock_admins(connection, organisation)
            row = await one(connection, organisation, operator_id)
            if admins == [operator_id] and (disabled or role in ("viewer", "organiser")):
                raise Conflict("They are the only admin; make somebody else one first.")
            if values:
                await operators.change(connection, operator_id, **values)
                await operators.end_all(connection, operator_id)
                detail = {"email": row["email"], "role": role, "disabled": disabled}
                await note(connection, organisation, actor, "change operator", detail)
            return await one(connection, organisation, operator_id)

    async def _offer(self, connection: AsyncConnection, organisation: str, secret: str, **more: Any) -> None:
        now = self.clock.now()
        until = now + timedelta(hours=self.settings[LINK_HOURS])
        await operators.offer(connection, organisation, hash_of(secret), at=now, until=until, **more)

    async def _add(
        self, connection: AsyncConnection, offer: dict[str, Any], *, email: str, name: str, password: str
    ) -> int:
        email = offer["email"] or fitting_email(email)
        kept = await asyncio.to_thread(passwords.hashed, passwords.fitting(password, email=email))
        organisation, role = offer["organisation"], offer["role"]
        row = await operators.add(
            connection,
            organisation,
            email=email,
            name=name.strip(),
            role=role,
            password_hash=kept,
            at=self.clock.now(),
        )
        await note(connection, organisation, actor_of(row), "become operator", {"email": email, "role": role})
        return int(row["id"])

    async def _renew(self, connection: AsyncConnection, offer: dict[str, Any], password: str) -> None:
        row = await one(connection, offer["organisation"], offer["operator_id"])
        kept = passwords.fitting(password, email=row["email"])
        await operators.change(connection, row["id"], password_hash=await asyncio.to_thread(passwords.hashed, kept))
        await operators.end_all(connection, row["id"])
        await operators.forgive(connection, hash_of(f"name {row['email']}"))
        await note(connection, offer["organisation"], actor_of(row), "set password", {})


def _role(role: str) -> str:
    if role not in ROLES:
        raise BadInput(f"role: {role} is none; known are {', '.join(ROLES)}.", fields=["role"])
    return role
