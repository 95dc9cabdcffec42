"""What an organisation's messages teach about timing: gone through again, each with what was known as it was shown."""

from datetime import datetime

import polars as pl

from tactful.facts import contacts, rhythm
from tactful.facts.rhythm import CELL, by_usual
from tactful.kernel.settings import Settings
from tactful.predict import timing
from tactful.store.database import Database
from tactful.store.learned import told, usual
from tactful.store.reading import reader
from tactful.store.sensed import stays
from tactful.store.sensed.sums import with_wall_clock
from tactful.uses.training.replay import Replay, lessons_of
from tactful.uses.training.ways import WAYS

# Messages that are gone through at most, of one organisation and of all together.
EACH, MOST = 50_000, 500_000
# Until when an answer counts as one.
HORIZON = timing.HORIZONS["24h"]


def replies(database: Database, settings: Settings, *, until: datetime) -> Replay | None:
    """What messages shown up to `until` teach about whether they are answered; nothing where there were none."""
    with reader(database, few=False) as source:
        whom = told.people(source, until=until, each=EACH, most=MOST)
        if whom.is_empty():
            return None
        organisations = whom["organisation_id"].unique().to_list()
        served = usual.then(source, organisations, since=until - stays.LOOK_BACK, until=until)
        sessions, ours = told.lives(source, whom, until=until)
    happened = _happened(sessions, ours, whom)
    stood, _ = contacts.advance(contacts.nothing(), happened)
    messages = (pl.col("from_id") < 0) & pl.col("to_id").is_not_null()
    lines = happened.filter(messages).select("at", person_id="to_id")
    asked = stood.filter(happened.select(messages).to_series()).hstack(_clock(lines, sessions, whom))
    answered = timing.labels(happened, HORIZON).filter(happened.select(messages).to_series())
    known = (lines["at"] <= until - HORIZON).fill_null(value=False)
    if not known.any():
        return None
    named = lines.with_columns(known_at=pl.col("at") + HORIZON).join(whom, on="person_id", maintain_order="left")
    # What was usual as it served then.
    given = by_usual(asked.select(*timing.ASKED), served.of(named), served.rhythms, timing.given).filter(known)
    truth = answered.filter(known).cast(pl.Float64).to_numpy()
    lessons = lessons_of(lines.filter(known), given, timing.cold(given, settings), truth)
    return Replay("timing", timing.FACTORS, WAYS["timing"], named.filter(known), lessons)


def _happened(sessions: pl.DataFrame, ours: pl.DataFrame, whom: pl.DataFrame) -> pl.DataFrame:
    """CONTACT with STAY in order of time; the engine of each organisation speaks to all of its people."""
    waiting = pl.DataFrame(schema={"person_id": pl.Int64, "open_at": ours.schema["shown_at"]})
    log = stays.contacts(sessions, ours, waiting)
    person = pl.coalesce(pl.when(pl.col("from_id") > 0).then("from_id"), pl.when(pl.col("to_id") > 0).then("to_id"))
    owned = log.with_columns(person_id=person).join(whom, on="person_id", how="left", maintain_order="left")
    engine = -pl.col("organisation_id")
    spoken = (pl.when(pl.col(name) < 0).then(engine).otherwise(name).alias(name) for name in ("from_id", "to_id"))
    return owned.with_columns(*spoken).select(log.columns).sort("at", maintain_order=True)


def _clock(lines: pl.DataFrame, sessions: pl.DataFrame, whom: pl.DataFrame) -> pl.DataFrame:
    """Each person's clock and rhythm as the message was shown: columns of timing.ASKED."""
    zoned = lines.with_row_index("line").join(whom.select("person_id", "zone"), on="person_id", maintain_order="left")
    local = pl.col("local")
    there = with_wall_clock(zoned.rename({"at": "occurred_at"})).sort("line").select(
        "line", "person_id", at="occurred_at", local_day=local.dt.date(),
        local_minute=local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute().cast(pl.Int32),
    )  # fmt: skip
    own = _rhythms(there, sessions)
    return there.select("local_day", "local_minute").hstack(own.select(pl.col("day").alias("rhythm_day"), "hours"))


def _rhythms(there: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """The rhythm of each message's person just before it, in the order of `there`.

    By the instant, not the hour: who comes in the hour of the message may come because of it.
    """
    nothing = {name: pl.lit(None, CELL[name]).alias(name) for name in ("hour", "score_sum", "score_count")}
    asked = there.with_columns(day="local_day", **nothing).select(*CELL, "at", "line")
    lived = stays.timed_cells(sessions).with_columns(line=None).select(asked.columns)
    # A message goes before what happened at the same instant.
    order = pl.concat([asked, lived], how="vertical_relaxed").sort("person_id", "at", maintain_order=True)
    stood, _ = rhythm.advance(rhythm.nothing(), order.select(*CELL))
    mine = order.with_columns(stood.drop("person_id", "hour").rename({"day": "kept_day"}).select("kept_day", "hours"))
    found = mine.filter(pl.col("line").is_not_null()).sort("line")
    return found.select(day="kept_day", hours="hours")
