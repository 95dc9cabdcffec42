"""What organisers do in live sessions: set something off, approve or dismiss what was proposed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from tactful.bootstrap.listening import Listening
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.rooming import page
from tactful.bootstrap.running import named
from tactful.compose.polls.own import FIELDS
from tactful.decide.live import rules as live
from tactful.decide.live.kinds import NAMES
from tactful.kernel.errors import BadInput
from tactful.sense import limits, said
from tactful.sense.settings import POLL_RESULTS
from tactful.store import steps
from tactful.store.database import AWAY as DATABASE_AWAY
from tactful.store.decided import suggestions
from tactful.store.running.limits import AWAY
from tactful.store.running.rooms import PATIENCE
from tactful.store.sensed import polls
from tactful.uses.rooms import organising
from tactful.uses.rooms.acts import PART
from tactful.uses.rooms.cases import NOTHING, Deciding
from tactful.uses.rooms.organising import SAID, Answered, Asked, Done

STATES = ("waiting", "approved", "dismissed", "expired")
# What it looks like when somebody cannot be told just now.
LATER: tuple[type[Exception], ...] = (*AWAY, *DATABASE_AWAY)
# What says something, of some kind; the rest of a context is kept as it is.
WORDS = {name for fields in FIELDS.values() for name in fields}


class Organising(Listening):
    """Interventions by hand, and suggestions."""

    async def set_off(
        self,
        organisation: str,
        session_id: str,
        event_id: str,
        kind: str,
        *,
        reason: str,
        context: Mapping[str, Any] | None = None,
        override: bool = False,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Do something in a live session at once. kind: POLL, CHAT_PROMPT, NOTIFICATION or GAMIFICATION.

        context: the words, else a template that fits says it; and whatever else is to be kept with it. override: in
        spite of the kind's cooldown, which the ledger notes.

        Answers success, intervention_id, message and details. raises: BadInput naming the field; NotFound; Conflict
        unless the session runs, while a cooldown lasts, and where a pause or shadow mode stands.
        """
        named(organisation)
        for value, field in ((session_id, "session_id"), (event_id, "event_id")):
            limits.name(value, field)
        if kind not in NAMES:
            raise BadInput(f"intervention_type must be one of {', '.join(NAMES)}.", fields=["intervention_type"])
        told = _mapping({} if context is None else context, "context")
        _remarks({name: value for name, value in told.items() if name not in WORDS}, "context")
        why = said.words(reason, "reason")
        asked = Asked(organisation, session_id, event_id, kind, why, actor, told, override)
        return await self._told(await asyncio.to_thread(self._set_off, asked))

    async def preview_live(
        self, organisation: str, session_id: str, kind: str, *, context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """What `set_off` would say now, with nothing done: the contents as they would be kept.

        raises: BadInput naming the field; NotFound; Conflict unless the session runs.
        """
        named(organisation)
        limits.name(session_id, "session_id")
        if kind not in NAMES:
            raise BadInput(f"intervention_type must be one of {', '.join(NAMES)}.", fields=["intervention_type"])
        told = _mapping({} if context is None else context, "context")
        asked = Asked(organisation, session_id, "", kind, "", "", told)
        return await asyncio.to_thread(self._preview, asked)

    async def suggestions(
        self, organisation: str, session_id: str, *, state: str | None = None, limit: int = 50, offset: int = 0
    ) -> list[dict[str, Any]]:
        """What was proposed for a live session, newest first. state: waiting, approved, dismissed or expired.

        raises: BadInput naming the field; NotFound.
        """
        named(organisation)
        limits.name(session_id, "session_id")
        page(limit, offset)
        if state is not None and state not in STATES:
            raise BadInput(f"state must be one of {', '.join(STATES)}.", fields=["state"])

        def reading() -> steps.Steps[list[dict[str, Any]]]:
            session = yield from polls.room(organisation, session_id)
            now = self.clock.now()
            return (yield from suggestions.several(session["id"], now, state=state, limit=limit, offset=offset))

        async with self.database.service() as connection:
            return await steps.run_async(connection, reading())

    async def approve(
        self,
        organisation: str,
        suggestion_id: int,
        *,
        content: Mapping[str, Any] | None = None,
        override: bool = False,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Do what was proposed; once, however often it is approved. content: what is to be said otherwise.

        Answers as `set_off`. raises: BadInput naming the field; NotFound; Conflict where it was answered before or
        waited too long, and as `set_off`.
        """
        told = _mapping({} if content is None else content, "content")
        for name in told.keys() & set(PART.values()):
            _mapping(told[name], f"content.{name}")
        answered = Answered(organisation, _number(organisation, suggestion_id), actor, told, override)
        return await self._told(await asyncio.to_thread(self._approve, answered))

    async def dismiss(
        self, organisation: str, suggestion_id: int, *, reason: str = "", actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Let a suggestion go; it as it is then. raises: BadInput, NotFound; Conflict where it was answered before."""
        limits.text(reason, "reason")
        answered = Answered(organisation, _number(organisation, suggestion_id), actor, reason=reason)
        row, entries = await asyncio.to_thread(self._dismiss, answered)
        await self._publish_or_leave(entries)
        return row

    def _preview(self, asked: Asked) -> dict[str, Any]:
        with self.database.batch() as connection:
            return organising.preview(connection, asked, at=self.clock.now())

    def _set_off(self, asked: Asked) -> Done:
        with self.database.batch() as connection:
            return organising.set_off(connection, asked, at=self.clock.now(), deciding=self._by_hand())

    def _approve(self, answered: Answered) -> Done:
        with self.database.batch() as connection:
            return organising.approve(connection, answered, at=self.clock.now(), deciding=self._by_hand())

    def _dismiss(self, answered: Answered) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        with self.database.batch() as connection:
            return organising.dismiss(connection, answered, at=self.clock.now())

    def _by_hand(self) -> Deciding:
        # Nothing is drawn, so nothing that was learned matters.
        return Deciding(live.rules(self.settings), NOTHING, results=self.settings[POLL_RESULTS])

    async def _told(self, done: Done) -> dict[str, Any]:
        """What was done, as whoever asked for it is told."""
        published = await self._publish_or_leave(done.entries)
        row, kind = done.row, done.row["type"]
        named = ("session_id", "event_id", "decision_id")
        details = {name: row[name] for name in named} | {"intervention_type": kind, "timestamp": done.at.isoformat()}
        details |= {"content": row["metadata"], "published": published, "cooldown_overridden": round(done.left, 3)}
        when = "has been told" if published else "will be told as soon as Valkey answers"
        message = f"The {SAID[kind]} is written, and the room {when}."
        return {"success": True, "intervention_id": row["id"], "message": message, "details": details}

    async def _publish_or_leave(self, entries: list[dict[str, Any]]) -> bool:
        """Publish what was just committed; where that cannot be, whoever listens to sessions does so later."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._publish(entries)
        except LATER:
            return False
        return True


def _number(organisation: str, suggestion_id: int) -> int:
    named(organisation)
    limits.whole(suggestion_id, "id", 1, limits.LARGEST_ID)
    return suggestion_id


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{path} must map names to values.", fields=[path])
    if len(value) > limits.MOST_PROPERTIES:
        raise BadInput(f"{path} may have {limits.MOST_PROPERTIES} entries; it has {len(value)}.", fields=[path])
    for name in value:
        limits.key(name, f"{path}.{str(name)[:50]}")
    return value


def _remarks(values: Mapping[str, Any], path: str) -> None:
    for name, value in values.items():
        if isinstance(value, str):
            limits.text(value, f"{path}.{name}")
        elif not isinstance(value, bool) and value is not None:
            limits.within(value, f"{path}.{name}", -limits.LARGEST, limits.LARGEST)
