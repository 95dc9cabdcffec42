"""What people are losing: memories judged by `predict.forgetting`, and what it says kept in skill_regressions.

A pass judges everybody once a day (`passing`), because time alone takes memories away; whoever asks about one person
has that person judged first, so the answer knows every answer that was counted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from math import log
from typing import Any

import polars as pl

from tactful.facts.believing import believed
from tactful.facts.chain import Belief
from tactful.facts.memories import OTHERS, STOOD
from tactful.facts.scale import Served
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import forgetting
from tactful.predict.forgetting import settings as rows
from tactful.store.database import Connection, Database
from tactful.store.decided import memories, regressions
from tactful.store.decided.moments import Scope, hold
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import versions
from tactful.store.reading import Reader, RowReader
from tactful.store.running.fingerprint import fingerprint

NAME = "regressions"
# What the registry calls the belief.
FORGETTING = "forgetting"
MEMORIES = memories.Question(forgetting.features)

# Whole days without practice before a loss is told: who practised just now is not told to.
REST = 1
# Digits of what is told; the rest moves with every minute.
DIGITS = 3
# A factor is named if it makes the odds of forgetting so many times as high, or as low; at most so many are.
NAMED, MOST_NAMED = log(1.1), 3


def judge(
    connection: Connection, scope: Scope, *, at: datetime, settings: Settings, since: datetime | None = None
) -> None:
    """Find, keep, review and end the regressions of the people in `scope`; the caller commits.

    since: does not matter; what nobody touched is forgotten all the same.
    """
    _judged(connection, scope, at, settings)


def _judged(connection: Connection, scope: Scope, at: datetime, settings: Settings) -> dict[str, list[str]]:
    """Reasons in words for each skill that was judged; of one person's skills."""
    hold(connection, scope, at=at)
    source = RowReader(connection)
    kept = remembered(source, scope, at=at, settings=settings)
    whom = kept["organisation_id"]
    served = versions.serving(source, FORGETTING, whom.unique().to_list(), at, wanted=settings[PREDICTING])
    given, week = _given(kept, at), _given(kept, at + forgetting.AHEAD)
    now, then = (
        believed(forgetting.FACTORS, each, forgetting.cold(each, settings), whom, served) for each in (given, week)
    )
    told = forgetting.regressions(kept, now.probability, then.probability, at=at, settings=settings)
    told = told.filter(pl.col("days_since_practice") >= REST)
    exact = ("peak_mastery", "current_mastery", "regression_amount", "predicted_mastery_in_week")
    whose = kept.select("person_id", "organisation_id").unique("person_id")
    shown = told.with_columns(pl.col(exact).round(DIGITS)).join(
        whose, on="person_id", how="left", maintain_order="left"
    )
    regressions.write(connection, scope, shown, at=at)
    if scope.people is None:
        return {}
    return _worded(kept, given, now)


def remembered(source: Reader, scope: Scope, *, at: datetime, settings: Settings) -> pl.DataFrame:
    """What is kept of the skills that the people in `scope` once had learned."""
    return MEMORIES.ask(source, scope, at=at, peak=settings[rows.LEARNED_FROM])


def why(kept: pl.DataFrame, served: Mapping[int, Served], at: datetime, settings: Settings) -> dict[str, list[str]]:
    """Reasons in words for each skill of one person, as of `at`; what `of` says beside them. kept: see `remembered`."""
    given = _given(kept, at)
    cold = forgetting.cold(given, settings)
    return _worded(kept, given, believed(forgetting.FACTORS, given, cold, kept["organisation_id"], served))


def curves(
    kept: pl.DataFrame, served: Mapping[int, Served], instants: Sequence[datetime], settings: Settings
) -> dict[str, list[float | None]]:
    """How likely each skill of one person is remembered [0..1] at each of `instants`, had nothing happened since what
    is kept; None where nothing is known, and before it was last practised. kept: see `remembered`.
    """
    found: dict[str, list[float | None]] = {skill: [] for skill in kept["skill_id"]}
    for at in instants:
        given = _given(kept, at)
        cold = forgetting.cold(given, settings)
        lost = believed(forgetting.FACTORS, given, cold, kept["organisation_id"], served).probability
        told = pl.select(pl.when(kept["skill_last_at"] <= at).then(1 - lost)).to_series()
        for skill, chance in zip(kept["skill_id"], told, strict=True):
            found[skill].append(chance)
    return found


def remembering(
    database: Database, settings: Settings, whom: tuple[str, str], at: datetime, instants: Sequence[datetime]
) -> tuple[dict[str, list[float | None]], dict[str, float]]:
    """`curves` of the skills that one (organisation, person) once had learned, as known at `at`; and how well each sat
    at its best [0..1]. Nothing where nobody knows them.
    """
    with database.batch() as connection:
        mine, source = Scope(people=lookup.find_all(connection, [whom])), RowReader(connection)
        kept = remembered(source, mine, at=at, settings=settings).filter(pl.col("skill_last_at").is_not_null())
        whose = kept["organisation_id"].unique().to_list()
        served = versions.serving(source, FORGETTING, whose, at, wanted=settings[PREDICTING])
    peaks = dict(kept.select("skill_id", "skill_peak").iter_rows())
    return curves(kept, served, instants, settings), peaks


def _worded(kept: pl.DataFrame, given: pl.DataFrame, now: Belief) -> dict[str, list[str]]:
    each = zip(kept["skill_id"], given.iter_rows(named=True), now.contributions.iter_rows(named=True), strict=True)
    return {skill: forgetting.reasons(_named(adds), row) for skill, row, adds in each}


def _named(adds: Mapping[str, float]) -> list[str]:
    """The factors that speak most for forgetting or against it, loudest first."""
    speak = (factor for factor, each in adds.items() if abs(each) >= NAMED)
    return sorted(speak, key=lambda factor: -abs(adds[factor]))[:MOST_NAMED]


def _given(kept: pl.DataFrame, at: datetime) -> pl.DataFrame:
    asked = kept.select(pl.lit(at).cast(forgetting.ASKED["at"]).alias("at"), "hour")
    return forgetting.given(asked, kept.select(*STOOD), kept.select(*OTHERS))


def configuration(settings: Settings) -> str:
    """A print of all that a judgement depends on besides the person."""
    return fingerprint(settings, rows.SETTINGS)


def of(
    database: Database, settings: Settings, whom: tuple[str, str], at: datetime, *, active_only: bool, most: int
) -> list[dict[str, Any]]:
    """The regressions of one (organisation, person) as of now, with reasons in words; none where nobody knows them."""
    return despite_erasure(database, partial(_of, settings, whom, at, active_only, most))


def _of(
    settings: Settings, whom: tuple[str, str], at: datetime, active: bool, most: int, connection: Connection
) -> list[dict[str, Any]]:
    mine = lookup.find_all(connection, [whom])
    if not mine:
        return []
    told = _judged(connection, Scope(people=mine), at, settings)
    found = regressions.listed(connection, mine[0], active_only=active, most=most)
    return [{**row, "reasons": told.get(row["skill_id"], []) if row["is_active"] else []} for row in found]
