"""Which variant of a running test somebody has: given once, when something is worded for them first, and then kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.database import Connection

RUNNING = """
SELECT e.id, e.organisation_id, e.kind, e.variants FROM experiments e
 WHERE e.organisation_id = ANY(%(organisations)s) AND e.kind = ANY(%(kinds)s) AND e.what = %(what)s
   AND e.stopped_at IS NULL AND e.started_at <= %(at)s AND (e.ends_at IS NULL OR e.ends_at > %(at)s)
 ORDER BY e.id
"""
WHOSE = "SELECT id AS intervention_id, user_id AS person_id FROM intervention_logs WHERE id = ANY(%s) ORDER BY user_id"
GIVEN = "SELECT person_id, variant FROM experiment_assignments WHERE experiment_id = %s AND person_id = ANY(%s)"
# Who holds it gives variants alone; who waits for it sees what was given.
HOLD = "SELECT counts FROM experiments WHERE id = %s AND stopped_at IS NULL FOR NO KEY UPDATE"
GIVE = """
WITH given AS (
  INSERT INTO experiment_assignments (experiment_id, person_id, organisation_id, variant, assigned_at, intervention_id)
  SELECT %(id)s, g.person_id, %(organisation)s, g.variant, %(at)s, g.intervention_id
    FROM unnest(%(people)s::bigint[], %(variants)s::smallint[], %(interventions)s::bigint[])
      AS g (person_id, variant, intervention_id)
  RETURNING variant),
counted AS (UPDATE experiments SET counts = %(counts)s WHERE id = %(id)s)
INSERT INTO experiment_days AS d (experiment_id, organisation_id, variant, day, assigned)
SELECT %(id)s, %(organisation)s, variant, (%(at)s::timestamptz AT TIME ZONE 'UTC')::date, count(*)
  FROM given GROUP BY variant
    ON CONFLICT (experiment_id, variant, day) DO UPDATE SET assigned = d.assigned + excluded.assigned
"""
# What counts is the first that they saw.
AGAIN = """
UPDATE experiment_assignments a SET intervention_id = n.intervention_id
  FROM unnest(%s::bigint[], %s::bigint[]) AS n (person_id, intervention_id)
 WHERE a.experiment_id = %s AND a.person_id = n.person_id AND a.exposed_at IS NULL AND NOT EXISTS (
       SELECT FROM intervention_logs i WHERE i.id = a.intervention_id AND i.shown_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A test that runs. variants: as `Plan.variants`."""

    id: int
    organisation: int
    kind: str
    variants: Sequence[dict[str, Any]]


def running(connection: Connection, what: str, rows: Sequence[dict[str, Any]], *, at: datetime) -> list[Running]:
    """The tests that run on any of these interventions. rows: organisation_id and kind of each."""
    asked = {"organisations": [row["organisation_id"] for row in rows], "kinds": [row["kind"] for row in rows]}
    found = connection.execute(RUNNING, asked | {"what": what, "at": at})
    return [Running(row["id"], row["organisation_id"], row["kind"], row["variants"]) for row in found]


def people(connection: Connection, interventions: Sequence[int]) -> dict[int, int]:
    """Whose interventions these are: our number of the person, by that of the intervention, in order of people."""
    return {row["intervention_id"]: row["person_id"] for row in connection.execute(WHOSE, (list(interventions),))}


def given(connection: Connection, experiment: int, people: Sequence[int]) -> dict[int, int]:
    """The variants (their places) that these people have already."""
    rows = connection.execute(GIVEN, (experiment, list(people)))
    return {row["person_id"]: row["variant"] for row in rows}


def hold(connection: Connection, experiment: int) -> list[int] | None:
    """People by variant; nobody else gives any until this transaction ends. None once it was stopped."""
    row = connection.execute(HOLD, (experiment,)).fetchone()
    return None if row is None else list(row["counts"])


def give(
    connection: Connection,
    test: Running,
    new: dict[int, int],
    whose: dict[int, int],
    counts: Sequence[int],
    at: datetime,
) -> None:
    """Keep who got which variant. new: place of the variant by person; whose: intervention by person."""
    values = {"id": test.id, "organisation": test.organisation, "at": at, "counts": list(counts)}
    values |= {"people": list(new), "variants": list(new.values()), "interventions": [whose[each] for each in new]}
    connection.execute(GIVE, values)


def again(connection: Connection, experiment: int, whose: dict[int, int]) -> None:
    """Note what was worded for people who have a variant and have seen nothing of it. whose: intervention by person."""
    connection.execute(AGAIN, (list(whose), list(whose.values()), experiment))
