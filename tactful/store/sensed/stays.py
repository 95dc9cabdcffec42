"""What is new of people since it was last taken in: their stays, what was told to them, and what they responded.

A stay is a session. What they did within one counts no coming of its own, and the one that still lasts may be taken in
again and again; so it does not matter when, and how often, anything is taken in. An answer to what was told is their
response to it, or else their next coming.
"""

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful.facts.contacts import CONTACT, STAY
from tactful.facts.moments import INSTANT
from tactful.facts.rhythm import CELL
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader
from tactful.store.sensed.sums import with_wall_clock

# Older things say little of what somebody does today.
LOOK_BACK = timedelta(days=365)
# What was triggered may be shown, and after a snooze answered, so much later.
KEPT = timedelta(days=62)
# Silences within a stay that count beside the one after it, at most.
PAUSES = 8

# began: whether it began after what is known already; the one before it comes along for its silences.
SESSIONS: dict[str, Any] = {
    "person_id": pl.Int64, "zone": pl.String, "seen_until": INSTANT, "started_at": INSTANT, "ended_at": INSTANT,
    "events": pl.Int32,
}  # fmt: skip
SESSIONS_SINCE = """
SELECT c.person_id, p.zone, c.seen_until, x.started_at, least(x.ended_at, %s) AS ended_at, x.events
  FROM contact_party c JOIN people p ON p.id = c.person_id
  JOIN person_state s ON s.person_id = c.person_id AND (c.seen_until IS NULL OR s.last_seen_at > c.seen_until)
 CROSS JOIN LATERAL (
       (SELECT started_at, ended_at, events FROM person_session x
         WHERE x.person_id = c.person_id AND x.started_at <= c.seen_until ORDER BY x.started_at DESC LIMIT 1)
       UNION ALL
       SELECT started_at, ended_at, events FROM person_session x
        WHERE x.person_id = c.person_id AND x.started_at > coalesce(c.seen_until, %s) AND x.started_at <= %s) x
 WHERE {people} ORDER BY c.person_id, x.started_at
"""
OURS: dict[str, Any] = {"person_id": pl.Int64, "shown_at": INSTANT, "responded_at": INSTANT}
OURS_SINCE = """
SELECT person_id, CASE WHEN shown_at > heard AND shown_at <= %s THEN shown_at END AS shown_at,
       CASE WHEN responded_at > answered AND responded_at <= %s AND user_response <> 'ignored' THEN responded_at END
         AS responded_at
  FROM (SELECT c.person_id, i.shown_at, i.responded_at, i.user_response, i.triggered_at,
               coalesce(c.heard_at, %s) AS heard, coalesce(c.answered_until, %s) AS answered
          FROM contact_party c JOIN intervention_logs i ON i.user_id = c.person_id WHERE {people}) i
 WHERE triggered_at > least(heard, answered) - %s AND (shown_at > heard OR responded_at > answered)
"""
# What happened, in the order of what happened at once.
TOLD, CAME, STAYED, ANSWERED = range(4)


def sessions(reader: Reader, scope: Scope, *, at: datetime) -> pl.DataFrame:
    """SESSIONS of the people in `scope` that began or went on since they were last taken in, up to `at`."""
    clause, values = scope.where(at, person="c.person_id")
    statement = SESSIONS_SINCE.format(people=clause)
    found = reader.read(statement, [at, at - LOOK_BACK, at, *values], SESSIONS)
    began = pl.col("seen_until").is_null() | (pl.col("started_at") > pl.col("seen_until"))
    length = (pl.col("ended_at") - pl.col("started_at")).dt.total_microseconds() / 1e6
    between = (pl.col("events") - 1).cast(pl.Float64)
    usual = pl.when(between > 0).then(length / between)
    return found.with_columns(
        began=began,
        pause=usual.shift().over("person_id"),
        pauses=pl.when(usual.is_not_null()).then(between.clip(0, PAUSES)).shift().over("person_id"),
    ).filter(began | (pl.col("ended_at") > pl.col("seen_until")))


def ours(reader: Reader, scope: Scope, *, at: datetime) -> pl.DataFrame:
    """OURS: what was told to the people in `scope`, and what they responded, since it was last taken in."""
    clause, values = scope.where(at, person="c.person_id")
    first = at - LOOK_BACK
    return reader.read(OURS_SINCE.format(people=clause), [at, at, first, first, *values, KEPT], OURS)


def contacts(sessions: pl.DataFrame, ours: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """CONTACT with STAY, in order of people and time, of what `sessions` and `ours` found.

    waiting: person_id and since when (`open_at`) something waits for their answer. The engine speaks to each under
    the person's own number with a minus, so that nobody's contacts wait for anybody else's.
    """
    ended = sessions.filter(pl.col("ended_at") > pl.col("started_at"))
    log = pl.concat(
        [
            _of(sessions.filter("began"), "started_at", CAME, "pause", "pauses"),
            _of(ended, "ended_at", STAYED),
            _of(ours.drop_nulls("shown_at"), "shown_at", TOLD),
            _of(ours.drop_nulls("responded_at"), "responded_at", ANSWERED),
        ],
        how="diagonal",
    ).sort("person_id", "at", "what")
    log = log.join(waiting.drop_nulls(), on="person_id", how="left", maintain_order="left")
    what, early = pl.col("what"), (pl.col("at") <= pl.col("open_at")).fill_null(value=False)
    turns = pl.when((what != STAYED) & ~((what == CAME) & early)).then(what)
    last = turns.forward_fill().shift().over("person_id")
    asked = (last == TOLD) | (last.is_null() & pl.col("open_at").is_not_null() & ~early)
    answers, person, engine = (what == ANSWERED) | ((what == CAME) & asked), pl.col("person_id"), -pl.col("person_id")
    return log.with_columns(
        from_id=pl.when(what == TOLD).then(engine).otherwise(person),
        to_id=pl.when(what == TOLD).then(person).when(answers).then(engine),
        stays=what.is_in([STAYED, ANSWERED]),
    ).select(*CONTACT, *STAY)


def _of(rows: pl.DataFrame, at: str, what: int, *more: str) -> pl.DataFrame:
    return rows.select("person_id", pl.col(at).alias("at"), pl.lit(what).alias("what"), *more)


def cells(sessions: pl.DataFrame) -> pl.DataFrame:
    """CELL: the hours of their own clocks in which people were there, in order of people and time."""
    return timed_cells(sessions).select(*CELL)


def timed_cells(sessions: pl.DataFrame) -> pl.DataFrame:
    """CELL and `at`, the first instant within each hour at which they are known to have been there."""
    start = pl.max_horizontal("started_at", "seen_until")
    hours = pl.datetime_ranges(start, "ended_at", "1h").list.concat(pl.concat_list("ended_at"))
    each = sessions.select("person_id", "zone", hours.alias("occurred_at")).explode("occurred_at")
    if each.is_empty():
        return pl.DataFrame(schema={**CELL, "at": INSTANT})
    local, nothing = pl.col("local"), pl.lit(None, pl.Float64)
    told = with_wall_clock(each).select(
        "person_id", day=local.dt.date(), hour=local.dt.hour().cast(pl.Int32), score_sum=nothing, score_count=nothing,
        at="occurred_at",
    )  # fmt: skip
    return told.unique(["person_id", "day", "hour"], keep="first", maintain_order=True)
