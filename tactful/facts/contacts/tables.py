"""The tables of contact: what is kept of each party and of each pair, and what was known at a contact.

A party is a person, or whatever writes to people; Tactful itself writes under an id of its own. Columns that
end in _hour, _day and _week are sums that fade by half within that time; they hold for `moved_at`, those of a
pair for `sent_at`. Counts are never null; a time is null where it never came.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats

HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0
INSTANT = pl.Datetime("us", "UTC")

# A silence between two contacts that somebody made is counted under the first of these that it does not exceed [s].
GAPS: Floats = np.array([
    60, 180, 600, 1_800, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 16 * HOUR, 20 * HOUR,
    DAY, 2 * DAY, 4 * DAY, 8 * DAY, 16 * DAY, 64 * DAY,
])  # fmt: skip

# `from_id` wrote to `to_id`, or did something that was for nobody (null).
CONTACT: dict[str, PolarsDataType] = {"at": INSTANT, "from_id": pl.Int64, "to_id": pl.Int64}

# Columns that contacts may have besides, where somebody's stays are told and not each thing they do. With `stays`
# they had been there all along: that moves when they were last there and may answer, but they did not come anew.
# Who comes anew tells of their last stay how long its silences were, usually [s], and how many of them to count.
STAY: dict[str, PolarsDataType] = {"stays": pl.Boolean, "pause": pl.Float64, "pauses": pl.Float64}

PARTY: dict[str, PolarsDataType] = {
    "party_id": pl.Int64,
    # the last contact that they made, that they got, and of either kind
    "wrote_at": INSTANT,
    "heard_at": INSTANT,
    "moved_at": INSTANT,
    # contacts made and got
    "wrote": pl.Float64,
    "heard": pl.Float64,
    "wrote_day": pl.Float64,
    "wrote_week": pl.Float64,
    "heard_day": pl.Float64,
    # sessions: times that they came, after half an hour of silence or more
    "sessions_day": pl.Float64,
    "sessions_week": pl.Float64,
    # silences by their length, see GAPS; each new one takes a fiftieth from all before
    "gaps": pl.Array(pl.Float64, GAPS.size),
    # contacts that they answered within an hour and within a day; contacts of theirs answered within a day
    "answered_in_hour": pl.Float64,
    "answered_in_day": pl.Float64,
    "got_in_day": pl.Float64,
    "got_week": pl.Float64,
    # answers that they got, and how many of these they answered in turn within a day
    "continued": pl.Float64,
    "continued_in_day": pl.Float64,
    # of the last answers that they gave: how many came within an hour, of how many
    "swift": pl.Float64,
    "swift_of": pl.Float64,
}

PAIR: dict[str, PolarsDataType] = {
    "from_id": pl.Int64,
    "to_id": pl.Int64,
    "sent_at": INSTANT,
    "sent": pl.Float64,
    "sent_hour": pl.Float64,
    "sent_week": pl.Float64,
    # waiting for an answer: how many, since when, and whether the first of them was itself an answer (1 or 0)
    "open": pl.Float64,
    "open_at": INSTANT,
    "open_continues": pl.Float64,
    "answered": pl.Float64,
    "answered_in_hour": pl.Float64,
    "answered_in_day": pl.Float64,
    # how long answers took, the last ones counting most [log s]; null before the first
    "answer_log": pl.Float64,
}

# What is known of a question (shall `sender_id` write to `person_id` now?): of both parties, and of the pair in
# the direction of the question (pair_) and back (back_).
_OF: dict[str, tuple[dict[str, PolarsDataType], str]] = {
    "person_": (PARTY, "wrote_at heard_at moved_at wrote heard wrote_day sessions_day sessions_week gaps "
                "answered_in_hour answered_in_day continued continued_in_day swift swift_of"),
    "sender_": (PARTY, "heard_at moved_at wrote wrote_day wrote_week heard_day got_in_day got_week"),
    "pair_": (PAIR, "sent_at sent sent_week answered answered_in_hour answered_in_day answer_log"),
    "back_": (PAIR, "sent_at sent sent_hour open open_at"),
}  # fmt: skip
# Prefix -> the columns that a question takes from that table.
PARTS: dict[str, tuple[str, ...]] = {prefix: tuple(names.split()) for prefix, (_, names) in _OF.items()}

QUESTION: dict[str, PolarsDataType] = {"at": INSTANT, "person_id": pl.Int64, "sender_id": pl.Int64}
ASKED: dict[str, PolarsDataType] = QUESTION | {
    prefix + name: table[name] for prefix, (table, _) in _OF.items() for name in PARTS[prefix]
}


@dataclass(frozen=True, slots=True)
class Contacts:
    """What is kept: a row for each party (PARTY) and for each direction of each pair (PAIR)."""

    party: pl.DataFrame
    pair: pl.DataFrame


def nothing() -> Contacts:
    """Before anything happened."""
    return Contacts(pl.DataFrame(schema=PARTY), pl.DataFrame(schema=PAIR))
