"""What stands behind everybody's skills: three rows side by side and what others answered, on any engine.

Point in time: as far as the tables are. No history is read: each has one row that answers bring up to date.
"""

from collections.abc import Mapping
from typing import Any

from tactful.facts.memories import FORM, SKILL, STOOD, TOPIC

_KEYS = ("organisation_id", "person_id", "skill_id", "topic_id")
_SKILL_KEYS = {"all_organisation": "organisation_id", "all_skill": "skill_id"}
_TOPIC_KEYS = {"topics_organisation": "organisation_id", "topics_topic": "topic_id"}


def features(
    person_memory: Any, person_topic: Any, person_form: Any, skill_sums: Any = None, topic_sums: Any = None
) -> Any:
    """person_id, skill_id, topic_id, columns of facts.memories.STOOD and OTHERS: a row for each of person_memory.

    All: Ibis tables as in facts.memories; the sums are worked out from the rows where there are none. Others are
    those of the same organisation; one's own answers are taken off the sums, so nobody is told of themselves twice.
    """
    own, topics, forms = (
        table.rename({f"{side}_{name}": name for name in (*_KEYS, *columns) if name in table.columns})
        for side, table, columns in (
            ("skill", person_memory, SKILL),
            ("topic", person_topic, TOPIC),
            ("form", person_form, FORM),
        )
    )
    every = everybody(person_memory) if skill_sums is None else _named(skill_sums, _SKILL_KEYS, "all_")
    on_topic = (
        everybody_on_topics(person_topic) if topic_sums is None else _named(topic_sums, _TOPIC_KEYS, "all_topic_")
    )
    joined = (
        own.left_join(
            topics, [own.skill_person_id == topics.topic_person_id, own.skill_topic_id == topics.topic_topic_id]
        )
        .left_join(forms, own.skill_person_id == forms.form_person_id)
        .left_join(every, [own.skill_organisation_id == every.all_organisation, own.skill_skill_id == every.all_skill])
        .left_join(
            on_topic,
            [own.skill_organisation_id == on_topic.topics_organisation, own.skill_topic_id == on_topic.topics_topic],
        )
    )
    keys = {"person_id": "skill_person_id", "skill_id": "skill_skill_id", "topic_id": "skill_topic_id"}
    return joined.select(
        **{name: joined[column] for name, column in keys.items()},
        **{name: joined[name] for name in STOOD},
        **_without_own(joined),
    )


def everybody(person_memory: Any) -> Any:
    """What all of an organisation answered about each skill: sums, one row each."""
    sums = {name: column.sum() for name, column in _of_skill(person_memory, "").items()}
    grouped = person_memory.group_by(**_SKILL_KEYS)
    return grouped.agg(**{f"all_{name}": column for name, column in sums.items()})


def everybody_on_topics(person_topic: Any) -> Any:
    """What all of an organisation answered about each topic."""
    sums = {name: column.sum() for name, column in _of_topic(person_topic, "").items()}
    grouped = person_topic.group_by(**_TOPIC_KEYS)
    return grouped.agg(**{f"all_{name}": column for name, column in sums.items()})


def _named(sums: Any, keys: Mapping[str, str], prefix: str) -> Any:
    """Kept sums, under the names that those worked out have."""
    rest = {f"{prefix}{name}": name for name in sums.columns if name not in keys.values()}
    return sums.rename({**keys, **rest})


def _of_skill(rows: Any, side: str) -> Mapping[str, Any]:
    """What one person adds to the sums of a skill."""
    answers = rows[f"{side}answers"]
    return {
        "asked": answers,
        "surprise": rows[f"{side}surprise"],
        "first": (answers > 0).cast("int32"),
        "first_hits": rows[f"{side}first_hit"],
        "later": (answers - 2).clip(lower=0),
        "later_hits": rows[f"{side}later_hits"],
    }


def _of_topic(rows: Any, side: str) -> Mapping[str, Any]:
    answers = rows[f"{side}answers"]
    return {
        "topic_asked": answers,
        "topic_surprise": rows[f"{side}surprise"],
        "topic_first": (answers > 0).cast("int32"),
        "topic_first_hits": rows[f"{side}first_hit"],
    }


def _without_own(joined: Any) -> Mapping[str, Any]:
    own = dict(_of_skill(joined, "skill_")) | dict(_of_topic(joined, "topic_"))
    return {f"others_{name}": (joined[f"all_{name}"] - mine.fill_null(0)).cast("float64") for name, mine in own.items()}
