"""CollegeMsg: private messages of 1,899 people over 193 days, by clocks seven hours behind UTC.

A message is a contact; whoever writes is there. Source: Panzarasa, Opsahl and Carley 2009 (SNAP).
"""

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from tactful.facts import contacts, rhythm
from tactful.facts.contacts import CONTACT
from tactful.facts.rhythm import CELL
from tactful.lab.evaluate.rows import needed

FOLDER = "timing_collegemsg"
BEHIND = timedelta(hours=7)


def read(data: Path) -> pl.DataFrame:
    """The messages, columns of CONTACT in order of time. raises: NotFound without the file."""
    (file,) = needed(data / FOLDER, "CollegeMsg.csv.gz")
    times = pl.from_epoch("ts", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    made = pl.read_csv(file).select(times.alias("at"), from_id="src", to_id="dst")
    return made.select(pl.col(name).cast(kind) for name, kind in CONTACT.items()).sort("at", maintain_order=True)


def cells(messages: pl.DataFrame) -> pl.DataFrame:
    """Columns of CELL: whoever writes was there in that hour of theirs, a row for each message."""
    local = pl.col("at").dt.replace_time_zone(None) - BEHIND
    scores = {name: pl.lit(None, pl.Float64) for name in ("score_sum", "score_count")}
    return messages.select(
        person_id="from_id", day=local.dt.date(), hour=local.dt.hour().cast(pl.Int32), **scores
    ).select(list(CELL))


def asked(messages: pl.DataFrame) -> pl.DataFrame:
    """What was known just before each message: columns of timing.ASKED, in their order."""
    stood, _ = contacts.advance(contacts.nothing(), messages)
    local = pl.col("at").dt.replace_time_zone(None) - BEHIND
    clock = {
        "local_day": local.dt.date(),
        "local_minute": local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute(),
    }
    own = _rhythms(messages)
    return stood.with_columns(**clock).with_columns(own["day"].alias("rhythm_day"), own["hours"])


def _rhythms(messages: pl.DataFrame) -> pl.DataFrame:
    """The rhythm of whom each message is for, just before it: they are asked about before the sender moves on."""
    there = cells(messages)
    only_asked = there.with_columns(person_id=messages["to_id"], hour=pl.lit(None, pl.Int32))
    order = np.arange(2 * there.height).reshape(2, -1).T.reshape(-1)
    stood, _ = rhythm.advance(rhythm.nothing(), pl.concat([only_asked, there])[order])
    return stood.gather_every(2)
