"""What came of what was done, beside people and moments left alone by lot: told only where enough is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tactful.console.painting import words
from tactful.learn.lift import FEWEST, LEAST

# People on either side that a comparison needs: with fewer, one of them would move it by more than three in a hundred.
PEOPLE = 30
SPANS = {"within_hour": "here within an hour", "within_day": "here within a day"}
COLUMNS = ("what", "outcome", "effect", "low", "high", "with", "without", "share_with", "share_without", "missing")
HELPED = {
    "plateau": "help with a plateau",
    "regression": "reminder of a fading skill",
    "struggle": "help before a task",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One comparison. value, low, high: the difference of shares [-1..1] with its 95 % interval; None is unknown.

    mine, theirs: how many people (or moments) it was done for, and how many were left alone; share_mine, share_theirs:
    how often it came about in either; missing: why nothing is told, in words.
    """

    what: str
    outcome: str
    value: float | None
    low: float | None
    high: float | None
    mine: int
    theirs: int
    share_mine: float | None = None
    share_theirs: float | None = None
    missing: str = ""

    @property
    def verdict(self) -> str:
        """In a word: helped, harmed, or whether that is open."""
        if self.low is None or self.high is None:
            return "unknown"
        return "helped" if self.low > 0 else "harmed" if self.high < 0 else "not sure"

    @property
    def read(self) -> str:
        """The difference as it is read, in points of a hundred."""
        return "unknown" if self.value is None else f"{100 * self.value:+.1f} %"

    @property
    def drawn(self) -> tuple[str, float | None, float | None, float | None, str]:
        """As `pictures.bars.ranges` wants it."""
        return f"{self.what}: {self.outcome}", self.value, self.low, self.high, self.read

    @property
    def row(self) -> list[Any]:
        """As a table's row, in the order of COLUMNS."""
        known = [self.value, self.low, self.high, self.mine, self.theirs, self.share_mine, self.share_theirs]
        return [self.what, self.outcome, *known, self.missing]


def of_people(told: Mapping[str, Any] | None) -> list[Effect]:
    """Every comparison of people with those left alone. told: `success`, or None where it is not known."""
    if told is None:
        return []
    risk = told["at_risk"]["returned"]
    back = [risk["reached"], risk["not_reached"]]
    found = [_people("at risk of leaving", "came back", told["at_risk"]["effect"], back, risk["held_out"])]
    for kind, each in told["kinds"].items():
        for measure, outcome in SPANS.items():
            one = each[measure]
            found.append(_people(words(kind), outcome, one["effect"], [one["reached"]], one["held_out"]))
    for name, label in HELPED.items():
        one = told["help"][name]
        mine = [one["with_help"], one["without_help"]]
        found.append(_people(label, words(one["outcome"]), one["effect"], mine, one["held_out"]))
    return [each for each in found if each.mine or each.theirs]


def _people(
    what: str, outcome: str, effect: Mapping[str, float] | None, mine: list[Mapping[str, Any]], held: Mapping[str, Any]
) -> Effect:
    people, tries, hits = (sum(each[name] for each in mine) for name in ("people", "tries", "hits"))
    missing = _missing(people, held["people"])
    shares = (hits / tries if tries else None, held["value"])
    if missing or effect is None:
        return Effect(what, outcome, None, None, None, people, held["people"], *shares, missing=missing)
    return Effect(what, outcome, effect["value"], effect["low"], effect["high"], people, held["people"], *shares)


def _missing(mine: int, theirs: int) -> str:
    lacking = []
    if mine < PEOPLE:
        lacking.append(f"{PEOPLE - mine} more who were reached")
    if theirs < PEOPLE:
        lacking.append(f"{PEOPLE - theirs} more who were left alone")
    return f"Too few people yet: {' and '.join(lacking)} are needed." if lacking else ""


def of_rooms(told: Mapping[str, Mapping[str, Any]]) -> list[Effect]:
    """What each kind does to engagement in live sessions, beside moments left alone; without kinds nobody tried."""
    return [_room(kind, each) for kind, each in told.items() if each["moments"] or each["controls"]]


def _room(kind: str, told: Mapping[str, Any]) -> Effect:
    mine, theirs, missing = told["moments"], told["controls"], ""
    if told["low"] is None:
        lacking = [
            f"{LEAST - many} more {name}"
            for many, name in ((mine, "acted upon"), (theirs, "left alone"))
            if many < LEAST
        ]
        missing = (
            f"Too few moments yet: {' and '.join(lacking)} are needed."
            if lacking
            else f"These moments are of too few sessions; either side needs {FEWEST} at least."
        )
    return Effect(words(kind), "engagement", told["value"], told["low"], told["high"], mine, theirs, missing=missing)
