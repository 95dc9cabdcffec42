"""Tests of variants: begun, found, stopped and promoted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.kernel.errors import Conflict, NotFound
from tactful.store.steps import Say, Steps

WORDING = "wording"
# Tests that one organisation may have, stopped ones among them.
MOST = 1000
COLUMNS = """e.id, e.organisation_id, e.name, e.what, e.kind, e.variants, e.harm_margin, e.promote_winner, e.started_at,
             e.ends_at, e.started_by, e.stopped_at, e.stopped_because, e.promoted"""
OF_NAME = "e.organisation_id = (SELECT id FROM organisations WHERE name = %(organisation)s)"
LISTED = f"SELECT {COLUMNS} FROM experiments e WHERE {OF_NAME} ORDER BY e.started_at DESC, e.id DESC"
ONE = f"SELECT {COLUMNS} FROM experiments e WHERE {OF_NAME} AND e.name = %(name)s"
RUNNING = f"""
SELECT {COLUMNS}, o.name AS organisation FROM experiments e JOIN organisations o ON o.id = e.organisation_id
 WHERE e.stopped_at IS NULL ORDER BY e.id
"""
# The organisation's row, so that two who begin tests come one after the other.
HOLD = "SELECT id FROM organisations WHERE name = %(organisation)s FOR NO KEY UPDATE"
TAKEN = """
SELECT count(*) AS many, coalesce(bool_or(name = %(name)s), false) AS same,
       min(name) FILTER (WHERE stopped_at IS NULL AND what = %(what)s AND kind = %(kind)s) AS running
  FROM experiments WHERE organisation_id = %(id)s
"""
BEGIN = """
INSERT INTO experiments (organisation_id, name, what, kind, variants, counts, harm_margin, promote_winner, started_at,
                         ends_at, started_by)
VALUES (%(id)s, %(name)s, %(what)s, %(kind)s, %(variants)s, %(counts)s, %(harm_margin)s, %(promote_winner)s,
        %(started_at)s, %(ends_at)s, %(started_by)s)
"""
STOP = """
UPDATE experiments SET stopped_at = %(at)s, stopped_because = %(because)s
 WHERE id = %(id)s AND stopped_at IS NULL RETURNING id
"""
PROMOTE = """
UPDATE experiments SET promoted = %(variant)s, stopped_at = coalesce(stopped_at, %(at)s),
       stopped_because = coalesce(stopped_because, 'winner')
 WHERE id = %(id)s AND promoted IS NULL RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A test as it is begun. variants: name, part and content of each, the control first."""

    name: str
    what: str
    kind: str
    variants: Sequence[Mapping[str, Any]]
    harm_margin: float
    promote_winner: bool
    ends_at: datetime | None


def begin(organisation: str, plan: Plan, *, at: datetime, by: str) -> Steps[dict[str, Any]]:
    """Begin a test; its row. raises: NotFound; Conflict where one is called so, or one of that kind runs."""
    held = yield Say(HOLD, {"organisation": organisation})
    if not held:
        raise NotFound(f"There is no organisation {organisation} yet.", fields=["organisation"])
    values = {"id": held[0]["id"], "name": plan.name, "what": plan.what, "kind": plan.kind}
    (taken,) = yield Say(TAKEN, values)
    _free(plan, taken)
    values |= {"variants": Jsonb(list(plan.variants)), "counts": [0] * len(plan.variants), "started_by": by}
    values |= {"harm_margin": plan.harm_margin, "promote_winner": plan.promote_winner}
    yield Say(BEGIN, values | {"started_at": at, "ends_at": plan.ends_at})
    return (yield from one(organisation, plan.name))


def _free(plan: Plan, taken: Mapping[str, Any]) -> None:
    if taken["same"]:
        raise Conflict(f"There is a test called {plan.name} already; give this one a name of its own.", fields=["name"])
    if taken["running"]:
        told = f"{taken['running']} tries out the {plan.what} of {plan.kind} already; stop it first."
        raise Conflict(told, fields=["kind"])
    if taken["many"] >= MOST:
        raise Conflict(f"There are {MOST} tests already.", fields=["name"])


def listed(organisation: str) -> Steps[list[dict[str, Any]]]:
    """Every test of an organisation, newest first."""
    return (yield Say(LISTED, {"organisation": organisation}))


def one(organisation: str, name: str) -> Steps[dict[str, Any]]:
    """A test by its name. raises: NotFound."""
    rows = yield Say(ONE, {"organisation": organisation, "name": name})
    if not rows:
        raise NotFound(f"There is no test called {name}.", fields=["name"])
    return rows[0]


def running() -> Steps[list[dict[str, Any]]]:
    """Every test that runs, of all organisations, with the name of each as organisation."""
    return (yield Say(RUNNING))


def stop(experiment: int, because: str, *, at: datetime) -> Steps[bool]:
    """Stop a test: nobody gets a variant any more. Whether it was running."""
    return bool((yield Say(STOP, {"id": experiment, "because": because, "at": at})))


def promote(experiment: int, variant: str, *, at: datetime) -> Steps[bool]:
    """Note which variant is said to everybody from now on, and stop the test. Whether none was yet."""
    return bool((yield Say(PROMOTE, {"id": experiment, "variant": variant, "at": at})))
