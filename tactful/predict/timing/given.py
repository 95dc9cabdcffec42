"""The numbers a belief about now is made from: presence, habit, hour, the exchange, and who writes.

Times are told as log(1 + seconds), sums as log(1 + sum) and shares as log-odds, because in these each speaks in a
straight line, and so still speaks where a person goes beyond all that was learned from: on TM-A straight lines
ranked better than trees or curves in every split of the learning part by time.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.columns import numbers
from tactful.facts.contacts import ASKED as CONTACTED
from tactful.facts.contacts import DAY, GAPS, HALVES, HOUR, fade
from tactful.facts.rhythm import RHYTHM, UNLEARNED, WEEKDAYS, Rhythms, now
from tactful.facts.rounds import Columns
from tactful.predict.timing.habits import IN_DAY, IN_HOUR, chance, come_within, share

# What is asked from: contact, and the person's clock and rhythm. The clock is null where their zone is not known.
ASKED: dict[str, PolarsDataType] = CONTACTED | {
    "local_day": pl.Date,
    "local_minute": pl.Int32,
    "rhythm_day": pl.Date,
    "hours": RHYTHM["hours"],
}

GIVEN: dict[str, PolarsDataType] = dict.fromkeys(
    (
        # the person: since they did anything [log s]; times that they came and contacts that they made, fading
        "silence", "sessions_day", "sessions_week", "wrote_day",
        # chance that they come within the hour, by their own silences so far; share of silences longer than a day
        "soon", "long_silences",
        # chance of this hour of their week against an even one [log]
        "hour_now",
        # share of answers to them that they answered in turn; of their answers that came within the hour
        "continues", "swift",
        # chance that they come and answer: this sender within an hour and a day, anybody's answer within a day
        "chance_hour", "chance_day", "chance_continued",
        # since anybody wrote to them [log s]
        "unheard",
        # the exchange: whether it is the first contact; since they wrote to the sender [log s]; how much they wait
        # for the sender to answer, and since when [log s]
        "first", "since_back", "owed", "owed_for",
        # share of what the sender wrote them that was answered, and within a day; how long that took [log s]
        "answered", "answered_day", "answer_time",
        # contacts of late: theirs to the sender within an hour, the sender's to them within a week, fading
        "back_hour", "sent_week",
        # the sender: since anybody wrote to them [log s]; contacts made and got, fading; share that others answer
        "sender_heard", "sender_wrote_day", "sender_heard_day", "sender_got", "sender_got_week",
    ),
    pl.Float64,
)  # fmt: skip


def given(asked: pl.DataFrame, usual: Rhythms = UNLEARNED) -> pl.DataFrame:
    """The columns of GIVEN for each row of `asked` (columns of ASKED), in their order.

    usual: what is usual of people's hours. Somebody who never did anything has counts of zero and times that are
    unknown. Point in time: as far as `asked` is; sums that fade are faded to its `at`.
    """
    known = {name: numbers(asked[name].cast(kind)) for name, kind in ASKED.items() if not name.endswith("_id")}
    told = _person(known) | {"hour_now": _hour_now(known, usual)} | _exchange(known) | _sender(known)
    return pl.DataFrame({name: pl.Series(told[name], nan_to_null=True) for name in GIVEN}, schema=GIVEN)


def _person(known: Columns) -> Columns:
    since = known["at"] - known["person_wrote_at"]
    soon, in_day = (come_within(known["person_gaps"], since, limit) for limit in (HOUR, DAY))
    hour, day = _rates(known)
    continued = share(known["person_continued_in_day"], known["person_continued"], 4.0, IN_DAY)
    long, all_silences = known["person_gaps"][:, GAPS > DAY].sum(axis=1), known["person_gaps"].sum(axis=1)
    return {
        "silence": _time(since),
        "sessions_day": _sum(known, "person_sessions_day"),
        "sessions_week": _sum(known, "person_sessions_week"),
        "wrote_day": _sum(known, "person_wrote_day"),
        "soon": chance(soon),
        "long_silences": chance(share(long, all_silences, 2.0, 0.25)),
        "continues": chance(continued),
        "swift": chance(share(known["person_swift"], known["person_swift_of"], 2.0, 0.5)),
        "chance_hour": chance(soon * hour),
        "chance_day": chance(in_day * day),
        "chance_continued": chance(in_day * continued),
        "unheard": _time(known["at"] - known["person_heard_at"]),
    }


def _rates(known: Columns) -> tuple[Floats, Floats]:
    """Share of what this sender wrote them that they answered within an hour, and a day; held to what they do else."""
    told = []
    for name, usual in (("answered_in_hour", IN_HOUR), ("answered_in_day", IN_DAY)):
        anybody = share(known[f"person_{name}"], known["person_heard"], 5.0, usual)
        told.append(share(known[f"pair_{name}"], known["pair_sent"], 2.0, anybody))
    return told[0], told[1]


def _hour_now(known: Columns, usual: Rhythms) -> Floats:
    """Who was never there is as usual; without a clock nothing can be said."""
    told, there = np.full(known["at"].size, np.nan), ~np.isnan(known["local_minute"] + known["local_day"])
    day, hour = known["local_day"][there], (known["local_minute"][there] // 60).astype(np.int64)
    hours = now(np.nan_to_num(known["hours"][there]), known["rhythm_day"][there], day)
    # 1 January 1970 was a Thursday
    chances = usual.on(hours, ((day + 3) % WEEKDAYS).astype(np.int64))
    told[there] = np.log(chances[np.arange(hour.size), hour.clip(0, 23)] * 24)
    return told


def _exchange(known: Columns) -> Columns:
    at = known["at"]
    return {
        "first": 1.0 * ((known["pair_sent"] == 0) & (known["back_sent"] == 0)) + 0 * known["pair_sent"],
        "since_back": _time(at - known["back_sent_at"]),
        "owed": np.log1p(known["back_open"]),
        "owed_for": np.where(known["back_open"] > 0, _time(at - known["back_open_at"]), 0 * known["back_open"]),
        "answered": chance(share(known["pair_answered"], known["pair_sent"], 2.0, 0.6)),
        "answered_day": chance(_rates(known)[1]),
        "answer_time": known["pair_answer_log"],
        "back_hour": np.log1p(fade(known["back_sent_hour"], at - known["back_sent_at"], HOUR)),
        "sent_week": np.log1p(fade(known["pair_sent_week"], at - known["pair_sent_at"], HALVES["week"])),
    }


def _sender(known: Columns) -> Columns:
    got, wrote = (_faded(known, f"sender_{name}_week") for name in ("got", "wrote"))
    return {
        "sender_heard": _time(known["at"] - known["sender_heard_at"]),
        "sender_wrote_day": _sum(known, "sender_wrote_day"),
        "sender_heard_day": _sum(known, "sender_heard_day"),
        "sender_got": chance(share(known["sender_got_in_day"], known["sender_wrote"], 5.0, IN_DAY)),
        "sender_got_week": chance(share(got, wrote, 3.0, IN_DAY)),
    }


def _time(seconds: Floats) -> Floats:
    """A fact ahead of the clock is no negative time."""
    told: Floats = np.log1p(seconds.clip(0))
    return told


def _sum(known: Mapping[str, Floats], name: str) -> Floats:
    told: Floats = np.log1p(_faded(known, name))
    return told


def _faded(known: Mapping[str, Floats], name: str) -> Floats:
    whose, _, half = name.split("_")
    return fade(known[name], known["at"] - known[f"{whose}_moved_at"], HALVES[half])
