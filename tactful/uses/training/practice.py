"""What an organisation's attempts teach about struggling: practice gone through again, week by week."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from tactful.facts.chain import Chain
from tactful.facts.practice import ATTEMPT, WELL, advance, merge, nothing
from tactful.kernel.settings import Settings
from tactful.predict import struggle
from tactful.store.sensed import practice as kept
from tactful.uses.training.replay import Replay, lessons_of
from tactful.uses.training.ways import WAYS

# How old a lesson may be; what was known before counts all the same.
LESSONS = timedelta(days=365)


def practice(described: pl.DataFrame, log: pl.DataFrame, settings: Settings, *, until: datetime) -> Replay | None:
    """What `log` (store.learned.answers.ANSWERED) teaches about struggling; nothing where there is none.

    described: content, see `store.sensed.practice.told`. The mood is left out: what people say of themselves is kept
    by day, and not gone through again.
    """
    parts = [each for owner in log.partition_by("organisation_id") for each in _weeks(described, owner)]
    if not parts:
        return None
    attempts, stood = (pl.concat(each) for each in zip(*parts, strict=True))
    recent = attempts["at"] > until - LESSONS
    given, told = struggle.given(stood.filter(recent)), attempts.filter(recent)
    if told.is_empty():
        return None
    truth = (told["success"] < WELL).cast(pl.Float64).to_numpy()
    asked = told.select("organisation_id", "person_id", "at", known_at="at")
    lessons = lessons_of(asked, given, struggle.cold(given, settings), truth)
    return Replay("struggle", struggle.FACTORS, WAYS["struggle"], asked, lessons, start=Chain())


def _weeks(described: pl.DataFrame, log: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Attempts of one organisation, each week's with how things stood before each of them.

    Within a week people are taken side by side, so what content teaches is in the order of the clock but for that.
    """
    named = kept.told(log.rename({"at": "occurred_at"}), described)
    week = (named["at"].dt.epoch("s") // timedelta(weeks=1).total_seconds()).rle_id()
    state = nothing()
    for number in np.unique(week.to_numpy()):
        now = named.filter(week == number)
        before, after = advance(state, now.select(*ATTEMPT))
        state = merge(state, after)
        yield now, before
