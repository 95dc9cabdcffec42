"""Groups people belong to, as members or as their educators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tactful.store.sensed.resolve import Known
from tactful.store.steps import Say, Steps

Role = Literal["member", "educator"]


@dataclass(frozen=True, slots=True)
class Membership:
    """A group, by the product's own id, and what somebody is in it. name: None leaves it as it is."""

    id: str
    name: str | None = None
    role: Role = "member"


GROUPS = """
INSERT INTO groups AS g (organisation_id, external_id, name)
SELECT DISTINCT ON (organisation_id, external_id) organisation_id, external_id, name
  FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS w (organisation_id, external_id, name)
 ORDER BY organisation_id, external_id, name
    ON CONFLICT (organisation_id, external_id) DO UPDATE SET name = coalesce(excluded.name, g.name)
"""

LEAVE = "DELETE FROM group_members WHERE person_id = ANY(%s)"

JOIN = """
INSERT INTO group_members (group_id, person_id, organisation_id, role)
SELECT DISTINCT ON (g.id, w.person_id) g.id, w.person_id, w.organisation_id, w.role
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS w (person_id, organisation_id, external_id, role)
  JOIN groups g USING (organisation_id, external_id)
 ORDER BY g.id, w.person_id, w.role
"""

# Who no longer teaches somebody need not hear of them any more.
CLOSE = """
UPDATE educator_alerts a
   SET state = 'closed', closed_at = now(), closed_by = 'engine', closed_because = 'They no longer share a group.'
 WHERE a.state <> 'closed' AND (a.educator_id = ANY(%s) OR a.person_id = ANY(%s))
   AND NOT EXISTS (SELECT FROM group_members m
                     JOIN group_members e ON e.group_id = m.group_id AND e.role = 'educator'
                    WHERE m.person_id = a.person_id AND m.role = 'member' AND e.person_id = a.educator_id)
"""


def replace(told: Sequence[tuple[Known, Sequence[Membership]]]) -> Steps[None]:
    """Make these the groups of these people, and no others; alerts between who no longer shares one are closed.

    Named twice, being educator counts.
    """
    if not told:
        return
    rows = [(person, group) for person, groups in told for group in groups]
    tenants = [person.organisation_id for person, _ in rows]
    names = [group.id for _, group in rows]
    people = [person.id for person, _ in told]
    yield Say(LEAVE, (people,))
    yield Say(GROUPS, (tenants, names, [group.name for _, group in rows]))
    yield Say(JOIN, ([person.id for person, _ in rows], tenants, names, [group.role for _, group in rows]))
    yield Say(CLOSE, (people, people))
