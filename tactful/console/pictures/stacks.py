"""Stacked bars: one row for each thing that is compared, one part for each of what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar. at, size: where it begins and how long it is [%]; told: what it stands for."""

    at: float
    size: float
    tone: str
    told: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar made of parts. value: what the whole reads as."""

    label: str
    parts: tuple[Part, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """Bars on one scale. legend: tone and name of each part, in their order."""

    rows: tuple[Stack, ...]
    legend: tuple[tuple[str, str], ...]


def stacks(
    rows: Sequence[tuple[str, Mapping[str, float], str]], tones: Mapping[str, str], *, most: float | None = None
) -> Stacks:
    """Of labels, figures by the name of their part (none below 0) and what the whole reads as.

    tones: of every part, in the order in which they are drawn. The longest bar, or `most`, fills its row.

    >>> made = stacks([("a", {"yes": 1, "no": 3}, "4")], {"yes": "first", "no": "second"})
    >>> [(part.at, part.size, part.told) for part in made.rows[0].parts]
    [(0.0, 25.0, 'yes: 1'), (25.0, 75.0, 'no: 3')]
    """
    longest = most or max((sum(figures.values()) for _, figures, _ in rows), default=0) or 1
    made = tuple(Stack(label, _parts(figures, tones, longest), read) for label, figures, read in rows)
    return Stacks(made, tuple((tone, name) for name, tone in tones.items()))


def _parts(figures: Mapping[str, float], tones: Mapping[str, str], longest: float) -> tuple[Part, ...]:
    parts, at = list[Part](), 0.0
    for name, tone in tones.items():
        size = 100 * figures.get(name, 0) / longest
        if size > 0:
            parts.append(Part(round(at, 2), round(size, 2), tone, f"{name}: {figures[name]:,}"))
        at += size
    return tuple(parts)
