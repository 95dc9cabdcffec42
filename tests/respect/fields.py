"""Where people, or others on their behalf, can write something: found in the description, so that none is forgotten."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
MARK = re.compile(r"zqm\d{3}x")
# Texts that are something else than words: a moment, a time of the day.
FORMATS = ("date-time", "date", "time")


def fields(description: Json) -> set[str]:
    """Every field of a body that takes free text, as `METHOD /path name.of[].it`; `.*` for objects with any names."""
    found = set()
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            for content in told.get("requestBody", {}).get("content", {}).values():
                shapes = description["components"]["schemas"]
                found |= {f"{method.upper()} {path} {each}" for each in _texts(content.get("schema", {}), shapes, "")}
    return found


def _texts(shape: Json, shapes: Json, here: str) -> Iterator[str]:
    if "$ref" in shape:
        shape = shapes[shape["$ref"].rpartition("/")[2]]
    either = [each for key in ("anyOf", "oneOf", "allOf") for each in shape.get(key, ())]
    for each in either:
        yield from _texts(each, shapes, here)
    kind = shape.get("type")
    if kind == "object":
        yield from _of_object(shape, shapes, here)
    elif kind == "array":
        yield from _texts(shape.get("items", {}), shapes, f"{here}[]")
    elif (kind == "string" and "enum" not in shape and "const" not in shape and shape.get("format") not in FORMATS) or (
        kind is None and not either and "enum" not in shape and "const" not in shape
    ):
        yield here


def _of_object(shape: Json, shapes: Json, here: str) -> Iterator[str]:
    stop = f"{here}." if here else ""
    named = shape.get("properties", {})
    for name, each in named.items():
        yield from _texts(each, shapes, f"{stop}{name}")
    if shape.get("additionalProperties", not named):
        yield f"{stop}*"


def marks(value: Any, here: str = "") -> Iterator[tuple[str, str]]:
    """Every mark in a body, with where it stands: as in `fields`, but with the names that objects really have."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            stop = f"{here}." if here else ""
            yield from ((f"{stop}{name}", mark) for mark in MARK.findall(str(name)))
            yield from marks(each, f"{stop}{name}")
    elif isinstance(value, list):
        for each in value:
            yield from marks(each, f"{here}[]")
    elif isinstance(value, str):
        yield from ((here, mark) for mark in MARK.findall(value))


def planted_in(field: str, place: str) -> bool:
    """Whether what was put in a place fills this field.

    >>> planted_in("properties.*", "properties.mood"), planted_in("id", "id"), planted_in("id", "ids")
    (True, True, False)
    """
    return place.startswith(field[:-1]) if field.endswith(".*") else place == field
