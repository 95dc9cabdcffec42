"""How milestones get on: how many people reached each, and how far the others are."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.facts.milestones import Milestone
from tactful.store.database import Connection, Database
from tactful.store.described import milestones as described
from tactful.store.described import organisations
from tactful.store.learned import reckonings
from tactful.store.sensed import milestones
from tactful.uses.milestones import definitions

NAME = "milestones"
QUARTERS = (0, 1, 2, 3)
PARTS = tuple(f"quarter_{number + 1}" for number in QUARTERS)
COLUMNS = ("milestone_name", "display_name", "metric_name", "target_value", "reached", *PARTS)


def progress(database: Database, whose: int, *, at: datetime, few: int | None) -> dict[str, Any]:
    """people, at, kept, and milestones: each active one with reached and, of those who have something of it, how many
    are in each quarter of the way (quarter_1 to quarter_4).

    Worked out now where there are no more than `few` people, or `few` is None; else as it was last (kept), and at is
    None where it never was.
    """
    with database.batch() as connection:
        if few is not None and reckonings.people(connection, whose, most=few + 1) > few:
            last = reckonings.kept(connection, whose, NAME) or {"at": None, "body": {"milestones": []}}
            return {"at": last["at"], "kept": True, "people": None, **last["body"]}
        name = organisations.names(connection)[whose]
        active = [one for one, _ in definitions(connection, name).values() if one.is_active]
        people, reached = described.statistics(connection, whose)
        rows = _progress(connection, whose, active, reached)
    return {"people": people, "at": at, "kept": False, "milestones": rows}


def keep_progress(database: Database, whose: int, at: datetime) -> None:
    """Work it out, however long it takes, and keep it."""
    told = progress(database, whose, at=at, few=None)
    body = json.dumps({name: told[name] for name in ("people", "milestones")})
    with database.batch() as connection:
        reckonings.keep(connection, whose, NAME, at=at, body=body)


def _progress(
    connection: Connection, whose: int, active: Sequence[Milestone], reached: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    cuts: defaultdict[str, set[float]] = defaultdict(set)
    for one in active:
        cuts[one.metric_name] |= {_cut(one, number) for number in (*QUARTERS[1:], 4)}
    rising = {metric: sorted(each) for metric, each in cuts.items()}
    counted: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in milestones.steps(connection, whose, rising):
        counted[row["metric"]][row["step"]] = row["people"]
    return [_row(one, rising[one.metric_name], counted[one.metric_name], reached) for one in active]


def _row(
    one: Milestone, cuts: Sequence[float], counted: Mapping[int, int], reached: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    # Below the first step everybody is in the first quarter of whatever there is.
    least = {step: cuts[step - 1] if step else 0.0 for step in counted}
    parts = {
        part: sum(many for step, many in counted.items() if _cut(one, number) <= least[step] < _cut(one, number + 1))
        for part, number in zip(PARTS, QUARTERS, strict=True)
    }
    known = {name: getattr(one, name) for name in COLUMNS[:4]}
    return {**known, "reached": int(reached.get(one.milestone_name, {"reached": 0})["reached"]), **parts}


def _cut(one: Milestone, number: int) -> float:
    return one.target_value * number / 4


def sheet(told: Mapping[str, Any]) -> list[list[Any]]:
    """Milestones in a table of COLUMNS. told: of `progress`."""
    return [[row[column] for column in COLUMNS] for row in told["milestones"]]
