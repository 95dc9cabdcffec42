"""Everything that is believed about one person, in two round trips to the database between BEGIN and COMMIT.

Plateaus, regressions and hours are told as they were last judged, by the passes or because somebody asked. Who has
practised or come since then is judged first, which takes longer.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from tactful import loop
from tactful.decide import Rules, actions
from tactful.facts.scale import Served
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import plateaus as stuck
from tactful.store.decided import regressions as lost
from tactful.store.decided import timing as hours
from tactful.store.decided.freshness import freshness
from tactful.store.decided.moments import Scope
from tactful.store.described.erasure import despite_erasure
from tactful.store.foresight import foreseen
from tactful.store.learned import versions
from tactful.store.reading import RowReader
from tactful.store.running import passes
from tactful.uses import checking, plateaus, regressions, story, timing
from tactful.uses.governing import governing

# What nobody has practised is forgotten all the same; judgements of yesterday's pass are taken as of today's.
STANDS = timedelta(hours=26)
AT_RISK = ("medium", "high", "critical")
PASSES = (plateaus, regressions)


class Known(NamedTuple):
    """What is read of one person."""

    people: pl.DataFrame
    recent: pl.DataFrame
    moment: pl.DataFrame
    leaving: Mapping[int, Served]
    timing: checking.Learned
    plateaus: list[dict[str, Any]]
    regressions: list[dict[str, Any]]
    memories: pl.DataFrame
    forgetting: Mapping[int, Served]
    profile: dict[str, Any] | None
    rules: Rules


def of(
    database: Database, settings: Settings, rules: Rules, whom: tuple[str, str], at: datetime, *, most: int
) -> dict[str, Any]:
    """dropout_risk, active_plateaus, skill_regressions, timing_profile, is_good_time_now, priority_actions, how many.

    whom: (organisation, person). What is not known is None; of somebody nobody knows, nothing. most: rows of a list.
    """
    known = despite_erasure(database, partial(_known, settings, rules, whom, at, most))
    if known is None:
        return _told(None, [], [], None, None, settings, at)
    return _insights(known, known.rules, at)


def _known(
    settings: Settings, rules: Rules, whom: tuple[str, str], at: datetime, most: int, connection: Connection
) -> Known | None:
    asked = [(each.NAME, each.configuration(settings)) for each in PASSES]
    row = freshness(connection, whom=whom, passes=asked)
    if row is None:
        return None
    mine = Scope(people=(row["id"],))
    _judge(connection, mine, row, at, settings)
    return foreseen(connection, partial(_read, mine, row["organisation_id"], rules, at, most))


def _judge(connection: Connection, mine: Scope, row: Mapping[str, Any], at: datetime, settings: Settings) -> None:
    tried, stuck_at, lost_at = row["tried_at"], row[plateaus.NAME], row[regressions.NAME]
    # In the order in which ticks take what these write, so that nobody waits in a circle.
    if tried is not None and (lost_at is None or lost_at < at - STANDS or tried >= lost_at - passes.MARGIN):
        regressions.judge(connection, mine, at=at, settings=settings)
    if tried is not None and (stuck_at is None or tried >= stuck_at - passes.MARGIN):
        since = None if stuck_at is None else stuck_at - passes.MARGIN
        plateaus.judge(connection, mine, at=at, settings=settings, since=since)
    seen, taken = row["seen_at"], row["taken_until"]
    if seen is not None and (taken is None or seen > taken or row["filled_in"]):
        timing.judge(connection, mine, at=at, settings=settings)


def _read(mine: Scope, organisation: int, rules: Rules, at: datetime, most: int, connection: Connection) -> Known:
    source, (person,) = RowReader(connection), mine.people or ()
    people, recent = loop.gather(source, mine, at=at, rules=rules)
    settings = Settings(rules.values)
    return Known(
        people,
        recent,
        timing.MOMENT.ask(source, mine, at=at),
        versions.serving(source, loop.LEAVING, [organisation], at, wanted=settings[PREDICTING]),
        checking.serving(source, organisation, at, settings),
        stuck.listed(connection, person, active_only=True, most=most),
        lost.listed(connection, person, active_only=True, most=most),
        regressions.remembered(source, mine, at=at, settings=settings),
        versions.serving(source, regressions.FORGETTING, [organisation], at, wanted=settings[PREDICTING]),
        hours.read(connection, person),
        governing(connection, rules, organisations=[organisation]).of(organisation),
    )


def _insights(known: Known, rules: Rules, at: datetime) -> dict[str, Any]:
    settings = Settings(rules.values)
    found = [{**row, "reasons": plateaus.reasons(row)} for row in known.plateaus]
    losing = _losing(known, at, settings)
    # Each is read by a statement of its own; who is erased in between is gone.
    if known.people.is_empty() or known.moment.is_empty():
        return _told(None, found, losing, known.profile, None, settings, at)
    belief = dropout.score(known.people, known.recent, settings=settings, served=known.leaving)
    risk = story.risk_told(known.people.hstack(belief).drop(story.UNTOLD).row(0, named=True), at)
    good = checking.good_now(checking.Found(known.moment, known.people, known.timing), at, settings)
    return _told(risk, found, losing, known.profile, good, settings, at)


def _losing(known: Known, at: datetime, settings: Settings) -> list[dict[str, Any]]:
    """Their regressions with reasons in words."""
    if not known.regressions:
        return []
    why = regressions.why(known.memories, known.forgetting, at, settings)
    return [{**row, "reasons": why.get(row["skill_id"], [])} for row in known.regressions]


def _told(
    risk: dict[str, Any] | None, plateaus: list[Any], regressions: list[Any], profile: dict[str, Any] | None,
    good: bool | None, settings: Settings, at: datetime,
) -> dict[str, Any]:  # fmt: skip
    at_risk = risk is not None and risk["risk_level"] in AT_RISK
    known_hours = profile is not None and profile["confidence"] > 0
    idle = risk is not None and risk["streak_day"] is not None and risk["streak_day"] < risk["local_day"]
    return {
        "dropout_risk": risk,
        "active_plateaus": plateaus,
        "skill_regressions": regressions,
        "timing_profile": profile,
        "is_good_time_now": good,
        "total_insights": at_risk + len(plateaus) + len(regressions) + known_hours,
        "priority_actions": actions(
            risk,
            plateaus,
            regressions,
            good_moment=bool(good and known_hours and idle),
            mood=risk,
            settings=settings,
        ),
        "generated_at": at,
    }
