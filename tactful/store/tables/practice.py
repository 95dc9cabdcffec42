"""What people's attempts tell about practice, and what was believed of struggling.

The columns of all but the last are those of facts.practice. They are written with every scored attempt, hence without
foreign keys; see `activity`. What everybody of an organisation shares is kept as sums (`facts.practice.shares`).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from polars._typing import PolarsDataType
from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.facts.practice import PERSON, PERSON_CONTENT, PERSON_SKILL
from tactful.facts.practice.shares import SHARE
from tactful.store.tables.base import ENGINE, document, instant, key, metadata, number, organisation, person, words
from tactful.store.tables.kinds import columns
from tactful.store.tables.memories import of_person

practice_person = of_person("practice_person", PERSON, "person_id")
practice_person_skill = of_person("practice_person_skill", PERSON_SKILL, "person_id", "skill_id")
practice_person_content = of_person("practice_person_content", PERSON_CONTENT, "person_id", "content_id")


def _shared(name: str, by: str, *more: Column[Any]) -> Table:
    """Shared by everybody of an organisation, so they are added to and never set."""
    keys: Mapping[str, PolarsDataType] = {"organisation_id": pl.Int64, by: pl.String}
    return Table(name, metadata, *columns({**keys, **SHARE}, tuple(keys)), *more, info=ENGINE)


practice_skill = _shared("practice_skill", "skill_id")
# skill_id: what attempts at it were said to be about, the last time.
practice_content = _shared("practice_content", "content_id", words("skill_id"))

struggle_predictions = Table(
    "struggle_predictions",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    words("content_id", nullable=False),
    words("content_type", nullable=False),
    # 0..1; null means there is nothing to judge by.
    number("struggle_probability"),
    # How much data stands behind it, 0..1.
    number("confidence", nullable=False),
    number("prereq_mastery"),
    number("similar_performance"),
    number("content_difficulty"),
    Column("days_since_review", Integer),
    number("cognitive_load"),
    number("sentiment_trend"),
    # All that the belief was made from, by the names of predict.struggle.
    document("prediction_features"),
    # Ours: what the rule says, whatever was learned; and what each factor adds [log-odds], in the factors' order.
    number("cold_score"),
    # Whether it was learned, or is the rule's score told as a chance.
    Column("learned", Boolean, nullable=False, server_default="false"),
    Column("contributions", ARRAY(Double)),
    Column("actual_struggled", Boolean),
    instant("actual_outcome_at"),
    # Ours: event (an attempt that was counted) or told (by the product), and what else it told.
    words("outcome_from"),
    number("completion_time_seconds"),
    Column("gave_up", Boolean),
    Column("intervention_offered", Boolean, nullable=False, server_default="false"),
    Column("intervention_accepted", Boolean),
    # Ours: what they chose of what was offered, and when.
    words("intervention_action"),
    instant("intervention_answered_at"),
    instant("predicted_at", nullable=False, server_default=text("now()")),
    Index("ix_struggle_predictions_user_id_predicted_at", "user_id", text("predicted_at DESC")),
    Index("ix_struggle_predictions_user_id_content_id", "user_id", "content_id", text("predicted_at DESC")),
    Index("ix_struggle_predictions_content_id", "content_id"),
    Index("ix_struggle_predictions_predicted_at", "predicted_at"),
    info={
        "owner": "person",
        "person_column": "user_id",
        "organisation_column": "organization_id",
        # People say what came of it and what they chose of the help they were offered.
        "person_may": "SELECT, UPDATE (actual_struggled, actual_outcome_at, outcome_from, completion_time_seconds, "
        "gave_up, intervention_accepted, intervention_action, intervention_answered_at)",
    },
)
