"""Which fields a message may have where one was sent that it has not."""

import typing
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

# Longer lists help nobody.
MOST = 12


def known_at(model: type[BaseModel], path: Sequence[int | str]) -> tuple[str, ...]:
    """The fields of the message that the last step of `path` stands in, in their order; none where these are many.

    path: as a validation tells it, with numbers for the entries of lists.

    >>> class Point(BaseModel):
    ...     x: int
    ...     y: int
    >>> class Line(BaseModel):
    ...     points: list[Point] | None = None
    >>> known_at(Line, ("z",)), known_at(Line, ("points", 0, "z"))
    (('points',), ('x', 'y'))
    """
    for step in path[:-1]:
        if step in model.model_fields:
            inner = next(_messages(model.model_fields[str(step)].annotation), None)
            if inner is None:
                return ()
            model = inner
    names = tuple(model.model_fields)
    return names if len(names) <= MOST else ()


def _messages(annotation: object) -> Iterator[type[BaseModel]]:
    """Every message in an annotation, such as that of a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _messages(part)
