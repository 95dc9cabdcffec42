"""Looking whether anything is wrong with the whole, and telling operators of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tactful.kernel.settings import Setting, Settings
from tactful.store.database import Connection, Database
from tactful.store.decided import webhooks
from tactful.store.described import own
from tactful.store.running import operator_alerts as alerts
from tactful.uses.operator_alerts import readings
from tactful.uses.operator_alerts import settings as limits
from tactful.uses.operator_alerts.hysteresis import Limits, Standing, Step, step
from tactful.uses.operator_alerts.readings import Measured

# Each kind with the settings of its limits.
KINDS: Mapping[str, tuple[Setting[Any], Setting[Any]]] = {
    readings.HIGH_RISK: (limits.HIGH_RISK, limits.HIGH_RISK_CLEAR),
    readings.RESPONSE: (limits.RESPONSE, limits.RESPONSE_CLEAR),
    readings.JOBS: (limits.JOBS, limits.JOBS_CLEAR),
    readings.ACCURACY: (limits.ACCURACY, limits.ACCURACY_CLEAR),
}
OFF = "Alerts to operators were switched off."
Key = tuple[int, str, str]


@dataclass(slots=True)
class Check:
    """One look. to_tell: numbers of alerts that operators are told now; well: of told ones that are over."""

    connection: Connection
    at: datetime
    to_tell: list[int] = field(default_factory=list)
    well: list[int] = field(default_factory=list)
    held: int = 0
    cleared: int = 0


def check(database: Database, settings: Settings, at: datetime) -> dict[str, int]:
    """Measure everything of all organisations, and raise, tell and clear what follows: told, held, cleared.

    In one transaction, with what endpoints are posted. Whoever calls sees to it that no two do so at once.
    """
    with database.batch() as connection:
        theirs = own.told(connection.execute(*own.question()).fetchall()).bodies
        open_ = {_key(row): row for row in alerts.standing(connection)}
        told = {_key(row): row["told"] for row in alerts.told_today(connection, at=at)}
        done, seen = Check(connection, at), set[Key]()
        for each in readings.measured(connection, at):
            key = (each.organisation, each.kind, each.about)
            seen.add(key)
            wishes = settings.replace(**theirs.get(each.organisation, {}))
            _follow(done, each, open_.get(key), told.get(key, 0), wishes)
        for key in open_.keys() - seen:
            if not settings.replace(**theirs.get(key[0], {}))[limits.ON]:
                _clear(done, open_[key], OFF)
        for kind, numbers in ((webhooks.OPERATORS, done.to_tell), (webhooks.OPERATORS_WELL, done.well)):
            if numbers:
                webhooks.plan_operators(connection, numbers, kind=kind, at=at)
    return {"told": len(done.to_tell), "held": done.held, "cleared": done.cleared}


def _key(row: Mapping[str, Any]) -> Key:
    return row["organisation_id"], row["kind"], row["about"]


def _follow(done: Check, each: Measured, open_: Mapping[str, Any] | None, told_today: int, wishes: Settings) -> None:
    """Do what follows from one reading."""
    above, below = (float(wishes[row]) for row in KINDS[each.kind])
    standing = Standing(open_ is not None, bool(open_ and open_["told_at"]), told_today)
    wanted = step(standing, each.reading, Limits(above, below, wishes[limits.PER_DAY]))
    if not wishes[limits.ON]:
        wanted = Step.CLEAR if open_ is not None else Step.NOTHING
    if open_ is None and wanted in (Step.TELL, Step.HOLD):
        _raise(done, each, above, told=wanted is Step.TELL)
    elif open_ is not None and wanted is Step.TELL_NOW:
        alerts.tell(done.connection, [open_["id"]], at=done.at)
        done.to_tell.append(open_["id"])
    elif open_ is not None and wanted is Step.CLEAR:
        _clear(done, open_, each.sentence if wishes[limits.ON] else OFF)


def _clear(done: Check, alert: Mapping[str, Any], because: str) -> None:
    alerts.clear(done.connection, alert["id"], at=done.at, because=because)
    done.cleared += 1
    if alert["told_at"] is not None:
        done.well.append(alert["id"])


def _raise(done: Check, each: Measured, bound: float, *, told: bool) -> None:
    row = {"organisation": each.organisation, "kind": each.kind, "about": each.about, "value": each.reading.value}
    row |= {"bound": bound, "sentence": each.sentence, "told_at": done.at if told else None}
    raised = alerts.put(done.connection, row, at=done.at)
    if told:
        done.to_tell += raised
    else:
        done.held += len(raised)
