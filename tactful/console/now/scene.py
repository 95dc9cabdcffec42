"""All that runs in one organisation, as those hear of it who look on. What is told is made once for all of them."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from tactful.console.now import frames, shown
from tactful.console.now.reader import Reader

Row = Mapping[str, Any]
# What is shown of a session that may change without anything having happened, apart from figures.
SHOWN = ("title", "mode", "anomaly_type", "severity", "noticed_at")


class Figures(msgspec.Struct, frozen=True):
    """How engaged an audience is, as rooms tell their organisers."""

    at: datetime
    score: float | None
    viewers: int


class Scene:
    """What is known of an organisation's live sessions, and who looks on."""

    def __init__(self, organisation: str, *, now: datetime) -> None:
        self.organisation = organisation
        self.readers: set[Reader] = set()
        # Since when nobody looks on, by the loop's clock.
        self.empty_since: float | None = None
        self.looked_at = now
        # Held while it is looked at, so that what is older never comes after what is newer.
        self.looking = asyncio.Lock()
        # Our number of each session that runs -> its name.
        self.numbers: dict[int, str] = {}
        self._rows: dict[str, Row] = {}
        self._latest: dict[str, Figures] = {}
        self._fresh: set[str] = set()
        self._answer = ""
        # What was told lately, by kind and key.
        self._told: dict[tuple[str, str], Row] = {}

    def hear(self, number: int, figures: Figures) -> bool:
        """Take figures of a session; whether they are news."""
        name = self.numbers.get(number)
        known = self._latest.get(name or "")
        if name is None or (known is not None and known.at > figures.at):
            return False
        self._latest[name] = figures
        self._fresh.add(name)
        return True

    def tick(self) -> None:
        """Tell everybody the latest figures of sessions of which there are new ones."""
        if self._fresh and self.readers:
            latest = ((name, self._latest[name]) for name in sorted(self._fresh))
            told = frames.tick((name, each.at.timestamp(), each.score, each.viewers) for name, each in latest)
            for reader in self.readers:
                reader.tick(told)
        self._fresh.clear()

    def look(self, found: Row) -> None:
        """Tell everybody what is new. found: of `Engine.happening`."""
        now, rows = found["at"], {row["session_id"]: row for row in found["sessions"]}
        fresh = {(row["kind"], row["key"]): row for row in found["changes"]}
        changed = [row for key, row in fresh.items() if self._told.get(key) != row]
        told = b"".join(self._moved(rows))
        seen = [self._seen(row) for row in rows.values()]
        if (answer := shown.answer(seen, found["total"])) != self._answer:
            self._answer = answer
            told += frames.frame("answer", answer)
        self.numbers = {row["number"]: name for name, row in rows.items()}
        self._rows, self._told, self.looked_at = rows, fresh, now
        for number, row in ((row["number"], row) for row in rows.values() if row["heard_at"] is not None):
            self.hear(number, Figures(row["heard_at"], row["engagement"], row["viewers"] or 0))
        if told:
            self._tell(dict.fromkeys((True, False), told))
        if changed:
            self._tell({may: frames.changes(changed, may=may, id=frames.cursor(now)) for may in self._kinds()})

    def whole(self) -> bytes:
        """Every session that runs, for somebody who has just come."""
        listed = frames.json("sessions", sorted(self._rows)) + frames.frame("answer", self._answer)
        return listed + b"".join(frames.session(self._seen(row)) for row in self._rows.values())

    def tell(self, told: bytes) -> None:
        """Tell everybody the same."""
        self._tell(dict.fromkeys((True, False), told))

    def _moved(self, rows: Mapping[str, Row]) -> Iterable[bytes]:
        """Sessions that began, ended, or are shown otherwise."""
        if rows.keys() != self._rows.keys():
            yield frames.json("sessions", sorted(rows))
        for name, row in rows.items():
            known = self._rows.get(name)
            if known is None or any(known[field] != row[field] for field in SHOWN):
                yield frames.session(self._seen(row))
        for name in self._latest.keys() - rows.keys():
            del self._latest[name]
            self._fresh.discard(name)

    def _seen(self, row: Row) -> Row:
        latest = self._latest.get(row["session_id"])
        return row if latest is None else {**row, "engagement": latest.score, "viewers": latest.viewers}

    def _kinds(self) -> set[bool]:
        return {reader.may for reader in self.readers}

    def _tell(self, told: Mapping[bool, bytes]) -> None:
        for reader in self.readers:
            reader.tell(told[reader.may])
