"""Operators: letting them in, keeping them signed in, and who of them may do what."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tactful.bootstrap import passwords
from tactful.bootstrap.running import Running
from tactful.bootstrap.settings import IDLE_MINUTES, SESSION_HOURS, TRY_MINUTES, TRY_MOST
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, NotFound, NotSignedIn, TooMany
from tactful.store.database import AsyncConnection
from tactful.store.described import operators
from tactful.store.running import audit

ROLES = ("viewer", "organiser", "admin")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")
LONGEST_EMAIL = 254
# An address may try for this many names' worth: people share addresses.
NAMES_OF_AN_ADDRESS = 5
# How long a session's `seen_at` may lag behind, so that most pages write nothing.
SEEN = timedelta(minutes=1)
WRONG = "The e-mail address or the password is not right."


@dataclass(frozen=True, slots=True)
class Operator:
    """Who is signed in. session: the hash of their session; until: when it ends at the latest."""

    id: int
    organisation: str
    email: str
    name: str
    role: str
    session: str
    until: datetime

    @property
    def actor(self) -> str:
        """Who acts, for the audit log."""
        return f"operator:{self.role} {self.email}"

    def may(self, role: str) -> bool:
        """Whether they may do what `role` may.

        >>> from datetime import UTC
        >>> Operator(1, "acme", "a@b.c", "", "organiser", "", datetime(2026, 1, 1, tzinfo=UTC)).may("admin")
        False
        """
        return ROLES.index(self.role) >= ROLES.index(role)


class Operating(Running):
    """Operators and their sessions."""

    async def sign_in(self, email: str, password: str, *, address: str) -> str:
        """Sign in; answers the session's secret. address: where the request comes from.

        raises: NotSignedIn, the same whether there is nobody of that name or the password is wrong; TooMany.
        """
        email = email.strip().lower()[:LONGEST_EMAIL]
        whom = [hash_of(f"name {email}"), hash_of(f"address {address}")]
        await self._count(whom)
        now = self.clock.now()
        async with self.database.service() as connection:
            row = await operators.by_email(connection, email)
        # Without a transaction: it is made to take long.
        right = await asyncio.to_thread(
            passwords.right, password[: passwords.LONGEST + 1], row["password_hash"] if row else None
        )
        if row is None or not right or row["disabled_at"] is not None:
            raise NotSignedIn(WRONG)
        async with self.database.service() as connection:
            await operators.forgive(connection, *whom)
            await note(connection, row["organisation"], actor_of(row), "sign in", {})
            return await self._begin(connection, row["id"], at=now)

    async def signed_in(self, secret: str) -> Operator | None:
        """Who is signed in with this session's secret; None where it is over or never was."""
        hash, now = hash_of(secret), self.clock.now()
        async with self.database.service() as connection:
            idle = timedelta(minutes=self.settings[IDLE_MINUTES])
            row = await operators.session(connection, hash, at=now, idle=idle)
            if row is not None and now - row["seen_at"] > SEEN:
                await operators.touch(connection, [hash], at=now)
        if row is None:
            return None
        return Operator(row["id"], row["organisation"], row["email"], row["name"], row["role"], hash, row["expires_at"])

    async def still_signed_in(self, whom: Iterable[Operator]) -> set[Operator]:
        """Those of them whose session goes on, and who may do what they might.

        Whoever looks on is not idle: their sessions go on until they end at the latest, whatever they do.
        """
        asked, now = list(whom), self.clock.now()
        async with self.database.service() as connection:
            idle = timedelta(minutes=self.settings[IDLE_MINUTES])
            hashes = [each.session for each in asked]
            rows = await operators.standing(connection, hashes, at=now, idle=idle)
            # All at once, so that there is one statement a minute, however many look on.
            if any(now - row["seen_at"] > SEEN for row in rows):
                await operators.touch(connection, [row["hash"] for row in rows], at=now)
        found = {row["hash"]: row["role"] for row in rows}
        return {each for each in asked if found.get(each.session) == each.role}

    async def sign_out(self, operator: Operator, *, everywhere: bool = False) -> None:
        """End the session, or all of the operator's."""
        async with self.database.service() as connection:
            await operators.end(connection, operator.session)
            if everywhere:
                await operators.end_all(connection, operator.id)
            await note(connection, operator.organisation, operator.actor, "sign out", {"everywhere": everywhere})

    async def change_password(self, operator: Operator, old: str, new: str) -> None:
        """Change one's own password; all other sessions end. raises: BadInput naming the field; TooMany."""
        whom = [hash_of(f"name {operator.email}")]
        await self._count(whom)
        kept = passwords.fitting(new, email=operator.email)
        async with self.database.service() as connection:
            row = await one(connection, operator.organisation, operator.id)
            if not await asyncio.to_thread(passwords.right, old, row["password_hash"]):
                raise BadInput("The old password is not right.", fields=["old"])
            await operators.forgive(connection, *whom)
            new_hash = await asyncio.to_thread(passwords.hashed, kept)
            await operators.change(connection, operator.id, password_hash=new_hash)
            await operators.end_all(connection, operator.id, but=operator.session)
            await note(connection, operator.organisation, operator.actor, "change password", {})

    async def _count(self, whom: list[str]) -> None:
        """Count a try to sign in before it is looked at, so that many at once count too. raises: TooMany.

        What is refused does not count, so that nobody is kept out for ever by somebody who goes on trying.
        """
        now, window = self.clock.now(), timedelta(minutes=self.settings[TRY_MINUTES])
        most = self.settings[TRY_MOST]
        async with self.database.service() as connection:
            tries = await operators.tries(connection, whom, since=now - window)
            for place, who in enumerate(whom):
                many, first = tries.get(who, (0, now))
                if many >= most * (NAMES_OF_AN_ADDRESS if place else 1):
                    raise _too_many(int((first + window - now).total_seconds()))
            await operators.tried(connection, whom, at=now)

    async def _begin(self, connection: AsyncConnection, operator_id: int, *, at: datetime) -> str:
        secret = ids.token(32)
        until = at + timedelta(hours=self.settings[SESSION_HOURS])
        await operators.begin(connection, operator_id, hash_of(secret), at=at, until=until)
        return secret


def _too_many(seconds: int) -> TooMany:
    minutes = max(1, -(-seconds // 60))
    wait = f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    return TooMany(f"Too many tries to sign in; try again in {wait}.", seconds=max(1, seconds))


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()


def fitting_email(email: str) -> str:
    """The address as it is kept. raises: BadInput.

    >>> fitting_email(" Ana@Example.org")
    'ana@example.org'
    """
    email = email.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email) or not email.isprintable():
        raise BadInput("Write an e-mail address, like ana@example.org.", fields=["email"])
    return email


def actor_of(row: dict[str, Any]) -> str:
    """An operator as the audit log calls them."""
    return f"operator:{row['role']} {row['email']}"


async def one(connection: AsyncConnection, organisation: str, operator_id: int) -> dict[str, Any]:
    """An operator of the organisation, kept as they are until the transaction ends. raises: NotFound."""
    row = await operators.by_id(connection, operator_id)
    if row is None or row["organisation"] != organisation:
        raise NotFound("The organisation has no such operator.")
    return row


async def note(connection: AsyncConnection, organisation: str, actor: str, act: str, detail: dict[str, Any]) -> None:
    """Write an act to the audit log, in the transaction that does it."""
    await audit.write(connection, organisation=organisation, actor=actor, act=act, detail=detail)
