"""The cold start: FSRS with the person's own parameters, drawn towards how the person does of late. Pure.

FSRS alone can be worse than a constant about somebody it does not fit; their own rate of late keeps it honest.
Without times, what was right of late stands for the memory; of a skill that is new, what they know of new ones.
"""

from collections.abc import Mapping

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.forgetting import settings as rows

# Factor -> what learning may know of it.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "time_away": (
        "faded", "days_since_practice", "days_since_spaced", "answers_since_practice", "answers_since_hit",
        "answers_since_miss", "gap_days", "gap_answers", "held_answers",
    ),
    "weak_memory": (
        "stability", "difficulty", "answers", "hits", "misses", "hits_run", "misses_run", "first_hit", "last_hit",
        "before_last_hit", "latest", "recent", "hits_kept", "misses_kept", "spaced", "spaced_share", "lapses",
        "spaced_run", "last_spaced_hit", "sitting_answers", "sitting_misses", "days_known", "answers_known",
    ),
    "slow_answers": ("first_pace", "last_pace", "recent_pace"),
    "recent_form": (
        "form_share", "form_5", "form_20", "form_100", "form_last_hit", "form_run", "fresh_share",
        "held_share", "regained_share", "form_sitting_share",
    ),
    "other_load": ("form_sitting_answers", "away_days", "new_by_days", "new_by_answers"),
    "time_of_day": ("hour",),
    "weak_topic": (
        "topic_answers", "topic_hits", "topic_misses", "topic_recent", "topic_last_hit", "answers_since_topic",
    ),
    "hard_material": ("others_surprise", "others_first", "others_later", "topic_surprise", "topic_first"),
}  # fmt: skip

# What learning starts from: FSRS is taken at its word until answers say otherwise.
LEANING: Mapping[str, float] = {"faded": 1.0}

_DEFAULT = Settings({})
# Log-odds beyond this are as good as certain.
MOST = 30.0


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How likely each skill is to be forgotten: the columns of COLD and each factor's part.

    given: columns of GIVEN. The score is null where nothing is known of the person. What days alone would take from
    a skill that was once answered right is `time_away`; what its own memory does better (negative) or worse is
    `weak_memory`; the rest `recent_form`. Source: FSRS-6; weight .7 for it was chosen on the first of six parts of
    the log that FG-A scores the other five of, and the halves of weights around it lose little.
    """
    chosen = _DEFAULT if settings is None else settings
    parts = _parts(chosen[rows.MEMORY_WEIGHT])
    answers = pl.col("answers").fill_null(0).clip(0)
    return given.lazy().with_columns(**_chances()).select(
        score=pl.when(_KNOWN).then(pl.sum_horizontal(parts.values()).clip(0, 1)),
        confidence=answers / (answers + chosen[rows.CONFIDENT_ANSWERS]),
        **{factor: parts.get(factor, pl.lit(None, pl.Float64)) for factor in FACTORS},
    ).collect()  # fmt: skip


_KNOWN = pl.any_horizontal(pl.col("forgot").is_not_null(), pl.col("usual").is_not_null())


def _chances() -> Mapping[str, pl.Expr]:
    """Chances to have forgotten [0..1]: by the skill's own memory, by days alone, and what is usual for the person."""
    faded = 1 / (1 + (-pl.col("faded").clip(-MOST, MOST)).exp())
    usual = pl.when(pl.col("answers").fill_null(0) > 0).then("form_20").otherwise(pl.coalesce("fresh_share", "form_20"))
    return {
        "forgot": pl.coalesce(faded, 1 - pl.col("recent").clip(0, 1)),
        "by_days": pl.col("forgot_by_days"),
        "usual": 1 - usual.clip(0, 1),
    }


def _parts(weight: float) -> Mapping[str, pl.Expr]:
    """Their mixture, told apart. Where one of the two is unknown the other is all there is."""
    own = pl.when(pl.col("forgot").is_null()).then(0.0).when(pl.col("usual").is_null()).then(1.0).otherwise(weight)
    return {
        "time_away": own * pl.col("by_days"),
        "weak_memory": own * (pl.col("forgot") - pl.col("by_days").fill_null(0.0)),
        "recent_form": (1 - own) * pl.col("usual"),
    }
