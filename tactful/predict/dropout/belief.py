"""What is told of each person: a score with its level, the factors that speak for it, and a chance once learned."""

from collections.abc import Mapping
from math import log

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.chain import Chain, Shown
from tactful.facts.scale import Scale, Served, scaled
from tactful.kernel.settings import Settings
from tactful.predict.dropout import settings as rows
from tactful.predict.dropout.given import given
from tactful.predict.dropout.model import FACTORS, cold, sets, told

LEVELS = ("low", "medium", "high", "critical")

# What `score` answers, one row for each person of `known`, in its order.
SCORED: dict[str, PolarsDataType] = {
    "risk_score": pl.Float64,
    "risk_level": pl.String,
    "risk_factors": pl.List(pl.String),
    "risk_confidence": pl.Float64,
    # what the cold start says, whatever was learned
    "cold_score": pl.Float64,
    # a calibrated chance of leaving; empty until one has been learned
    "probability": pl.Float64,
    # what of it they have shown of themselves [log-odds]; null where nothing was learned
    "own": pl.Float64,
    # what each factor adds to the odds of leaving [log-odds], in the order of FACTORS; null where the risk is unknown
    "contributions": pl.List(pl.Float64),
    "session_frequency_trend": pl.Float64,
    "avg_days_between_sessions": pl.Float64,
    "sentiment_trend_7d": pl.Float64,
    "days_since_last_completion": pl.Int32,
    "performance_trend": pl.Float64,
    # days in a row that still stand on the person's day
    "standing_streak": pl.Int32,
    "days_silent": pl.Int32,
    # sessions in each of the last four weeks, latest first
    "sessions_by_week": pl.List(pl.Int32),
}

# How far below critical those stay who have left already, and those whom somebody vouches for.
JUST_BELOW = 0.001

_DEFAULT = Settings({})


def score(
    known: pl.DataFrame,
    recent: pl.DataFrame,
    *,
    settings: Settings | None = None,
    served: Mapping[int, Served] | None = None,
) -> pl.DataFrame:
    """How likely each person of `known` is to leave; the columns of SCORED, in the order of `known`.

    known: columns of MOMENT, recent: RECENT, both as `given` wants them. served: what organisations have learned,
    by our own id; everybody else is judged by the cold start. risk_score is null and the level "unknown" for
    somebody who never did anything, and by the cold start on somebody's first day. Source: the seed's thresholds
    (.3, .5, .7).
    """
    chosen = _DEFAULT if settings is None else settings
    numbers = given(known, recent, chosen)
    believed = _believed(known, numbers, cold(numbers, chosen), served or {}, chosen)
    if "vouched_for" in known.columns:
        # Who knows them knows better, for a while.
        below = pl.col("risk_score").clip(upper_bound=chosen[rows.CRITICAL_FROM] - JUST_BELOW)
        believed = believed.with_columns(
            pl.when(known["vouched_for"]).then(below).otherwise("risk_score").alias("risk_score")
        )
    frame = numbers.lazy().with_columns(believed).with_columns(**_words(chosen))
    return frame.select(pl.col(name).cast(kind) for name, kind in SCORED.items()).collect()


def _believed(
    known: pl.DataFrame, numbers: pl.DataFrame, start: pl.DataFrame, served: Mapping[int, Served], s: Settings
) -> pl.DataFrame:
    """risk_score, risk_confidence, probability, contributions and `named` of each person."""
    parts = Chain().contributions(FACTORS, numbers, start)
    # By the rule alone nobody can tell on somebody's first day whether they will come back.
    later = numbers["days_since_first"] >= 1
    told = start.select(
        risk_score=pl.when(later).then("score"),
        cold_score="score",
        risk_confidence="confidence",
        probability=pl.lit(None, pl.Float64),
        own=pl.lit(None, pl.Float64),
        contributions=pl.concat_list(pl.Series(each) for each in parts.values()),
        named=pl.when(later).then("named").otherwise(0).cast(start.schema["named"]),
    )
    for organisation, each in served.items():
        mine = known["organisation_id"] == organisation
        if mine.any():
            learned = _learned(numbers.filter(mine), start.filter(mine), each, s, _shown(known.filter(mine)))
            told = told.with_columns(
                pl.when(mine).then(learned[name].gather(mine.cum_sum() - 1)).otherwise(name).alias(name)
                for name in learned.columns
            )
    return told


