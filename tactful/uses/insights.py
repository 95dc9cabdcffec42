"""Everything that is believed about one person, in two round trips to the database between BEGIN and COMMIT.

Plateaus and regressions are told as they were last judged, by the daily passes or because somebody asked; whoever has
practised since then is judged first, which takes longer.
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
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import plateaus as stuck
from tactful.store.decided import regressions as lost
from tactful.store.decided.moments import Scope
from tactful.store.described.erasure import despite_erasure, keep_everybody
from tactful.store.foresight import foreseen
from tactful.store.learned import versions
from tactful.store.reading import RowReader
from tactful.store.running import passes
from tactful.uses import plateaus, regressions, story

# What nobody has practised is forgotten all the same; judgements of yesterday's pass are taken as of today's.
STANDS = timedelta(hours=26)
AT_RISK = ("medium", "high", "critical")


class Known(NamedTuple):
    """What is read of one person."""

    people: pl.DataFrame
    recent: pl.DataFrame
    served: Mapping[int, Served]
    plateaus: list[dict[str, Any]]
    regressions: list[dict[str, Any]]


def of(
    database: Database, settings: Settings, rules: Rules, whom: tuple[str, str], at: datetime, *, most: int
) -> dict[str, Any]:
    """dropout_risk (None where nothing is known), active_plateaus, skill_regressions, priority_actions and how many.

    whom: (organisation, person); of somebody nobody knows, nothing. most: rows of each list.
    """
    return despite_erasure(partial(_of, database, settings, rules, whom, at, most))


def _of(
    database: Database, settings: Settings, rules: Rules, whom: tuple[str, str], at: datetime, most: int, keep: bool
) -> dict[str, Any]:
    with database.batch() as connection:
        if keep:
            keep_everybody(connection)
        row = _found(connection, settings, whom)
        if row is None:
            return _told(None, [], [], settings, at)
        mine = Scope(people=(row["id"],))
        _judge(connection, mine, row, at, settings)
        known = foreseen(connection, partial(_read, mine, row["organisation_id"], rules, at, most))
    return _told(_risk(known, rules, at), *_reasoned(known), settings, at)


def _found(connection: Connection, settings: Settings, whom: tuple[str, str]) -> dict[str, Any] | None:
    """The person, when they were last counted to have practised, and when everybody was last judged."""
    asked = [(part.NAME, part.configuration(settings)) for part in (plateaus, regressions)]
    return foreseen(connection, partial(passes.judged, whom=whom, asked=asked))


def _judge(connection: Connection, mine: Scope, row: Mapping[str, Any], at: datetime, settings: Settings) -> None:
    tried, stuck_at, lost_at = row["tried_at"], row[plateaus.NAME], row[regressions.NAME]
    if tried is None:
        return
    if stuck_at is None or tried >= stuck_at - passes.MARGIN:
        since = None if stuck_at is None else stuck_at - passes.MARGIN
        plateaus.judge(connection, mine, at=at, settings=settings, since=since)
    if lost_at is None or tried >= lost_at - passes.MARGIN or lost_at < at - STANDS:
        regressions.judge(connection, mine, at=at, settings=settings)


def _read(mine: Scope, organisation: int, rules: Rules, at: datetime, most: int, connection: Connection) -> Known:
    source, (person,) = RowReader(connection), mine.people or ()
    people, recent = loop.gather(source, mine, at=at, rules=rules)
    served = versions.serving(source, loop.LEAVING, [organisation], at)
    found = stuck.listed(connection, person, active_only=True, most=most)
    return Known(people, recent, served, found, lost.listed(connection, person, active_only=True, most=most))


def _risk(known: Known, rules: Rules, at: datetime) -> dict[str, Any] | None:
    belief = dropout.score(known.people, known.recent, settings=Settings(rules.values), served=known.served)
    rows = known.people.hstack(belief).drop(story.UNTOLD).to_dicts()
    return story.risk_told(rows[0], at) if rows else None


def _reasoned(known: Known) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return [{**row, "reasons": plateaus.reasons(row)} for row in known.plateaus], known.regressions


def _told(
    risk: dict[str, Any] | None, plateaus: list[Any], regressions: list[Any], settings: Settings, at: datetime
) -> dict[str, Any]:
    at_risk = risk is not None and risk["risk_level"] in AT_RISK
    return {
        "dropout_risk": risk,
        "active_plateaus": plateaus,
        "skill_regressions": regressions,
        "total_insights": at_risk + len(plateaus) + len(regressions),
        "priority_actions": actions(risk, plateaus, regressions, settings),
        "generated_at": at,
    }
