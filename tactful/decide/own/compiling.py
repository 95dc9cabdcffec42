"""From what a condition says to expressions over the moment frame, and to words."""

from functools import reduce
from typing import Any

import polars as pl

from tactful.decide.own.facts import CLOCK, HOURS, Fact
from tactful.decide.own.language import (
    Among,
    Compared,
    Every,
    Known,
    Leaf,
    Not,
    Said,
    Some,
    Value,
    Yes,
    facts_of,
    leaves,
)
from tactful.decide.triggers.base import PASSING, Condition

WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "anything but"}


def holds(said: Said) -> pl.Expr:
    """True where it is so, null where it is not known."""
    if isinstance(said, Every | Some):
        joined = pl.Expr.and_ if isinstance(said, Every) else pl.Expr.or_
        return reduce(joined, (holds(part) for part in said.parts))
    if isinstance(said, Not):
        return holds(said.part).not_()
    if isinstance(said, Known):
        return said.fact.value.is_not_null()
    if isinstance(said, Yes):
        return said.fact.value
    if isinstance(said, Among):
        return reduce(pl.Expr.or_, (said.fact.value == each for each in said.values))
    return _compared(said)


def _compared(said: Compared) -> pl.Expr:
    value: Any = said.fact.value
    asked = {"<": value.lt, "<=": value.le, ">": value.gt, ">=": value.ge, "==": value.eq, "!=": value.ne}
    found: pl.Expr = asked[said.sign](said.value)
    return found


def told(said: Said, *, to_them: bool = False) -> str:
    """A condition in words. to_them: as it is said to the person it is about."""
    if isinstance(said, Every | Some):
        return (" and " if isinstance(said, Every) else " or ").join(_within(part, to_them) for part in said.parts)
    if isinstance(said, Not):
        return f"not so: {_within(said.part, to_them)}"
    name = said.fact.yours if to_them else said.fact.told
    if isinstance(said, Yes):
        return name
    if isinstance(said, Known):
        return f"{name} is known"
    if isinstance(said, Among):
        return f"{name}: {' or '.join(_shown(said.fact, each) for each in said.values)}"
    return f"{name}: {WORDS[said.sign]} {_shown(said.fact, said.value)}"


def _within(part: Said, to_them: bool) -> str:
    words = told(part, to_them=to_them)
    return f"({words})" if isinstance(part, Every | Some) else words


def _shown(fact: Fact, value: Value) -> str:
    if fact.sort == CLOCK:
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return f"{value:g}" if isinstance(value, float) else value.replace("_", " ")


def reason(said: Said) -> str:
    """Why there is reason, in a sentence."""
    return f"It holds for them: {told(said)}."


def to_them(said: Said) -> str:
    """The same to the person, of what is said to people; how we believe and weigh things is not."""
    parts = said.parts if isinstance(said, Every) else (said,)
    sayable = [told(part, to_them=True) for part in parts if all(fact.yours for fact in facts_of(part))]
    return f"This was for whom the following holds: {' and '.join(sayable)}." if sayable else ""


def conditions(said: Said) -> tuple[Condition, ...]:
    """One for each part that must hold, each able to say why it does not."""
    return tuple(_condition(part) for part in (said.parts if isinstance(said, Every) else (said,)))


def _condition(part: Said) -> Condition:
    facts = facts_of(part)
    here = [
        piece
        for number, fact in enumerate(facts)
        for piece in (pl.lit(f"{', ' * (number > 0)}{fact.told}: "), fact.shown)
    ]
    unless = pl.concat_str(pl.lit(f"It is for whom this holds: {told(part)}. Of them is known: "), *here, pl.lit("."))
    return Condition(holds(part), unless, PASSING if all(fact.passing for fact in facts) else None)


def opens(said: Said) -> pl.Expr | None:
    """The minute of today at which it can become true by time alone; null where it cannot, None where it never can."""
    minutes = [each for part in leaves(said) if (each := _opens(part)) is not None]
    return pl.min_horizontal(minutes) if minutes else None


def _opens(said: Leaf) -> pl.Expr | None:
    minute, fact = pl.col("local_minute"), said.fact
    values = said.values if isinstance(said, Among) else (said.value,) if isinstance(said, Compared) else ()
    numbers = [float(value) for value in values if not isinstance(value, str)]
    if not numbers:
        return fact.opens
    if fact.sort == CLOCK:
        # What begins after a minute begins with the next one.
        ends = [pl.lit(int(value) + more, pl.Int32) for value in numbers for more in (0, 1)]
    elif fact.unit == HOURS:
        ends = [(minute + ((value - fact.value) * 60).ceil()).cast(pl.Int32, strict=False) for value in numbers]
    else:
        return None
    return pl.min_horizontal(*(pl.when((minute < each) & (each < 1440)).then(each) for each in ends))
