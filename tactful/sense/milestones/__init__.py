"""Milestones: those that everybody has, and what those an organisation adds or changes must be.

The same checks hold for both. Every error names the field.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

from tactful.facts.milestones import CATEGORIES, FIELDS, METRICS, POINTS, Milestone
from tactful.kernel.errors import BadInput
from tactful.sense import limits

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
LONGEST_TITLE, LONGEST_DESCRIPTION = 60, 300
MOST_POINTS, LARGEST_TARGET = 10_000, 1e9
DIFFICULTIES = (1, 5)
# What a milestone says at least; all else has something usual.
NEEDED = ("display_name", "metric_name", "target_value")


@cache
def defaults() -> Mapping[str, Milestone]:
    """What everybody has, by name, in the order of the page they stand on. raises: BadInput naming what is wrong."""
    told = {name: {key: value for key, value in row.items() if key != "de"} for name, row in _table().items()}
    return {name: new(name, row, path=f"{name}.") for name, row in told.items()}


def called(name: str, language: str) -> tuple[str, str] | None:
    """What one of those that everybody has is called in a language, and what it says of itself.

    >>> called("first_step", "de")[0], called("of_their_own", "de")
    ('Erster Schritt', None)
    """
    row = _table().get(name)
    if row is None:
        return None
    title, description = row["de"] if language == "de" else (row["display_name"], row["description"])
    return title, description


def translated(title: Any, language: str) -> Any:
    """What is called `title` in English among those that everybody has, in a language; all else as it is.

    >>> translated("First step", "de"), translated("Our own", "de")
    ('Erster Schritt', 'Our own')
    """
    name = next((name for name, row in _table().items() if row["display_name"] == title), "")
    told = called(name, language)
    return told[0] if told else title


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files(__package__) / "defaults.toml").read_text(encoding="utf-8"))


def new(name: Any, told: Mapping[str, Any], *, path: str = "") -> Milestone:
    """A milestone out of what is said of it; what is left out is usual. raises: BadInput naming the field.

    path: stands before the names of fields.

    >>> new("power_user_week", {"display_name": "Power User Week", "metric_name": "consecutive_active_days",
    ...     "target_value": 7, "difficulty_level": 3}).points
    50
    """
    if not isinstance(name, str) or not NAME.match(name):
        _wrong(f"{path}milestone_name", "must be up to 64 small letters, digits and underscores, a letter first")
    strange = sorted(set(told) - set(FIELDS))
    if strange:
        _wrong(f"{path}{strange[0]}", f"is not known; known are {', '.join(FIELDS)}")
    for field in NEEDED:
        if told.get(field) is None:
            _wrong(f"{path}{field}", "must be given")
    if not isinstance(told["metric_name"], str) or told["metric_name"] not in METRICS:
        _wrong(f"{path}metric_name", f"must be one of {', '.join(METRICS)}")
    known = METRICS[told["metric_name"]]
    usual: dict[str, Any] = {
        "description": "",
        "metric_type": known.metric_type,
        "category": "engagement",
        "difficulty_level": 1,
    }
    given = usual | {field: value for field, value in told.items() if value is not None}
    given.setdefault("points", POINTS.get(given["difficulty_level"], 0) if _whole(given["difficulty_level"]) else 0)
    return _fit(Milestone(milestone_name=name, **given), path)


def changed(one: Milestone, told: Mapping[str, Any]) -> Milestone:
    """The same with some fields otherwise. raises: BadInput naming the field."""
    given = {field: value for field, value in told.items() if field != "milestone_name" and value is not None}
    metric = METRICS.get(str(given.get("metric_name", "")))
    if metric is not None:
        given.setdefault("metric_type", metric.metric_type)
    now = {field: value for field, value in asdict(one).items() if field != "milestone_name"}
    return new(one.milestone_name, now | given)


def differences(before: Milestone, after: Milestone) -> dict[str, list[Any]]:
    """What was changed: field -> from, to."""
    pairs = {field: [getattr(before, field), getattr(after, field)] for field in FIELDS}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _fit(one: Milestone, path: str) -> Milestone:
    limits.text(one.display_name, f"{path}display_name")
    title = one.display_name.strip()
    if not 0 < len(title) <= LONGEST_TITLE or not title.isprintable() or set(title) & set("{}"):
        _wrong(f"{path}display_name", f"must be 1 to {LONGEST_TITLE} characters in one line, without braces")
    limits.text(one.description, f"{path}description")
    if len(one.description) > LONGEST_DESCRIPTION:
        _wrong(f"{path}description", f"may have {LONGEST_DESCRIPTION} characters")
    target = one.target_value
    if isinstance(target, bool) or not isinstance(target, int | float) or not 0 < target <= LARGEST_TARGET:
        _wrong(f"{path}target_value", f"must be a number above 0, up to {LARGEST_TARGET:g}")
    if one.metric_type != METRICS[one.metric_name].metric_type:
        _wrong(f"{path}metric_type", f"must be {METRICS[one.metric_name].metric_type}, as {one.metric_name} is")
    if one.metric_type != "duration" and float(target) != int(target):
        _wrong(f"{path}target_value", f"must be a whole number of {METRICS[one.metric_name].unit[1]}")
    if one.category not in CATEGORIES:
        _wrong(f"{path}category", f"must be one of {', '.join(CATEGORIES)}")
    _between(one.difficulty_level, f"{path}difficulty_level", *DIFFICULTIES)
    _between(one.points, f"{path}points", 0, MOST_POINTS)
    if not isinstance(one.is_active, bool):
        _wrong(f"{path}is_active", "must be true or false")
    return replace(one, display_name=title, target_value=float(target))


def _between(value: Any, field: str, low: int, high: int) -> None:
    if not _whole(value) or not low <= value <= high:
        _wrong(field, f"must be a whole number from {low} to {high}")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(field: str, told: str) -> NoReturn:
    raise BadInput(f"{field} {told}.", fields=[field])
