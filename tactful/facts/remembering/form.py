"""One answer's effect on its person's form: how they do of late, on what is new, in this sitting, at remembering. Pure.

Numbers are of the same kind as in `steps`.
"""

from collections.abc import Mapping

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.remembering import own
from tactful.facts.remembering.steps import either, fades, spaced, towards
from tactful.facts.rounds import Columns

# People recall four of five things they are asked again, until they have shown otherwise.
USUAL = 0.8
NEW_FORM: Mapping[str, float] = dict.fromkeys(
    (
        "answers", "hits", "hits_run", "last_20", "fresh_hits", "fresh", "held_hits", "held", "regained_hits",
        "regained",
        "new_by_days", "new_by_answers", "sitting_answers", "sitting_spaced", "sitting_hits",
    ),
    0.0,
) | {"hits_5": USUAL, "hits_20": USUAL, "hits_100": USUAL} | own.NEW_OWN  # fmt: skip

NEW_HALF_DAYS, NEW_HALF_ANSWERS = 3.0, 50.0
# How much of what was counted the next answer of its sort leaves.
FRESH_LASTS, KNOWN_LASTS, PACE_LASTS = 0.99, 0.995, 0.99
# Answers that are kept one by one, so that they can be counted.
COUNTED = 20
# Half an hour of silence ends a sitting [days].
SITTING = 1 / 48


def met(skill: Columns, answer: Columns) -> Columns:
    """What a person's form needs to know of the skill they met: new to them, last answer, spaced or not, its memory.

    days: since its last answer; unknown where it was never right, for what was never known cannot fade.
    """
    new, days = skill["answers"] == 0, answer["at"] - skill["last_at"]
    return {
        "new": new * 1.0,
        "known": skill["last_hit"],
        "apart": ~new * spaced(days),
        "days": np.where(skill["hits"] > 0, days, np.nan),
        "stability": skill["stability"],
    }


def form(row: Columns, answer: Columns) -> Columns:
    """A person's form after one answer of theirs, with what `met` says of it."""
    hit, at, apart, new = answer["hit"], answer["at"], answer["apart"], answer["new"]
    days = at - row["last_at"]
    shares = {
        f"hits_{count}": np.where(
            apart + new > 0, towards(row[f"hits_{count}"], hit, 0.5 ** (1 / count)), row[f"hits_{count}"]
        )
        for count in (5, 20, 100)
    }
    return (
        shares
        | _kinds(row, answer)
        | _sitting(row, answer, days)
        | own.learn(row, answer)
        | {
            "last_at": np.fmax(at, row["last_at"]),
            "answers": row["answers"] + 1,
            "hits": row["hits"] + hit,
            "last_hit": hit,
            "hits_run": (row["hits_run"] + 1) * hit,
            "last_20": (2 * row["last_20"] + hit) % 2**COUNTED,
            "new_by_days": row["new_by_days"] * fades(days, NEW_HALF_DAYS) + new,
            "new_by_answers": row["new_by_answers"] * 0.5 ** (1 / NEW_HALF_ANSWERS) + new,
            "pace": either(towards(row["pace"], answer["pace"], PACE_LASTS), either(row["pace"], answer["pace"])),
        }
    )


def _kinds(row: Columns, answer: Columns) -> Columns:
    """Answers about what is new, what was right and what was wrong the last time, each for itself."""
    new = answer["new"] > 0
    kinds = {"fresh": (new, FRESH_LASTS), "held": (~new & (answer["known"] > 0), KNOWN_LASTS),
             "regained": (~new & (answer["known"] == 0), KNOWN_LASTS)}  # fmt: skip
    moved = {}
    for name, (here, lasts) in kinds.items():
        moved[name] = np.where(here, row[name] * lasts + 1, row[name])
        moved[f"{name}_hits"] = np.where(here, row[f"{name}_hits"] * lasts + answer["hit"], row[f"{name}_hits"])
    return moved


def _sitting(row: Columns, answer: Columns, days: Floats) -> Columns:
    begins = np.isnan(row["sitting_at"]) | (days > SITTING)
    spaced_hit = answer["apart"] * answer["hit"]
    return {
        "sitting_at": np.where(begins, answer["at"], row["sitting_at"]),
        "away_days": np.where(begins, days, row["away_days"]),
        "sitting_answers": np.where(begins, 1, row["sitting_answers"] + 1),
        "sitting_spaced": np.where(begins, answer["apart"], row["sitting_spaced"] + answer["apart"]),
        "sitting_hits": np.where(begins, spaced_hit, row["sitting_hits"] + spaced_hit),
    }
