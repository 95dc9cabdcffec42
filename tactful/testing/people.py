"""Generated people: the same seed always gives the same people with the same past.

Four ways of living are mixed: steady, fading, returning and gone. Nobody here is anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tactful.kernel.chance import draw
from tactful.kernel.records import Event

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Sydney", "Africa/Lagos")
WAYS = ("steady", "fading", "returning", "gone")
SKILLS = ("fractions", "grammar", "listening", "sketching")


@dataclass(frozen=True, slots=True)
class Person:
    """One generated person. hour: the local hour they usually come at."""

    id: str
    number: int
    zone: str
    way: str
    hour: int


def people(count: int, *, seed: int = 1) -> list[Person]:
    """`count` people, numbered from 1.

    >>> [person.way for person in people(4)] == [person.way for person in people(4)]
    True
    """
    return [
        Person(
            id=f"demo-{number}",
            number=number,
            zone=ZONES[int(draw(seed, number, 0, 0) * len(ZONES))],
            way=WAYS[int(draw(seed, number, 0, 1) * len(WAYS))],
            hour=7 + int(draw(seed, number, 0, 2) * 14),
        )
        for number in range(1, count + 1)
    ]


def presence(way: str, days_ago: int) -> float:
    """How likely somebody of this way came by on that day. Chosen so that the ways are easy to tell apart.

    >>> presence("gone", 3), presence("steady", 3)
    (0.0, 0.8)
    """
    if way == "gone":
        return 0.7 if days_ago > 20 else 0.0
    if way == "returning":
        return 0.0 if 4 <= days_ago < 18 else 0.6
    if way == "fading":
        return min(0.9, 0.03 + days_ago / 40)
    return 0.8


def past(person: Person, *, now: datetime, days: int, seed: int = 1) -> Iterator[Event]:
    """What the person did in the `days` days before `now`, in order of time."""
    zone = ZoneInfo(person.zone)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for ago in range(days, -1, -1):
        if draw(seed, person.number, ago, 3) >= presence(person.way, ago):
            continue
        opened = (today - timedelta(days=ago)).replace(
            hour=person.hour, minute=int(draw(seed, person.number, ago, 4) * 60)
        )
        for step in range(2 + int(draw(seed, person.number, ago, 5) * 5)):
            at = opened + timedelta(minutes=6 * step)
            if at < now:
                yield _event(person, at.astimezone(now.tzinfo), ago, step, seed)


def _event(person: Person, at: datetime, ago: int, step: int, seed: int) -> Event:
    chance = draw(seed, person.number, ago, 10 + step)
    ability = 0.75 if person.way == "steady" else 0.45 + ago / 100
    last = step > 2
    return Event(
        id=f"{person.id}-{at:%Y%m%dT%H%M}",
        person=person.id,
        kind="completion" if last else "attempt",
        occurred_at=at,
        skill_id=SKILLS[(person.number + ago) % len(SKILLS)],
        properties={"zone": person.zone} | _said(chance, ability, last=last),
    )


def _said(chance: float, ability: float, *, last: bool) -> dict[str, object]:
    return {} if last else {"correct": bool(chance < ability), "sentiment": round(ability - 0.5, 2)}
