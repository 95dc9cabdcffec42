"""What an organisation's attempts teach about being stuck: curves as they stood week by week, and what came after."""

from datetime import datetime, timedelta

import polars as pl

from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.facts.moments import INSTANT
from tactful.kernel.settings import Settings
from tactful.predict import plateau
from tactful.predict.plateau import settings as rows
from tactful.uses.training.replay import Replay, lessons_of
from tactful.uses.training.ways import WAYS

# Instants that are learned from, a week apart.
WEEKS = 16
WEEK, HORIZON = timedelta(weeks=1), timedelta(days=plateau.HORIZON_DAYS)
# Weeks until the truth is known.
AHEAD = HORIZON // WEEK


def progress(log: pl.DataFrame, settings: Settings, *, until: datetime) -> Replay | None:
    """What `log` (store.learned.answers.ANSWERED) teaches about being stuck; nothing where too little followed."""
    instants = [until - HORIZON - number * WEEK for number in reversed(range(-AHEAD, WEEKS))]
    stood = _stood(log, instants)
    asked = [_asked(then, at, settings) for then, at in zip(stood, instants[:-AHEAD], strict=False)]
    truth = [_truth(each, later, settings) for each, later in zip(asked, stood[AHEAD:], strict=True)]
    known = [each.filter(told.is_not_null()) for each, told in zip(asked, truth, strict=True)]
    lines = pl.concat(known)
    if lines.is_empty():
        return None
    given = lines.select(*plateau.GIVEN)
    lessons = lessons_of(lines, given, plateau.cold(given, settings), pl.concat(truth).drop_nulls().to_numpy())
    named = lines.select("organisation_id", "person_id", "at", known_at=pl.col("at") + HORIZON)
    return Replay("plateau", plateau.FACTORS, WAYS["plateau"], named, lessons)


def _stood(log: pl.DataFrame, instants: list[datetime]) -> list[pl.DataFrame]:
    """Everybody's curves at each instant; instants rise."""
    attempts = log.filter(pl.col("skill_id").is_not_null()).rename({"topic_id": "topic"})
    place = pl.Series(instants, dtype=INSTANT).search_sorted(attempts["at"])
    told, curves = [], pl.DataFrame(schema=CURVE)
    for number in range(len(instants)):
        changed = advance(curves, attempts.filter(place == number).select(*ATTEMPT))
        curves = pl.concat([curves.join(changed, on=["person_id", "skill_id"], how="anti"), changed])
        told.append(curves)
    return told


def _asked(curves: pl.DataFrame, at: datetime, settings: Settings) -> pl.DataFrame:
    """What was given of everybody who was still at it, with whose curve it is and how it stood."""
    here = pl.col("last_day") >= (at - timedelta(days=settings[rows.FRESH_DAYS])).date()
    now = curves.filter(here).with_columns(local_day=pl.lit(at.date()))
    whose = now.select("organisation_id", "person_id", "skill_id", "score_sum", at=pl.lit(at, INSTANT))
    return whose.hstack(plateau.given(now, settings))


def _truth(asked: pl.DataFrame, later: pl.DataFrame, settings: Settings) -> pl.Series:
    """Null where too little followed, and of whom nothing could be said."""
    stuck = plateau.labels(asked, later, rise=settings[rows.RISE])
    return asked.select(pl.when(pl.col("stuck").is_not_null()).then(stuck).alias("truth")).to_series()
