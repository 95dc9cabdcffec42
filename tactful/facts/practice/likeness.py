"""What a person has done at what is like the content that is asked about, and at what comes before it."""

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.practice.tables import Practice

ALIKE = ("similar_attempts", "similar_successes")
BASICS = ("basics_attempts", "basics_successes", "basics_recent", "basics_weight")


def alike(state: Practice, questions: pl.DataFrame, topics: pl.DataFrame | None = None) -> pl.DataFrame:
    """The columns ALIKE for each of `questions`, in their order: sums over what `similar` names, null without attempts.

    questions: person_id and similar, a list of skill, content and topic ids. topics: person_id, topic_id, attempts,
    successes.
    """
    named = questions.select("person_id", "similar").with_row_index("question")
    each = named.with_columns(pl.col("similar").list.unique()).explode("similar").drop_nulls("similar")
    counted = ("person_id", "attempts", "successes")
    done = [
        state.person_skill.select(*counted, similar="skill_id"),
        state.person_content.select(*counted, similar="content_id"),
    ]
    if topics is not None:
        done.append(topics.select(*counted, similar="topic_id"))
    sums = (
        each.join(pl.concat(done), on=["person_id", "similar"], how="inner")
        .group_by("question")
        .agg(similar_attempts=pl.col("attempts").sum(), similar_successes=pl.col("successes").sum())
    )
    return named.join(sums, on="question", how="left", maintain_order="left").select(*ALIKE)


def basics(state: Practice, questions: pl.DataFrame) -> pl.DataFrame:
    """The columns BASICS for each of `questions`, in their order: means over what was practised of `basics`, else null.

    questions: person_id and basics, a list of skill ids.
    """
    counted = ("attempts", "successes", "recent", "weight")
    rows = state.person_skill.select("person_id", "skill_id", *counted).iter_rows()
    done = {(who, skill): numbers for who, skill, *numbers in rows}
    asked = questions.select("person_id", "basics").iter_rows()
    told = [
        _mean([done[who, each] for each in dict.fromkeys(names or ()) if (who, each) in done]) for who, names in asked
    ]
    return pl.DataFrame(np.array(told).reshape(-1, len(BASICS)), schema=list(BASICS), nan_to_null=True)


def _mean(rows: list[list[float]]) -> Floats:
    return np.mean(rows, axis=0) if rows else np.full(len(BASICS), np.nan)
