"""Where people are stuck: their curves judged by `predict.plateau`, and what it says kept in learning_plateaus.

A pass judges everybody once a day (`passing`); whoever asks about one person has that person judged first, so the
answer knows every attempt that was counted. Both only look at curves that changed since the last pass, and at those
somebody is stuck on.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from tactful.facts.believing import side_by_side
from tactful.facts.curves import KEY
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import plateau
from tactful.predict.plateau import settings as rows
from tactful.store.database import Connection, Database
from tactful.store.decided import curves, plateaus
from tactful.store.decided.moments import Scope, hold
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import predictions, stuck, versions
from tactful.store.reading import RowReader
from tactful.store.running import passes
from tactful.store.running.fingerprint import fingerprint

NAME = "plateaus"
# What the registry calls the belief.
STUCK = "plateau"
CURVES = curves.Question(plateau.features)


def judge(
    connection: Connection,
    scope: Scope,
    *,
    at: datetime,
    settings: Settings,
    since: datetime | None = None,
    shares: Mapping[int, float] | None = None,
) -> None:
    """Find, keep, resolve and leave the plateaus of the people in `scope`; the caller commits.

    since: curves that changed before it were judged already; None judges all that are still tried. shares: what is
    believed is kept to be held to what comes of it, of such shares of large organisations; None keeps nothing.
    """
    hold(connection, scope, at=at)
    source = RowReader(connection)
    plateaus.take(connection, scope, at=at)
    asked = CURVES.ask(source, scope, at=at, since=since, fresh=settings[rows.FRESH_DAYS])
    if asked.is_empty():
        return
    # What somebody took is given as many days to help as it takes to be stuck.
    before = plateaus.before(source, scope, at=at, patience=timedelta(days=settings[rows.DAYS]))
    given = plateau.given(asked, settings)
    belief = _believed(source, asked, given, at, settings)
    told = plateau.plateaus(asked, given, belief["chance"], before, settings)
    whose = asked.select("person_id", "organisation_id").unique("person_id")
    plateaus.write(connection, told.join(whose, on="person_id", how="left", maintain_order="left"), at=at)
    if shares is not None:
        kept = _kept(asked, given, belief, settings)
        stuck.note(connection, kept, shares, at=at, horizon=timedelta(days=plateau.HORIZON_DAYS))


def shares(connection: Connection, at: datetime, settings: Settings) -> dict[int, float]:
    """Of which share (0..1) of their people a pass at `at` keeps what it believes, in large organisations."""
    lately = at - timedelta(days=settings[rows.FRESH_DAYS])
    return stuck.large(connection, since=lately, most=predictions.MOST)


def _believed(
    source: RowReader, asked: pl.DataFrame, given: pl.DataFrame, at: datetime, settings: Settings
) -> pl.DataFrame:
    """How likely each is stuck, see `side_by_side`; chance: by what the organisation learned, else by the rule."""
    whose, cold = asked["organisation_id"], plateau.cold(given, settings)
    served = versions.serving(source, STUCK, whose.unique().to_list(), at, wanted=settings[PREDICTING])
    told = side_by_side(plateau.FACTORS, given, cold, whose, served)
    return told.with_columns(chance=pl.coalesce("probability", "score"))


def _kept(asked: pl.DataFrame, given: pl.DataFrame, belief: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """What `stuck.note` keeps: of those who are still at it, as in training."""
    curves = asked.select("person_id", "organisation_id", about="skill_id")
    told = pl.concat([curves, given.select("days_since_last", stood="mastery_level"), belief], how="horizontal")
    here = pl.col("days_since_last") <= settings[rows.FRESH_DAYS]
    return told.filter(here & pl.col("score").is_not_null())


def words(connection: Connection, person_id: int, at: datetime, settings: Settings) -> list[str]:
    """What somebody is stuck on, with the numbers behind it, line by line. As of the past where `asof` has gone."""
    source, mine = RowReader(connection), Scope(people=(person_id,))
    stood = plateaus.before(source, mine, at=at, patience=timedelta(0)).filter("is_active")
    asked = CURVES.ask(source, mine, at=at, since=at, fresh=0).join(stood, on=KEY, how="semi")
    numbers = plateau.given(asked, settings).to_dicts()
    told: list[str] = []
    skills = asked["skill_id"].to_list()
    names = [plateau.called(*each) for each in asked.select("topic", "skill_id", "skill_name").iter_rows()]
    for name, skill, row in zip(names, skills, numbers, strict=True):
        # Two skills of one topic that the catalogue has no names for are told apart by their ids.
        told.append(f"Stuck on {name if names.count(name) == 1 else f'{name} ({skill})'}:")
        told.extend(f"  {reason}" for reason in plateau.reasons(list(plateau.FACTORS), row))
    return told


def configuration(settings: Settings) -> str:
    """A print of all that a judgement depends on besides the person."""
    return fingerprint(settings, rows.SETTINGS)


def of(
    database: Database, settings: Settings, whom: tuple[str, str], at: datetime, *, active_only: bool, most: int
) -> list[dict[str, Any]]:
    """The plateaus of one (organisation, person) as of now, with reasons in words; none where nobody knows them."""
    return despite_erasure(database, partial(_of, settings, whom, at, active_only, most))


def _of(
    settings: Settings, whom: tuple[str, str], at: datetime, active: bool, most: int, connection: Connection
) -> list[dict[str, Any]]:
    mine = lookup.find_all(connection, [whom])
    if not mine:
        return []
    since = passes.since(connection, NAME, configuration(settings))
    judge(connection, Scope(people=mine), at=at, settings=settings, since=since)
    found = plateaus.listed(connection, mine[0], active_only=active, most=most)
    return [{**row, "reasons": reasons(row)} for row in found]


def reasons(row: Mapping[str, Any]) -> list[str]:
    """Why a row that `plateaus.listed` told is a plateau, in words."""
    return plateau.reasons(list(plateau.FACTORS), row)
