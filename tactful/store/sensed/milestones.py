"""Who reached which milestone: found set by set, written once, whoever else looks at the same time.

What holds for an organisation are those that everybody has, unless a row of its own stands in the place of one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.milestones import METRICS, STALE, Milestone
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.sensed import metrics

SHOWN = ("milestone_name", "display_name", "metric_name", "target_value", "difficulty_level", "points")
KINDS = ("text", "text", "text", "float8", "int", "int")
COMMON = ", ".join(f"%(common_{name})s::{kind}[]" for name, kind in zip(SHOWN, KINDS, strict=True))
LIVE = [name for name, each in METRICS.items() if each.live]

# Of organisations that want none, there are none.
WANTED = f"""
tenants AS (SELECT DISTINCT organisation_id FROM whom WHERE {{wants}}),
wanted AS MATERIALIZED (
  SELECT t.organisation_id, d.* FROM tenants t CROSS JOIN unnest({COMMON}) AS d ({", ".join(SHOWN)})
   WHERE NOT EXISTS (SELECT FROM engagement_milestones e
                      WHERE e.organization_id = t.organisation_id AND e.milestone_name = d.milestone_name)
  UNION ALL
  SELECT t.organisation_id, {", ".join(f"e.{name}" for name in SHOWN)}
    FROM tenants t JOIN engagement_milestones e ON e.organization_id = t.organisation_id WHERE e.is_active)
"""
# In one order everywhere, so that two who find the same wait for each other and never in a circle. Whoever comes second
# finds it written. What somebody did long ago, and is known of only now, was reached then.
REACH = """
WITH {known},
{wanted}
INSERT INTO user_milestone_progress
       (user_id, milestone_name, organization_id, display_name, metric_name, target_value, current_value,
        difficulty_level, points, achieved_at, noticed_at, celebration)
SELECT r.person_id, r.milestone_name, r.organisation_id, r.display_name, r.metric_name, r.target_value, r.value,
       r.difficulty_level, r.points, r.achieved_at, %(at)s,
       CASE WHEN r.achieved_at < %(stale)s OR %(silent)s THEN 'silent' ELSE 'waiting' END
  FROM (SELECT k.person_id, k.value, w.*,
               CASE WHEN w.metric_name = ANY(%(live)s) OR %(earlier)s THEN %(at)s
                    ELSE least(%(at)s, coalesce(k.last_seen_at, %(at)s)) END AS achieved_at
          FROM known k JOIN wanted w ON w.organisation_id = k.organisation_id AND w.metric_name = k.metric
           AND k.value >= w.target_value
         WHERE {only} AND NOT EXISTS (SELECT FROM user_milestone_progress u
                                       WHERE u.user_id = k.person_id AND u.milestone_name = w.milestone_name)
         ORDER BY k.person_id, w.milestone_name OFFSET 0) r
    ON CONFLICT DO NOTHING RETURNING user_id
"""
# Whoever took part in a live session need not have done anything else that a tick would look at them for.
TOOK_PART = """
SELECT DISTINCT p.id FROM live_sessions l
  JOIN live_participants t ON t.live_session_id = l.id
  JOIN people p ON p.organisation_id = t.organisation_id AND p.external_id = t.participant
 WHERE l.state = 'live' OR l.ended_at >= %s ORDER BY p.id
"""
DUE = "UPDATE person_state SET next_due_at = least(next_due_at, %s) WHERE person_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which milestones there are. common: for everybody; on: whether, where an organisation says nothing.

    own: by our number of the organisation, where it does.
    """

    common: Sequence[Milestone]
    on: bool = True
    own: Mapping[int, bool] | None = None

    def values(self) -> dict[str, Any]:
        """What WANTED takes."""
        columns = {f"common_{name}": [getattr(each, name) for each in self.common] for name in SHOWN}
        said = self.own or {}
        return columns | {"on": self.on, "want": [whose for whose, on in said.items() if on is not self.on]}


# Where it is on, all but those who want none; where it is off, those alone who want it.
WANTS = "(organisation_id = ANY(%(want)s)) <> %(on)s"


