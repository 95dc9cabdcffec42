"""Shares and how they differ, with 95 % intervals, when somebody may be counted more than once."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

# Of the normal distribution, for 95 %.
SURE = 1.959964


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over people of how often each was looked at (tries) and how often it happened (hits).

    hits_squared, tries_squared, crossed: sums of the squares and of the products, person by person.
    """

    people: int = 0
    tries: int = 0
    hits: int = 0
    hits_squared: int = 0
    tries_squared: int = 0
    crossed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Of both, where nobody is in both."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__slots__))

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Tally":
        """From a row with these columns."""
        return cls(*(int(row[name]) for name in cls.__slots__))

    @property
    def counted(self) -> float:
        """How many tries of different people these are worth: a person's own are alike (Kish 1965)."""
        if self.people < 2 or not 0 < self.hits < self.tries:
            return float(self.people)
        if self.tries == self.people:
            return float(self.tries)
        value = self.hits / self.tries
        spread = self.hits_squared - 2 * value * self.crossed + value**2 * self.tries_squared
        clustered = spread / self.tries**2 * self.people / (self.people - 1)
        alone = value * (1 - value) / self.tries
        return self.tries / max(1.0, clustered / alone)


def share(tally: Tally) -> dict[str, Any]:
    """How often it happened: people, tries, hits, and value with its interval [0..1]; null where nobody was looked at.

    Source: Wilson 1927, for as many tries as those of different people are worth.

    >>> share(Tally(10, 10, 5, 5, 10, 5))["value"]
    0.5
    """
    told = {"people": tally.people, "tries": tally.tries, "hits": tally.hits}
    if not tally.tries:
        return {**told, "value": None, "low": None, "high": None}
    value, counted = tally.hits / tally.tries, tally.counted
    middle = (value + SURE**2 / (2 * counted)) / (1 + SURE**2 / counted)
    half = SURE / (1 + SURE**2 / counted) * sqrt(value * (1 - value) / counted + SURE**2 / (4 * counted**2))
    low, high = max(0.0, min(value, middle - half)), min(1.0, max(value, middle + half))
    return {**told, "value": value, "low": low, "high": high}


def difference(one: Tally, other: Tally) -> dict[str, float] | None:
    """How much more often it happened to `one` than to `other` [-1..1], with its interval; None without either.

    Source: Newcombe 1998, method 10. Whoever is in both is taken for two people.
    """
    mine, theirs = share(one), share(other)
    if mine["value"] is None or theirs["value"] is None:
        return None
    value = mine["value"] - theirs["value"]
    down = sqrt((mine["value"] - mine["low"]) ** 2 + (theirs["high"] - theirs["value"]) ** 2)
    up = sqrt((mine["high"] - mine["value"]) ** 2 + (theirs["value"] - theirs["low"]) ** 2)
    return {"value": value, "low": value - down, "high": value + up}