def _shown(known: pl.DataFrame) -> Shown | None:
    """What they have shown of themselves; nothing where nobody kept it."""
    if "shown_residual" not in known.columns:
        return None
    residual, information = (known[f"shown_{name}"].fill_null(0.0).to_numpy() for name in ("residual", "information"))
    return residual, information


def _learned(
    numbers: pl.DataFrame, start: pl.DataFrame, served: Served, s: Settings, shown: Shown | None
) -> pl.DataFrame:
    belief = served.chain.believe(FACTORS, numbers, start, shown=shown)
    chance, adds = pl.col("probability"), belief.contributions
    least = log(s[rows.NAMED_ODDS])
    clear = (told(name, pl.lit(adds[name] >= least)) for name in FACTORS)
    named = pl.sum_horizontal(each.cast(pl.UInt32) * (1 << bit) for bit, each in enumerate(clear))
    marks = _marks(s)
    risk = served.scale.told(chance, marks)
    # Whoever has been silent for the whole horizon has left; critical are those who may still be kept.
    gone = pl.col("days_silent") >= s[rows.HORIZON]
    kept = pl.when(gone).then(risk.clip(upper_bound=marks[2] - JUST_BELOW)).otherwise(risk)
    frame = numbers.select("days_silent", "sessions_28", "active_days").with_columns(belief.probability)
    return frame.select(
        risk_score=kept,
        probability=chance,
        own=pl.Series(served.chain.own(shown, numbers.height)),
        contributions=pl.concat_list(adds.get_columns()),
        named=named,
    )


def scale(chances: Floats, days_silent: pl.Series, settings: Settings | None = None) -> Scale:
    """The scale on which no more than the set shares of people are medium, high and critical.

    chances: learned, of people who have been silent for so many days. Those who may still be kept are counted;
    whoever has left is never critical.
    """
    s = _DEFAULT if settings is None else settings
    here = (days_silent < s[rows.HORIZON]).fill_null(value=False).to_numpy()
    shares = (s[rows.MEDIUM_SHARE], s[rows.HIGH_SHARE], s[rows.CRITICAL_SHARE])
    return scaled(chances[here], _marks(s), shares)


def _marks(s: Settings) -> tuple[float, float, float]:
    return s[rows.MEDIUM_FROM], s[rows.HIGH_FROM], s[rows.CRITICAL_FROM]


def _words(s: Settings) -> Mapping[str, pl.Expr]:
    risk = pl.col("risk_score")
    level = (
        pl.when(risk.is_null()).then(pl.lit("unknown"))
        .when(risk >= s[rows.CRITICAL_FROM]).then(pl.lit("critical"))
        .when(risk >= s[rows.HIGH_FROM]).then(pl.lit("high"))
        .when(risk >= s[rows.MEDIUM_FROM]).then(pl.lit("medium"))
        .otherwise(pl.lit("low"))
    )  # fmt: skip
    weeks = (pl.col(f"sessions_{week + 7}") - pl.col(f"sessions_{week}") for week in (7, 14, 21))
    # Of whom nothing is told, nothing is told in numbers either.
    told = {
        name: pl.when(risk.is_not_null()).then(pl.col(name)) for name in ("avg_days_between_sessions", "contributions")
    }
    return {
        **told,
        "risk_level": level,
        "risk_factors": pl.lit(sets()).gather(pl.col("named")),
        "sessions_by_week": pl.concat_list("sessions_7", *weeks).fill_null([0, 0, 0, 0]),
    }
