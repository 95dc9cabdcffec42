"""What counts as truth: whether the next attempt at the content, soon after the question, was a struggle."""

from datetime import timedelta

import polars as pl

from tactful.facts.practice import HORIZON_DAYS


def labels(asked: pl.DataFrame, outcomes: pl.DataFrame, *, horizon: int = HORIZON_DAYS) -> pl.DataFrame:
    """person_id, content_id, at and `struggled` of each of `asked`, in their order; null where nothing came in time.

    asked: person_id, content_id, at [UTC]. outcomes: the same and struggled (true or false), as recorded. horizon: of
    the first outcome after `at` [days]; an outcome at the very instant of the question belongs to what was known.
    """
    later = outcomes.select("person_id", "content_id", "struggled", outcome_at="at")
    question = asked.select("person_id", "content_id", "at").with_row_index("question")
    pairs = question.join(later, on=["person_id", "content_id"], how="inner").filter(
        pl.col("outcome_at") > pl.col("at"), pl.col("outcome_at") <= pl.col("at") + timedelta(days=horizon)
    )
    first = pairs.sort("outcome_at", maintain_order=True).group_by("question", maintain_order=True).first()
    told = question.join(first.select("question", "struggled"), on="question", how="left", maintain_order="left")
    return told.drop("question")
