"""Bringing up to date when people come, whether they answer, and at which hours of their week they are there.

While events are counted nothing of this is touched: it follows from the sessions that are kept then. Whoever asks
brings the person up to date first, a pass brings everybody. Only what came since is read, so history does not matter.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from psycopg import sql

from tactful.facts import contacts, rhythm
from tactful.facts.columns import numbers
from tactful.facts.contacts import HALVES, PAIR, PARTY, Contacts
from tactful.facts.moments import INSTANT
from tactful.facts.rhythm import RHYTHM
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope, hold
from tactful.store.literals import rows, upsert
from tactful.store.reading import RowReader
from tactful.store.sensed import stays

WHOSE: Mapping[str, Any] = {"person_id": pl.Int64, "organisation_id": pl.Int64}
UNTIL: Mapping[str, Any] = {"seen_until": INSTANT, "answered_until": INSTANT}
STANDS: Mapping[str, Any] = {**PARTY, **WHOSE, **UNTIL}
KEPT_RHYTHM = {name: RHYTHM[name] for name in ("person_id", "day", "hour", "hours")}
# Sums, which for an engine are added to: many people change them at once. Of these, what fades, and how fast [s].
SUMS = tuple(name for name, kind in PARTY.items() if kind == pl.Float64)
FADING = {
    name: HALVES[half] for name in SUMS if (half := name.rpartition("_")[2]) in ("day", "week") and "_in_" not in name
}

MAKE = """
INSERT INTO contact_party (party_id, person_id, organisation_id, filled_in)
SELECT s.person_id, s.person_id, s.organisation_id, s.filled_in FROM person_state s
 WHERE s.first_seen_at IS NOT NULL AND {people}
   AND NOT EXISTS (SELECT FROM contact_party c WHERE c.party_id = s.person_id)
 ORDER BY s.person_id ON CONFLICT DO NOTHING
"""
# In one order everywhere, so that nobody who writes these waits in a circle; engines, below zero, come last.
READ = f"SELECT {', '.join(STANDS)} FROM contact_party WHERE {{people}} ORDER BY person_id FOR NO KEY UPDATE"
PAIRS = f"SELECT {', '.join(PAIR)} FROM contact_pair WHERE {{people}}"
# Whose past was filled in since: they are as if nothing of them had been taken in.
RESET = f"""
UPDATE contact_party c SET {", ".join(f"{name} = NULL" for name in (*PARTY, *UNTIL) if name != "party_id")},
       filled_in = s.filled_in
  FROM person_state s WHERE s.person_id = c.person_id AND s.filled_in > c.filled_in AND {{people}}
RETURNING c.person_id
"""
LEAVE = tuple(f"DELETE FROM {table} WHERE person_id = ANY(%s)" for table in ("contact_pair", "person_rhythm"))
RHYTHMS = f"SELECT {', '.join(KEPT_RHYTHM)} FROM person_rhythm WHERE {{people}}"


def bring_up_to_date(connection: Connection, scope: Scope, *, at: datetime) -> None:
    """Take in what is new of the people in `scope` up to `at`; a second time changes nothing. The caller commits.

    Whose past was filled in is taken in anew, from nothing; what their engine counted of them stays as it was.
    """
    hold(connection, scope, at=at)
    clause, values = scope.where(at)
    connection.execute(MAKE.format(people=clause), values)
    _take_in(connection, scope, at=at)
    clause, values = scope.where(at, person="c.person_id")
    anew = [row["person_id"] for row in connection.execute(RESET.format(people=clause), values).fetchall()]
    if anew:
        for statement in LEAVE:
            connection.execute(statement, [anew])
        _take_in(connection, Scope(people=tuple(anew)), at=at, anew=True)


def _take_in(connection: Connection, scope: Scope, *, at: datetime, anew: bool = False) -> None:
    """anew: their engines know of it already."""
    reader = RowReader(connection)
    clause, values = scope.where(at, person="person_id")
    stood = reader.read(READ.format(people=clause), values, dict(STANDS))
    sessions, ours = stays.sessions(reader, scope, at=at), stays.ours(reader, scope, at=at)
    if sessions.is_empty() and ours.is_empty():
        return
    pairs = reader.read(PAIRS.format(people=clause), values, PAIR).with_columns(_alone("from_id", "to_id"))
    waiting = pairs.filter((pl.col("from_id") < 0) & (pl.col("open") > 0)).select(person_id="to_id", open_at="open_at")
    happened = stays.contacts(sessions, ours, waiting)
    _, after = contacts.advance(Contacts(stood.select(*PARTY), pairs), happened)
    whose = stood.select(*WHOSE)
    _write(connection, after, whose, _until(sessions, ours))
    if not anew:
        _add(connection, after.party.filter(pl.col("party_id") < 0), whose)
    known = reader.read(RHYTHMS.format(people=clause), values, KEPT_RHYTHM)
    empty = {name: pl.lit(None, RHYTHM[name]) for name in ("score_sum", "score_count")}
    _, moved = rhythm.advance(known.with_columns(**empty), stays.cells(sessions))
    _put(connection, "person_rhythm", moved.select(*KEPT_RHYTHM).join(whose, on="person_id"), ("person_id",))


def _alone(*names: str) -> list[pl.Expr]:
    """The engine under each person's own number with a minus, as `stays.contacts` has it."""
    other = {"from_id": "to_id", "to_id": "from_id"}
    return [pl.when(pl.col(name) < 0).then(-pl.col(other[name])).otherwise(name).alias(name) for name in names]


