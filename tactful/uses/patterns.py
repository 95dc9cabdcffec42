"""What has become of people: their patterns brought up to date by a pass, and who needs us, with what to do first.

The pass looks at those of whom there is something new. Moods need none: messages bring them up to date themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.decide import actions
from tactful.decide.actions import SURE_FROM
from tactful.decide.reengagement import strategy
from tactful.decide.triggers.reengagement import LEVELS
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import patterns as stored
from tactful.store.decided import plateaus as stuck
from tactful.store.decided import regressions as lost
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.learned import versions
from tactful.store.learned.usual import HOURS
from tactful.store.running.fingerprint import fingerprint
from tactful.uses import foreseeing

NAME = "patterns"
REACH = stored.Reach(tuple(LEVELS), SURE_FROM)
# How far back a mood's course is told.
COURSE = timedelta(days=60)

Row = dict[str, Any]


def judge(
    connection: Connection, scope: Scope, *, at: datetime, settings: Settings, since: datetime | None = None
) -> None:
    """Bring the patterns of the people in `scope` up to date; the caller commits. since: who is as they were then is
    left as they are; None looks at all.
    """
    stored.analyse(connection, scope, at=at, since=since, reach=REACH)


def configuration(settings: Settings) -> str:
    """A print of all that a pattern depends on besides the person."""
    return fingerprint(settings, ())


def needing(database: Database, settings: Settings, organisation: int, at: datetime, *, limit: int) -> list[Row]:
    """Who needs us most, each as `of` tells it and with `next_best_action`: type, message, action, reasons; or None."""
    with database.batch() as connection:
        found = stored.needing(connection, organisation, at=at, limit=limit)
        found = _foretold(connection, found, organisation, at, settings)
        people = [row["user_id"] for row in found]
        plateaus, regressions = (
            _by_person(stuck.active(connection, people)),
            _by_person(lost.active(connection, people)),
        )
    return [_advised(row, plateaus[row["user_id"]], regressions[row["user_id"]], settings, at) for row in found]


def of(database: Database, settings: Settings, whom: tuple[str, str], at: datetime) -> Row | None:
    """The pattern of one (organisation, person), with `course`: how their mood was, day by day, for 60 days.

    Whether they will leave, how their mood goes on (mood_forecast; None where it is not known) and which hours are good
    is told by what was learned where something learned serves: each with the version (None before that).
    """
    with database.batch() as connection:
        mine = lookup.find_all(connection, [whom])
        row = stored.of(connection, mine[0], at=at) if mine else None
        if row is None:
            return None
        (told,) = _foretold(connection, [row], row["organisation_id"], at, settings)
        risk = _risk(told.pop("risk"))
        reasons = {"churn_reasons": risk["reasons"] if risk is not None else []}
        return told | reasons | {"course": stored.course(connection, mine[0], since=at - COURSE, at=at)}


def _foretold(
    connection: Connection, rows: Sequence[Row], organisation: int, at: datetime, settings: Settings
) -> list[Row]:
    """The rows with how each mood is expected to go on, and which versions tell it and the hours."""
    ahead = foreseeing.forecasts(connection, [row["user_id"] for row in rows], at=at, settings=settings)
    serves = {each["capability"]: each["version"] for each in versions.served(connection, organisation, at)}
    mine = serves.get(foreseeing.CAPABILITY) if settings[PREDICTING] else None
    told = {person: {**each, "version": mine} for person, each in ahead.items()}
    return [{**row, "mood_forecast": told.get(row["user_id"]), "best_hours_version": serves.get(HOURS)} for row in rows]


def _by_person(rows: Sequence[Row]) -> Mapping[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pop("user_id")].append(row)
    return found


def _advised(row: Row, plateaus: list[Row], regressions: list[Row], settings: Settings, at: datetime) -> Row:
    """The row with what to do first, and why."""
    risk = _risk(row.pop("risk"))
    told = [{**each, "days": (at - datetime.fromisoformat(each["last_at"])).days} for each in row["preferred_topics"]]
    advised = actions(risk, plateaus, regressions, mood=row, topics=told, settings=settings)
    reasons = risk["reasons"] if risk is not None else []
    return row | {"churn_reasons": reasons, "next_best_action": _first(advised, risk)}


def _risk(row: Row | None) -> Row | None:
    """A row of dropout_risk_scores as `decide.actions` reads it."""
    if row is None:
        return None
    level, factors = row["risk_level"], row["risk_factors"]
    reasons = dropout.why(level, factors, row)
    offer = strategy(level, factors)
    return {
        "risk_level": level, "risk_confidence": row["confidence"], "reasons": reasons, "reengagement_strategy": offer,
    }  # fmt: skip


def _first(advised: Sequence[Mapping[str, str]], risk: Row | None) -> Row | None:
    if not advised:
        return None
    (first, *others) = advised
    reasons = risk["reasons"] if risk is not None and first["type"] == "dropout_risk" else [first["message"]]
    return {**first, "reasons": [*reasons, *(each["message"] for each in others)]}
