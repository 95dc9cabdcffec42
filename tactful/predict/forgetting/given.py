"""The numbers a belief about forgetting is made from: one skill of one person, at one instant.

Every number is null where there is nothing to go by: days where times are unknown, all of a skill's own where it is
new. Rates are drawn towards a usual one until there is enough behind them.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.memories import OTHERS
from tactful.facts.moments import INSTANT
from tactful.facts.remembering import memory, own
from tactful.facts.remembering.columns import columns, table
from tactful.facts.remembering.expected import FEW, FRESH
from tactful.facts.remembering.form import COUNTED, NEW_HALF_DAYS, SITTING, USUAL
from tactful.facts.remembering.steps import either, fades, worth
from tactful.facts.rounds import Columns

# When somebody is asked about a skill: the instant and the hour of their day (0..24), both null where unknown.
ASKED: dict[str, PolarsDataType] = {"at": INSTANT, "hour": pl.Float64}

GIVEN: dict[str, PolarsDataType] = dict.fromkeys(
    (
        # since the last answer, the last spaced, right and wrong one: days, and answers of the person
        "days_since_practice", "days_since_spaced", "answers_since_practice", "answers_since_hit", "answers_since_miss",
        # between the two answers before; the longest after which the answer was still right
        "gap_days", "gap_answers", "held_answers",
        # by FSRS with the person's own parameters: log-odds of having forgotten it, chance to have forgotten what was
        # answered right just once, and how many times as long as published their memories last
        "faded", "forgot_by_days", "lasts",
        # FSRS's days to 90 %, for this person, and difficulty (1..10); the answers so far, their shares and runs
        "stability", "difficulty", "answers", "hits", "misses", "hits_run", "misses_run", "first_hit", "last_hit",
        "before_last_hit", "latest", "recent", "hits_kept", "misses_kept",
        "spaced", "spaced_share", "lapses", "spaced_run", "last_spaced_hit", "sitting_answers", "sitting_misses",
        "days_known", "answers_known",
        # logarithm of how many times their usual seconds the answers about it took
        "first_pace", "last_pace", "recent_pace",
        # the person: share of right ones ever and of late, of first tries, after a right and after a wrong one
        "form_share", "form_5", "form_20", "form_100", "form_last_hit", "form_run",
        "fresh_share", "held_share", "regained_share", "form_sitting_share",
        # what else they learn: answers of this sitting, days away before it, new skills of late
        "form_sitting_answers", "away_days", "new_by_days", "new_by_answers",
        # 0..24
        "hour",
        # the topic: answers, right, wrong, and since when
        "topic_answers", "topic_hits", "topic_misses", "topic_recent", "topic_last_hit", "answers_since_topic",
        # everybody else on this skill and this topic
        "others_surprise", "others_first", "others_later", "topic_surprise", "topic_first",
        # counted, for words: the last answers of the person about anything, at most 20, and the right ones among them
        "form_counted", "form_counted_hits",
    ),
    pl.Float64,
)  # fmt: skip

# Answers by which a share is drawn towards the usual one, where there are more than FEW.
SOME = 10.0


def given(asked: pl.DataFrame, stood: pl.DataFrame, others: pl.DataFrame | None = None) -> pl.DataFrame:
    """The columns of GIVEN for each row asked about.

    asked: ASKED. stood: STOOD, what is kept of the skill, its topic and the person. others: OTHERS, what everybody
    else answered; left out is unknown. All with the same rows in the same order. Point in time: as far as they are.
    """
    when = columns(asked)
    skill, topic, form = _sides(columns(stood))
    form["answers"] = _zero(form["answers"])
    made = (
        _since(skill, form, when["at"])
        | _answers(skill)
        | _memory(skill, form, when["at"])
        | _kept(skill, form, when["at"])
        | _paces(skill, form)
        | _form(skill, form)
        | _load(form, when["at"])
        | {"hour": when["hour"]}
        | _topic(topic, form)
        | _others(skill, topic, _none(asked.height) if others is None else columns(others))
    )
    return table(made, GIVEN)


def _sides(stood: Columns) -> Iterator[Columns]:
    """What is known of the skill, of the topic and of the person."""
    for side in ("skill_", "topic_", "form_"):
        yield {name.removeprefix(side): column for name, column in stood.items() if name.startswith(side)}


def _none(height: int) -> Columns:
    return {name: np.full(height, np.nan) for name in OTHERS}


def _since(skill: Columns, form: Columns, at: Floats) -> Columns:
    days = _past(at - skill["last_at"])
    return {
        "days_since_practice": days,
        "days_since_spaced": _past(at - either(skill["last_spaced_at"], skill["first_at"])),
        "answers_since_practice": form["answers"] - skill["last_answer"],
        "answers_since_hit": form["answers"] - skill["last_hit_answer"],
        "answers_since_miss": form["answers"] - skill["last_miss_answer"],
        "gap_days": skill["gap_days"],
        "gap_answers": skill["gap_answers"],
        "held_answers": np.where(skill["answers"] > 0, skill["held_answers"], np.nan),
    }


def _memory(skill: Columns, form: Columns, at: Floats) -> Columns:
    """What FSRS says with this person's parameters, where the skill's memory is known."""
    person = {name: _zero(form[name]) for name in own.NEW_OWN}
    days, strong = _past(at - skill["last_at"]), skill["stability"]
    forgot = (1 - own.recall(person, strong, days)).clip(own.CERTAIN, 1 - own.CERTAIN)
    once = np.where(np.isnan(forgot), np.nan, memory.FRESH_STABILITY)
    return {
        "faded": np.log(forgot / (1 - forgot)),
        "forgot_by_days": 1 - own.recall(person, once, days),
        "lasts": np.where(np.isnan(strong), np.nan, own.lasts(person)),
        "stability": strong * np.exp(person["memory_scale"]),
    }


def _answers(skill: Columns) -> Columns:
    known = _zero(skill["answers"]) > 0
    same = ("difficulty", "first_hit", "last_hit", "before_last_hit", "last_spaced_hit")
    shown = ("hits_run", "misses_run", "latest", "recent", "spaced", "spaced_run", "sitting_answers", "sitting_misses")
    return (
        {name: skill[name] for name in same}
        | {name: np.where(known, skill[name], np.nan) for name in shown}
        | {
            "answers": _zero(skill["answers"]),
            "hits": _zero(skill["hits"]),
            "misses": _zero(skill["answers"] - skill["hits"]),
            "spaced_share": np.where(known, (skill["spaced_hits"] + USUAL) / (skill["spaced"] + 1), np.nan),
            "lapses": np.where(known, skill["spaced"] - skill["spaced_hits"], np.nan),
        }
    )


def _kept(skill: Columns, form: Columns, at: Floats) -> Columns:
    since = form["answers"] - skill["last_answer"]
    left = np.where(_zero(skill["answers"]) > 0, worth(at - skill["last_at"], since), np.nan)
    return {
        "hits_kept": skill["hits_kept"] * left,
        "misses_kept": skill["misses_kept"] * left,
        "days_known": _past(at - skill["first_at"]),
        "answers_known": form["answers"] - skill["first_answer"],
    }


def _paces(skill: Columns, form: Columns) -> Columns:
    return {name: skill[name] - form["pace"] for name in ("first_pace", "last_pace", "recent_pace")}


def _form(skill: Columns, form: Columns) -> Columns:
    """How they do of late; and on what is new, was right or was wrong, where this is of that sort."""
    sort = {
        "fresh": (_zero(skill["answers"]) == 0, FRESH, FEW),
        "held": (skill["last_hit"] == 1, USUAL, SOME),
        "regained": (skill["last_hit"] == 0, 0.6, SOME),
    }
    return {
        "form_share": _share(_zero(form["hits"]), form["answers"], 0.7, FEW),
        **{f"form_{count}": form[f"hits_{count}"] for count in (5, 20, 100)},
        "form_last_hit": form["last_hit"],
        "form_run": form["hits_run"],
        "form_counted": np.minimum(form["answers"], COUNTED),
        "form_counted_hits": _counted(form["last_20"]),
        **{
            f"{name}_share": np.where(here, _share(form[f"{name}_hits"], form[name], usual, weight), np.nan)
            for name, (here, usual, weight) in sort.items()
        },
    }


def _counted(bits: Floats) -> Floats:
    """How many of the bits are set; nan where they are unknown."""
    return np.where(np.isnan(bits), np.nan, np.bitwise_count(_zero(bits).astype(np.int64)))


def _load(form: Columns, at: Floats) -> Columns:
    days = _past(at - form["last_at"])
    goes_on = days <= SITTING
    return {
        "form_sitting_answers": np.where(goes_on, form["sitting_answers"], days * 0),
        "form_sitting_share": np.where(goes_on, _share(form["sitting_hits"], form["sitting_spaced"], USUAL, FEW), USUAL)
        + days * 0,
        "away_days": np.where(goes_on, form["away_days"], days),
        "new_by_days": form["new_by_days"] * fades(days, NEW_HALF_DAYS) + days * 0,
        "new_by_answers": form["new_by_answers"],
    }


def _topic(topic: Columns, form: Columns) -> Columns:
    return {
        "topic_answers": topic["answers"],
        "topic_hits": topic["hits"],
        "topic_misses": topic["answers"] - topic["hits"],
        "topic_recent": topic["recent"],
        "topic_last_hit": topic["last_hit"],
        "answers_since_topic": form["answers"] - topic["last_answer"],
    }


def _others(skill: Columns, topic: Columns, others: Columns) -> Columns:
    new = _zero(skill["answers"]) == 0
    share = {
        name: _share(others[f"others_{name}_hits"], others[f"others_{name}"], 0.5, FEW)
        for name in ("first", "later", "topic_first")
    }
    return {
        "others_surprise": others["others_surprise"] / (others["others_asked"] + SOME),
        "others_first": np.where(new, share["first"], np.nan),
        "others_later": np.where(new, np.nan, share["later"]),
        "topic_surprise": others["others_topic_surprise"] / (others["others_topic_asked"] + SOME),
        "topic_first": np.where(_zero(topic["answers"]) == 0, share["topic_first"], np.nan),
    }


def _share(hits: Floats, count: Floats, usual: float, weight: float) -> Floats:
    return (hits + usual * weight) / (count + weight)


def _past(days: Floats) -> Floats:
    """A fact ahead of the clock is not a negative silence."""
    return np.maximum(days, 0.0)


def _zero(column: Floats) -> Floats:
    return np.nan_to_num(column, nan=0.0)
