"""What is told of each question: the chance of struggling, how sure that is, and what each factor adds to it."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.believing import believed
from tactful.facts.chain import Belief, Chain
from tactful.facts.scale import Served
from tactful.kernel.settings import Settings
from tactful.predict.struggle import settings as rows
from tactful.predict.struggle.model import FACTORS, cold

# What `score` answers, a row for each question.
SCORED: dict[str, PolarsDataType] = {
    # what the cold start says, whatever was learned
    "cold_score": pl.Float64,
    # 0..1; null is unknown
    "probability": pl.Float64,
    "confidence": pl.Float64,
    # what each factor adds to the odds of struggling [log-odds], in the order of FACTORS
    "contributions": pl.List(pl.Float64),
    # the factor that adds the most; null is unknown
    "leading": pl.String,
    # the seed's six, 0..1 (sentiment -1..1); recency: 0 practised just now, towards 1 long ago
    **dict.fromkeys(FACTORS, pl.Float64),
}

_DEFAULT = Settings({})
# What is served before anything was learned.
UNLEARNED = Served(Chain())


def score(
    given: pl.DataFrame,
    organisations: pl.Series,
    *,
    settings: Settings | None = None,
    served: Mapping[int, Served] | None = None,
) -> pl.DataFrame:
    """The columns of SCORED for each row of `given` (GIVEN), in its order.

    organisations: whose each row is, by our own id. served: what organisations have learned; everybody else is
    judged by the cold start, whose score is read as a chance by the line of `facts.chain.UNLEARNED`.
    """
    chosen = _DEFAULT if settings is None else settings
    start = cold(given, chosen)
    chains = {whose: (served or {}).get(whose, UNLEARNED) for whose in organisations.unique().to_list()}
    told = _told(believed(FACTORS, given, start, organisations, chains))
    frame = told.with_columns(start["confidence"], start["score"].alias("cold_score"), **_shown(chosen, given))
    return frame.select(pl.col(name).cast(kind) for name, kind in SCORED.items())


def _told(belief: Belief) -> pl.DataFrame:
    adds = np.column_stack([belief.contributions[name].to_numpy() for name in FACTORS])
    names = np.array(list(FACTORS))[adds.argmax(axis=1)]
    told = pl.DataFrame(
        {
            "probability": belief.probability,
            "contributions": pl.Series(adds.tolist(), dtype=pl.List(pl.Float64)),
            "leading": names.tolist(),
        }
    )
    return told.with_columns(pl.when(pl.col("probability").is_not_null()).then("leading").alias("leading"))


def _shown(chosen: Settings, given: pl.DataFrame) -> dict[str, pl.Series]:
    days = given["days_since_review"].clip(lower_bound=0)
    own = {"recency": days / (days + chosen[rows.STALE_DAYS]), "sentiment": given["sentiment_trend"]}
    return {name: own[name] if name in own else given[name] for name in FACTORS}