def _until(sessions: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """person_id, and until when their sessions and responses are in."""
    seen = sessions.group_by("person_id").agg(seen_until=pl.col("ended_at").max())
    answered = ours.group_by("person_id").agg(answered_until=pl.col("responded_at").max())
    return seen.join(answered, on="person_id", how="full", coalesce=True)


def _write(connection: Connection, after: Contacts, whose: pl.DataFrame, until: pl.DataFrame) -> None:
    people = after.party.filter(pl.col("party_id") > 0).with_columns(person_id="party_id")
    people = people.join(whose, on="person_id").join(until, on="person_id", how="left")
    _put(connection, "contact_party", people, ("party_id",), last=tuple(UNTIL))
    person = pl.max_horizontal("from_id", "to_id")
    pairs = after.pair.with_columns(person_id=person).join(whose, on="person_id")
    engine = -pl.col("organisation_id")
    named = [pl.when(pl.col(name) < 0).then(engine).otherwise(name).alias(name) for name in ("from_id", "to_id")]
    _put(connection, "contact_pair", pairs.with_columns(named), ("from_id", "to_id"))


def _put(
    connection: Connection, table: str, told: pl.DataFrame, keys: tuple[str, ...], last: tuple[str, ...] = ()
) -> None:
    """Write these rows whole; of the columns in `last` the later of what is there and what comes."""
    if told.is_empty():
        return
    connection.execute(upsert(table, told.sort(keys), keys, latest=last))


def _add(connection: Connection, parts: pl.DataFrame, whose: pl.DataFrame) -> None:
    """Add to each organisation's engine what came of its contacts with each person, from nothing on."""
    if parts.is_empty():
        return
    told = parts.join(whose.with_columns(party_id=-pl.col("person_id")), on="party_id")
    last = told.select(pl.col("moved_at").max().over("organisation_id")).to_series()
    since = numbers(last) - numbers(told["moved_at"])
    left = {name: pl.Series(numbers(told[name]) * np.exp2(-since / half)) for name, half in FADING.items()}
    times = ("wrote_at", "heard_at", "moved_at")
    sums = told.with_columns(**left).group_by("organisation_id").agg(pl.col(SUMS).sum(), pl.col(times).max())
    names = ("party_id", "organisation_id", *times, *SUMS)
    flat = sums.with_columns(party_id=-pl.col("organisation_id")).select(names).sort("party_id", descending=True)
    moved = [*(f"{name} = greatest(t.{name}, excluded.{name})" for name in times), *(_sum(name) for name in SUMS)]
    statement = f"""INSERT INTO contact_party AS t ({", ".join(names)}) SELECT {", ".join(names)} FROM {{moved}}
                    ON CONFLICT (party_id) DO UPDATE SET {", ".join(moved)}"""
    connection.execute(sql.SQL(statement).format(moved=rows(flat, "w")))


def _sum(name: str) -> str:
    """Two sums as one; what fades is brought to the later of the two instants first."""
    if name not in FADING:
        return f"{name} = t.{name} + excluded.{name}"
    older, newer = _left("t", "excluded", FADING[name]), _left("excluded", "t", FADING[name])
    return f"{name} = t.{name} * {older} + excluded.{name} * {newer}"


def _left(of: str, other: str, half: float) -> str:
    # So little is left after a thousand halves that PostgreSQL would call it an error.
    later = f"extract(epoch FROM {other}.moved_at - {of}.moved_at)::float8"
    return f"power(2::float8, -least(greatest({later} / {half}, 0), 1000))"
