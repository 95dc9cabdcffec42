"""One step of contact: how a pair and a party stand after one more contact, given how they stood. Pure, whole columns.

Times are seconds since 1970; nan is never.
"""

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.contacts.tables import DAY, GAPS, HOUR, WEEK
from tactful.facts.rounds import Columns

# Silence that ends a session [s].
SESSION = 1_800.0
# What stays of a running mean, of the last answers and of the silences when one more comes.
PACE, SWIFT_KEPT, GAPS_KEPT = 0.6, 0.95, 0.98
HALVES = {"hour": HOUR, "day": DAY, "week": WEEK}


def fade(value: Floats, since: Floats, half: float) -> Floats:
    """What is left of a sum after `since` [s]. Where that is nan it never began.

    >>> fade(np.array([4.0, 0.0]), np.array([2 * DAY, np.nan]), DAY).tolist()
    [1.0, 0.0]
    """
    left: Floats = value * 2.0 ** (-np.nan_to_num(since).clip(0) / half)
    return left


def answers(pair: Columns, at: Floats) -> Columns:
    """What a contact at `at` in the other direction answers in a `pair` that stood so.

    answers: how many contacts, in_hour and in_day: how many of them in time; waited: since the first [s]; continues:
    whether that was itself an answer. Of several that wait, all count as the first, or else the last one alone.
    """
    some, waited, last = pair["open"] > 0, at - pair["open_at"], at - pair["sent_at"]
    told = {
        "answers": np.where(some, pair["open"], 0.0),
        "waited": np.where(some, waited.clip(1), np.nan),
        "continues": np.where(some, pair["open_continues"], 0.0),
    }
    for name, limit in (("in_hour", HOUR), ("in_day", DAY)):
        in_time = np.where(waited <= limit, pair["open"], 1.0 * (last <= limit))
        told[name] = np.where(some, in_time, 0.0)
    return told


def pair_step(stood: Columns, came: Columns) -> Columns:
    """A pair after a contact in its direction (`back` 0) or in the other one (`back` 1).

    came: at, back, continues (1 where the contact is itself an answer).
    """
    back = came["back"] == 1
    sent, answered = _sent(stood, came), _answered(stood, came["at"])
    return {name: np.where(back, answered.get(name, stood[name]), sent.get(name, stood[name])) for name in stood}


def _sent(stood: Columns, came: Columns) -> Columns:
    since, first = came["at"] - stood["sent_at"], stood["open"] == 0
    return {
        "sent_at": came["at"],
        "sent": stood["sent"] + 1,
        "sent_hour": fade(stood["sent_hour"], since, HOUR) + 1,
        "sent_week": fade(stood["sent_week"], since, WEEK) + 1,
        "open": stood["open"] + 1,
        "open_at": np.where(first, came["at"], stood["open_at"]),
        "open_continues": np.where(first, came["continues"], stood["open_continues"]),
    }


def _answered(stood: Columns, at: Floats) -> Columns:
    gave, never = answers(stood, at), np.isnan(stood["answer_log"])
    took = np.log(gave["waited"])
    mean = np.where(never, took, PACE * stood["answer_log"] + (1 - PACE) * took)
    return {
        "open": np.zeros(at.size),
        "open_at": np.full(at.size, np.nan),
        "open_continues": np.zeros(at.size),
        "answered": stood["answered"] + gave["answers"],
        "answered_in_hour": stood["answered_in_hour"] + gave["in_hour"],
        "answered_in_day": stood["answered_in_day"] + gave["in_day"],
        "answer_log": np.where(np.isnan(took), stood["answer_log"], mean),
    }


def party_step(stood: Columns, came: Columns) -> Columns:
    """A party after a contact that they made (`made` 1) or got (`made` 0).

    came: at, made, the columns of STAY, and what `answers` says of the contact. What comes late never turns a last
    time back.
    """
    made, at = came["made"] == 1, came["at"]
    comes = made & (came["stays"] == 0)
    gaps = _gaps(stood["gaps"], np.where(comes, came["pause"], np.nan), came["pauses"])
    silent = np.where(comes & (at >= stood["wrote_at"]), at - stood["wrote_at"], np.nan)
    return {
        "moved_at": np.fmax(stood["moved_at"], at),
        "wrote_at": np.where(made, np.fmax(stood["wrote_at"], at), stood["wrote_at"]),
        "heard_at": np.where(made, stood["heard_at"], np.fmax(stood["heard_at"], at)),
        "wrote": stood["wrote"] + comes,
        "heard": stood["heard"] + ~made,
        "gaps": _gaps(gaps, silent, np.ones(at.size)),
        **_fading(stood, came, comes),
        **_answering(stood, came, made),
    }


def _gaps(counted: Floats, gap: Floats, times: Floats) -> Floats:
    """Silences by length with more of `gap` [s], so many `times`; none where that is nan."""
    some = ~np.isnan(gap)
    place = np.searchsorted(GAPS, np.where(some, gap, 0.0)).clip(0, GAPS.size - 1)
    more = counted * GAPS_KEPT + times[:, None] * (np.arange(GAPS.size) == place[:, None])
    told: Floats = np.where(some[:, None], more, counted)
    return told


def _fading(stood: Columns, came: Columns, comes: NDArray[np.bool_]) -> Columns:
    since, silent, got = came["at"] - stood["moved_at"], came["at"] - stood["wrote_at"], came["made"] == 0
    fresh = comes & ~(silent <= SESSION)
    more: dict[str, Floats | NDArray[np.bool_]] = {
        "wrote_day": comes, "wrote_week": comes, "heard_day": got,
        "sessions_day": fresh, "sessions_week": fresh, "got_week": got * came["in_day"],
    }  # fmt: skip
    return {name: fade(stood[name], since, HALVES[name.rpartition("_")[2]]) + add for name, add in more.items()}


def _answering(stood: Columns, came: Columns, made: NDArray[np.bool_]) -> Columns:
    gave, soon = made & (came["answers"] > 0), came["waited"] <= HOUR
    in_turn = came["continues"] * (came["waited"] <= DAY)
    return {
        "answered_in_hour": stood["answered_in_hour"] + made * came["in_hour"],
        "answered_in_day": stood["answered_in_day"] + made * came["in_day"],
        "got_in_day": stood["got_in_day"] + ~made * came["in_day"],
        "continued": stood["continued"] + ~made * (came["answers"] > 0),
        "continued_in_day": stood["continued_in_day"] + made * in_turn,
        "swift": np.where(gave, SWIFT_KEPT * stood["swift"] + soon, stood["swift"]),
        "swift_of": np.where(gave, SWIFT_KEPT * stood["swift_of"] + 1, stood["swift_of"]),
    }
