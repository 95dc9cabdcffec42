"""What an organisation sets for itself while the engine runs: looked at, tried out, changed, taken back."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.bootstrap.owning import Owning, own_rows
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.where import agreements
from tactful.kernel.settings import Setting
from tactful.sense import own as sent
from tactful.store.decided import asof
from tactful.store.described import own
from tactful.store.described.own import SETTINGS
from tactful.store.steps import run_async
from tactful.uses import ticking


class Configuring(Owning):
    """Settings of one organisation."""

    async def configuration(self, organisation: str) -> dict[str, Any]:
        """Every setting that the organisation may have of its own, as it holds for it now, and the `version` it is at.

        Of each: name, value, source (default, start: from the file or the environment, or own), since (the version
        that set it last, where it is own), common (what holds unless it is own), default, kind (true_or_false,
        whole_number, number or text), unit, low, high, choices, help. raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            now = await run_async(connection, own.version(organisation, SETTINGS))
            since = await run_async(connection, own.last_changed(organisation, SETTINGS))
        rows = [self._row(row, now["body"], since) for row in own_rows()]
        return {"version": now["version"], "at": now.get("at"), "actor": now.get("actor"), "settings": rows}

    async def change_settings(
        self,
        organisation: str,
        settings: Mapping[str, Any],
        *,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Set these (name -> value; None for what everybody has) for the organisation; all of them or none.

        In force from its commit on, in every process; a tick that has begun goes on as it began. Answers the version
        that was written, or the one that stands where nothing is different. expected_version: the one that was looked
        at before.

        raises: BadInput naming the setting; NotFound; Conflict where somebody changed something meanwhile.
        """
        changing = self._own_changing(organisation, SETTINGS, note=note, expected=expected_version)
        async with changing as (connection, before):
            after = sent.changed(own_rows(), agreements(), self.settings, dict(before["body"]), settings)
            return await self._own_write(connection, organisation, SETTINGS, before, after, actor=actor, note=note)

    async def configuration_history(
        self, organisation: str, *, limit: int = 50, before: int | None = None
    ) -> list[dict[str, Any]]:
        """What was changed, newest first: version, at, actor, note, changes (name -> [from, to]), undoes, body.

        body: all that was the organisation's own then. before: below this version only. raises: BadInput, NotFound.
        """
        return await self._own_versions(organisation, SETTINGS, limit, before)

    async def undo_configuration(
        self,
        organisation: str,
        version: int,
        *,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Take back what that version changed, as a new version; what others changed stays.

        raises: BadInput; NotFound for a version there never was; Conflict where the same was changed again since.
        """
        return await self._own_undo(organisation, SETTINGS, version, note=note, expected=expected_version, actor=actor)

    async def rehearse_settings(
        self, organisation: str, settings: Mapping[str, Any], *, at: datetime | None = None
    ) -> dict[str, Any]:
        """Whom a tick over the organisation's people would reach `now`, and `then`, were these set; nothing is written.

        Both as `tick_summary` tells a tick. raises: BadInput naming the setting; NotFound.
        """
        whose = await self.require(organisation)
        instant, past = self._instant(at, margin=asof.LATE)
        async with self.database.service() as connection:
            body = dict((await run_async(connection, own.version(organisation, SETTINGS)))["body"])
        wanted = sent.changed(own_rows(), agreements(), self.settings, body, settings)

        def looked(instead: Mapping[str, Any]) -> dict[str, Any]:
            return ticking.rehearse(
                self.database, self.rules, at=instant, past=past, organisation=whose, instead=instead
            )

        return {"now": await asyncio.to_thread(looked, body), "then": await asyncio.to_thread(looked, wanted)}

    def _row(self, row: Setting[Any], body: Mapping[str, Any], since: Mapping[str, int]) -> dict[str, Any]:
        common = self.settings[row]
        mine = row.name in body
        kind = {bool: "true_or_false", int: "whole_number", float: "number"}.get(type(row.default), "text")
        return {
            "name": row.name,
            "value": body.get(row.name, common),
            "source": "own" if mine else "default" if common == row.default else "start",
            "since": since.get(row.name) if mine else None,
            "common": common,
            "default": row.default,
            "kind": kind,
            "unit": row.unit,
            "low": row.low,
            "high": row.high,
            "choices": list(row.choices),
            "help": row.help,
        }
