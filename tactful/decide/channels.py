"""Which way out of the product suits a person: the one they prefer, else the one they answer most."""

from collections.abc import Iterable

import polars as pl

# Share of messages that people answer, before anything is known of somebody, and how many messages that weighs.
# Chats are answered most and mail least; the order is what counts, and a handful of answers outweighs it.
EXPECTED = {"telegram": 0.3, "mobile_push": 0.2, "web_push": 0.12, "reddit": 0.1, "email": 0.08}
UNKNOWN, WEIGHT = 0.1, 5.0


def way_out(moments: pl.DataFrame, channels: Iterable[str]) -> pl.Series:
    """The channel by which each row of `moments` is best reached outside the product; null where there is none.

    moments: MOMENT. channels: those that are set up. What they switched off and what is paused is no way.

    >>> told = {"reach": [["email", "telegram"]], "reach_sent": [[9, 9]], "reach_answered": [[6, 0]]}
    >>> nothing = {"preferred_channel": [None], "disabled_channels": [None], "paused_channels": [None]}
    >>> frame = pl.DataFrame(told | nothing, schema_overrides={"disabled_channels": pl.List(pl.String),
    ...     "paused_channels": pl.List(pl.String)})
    >>> way_out(frame, {"email", "telegram"}).to_list(), way_out(frame, set()).to_list()
    (['email'], [None])
    """
    shut = ("disabled_channels", "paused_channels")
    asked = moments.select("reach", "reach_sent", "reach_answered", "preferred_channel", *shut).with_row_index("row")
    ways = asked.filter(pl.col("reach").list.len() > 0).explode("reach", "reach_sent", "reach_answered")
    closed = (pl.col(column).list.contains(pl.col("reach")).fill_null(False) for column in shut)
    ways = ways.filter(pl.col("reach").is_in(list(channels)), ~pl.any_horizontal(*closed))
    best = ways.with_columns(_answering().alias("answering"), _preferred().alias("preferred")).sort(
        ["row", "preferred", "answering", "reach"], descending=[False, True, True, False]
    )
    best = best.unique("row", keep="first", maintain_order=True).select("row", pl.col("reach").alias("channel"))
    return asked.select("row").join(best, on="row", how="left", maintain_order="left")["channel"]


def _answering() -> pl.Expr:
    expected = pl.col("reach").replace_strict(EXPECTED, default=UNKNOWN, return_dtype=pl.Float64)
    return (pl.col("reach_answered") + WEIGHT * expected) / (pl.col("reach_sent") + WEIGHT)


def _preferred() -> pl.Expr:
    return (pl.col("reach") == pl.col("preferred_channel")).fill_null(False)