def reach(connection: Connection, scope: Scope, wishes: Wishes, *, at: datetime) -> set[int]:
    """Write what the people in `scope` reached by now and had not; answers who did, by our own ids."""
    clause, named = _named(scope, at)
    return _reach(connection, clause, "true", wishes.values() | named | {"silent": False, "earlier": False}, at)


def reach_earlier(
    connection: Connection, organisation: int, name: str, wishes: Wishes, *, at: datetime, celebrate: bool
) -> set[int]:
    """Write who of an organisation has a milestone already that is only now there, or only now so easy.

    celebrate: they are told as if they had reached it just now; otherwise they have it in silence.
    """
    given = {"organisation": organisation, "only": name, "silent": not celebrate, "earlier": celebrate}
    clause, only = "s.organisation_id = %(organisation)s", "w.milestone_name = %(only)s"
    return _reach(connection, clause, only, wishes.values() | given, at)


def _reach(connection: Connection, people: str, only: str, values: Mapping[str, Any], at: datetime) -> set[int]:
    wanted = WANTED.replace("{wants}", WANTS)
    statement = REACH.format(known=metrics.known(METRICS, people), wanted=wanted, only=only)
    when = {"at": at, "stale": at - timedelta(days=STALE), "live": LIVE}
    return {row["user_id"] for row in connection.execute(statement, {**values, **when})}


def values(connection: Connection, scope: Scope, *, at: datetime) -> dict[str, float]:
    """Every metric of the one person in `scope`; what is nothing yet is left out."""
    clause, named = _named(scope, at)
    found = connection.execute(f"WITH {metrics.known(METRICS, clause)} SELECT metric, value FROM known", named)
    return {row["metric"]: row["value"] for row in found}


def have(connection: Connection, organisation: int, metric: str, target: float) -> dict[str, int]:
    """How many people of an organisation have so much of a metric already, and how many have half of it."""
    known = metrics.known([metric], "s.organisation_id = %(organisation)s")
    row = connection.execute(
        f"WITH {known} SELECT count(*) FILTER (WHERE value >= %(target)s) AS have, "
        "count(*) FILTER (WHERE value >= %(target)s / 2) AS half_way FROM known",
        {"organisation": organisation, "target": target},
    ).fetchone()
    assert row is not None
    return row


def steps(connection: Connection, organisation: int, cuts: Mapping[str, Sequence[float]]) -> list[dict[str, Any]]:
    """How many people of an organisation have how much of some metrics: metric, step and people.

    cuts: of each metric, rising; the step is how many of them somebody's value has reached. Who has nothing of a metric
    is not counted.
    """
    if not cuts:
        return []
    values: dict[str, Any] = {"organisation": organisation}
    values |= {f"cuts_{number}": list(each) for number, each in enumerate(cuts.values())}
    listed = ", ".join(f"('{metric}', %(cuts_{number})s::float8[])" for number, metric in enumerate(cuts))
    known = metrics.known(cuts, "s.organisation_id = %(organisation)s")
    statement = f"""
WITH {known}
SELECT metric, width_bucket(value, c.cuts) AS step, count(*) AS people
  FROM known JOIN (VALUES {listed}) AS c (metric, cuts) USING (metric) GROUP BY 1, 2 ORDER BY 1, 2
"""
    return connection.execute(statement.encode(), values).fetchall()


def took_part(connection: Connection, *, since: datetime) -> tuple[int, ...]:
    """Who is or was in a live session that had not ended by `since`, by our own ids."""
    return tuple(row["id"] for row in connection.execute(TOOK_PART, (since,)))


def due(connection: Connection, people: Collection[int], *, at: datetime) -> None:
    """Have the next tick look at these people."""
    connection.execute(DUE, (at, sorted(people)))


def _named(scope: Scope, at: datetime) -> tuple[str, dict[str, Any]]:
    """The condition of a scope with placeholders that have names."""
    clause, values = scope.where(at)
    names = [f"scope_{number}" for number in range(len(values))]
    for name in names:
        clause = clause.replace("%s", f"%({name})s", 1)
    return clause, dict(zip(names, values, strict=True))
