"""What would be decided about one person at an instant ahead, by the very rules that will decide then.

All that ticks do before they decide is done as of that instant, in a transaction that is rolled back; nothing is
written, claimed or sent. What is known is what is known now: until then they do nothing, and nobody writes to them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful import loop
from tactful.decide import REENGAGING, Rules, chances, choose, not_considered, words
from tactful.decide.considered import Candidate, considered
from tactful.decide.ranking import ranked
from tactful.kernel.errors import NotFound
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import interventions
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.reading import RowReader

# So far ahead it can be asked: what is known now says little of what comes later.
AHEAD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be decided. decision: DECISION; seen: MOMENT with BELIEF; silent: why other triggers propose nothing.

    told: in words, all of it.
    """

    at: datetime
    decision: dict[str, Any]
    seen: dict[str, Any]
    candidates: tuple[Candidate, ...]
    silent: tuple[str, ...]
    told: tuple[str, ...]


def preview(database: Database, rules: Rules, whom: tuple[str, str], at: datetime) -> Preview | None:
    """What would be decided about one (organisation, person) at `at`, which does not lie in the past.

    None where nothing was ever heard of them. raises: NotFound for somebody nobody knows.
    """
    with database.batch() as connection:
        seen = _seen(connection, rules, whom, at)
    if seen.is_empty():
        return None
    decision = choose(seen, at=at, rules=rules, draws=chances(seen, at)).to_dicts()[0]
    row = seen.to_dicts()[0]
    return Preview(
        at,
        decision,
        row,
        considered(decision, row, rules.rails, rules=rules),
        tuple(not_considered(decision, seen, rules.triggers)),
        tuple(words({**decision, "at": at}, row, reasons=rules.reasons)),
    )


def best(told: Preview | None, *, at: datetime, policy: str) -> dict[str, Any]:
    """The next best action of a preview (None: nothing was ever heard of them), and all that could be done, ranked."""
    decision = told.decision if told else {"chosen": None, "result": "silent", "due_at": None, "propensity": 1.0}
    actions = ranked(decision, told.candidates if told else ())
    return {
        "at": at,
        "next_best_action": actions[0]["kind"],
        "result": decision["result"],
        "due_at": decision["due_at"],
        "propensity": decision["propensity"],
        "policy": policy,
        "reasons": [actions[0]["reason"], *(_leaving(told.seen) if told and _because_of_risk(decision) else ())],
        "actions": actions,
        "not_considered": list(told.silent) if told else [],
    }


def _because_of_risk(decision: dict[str, Any]) -> bool:
    return decision["chosen"] in REENGAGING


def _leaving(seen: dict[str, Any]) -> list[str]:
    """Why they are said to be leaving, in words."""
    return dropout.why(seen["risk_level"], seen["risk_factors"] or [], seen)


def _seen(connection: Connection, rules: Rules, whom: tuple[str, str], at: datetime) -> pl.DataFrame:
    """The moment, with what will be over by then being over, and what waits until before then being handed over."""
    mine = lookup.find_all(connection, [whom])
    if not mine:
        raise NotFound(f"There is no person {whom[1]} in {whom[0]}.")
    source, people = RowReader(connection), Scope(people=mine)
    with connection.transaction(force_rollback=True):
        interventions.expire(connection, at, mine)
        waiting = interventions.deferred(source, people, at=at)
        seen = loop.look(source, people, at=at, rules=rules)
        if waiting.is_empty():
            return seen
        loop.send(connection, waiting, seen, rules=rules, at=at)
        return loop.look(source, people, at=at, rules=rules)
