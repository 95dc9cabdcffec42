"""What a person has done at skills and content that are said to be like what is asked about."""

import polars as pl

from tactful.facts.practice.tables import Practice

ALIKE = ("similar_attempts", "similar_successes")


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
