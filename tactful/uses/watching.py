"""Watching beliefs and what they are for: are they still true, of how many people are they held, and do they help?"""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful import loop
from tactful.decide import REENGAGING, Rules
from tactful.decide.guardrails.holdout import BUCKETS
from tactful.kernel.settings import Settings
from tactful.learn.drifting import strangers
from tactful.learn.monitoring import watch
from tactful.learn.success import success
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.learned import figures, predictions, struggled, versions
from tactful.store.learned.figures import Span
from tactful.store.reading import Reader, reader
from tactful.uses.foreseeing import CAPABILITY as MOOD_TREND
from tactful.uses.governing import governing
from tactful.uses.plateaus import STUCK
from tactful.uses.regressions import FORGETTING
from tactful.uses.struggles import NAME as STRUGGLE
from tactful.uses.timing import CAPABILITY as TIMING

# Whose beliefs are kept, to be held to what came of them.
WATCHED = (loop.LEAVING, STUCK, FORGETTING, STRUGGLE, TIMING, MOOD_TREND)
# Of these now and then, not of all at once: their instants are told by the week.
SPREAD = (STUCK, TIMING, MOOD_TREND)


def watched(
    database: Database, rules: Rules, organisation: int, capability: str, *, since: datetime, until: datetime
) -> dict[str, Any]:
    """What can be said of the capability's beliefs, and of what was done about all of them, from `since` to `until`."""
    asked = span(database, rules, organisation, since=since, until=until)
    with reader(database, few=False) as source:
        return {
            **_believed(source, organisation, capability, since, until),
            "people": predictions.reached(source, organisation),
            "coverage": figures.covered(source, asked),
            "timing_confidence": figures.sure_of_hours(source, asked),
            "success": success(figures.tallied(source, asked).to_dicts()),
        }


def believed(
    database: Database, organisation: int, capability: str, *, since: datetime, until: datetime
) -> dict[str, Any]:
    """What can be said of the capability's beliefs alone."""
    with reader(database, few=False) as source:
        return _believed(source, organisation, capability, since, until)


def did_good(database: Database, asked: Span) -> dict[str, Any]:
    """What was done about people, and what came of it: `learn.success.success`."""
    with reader(database, few=False) as source:
        return success(figures.tallied(source, asked).to_dicts())


def covered(database: Database, asked: Span) -> dict[str, int]:
    """How many people were there, and of how many of them each capability believes something."""
    with reader(database, few=False) as source:
        return figures.covered(source, asked)


def span(database: Database, rules: Rules, organisation: int, *, since: datetime, until: datetime) -> Span:
    """What is asked of a span of time, under the organisation's own rules."""
    with database.batch() as connection:
        rules = governing(connection, rules, organisations=[organisation]).of(organisation)
    return Span(
        organisation,
        since,
        until,
        winning=list(REENGAGING),
        horizon=timedelta(days=Settings(rules.values)[dropout.HORIZON]),
        held=rules.holdout * BUCKETS,
    )


def _believed(source: Reader, organisation: int, capability: str, since: datetime, until: datetime) -> dict[str, Any]:
    told = watch(_kept(source, organisation, capability, since, until))
    moved = versions.moved(source, organisation, capability)
    return {**told, "feature_drift": moved, "warnings": [*told["warnings"], *strangers(moved)]}


def _kept(source: Reader, organisation: int, capability: str, since: datetime, until: datetime) -> pl.DataFrame:
    if capability == STRUGGLE:
        return struggled.kept(source, organisation, since=since, until=until)
    kept = predictions.kept(source, organisation, capability, since=since, until=until)
    return kept.with_columns(pl.col("asked_at").dt.truncate("1w")) if capability in SPREAD else kept
