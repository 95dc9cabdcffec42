"""Versions of what organisations set for themselves: written, listed and taken back, whatever they are about."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.bootstrap.where import agreements, setting_rows
from tactful.kernel.errors import Conflict, NotFound
from tactful.kernel.settings import Setting
from tactful.sense import limits
from tactful.sense import own as sent
from tactful.store.database import AsyncConnection
from tactful.store.described import organisations, own
from tactful.store.described.own import SETTINGS
from tactful.store.running import audit
from tactful.store.steps import run_async

# Versions of one answer.
MOST_VERSIONS = 200


@cache
def own_rows() -> tuple[Setting[Any], ...]:
    """Every setting that an organisation may have of its own, in order of name."""
    return tuple(row for row in setting_rows() if row.own)


class Owning(Running):
    """What settings and templates of an organisation have in common."""

    async def _own_versions(self, organisation: str, area: str, limit: int, before: int | None) -> list[dict[str, Any]]:
        limits.whole(limit, "limit", 1, MOST_VERSIONS)
        _counted(before, "before")
        below = own.NEWEST if before is None else before
        async with self._office(organisation) as connection:
            return await run_async(connection, own.history(organisation, area, limit=limit, before=below))

    @asynccontextmanager
    async def _own_changing(
        self, organisation: str, area: str, *, note: str, expected: int | None
    ) -> AsyncIterator[tuple[AsyncConnection, Mapping[str, Any]]]:
        """One transaction, and the newest version; nobody else changes anything until it ends.

        raises: BadInput naming the field; NotFound; Conflict where it is not the version that was expected.
        """
        named(organisation)
        limits.text(note, "note")
        _counted(expected, "expected_version")
        async with self.database.service() as connection:
            await organisations.number(connection, organisation)
            await run_async(connection, own.hold())
            now = await run_async(connection, own.version(organisation, area))
            if expected is not None and now["version"] != expected:
                told = f"This is at version {now['version']} by now, not {expected}; look at it again and decide anew."
                raise Conflict(told, fields=["expected_version"])
            yield connection, now

    async def _own_undo(
        self, organisation: str, area: str, version: int, *, note: str, expected: int | None, actor: str
    ) -> dict[str, Any]:
        limits.whole(version, "version", 1, limits.LARGEST_COUNT)
        async with self._own_changing(organisation, area, note=note, expected=expected) as (connection, now):
            past = await run_async(connection, own.version(organisation, area, upto=version))
            if past["version"] != version:
                raise NotFound(f"There is no version {version}.", fields=["version"])
            after = sent.undone(now["body"], past["changes"])
            if area == SETTINGS:
                sent.held({row.name: row for row in own_rows()}, agreements(), self.settings, after)
            return await self._own_write(
                connection, organisation, area, now, after, actor=actor, note=note, undoes=version
            )

    async def _own_write(
        self,
        connection: AsyncConnection,
        organisation: str,
        area: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        actor: str,
        note: str,
        undoes: int | None = None,
    ) -> dict[str, Any]:
        changes = sent.differences(before["body"], after)
        if not changes:
            return {**before, "changes": {}}
        number = before["version"] + 1
        change = own.Change(self.clock.now(), actor, note, after, changes, undoes)
        row = await run_async(connection, own.write(organisation, area, number, change))
        detail = {"version": number, "names": sorted(changes), "note": note, "undoes": undoes}
        await audit.write(connection, organisation=organisation, actor=actor, act=f"change {area}", detail=detail)
        return row


def _counted(value: int | None, field: str) -> None:
    """Nothing, for a version or nothing at all. raises: BadInput."""
    if value is not None:
        limits.whole(value, field, 0, limits.LARGEST_COUNT)
