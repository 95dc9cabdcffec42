"""What an organisation's attempts teach about struggling: practice gone through again, day by day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

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
    parts = [each for owner in log.partition_by("organisation_id") for each in _days(described, owner)]
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


def _days(described: pl.DataFrame, log: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Attempts of one organisation, each day's with how things stood before each of them.

    People are taken side by side, so of a day nothing is known that others did on it: not what came later, and not
    what came just before.
    """
    named = kept.told(log.rename({"at": "occurred_at"}), described)
    state = nothing()
    for (_,), now in named.group_by(named["at"].dt.epoch("d"), maintain_order=True):
        attempts = now.select(*ATTEMPT)
        before, _ = advance(state, attempts, everybody=False)
        state = merge(state, advance(state, attempts)[1])
        yield now, before
