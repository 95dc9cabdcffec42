"""What may be said about people and about what there is to do, checked before anything is written.

Records are the store's; this looks at their fields. Every error names the field by its path.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tactful.kernel.errors import BadInput
from tactful.sense import limits

# Channels a person can be reached by, and purposes they were asked about, in all.
MOST_ENTRIES = 20
# Groups of one person; prerequisites, topics and skills of one entry of the catalogue.
MOST_NAMES = 100
ENTRY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
# What ends a line beside the usual: whoever reads an address may take what follows for something of its own.
BROKEN = re.compile("[\x80-\x9f\u2028\u2029]")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")


def person(one: Any, path: str) -> None:
    """What is said about a person. path: stands before the names of fields, with a dot. raises: BadInput."""
    limits.name(one.id, f"{path}user_id")
    if one.name:
        limits.name(one.name, f"{path}name")
    for field in ("zone", "device_zone"):
        if getattr(one, field) is not None:
            limits.zone(getattr(one, field), f"{path}{field}")
    if one.locale is not None and not LOCALE.match(one.locale):
        raise BadInput(f"{path}locale must be {told_of_locales()}.", fields=[f"{path}locale"])
    _entries(one.addresses, f"{path}addresses", _address)
    _entries(one.consent, f"{path}consent", _said)
    if one.groups is not None:
        _groups(one.groups, f"{path}groups")


def entry(one: Any) -> None:
    """What is said about a skill or a piece of content. raises: BadInput."""
    limits.name(one.id, "id")
    if one.title is not None:
        limits.name(one.title, "title")
    if hasattr(one, "kind") and not ENTRY.match(one.kind):
        raise BadInput(f"kind must be {told_of_entries()}.", fields=["kind"])
    if one.difficulty is not None:
        limits.within(one.difficulty, "difficulty", 0, 1)
    for field in ("prerequisites", "topics", "skills"):
        names = getattr(one, field, ())
        _few(names, field, MOST_NAMES)
        for number, name in enumerate(names):
            limits.name(name, f"{field}.{number}")


def told_of_entries() -> str:
    """What the name of a channel, a purpose or a sort of content must be, in words."""
    return "small letters, digits and underscores, with a letter first, like lesson_plan"


def told_of_locales() -> str:
    """What a locale must be, in words."""
    return "a language tag like pt or en-GB"


def _entries(values: Mapping[str, Any] | None, path: str, check: Callable[[Any, str], None]) -> None:
    if values is None:
        return
    _few(values, path, MOST_ENTRIES)
    for name, value in values.items():
        if not ENTRY.match(name):
            raise BadInput(f"{path}: {name[:50]} must be {told_of_entries()}.", fields=[path])
        if value is not None:
            check(value, f"{path}.{name}")


def _address(value: Any, path: str) -> None:
    if not isinstance(value, str) or not value.strip() or limits.UNSEEN.search(value) or BROKEN.search(value):
        told = f"{path} must be text in one line with something in it and no control characters."
        raise BadInput(told, fields=[path])
    limits.text(value, path)


def _said(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        raise BadInput(f"{path} must be true, false or null.", fields=[path])


def _groups(groups: Sequence[Any], path: str) -> None:
    _few(groups, path, MOST_NAMES)
    for number, group in enumerate(groups):
        limits.name(group.id, f"{path}.{number}.id")
        if group.name is not None:
            limits.name(group.name, f"{path}.{number}.name")
        if group.role not in ("member", "educator"):
            raise BadInput(f"{path}.{number}.role must be member or educator.", fields=[f"{path}.{number}.role"])
    if len({group.id for group in groups}) < len(groups):
        raise BadInput(f"{path}: a group is named twice.", fields=[path])


def _few(values: Any, path: str, most: int) -> None:
    if len(values) > most:
        raise BadInput(f"{path} may have {most} entries; it has {len(values)}.", fields=[path])
