"""Who takes part most in a live session, in points; equal points are an equal place."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tactful.store.steps import Say, Steps


class Worth(NamedTuple):
    """Points of one of them, and how many count at most, so that nobody leads by pressing a button all day."""

    points: int
    most: int


# A vote and a question are what others gain by, a raised hand and words cost something, a reaction is one click.
# Polls come a few times an hour: all of them count.
WORTH: Mapping[str, Worth] = {
    "votes": Worth(5, 100),
    "questions": Worth(5, 5),
    "upvotes": Worth(2, 50),
    "hands": Worth(3, 5),
    "chats": Worth(2, 20),
    "reactions": Worth(1, 20),
}
# Questions that an organiser took out of sight count for nothing.
QUESTIONS = """
SELECT live_session_id, participant, count(*) AS questions, sum(votes) AS upvotes FROM audience_questions
 WHERE live_session_id = ANY(%(sessions)s) AND hidden_at IS NULL GROUP BY 1, 2
"""
SOURCE = {"questions": "coalesce(q.questions, 0)", "upvotes": "coalesce(q.upvotes, 0)"}
POINTS = " + ".join(
    f"{each.points} * least({SOURCE.get(name, f't.{name}')}, {each.most})" for name, each in WORTH.items()
)
BOARD = f"""
WITH q AS ({QUESTIONS}),
points AS (SELECT live_session_id, participant, {POINTS} AS points
             FROM live_participants t LEFT JOIN q USING (live_session_id, participant)
            WHERE live_session_id = ANY(%(sessions)s)),
placed AS (SELECT live_session_id, participant, points::bigint AS points,
                  rank() OVER (PARTITION BY live_session_id ORDER BY points DESC) AS place,
                  row_number() OVER (PARTITION BY live_session_id ORDER BY points DESC, participant) AS row
             FROM points WHERE points > 0)
SELECT live_session_id, participant, points, place, row <= %(limit)s AS shown FROM placed
 WHERE row <= %(limit)s OR (live_session_id, participant) IN (
       SELECT * FROM unnest(%(sessions)s::bigint[], %(participants)s::text[]))
 ORDER BY live_session_id, row
"""


class Asked(NamedTuple):
    """Whose board is asked for: the live session by our number, and a participant who wants their own place."""

    live_session_id: int
    participant: str | None = None


class Board(NamedTuple):
    """The first places, each participant, points and place; and the own one of who asked, if they have points."""

    first: list[dict[str, Any]]
    own: dict[str, Any] | None


def boards(asked: Sequence[Asked], *, limit: int) -> Steps[list[Board]]:
    """The first `limit` of each session that is asked for; one statement for all."""
    values = {
        "sessions": [each.live_session_id for each in asked],
        "participants": [each.participant for each in asked],
        "limit": limit,
    }
    first: dict[int, list[dict[str, Any]]] = {}
    own: dict[Asked, dict[str, Any]] = {}
    for row in (yield Say(BOARD, values)):
        told = {name: row[name] for name in ("participant", "points", "place")}
        own[Asked(row["live_session_id"], row["participant"])] = told
        if row["shown"]:
            first.setdefault(row["live_session_id"], []).append(told)
    return [Board(first.get(each.live_session_id, []), own.get(each)) for each in asked]
