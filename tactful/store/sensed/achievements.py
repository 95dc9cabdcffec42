"""What participants of live sessions are told that they have achieved: each thing once in a session.

Looked at with the vote or the question that may have earned it, for those participants alone.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from tactful.store.steps import Say, Steps

# Up-votes that a question of theirs has for `well_asked`.
WELL_ASKED = 5


class Achievement(NamedTuple):
    """What is achieved. title: in words. when: in SQL, of `live_participants` t and `best`, their most wanted one."""

    title: str
    when: str


# Few and early: the first of each makes somebody take part at all, the later ones reward going on.
ACHIEVEMENTS: Mapping[str, Achievement] = {
    "first_vote": Achievement("Voted for the first time", "t.votes >= 1"),
    "five_votes": Achievement("Voted on five polls", "t.votes >= 5"),
    "first_question": Achievement("Asked a first question", "t.questions >= 1"),
    "well_asked": Achievement(f"Asked what {WELL_ASKED} others want to know", f"best.votes >= {WELL_ASKED}"),
}
CASES = ", ".join(f"('{name}', {each.when})" for name, each in ACHIEVEMENTS.items())
AWARD = f"""
INSERT INTO achievements (live_session_id, participant, name, organisation_id, earned_at)
SELECT t.live_session_id, t.participant, a.name, t.organisation_id, %(now)s
  FROM unnest(%(sessions)s::bigint[], %(participants)s::text[]) AS w (live_session_id, participant)
  JOIN live_participants t USING (live_session_id, participant)
  LEFT JOIN LATERAL (SELECT max(q.votes) AS votes FROM audience_questions q
                      WHERE %(asked)s AND q.live_session_id = t.live_session_id AND q.participant = t.participant
                        AND q.hidden_at IS NULL) best ON true
 CROSS JOIN LATERAL (VALUES {CASES}) AS a (name, earned)
 WHERE a.earned ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING RETURNING live_session_id, participant, name
"""
OWN = """
SELECT name, earned_at FROM achievements WHERE live_session_id = %s AND participant = %s ORDER BY earned_at, name
"""


def award(
    whom: Collection[tuple[int, str]], *, now: datetime, asked: bool = False
) -> Steps[dict[tuple[int, str], list[str]]]:
    """Note what these participants (of live sessions, by our number) have earned: names of what is new, by whom.

    asked: whether their questions may have earned it.
    """
    ordered = sorted(whom)
    values = {"sessions": [session for session, _ in ordered], "participants": [who for _, who in ordered]}
    rows = yield Say(AWARD, values | {"now": now, "asked": asked})
    earned: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        earned.setdefault((row["live_session_id"], row["participant"]), []).append(row["name"])
    return earned


def own(live_session_id: int, participant: str) -> Steps[list[dict[str, Any]]]:
    """What somebody has achieved in a session, oldest first: name, title, earned_at."""
    rows = yield Say(OWN, (live_session_id, participant))
    return [{**row, "title": ACHIEVEMENTS[row["name"]].title} for row in rows]
