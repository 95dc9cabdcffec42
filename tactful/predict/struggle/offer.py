"""When help is offered before somebody starts."""

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.struggle import settings as rows

_DEFAULT = Settings({})


def offer(probability: pl.Series, confidence: pl.Series, settings: Settings | None = None) -> pl.Series:
    """Whether help should be offered, for each row; never where the chance is unknown.

    probability, confidence: 0..1, as believed and as the cold start tells.

    >>> offer(pl.Series([0.7, 0.7, None]), pl.Series([0.8, 0.1, 0.8])).to_list()
    [True, False, False]
    """
    chosen = _DEFAULT if settings is None else settings
    likely = (probability >= chosen[rows.OFFER_FROM]).fill_null(value=False)
    return (likely & (confidence >= chosen[rows.OFFER_CONFIDENCE])).rename("offer")
