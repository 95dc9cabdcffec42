"""What kinds of an organisation's own would have done in the past: who would have got them, when, and instead of what.

At every step of the past everybody is looked at as they were known then, by the very statements and rules that decide
now, twice: by the rules as they are, and with the new kinds. Each of the two worlds keeps its own account of attention,
from what had been done with people when the past begins; what is sent is taken as seen at once, and changes nothing of
what people do. What somebody asked to be said is left out. Nothing is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful import loop
from tactful.decide import Rules, chances, choose
from tactful.decide.own import OWN_KINDS
from tactful.store.database import Database
from tactful.store.decided import dealings, trials
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader
from tactful.uses.governing import governing
from tactful.uses.own_kinds.accounts import Account
from tactful.uses.own_kinds.telling import told

# Nobody is to wait for an answer for minutes: so many people are looked at, and so many times.
MOST_PEOPLE, MOST_STEPS = 1_000, 400
# What is not replayed: what was asked for at a moment of its own, what was open, and what was on record only.
UNASKED = ("asked_kinds", "asked_values", "asked_small", "open_kinds", "shadow_kinds")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried. kinds: as `decide.own.kept` keeps them; until: the end of the past. days, every [hours]."""

    organisation: int
    kinds: str
    until: datetime
    days: int = 7
    every: int = 3
    people: int = 500

    @property
    def instants(self) -> list[datetime]:
        """When everybody is looked at, on the hour."""
        end = self.until.replace(minute=0, second=0, microsecond=0)
        count = self.days * 24 // self.every
        return [end - timedelta(hours=self.every * number) for number in range(count, 0, -1)]


def simulate(database: Database, rules: Rules, trial: Trial) -> dict[str, Any]:
    """What would have come of it, as `told` tells it."""
    with database.batch() as connection:
        held = governing(connection, rules, organisations=[trial.organisation])
        people, everybody = trials.sample(connection, trial.organisation, trial.people)
    now = held.of(trial.organisation)
    body = {name: value for name, value in now.values.items() if value != rules.values.get(name)}
    then = held.with_own({trial.organisation: {**body, OWN_KINDS: trial.kinds}}, upto=held.upto)
    worlds = Account(now), Account(then.of(trial.organisation))
    for at, seen in _past(database, held, trial, tuple(people)):
        for world in worlds:
            known, draws = world.known(seen), chances(seen, at)
            world.lives(seen, at, choose(known, at=at, rules=world.rules, draws=draws, schedule=False))
    return {
        "since": trial.instants[0],
        "until": trial.instants[-1],
        "days": trial.days,
        "every_hours": trial.every,
        "people": len(people),
        "everybody": everybody,
        **told(*worlds, people=people),
    }


def _past(
    database: Database, rules: Rules, trial: Trial, people: tuple[int, ...]
) -> Iterator[tuple[datetime, pl.DataFrame]]:
    """Everybody as they were known at each instant."""
    kinds = list(rules.of(trial.organisation).kinds.values())
    for at in trial.instants:
        # What stood then lies in temporary tables, which go with the transaction.
        with database.batch() as connection:
            dealings.shadow(connection, people, at, kinds)
            seen = loop.look(RowReader(connection), Scope(people=people), at=at, rules=rules, past=True)
        if seen.height:
            yield at, seen.with_columns(pl.lit(None, seen.schema[name]).alias(name) for name in UNASKED)
