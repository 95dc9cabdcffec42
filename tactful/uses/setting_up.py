"""Which milestones an organisation has: looked at, tried out, added, changed and taken back. Each is noted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tactful.facts.milestones import Milestone
from tactful.kernel.errors import Conflict, NotFound
from tactful.sense import milestones as sent
from tactful.store.database import Connection
from tactful.store.described import milestones as described
from tactful.store.running import audit
from tactful.store.sensed import milestones
from tactful.store.sensed.milestones import Wishes
from tactful.uses.milestones import definitions


@dataclass(frozen=True, slots=True)
class Doing:
    """One transaction about the milestones of an organisation. actor: for the audit log."""

    connection: Connection
    organisation: str
    wishes: Wishes
    actor: str
    at: datetime

    def hold(self) -> int:
        """Our number of the organisation, whose milestones nobody else changes meanwhile. raises: NotFound."""
        return described.hold(self.connection, self.organisation)

    def note(self, act: str, detail: Mapping[str, Any]) -> None:
        """Write it to the audit log."""
        audit.note(self.connection, self.organisation, actor=self.actor, act=act, detail=dict(detail))


def listed(doing: Doing) -> list[dict[str, Any]]:
    """Every milestone, with `source`. raises: NotFound."""
    doing.hold()
    return [_told(one, source) for one, source in definitions(doing.connection, doing.organisation).values()]


def statistics(doing: Doing) -> dict[str, Any]:
    """active_milestones, people, and milestones, each with how it does; also those that are gone. raises: NotFound."""
    whose = doing.hold()
    known = definitions(doing.connection, doing.organisation)
    people, found = described.statistics(doing.connection, whose)
    names = [*known, *(name for name in found if name not in known)]
    return {
        "active_milestones": sum(one.is_active for one, _ in known.values()),
        "people": people,
        "points": int(sum(row["points"] or 0 for row in found.values())),
        "milestones": [_counted(name, known.get(name), found.get(name), people) for name in names],
    }


def _counted(
    name: str, known: tuple[Milestone, str] | None, found: Mapping[str, Any] | None, people: int
) -> dict[str, Any]:
    one, source = known or (None, "removed")
    title = one.display_name if one else found["display_name"] if found else name
    counts = {key: int(found[key]) if found else 0 for key in ("reached", "celebrated", "silent")}
    return {
        "milestone_name": name,
        "display_name": title,
        "source": source,
        "is_active": bool(one and one.is_active),
        **counts,
        "share": round(counts["reached"] / people, 4) if people else 0.0,
        "median_days": round(found["median_days"], 1) if found and found["median_days"] is not None else None,
    }


def preview(doing: Doing, told: Mapping[str, Any]) -> dict[str, Any]:
    """people, have (it already) and half_way, of a milestone as it would be. raises: BadInput, NotFound."""
    whose = doing.hold()
    there = definitions(doing.connection, doing.organisation).get(str(told.get("milestone_name", "")))
    one = sent.changed(there[0], told) if there else _new(told)
    people, _ = described.statistics(doing.connection, whose)
    found = milestones.have(doing.connection, whose, one.metric_name, one.target_value)
    return {"milestone": _told(one, there[1] if there else "own"), "people": people, **found}


def add(doing: Doing, told: Mapping[str, Any], celebrate: bool) -> dict[str, Any]:
    """One more. raises: BadInput, NotFound, Conflict."""
    one, whose = _new(told), doing.hold()
    if one.milestone_name in definitions(doing.connection, doing.organisation):
        raise Conflict(f"There is a milestone {one.milestone_name} already.", fields=["milestone_name"])
    return _put(doing, whose, one, "add milestone", {}, celebrate)


def change(doing: Doing, name: str, told: Mapping[str, Any], celebrate: bool) -> dict[str, Any]:
    """One otherwise than it was. raises: BadInput, NotFound, Conflict."""
    whose = doing.hold()
    before, source = _one(doing, name)
    after = sent.changed(before, told)
    changes = sent.differences(before, after)
    if not changes:
        return _told(before, source) | {"version": None, "earlier": 0}
    return _put(doing, whose, after, "change milestone", {"changes": changes}, celebrate)


def remove(doing: Doing, name: str) -> dict[str, Any]:
    """One no more, or as everybody has it. raises: NotFound, Conflict."""
    whose = doing.hold()
    before, source = _one(doing, name)
    if source == "default":
        told = f"Everybody has {name}, and it is as it was; switch it off with is_active instead."
        raise Conflict(told, fields=["milestone_name"])
    described.drop(doing.connection, whose, name)
    doing.note("remove milestone", {"milestone_name": name, "was": asdict(before)})
    known = definitions(doing.connection, doing.organisation)
    return {"milestone_name": name, "removed": name not in known}


def _put(
    doing: Doing, whose: int, one: Milestone, act: str, detail: Mapping[str, Any], celebrate: bool
) -> dict[str, Any]:
    """Write it, and in the same transaction who has it already."""
    own = described.own(doing.connection, doing.organisation)
    if one.milestone_name not in own and len(own) >= described.MOST:
        raise Conflict(f"An organisation may have {described.MOST} milestones of its own; remove some.")
    version = described.put(doing.connection, whose, one, at=doing.at)
    connection, name = doing.connection, one.milestone_name
    earlier = milestones.reach_earlier(connection, whose, name, doing.wishes, at=doing.at, celebrate=celebrate)
    if celebrate:
        milestones.due(connection, earlier, at=doing.at)
    told = {"milestone_name": name, "version": version, "earlier": len(earlier), "celebrated": celebrate}
    doing.note(act, told | dict(detail))
    source = "changed" if name in sent.defaults() else "own"
    return _told(one, source) | {"version": version, "earlier": len(earlier)}


def _new(told: Mapping[str, Any]) -> Milestone:
    rest = {field: value for field, value in told.items() if field != "milestone_name"}
    return sent.new(told.get("milestone_name"), rest)


def _one(doing: Doing, name: str) -> tuple[Milestone, str]:
    found = definitions(doing.connection, doing.organisation).get(name)
    if found is None:
        raise NotFound(f"There is no milestone {name[:64]}.", fields=["milestone_name"])
    return found


def _told(one: Milestone, source: str) -> dict[str, Any]:
    return asdict(one) | {"source": source}
