"""Polls of live sessions: opened, voted on (see `votes`), counted, over.

A poll is over once its time has come, once somebody closed it or once its session has ended. Whoever counts votes holds
its row shared, whoever ends it holds it alone: what is counted after that is final.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tactful.facts.audiences import NOT_LIVE
from tactful.kernel.errors import Conflict, NotFound
from tactful.store.steps import Say, Steps

# Answers in words that are shown with results: the latest.
WORDS = 20
# Polls that are ended in one go.
MOST_ENDED = 1000

COLUMNS = """p.id::text AS poll_id, p.live_session_id, s.session_id, p.intervention_id::text, p.template, p.question,
  p.type, p.options, p.results, p.opened_at, p.closes_at,
  coalesce(p.closed_at, CASE WHEN p.told OR s.state = 'ended' THEN least(p.closes_at, s.ended_at) END) AS closed_at"""
FROM = "polls p JOIN live_sessions s ON s.id = p.live_session_id"
OVER = "(p.told OR p.closed_at IS NOT NULL OR p.closes_at <= %(now)s OR s.state = 'ended')"
OPEN = f"""
WITH p AS (INSERT INTO polls (organisation_id, live_session_id, question, type, options, results, opened_at, closes_at)
           VALUES (%(organisation)s, %(session)s, %(question)s, %(type)s, %(options)s, %(results)s, %(now)s,
                   %(closes)s) RETURNING *)
SELECT {COLUMNS} FROM p JOIN live_sessions s ON s.id = p.live_session_id
"""
# As what is decided does: no other poll is decided upon until the cooldown is over. Rounded up, so that whole seconds
# never end it early.
SPEND = """
UPDATE live_attention
   SET last_by_kind = last_by_kind || jsonb_build_object('POLL', ceil(extract(epoch FROM %(now)s::timestamptz))::bigint)
 WHERE live_session_id = %(session)s
"""
ROOM = """
SELECT s.id, s.organisation_id, s.session_id, s.event_id, s.state FROM live_sessions s
  JOIN organisations o ON o.id = s.organisation_id WHERE o.name = %s AND s.session_id = %s
"""
CLOSE = f"""
UPDATE polls p SET closed_at = %(now)s FROM live_sessions s WHERE s.id = p.live_session_id AND p.id = %(poll)s::uuid
   AND p.live_session_id = %(session)s AND NOT {OVER} RETURNING {COLUMNS}
"""
ONE = f"SELECT {COLUMNS} FROM {FROM} WHERE p.id = %s::uuid AND p.live_session_id = %s"
NAMED = f"""
SELECT {COLUMNS}, o.name FROM {FROM} JOIN organisations o ON o.id = p.organisation_id WHERE p.id = ANY(%s::uuid[])
"""
SEVERAL = f"""
SELECT {COLUMNS} FROM {FROM} WHERE p.live_session_id = %s ORDER BY p.opened_at DESC, p.id LIMIT %s OFFSET %s
"""
# Those that are over and not yet known to be; whoever counts votes on them is waited for.
END = f"""
UPDATE polls p SET told = true WHERE p.id IN (
  SELECT p.id FROM {FROM} WHERE NOT p.told AND {OVER}
     AND (%(sessions)s::bigint[] IS NULL OR p.live_session_id = ANY(%(sessions)s))
   ORDER BY p.id LIMIT {MOST_ENDED} FOR NO KEY UPDATE OF p) RETURNING p.id::text AS poll_id
"""
STANDING = f"""
SELECT {COLUMNS} FROM {FROM}
 WHERE (p.live_session_id = ANY(%(sessions)s) AND NOT p.told) OR p.id = ANY(%(known)s::uuid[])
 ORDER BY p.opened_at, p.id
"""
COUNTS = """
SELECT poll_id::text, choice, count(*) AS votes FROM poll_votes WHERE poll_id = ANY(%s::uuid[]) GROUP BY 1, 2
"""
ANSWERS = f"""
SELECT w.poll_id, v.words FROM unnest(%s::text[]) AS w (poll_id) CROSS JOIN LATERAL (
  SELECT words FROM poll_votes v WHERE v.poll_id = w.poll_id::uuid AND words IS NOT NULL
   ORDER BY voted_at DESC, participant LIMIT {WORDS}) v
"""
VOTERS = "SELECT poll_id::text, participant FROM poll_votes WHERE poll_id = ANY(%s::uuid[]) AND voted_at >= %s"
ENDED = "SELECT id FROM live_sessions WHERE id = ANY(%s) AND state = 'ended'"
OWN = """
SELECT w.participant, v.poll_id::text, v.choice, v.words FROM unnest(%s::text[], %s::text[]) AS w (poll_id, participant)
  JOIN poll_votes v ON v.poll_id = w.poll_id::uuid AND v.participant = w.participant
"""


class NewPoll(NamedTuple):
    """A poll as it is opened by hand. duration: how long it stays open [s]."""

    question: str
    type: str
    options: Sequence[str]
    duration: float
    results: str


def room(organisation: str, session_id: str) -> Steps[dict[str, Any]]:
    """A live session by the product's own names: id, organisation_id, session_id, event_id, state. raises: NotFound."""
    rows = yield Say(ROOM, (organisation, session_id))
    if not rows:
        raise NotFound(f"There is no live session {session_id}.", fields=["session_id"])
    return rows[0]


def open_poll(organisation: str, session_id: str, told: NewPoll, *, now: datetime) -> Steps[dict[str, Any]]:
    """Open a poll by hand; the session's attention is spent on it. raises: NotFound; Conflict unless it is live."""
    session = yield from room(organisation, session_id)
    if session["state"] != "live":
        raise Conflict(f"The live session {session_id} {NOT_LIVE[session['state']]}; polls are for those that run.")
    values = {"organisation": session["organisation_id"], "session": session["id"], "now": now}
    values |= told._asdict() | {"options": list(told.options), "closes": now + timedelta(seconds=told.duration)}
    rows = yield Say(OPEN, values)
    yield Say(SPEND, values)
    return rows[0]


def close_poll(organisation: str, session_id: str, poll_id: str, *, now: datetime) -> Steps[dict[str, Any]]:
    """Close a poll before its time; closing it again changes nothing. The answer has its results. raises: NotFound."""
    session = yield from room(organisation, session_id)
    yield Say(CLOSE, {"poll": poll_id, "session": session["id"], "now": now})
    return (yield from one(session, poll_id))


def one(session: Mapping[str, Any], poll_id: str) -> Steps[dict[str, Any]]:
    """A poll of a session (see `room`) with its results. raises: NotFound."""
    rows = yield Say(ONE, (poll_id, session["id"]))
    if not rows:
        told = f"There is no poll {poll_id} in the live session {session['session_id']}."
        raise NotFound(told, fields=["poll_id"])
    (row,) = yield from with_counts(rows)
    return row


def several(session: Mapping[str, Any], *, limit: int, offset: int) -> Steps[list[dict[str, Any]]]:
    """Polls of a session, newest first, with their results."""
    rows = yield Say(SEVERAL, (session["id"], limit, offset))
    return (yield from with_counts(rows))


def named(asked: Sequence[tuple[str, str, str]]) -> Steps[dict[tuple[str, str, str], dict[str, Any]]]:
    """Polls with their results by (organisation, session_id, poll_id), of those that are `asked` for and there."""
    rows = yield Say(NAMED, (sorted({poll for _, _, poll in asked}),))
    names = {row["poll_id"]: row.pop("name") for row in rows}
    return {(names[row["poll_id"]], row["session_id"], row["poll_id"]): row for row in (yield from with_counts(rows))}


def end(now: datetime, *, sessions: Sequence[int] | None = None) -> Steps[list[str]]:
    """End what is over, of these sessions or of all: their ids. After the commit nobody's vote is taken any more."""
    values = {"now": now, "sessions": None if sessions is None else list(sessions)}
    rows = yield Say(END, values)
    return [row["poll_id"] for row in rows]


def standing(sessions: Sequence[int], known: Sequence[str]) -> Steps[list[dict[str, Any]]]:
    """Open polls of these sessions, and those that were `known` to be, with results, oldest first."""
    rows = yield Say(STANDING, {"sessions": list(sessions), "known": list(known)})
    return (yield from with_counts(rows))


def with_counts(polls: Sequence[dict[str, Any]]) -> Steps[list[dict[str, Any]]]:
    """The same polls with votes (how many), counts (of each option) and answers (in words, the latest)."""
    if not polls:
        return []
    found = yield Say(COUNTS, ([poll["poll_id"] for poll in polls],))
    by_choice = {(row["poll_id"], row["choice"]): row["votes"] for row in found}
    open_ended = [poll["poll_id"] for poll in polls if poll["type"] == "open_ended"]
    said = (yield Say(ANSWERS, (open_ended,))) if open_ended else []
    return [_counted(poll, by_choice, said) for poll in polls]


def _counted(
    poll: dict[str, Any], by_choice: Mapping[tuple[str, int | None], int], said: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    own = poll["poll_id"]
    counts = [by_choice.get((own, place), 0) for place in range(len(poll["options"]))]
    answers = [row["words"] for row in said if row["poll_id"] == own]
    return {**poll, "votes": sum(counts) + by_choice.get((own, None), 0), "counts": counts, "answers": answers}


def own_votes(asked: Sequence[tuple[str, str]]) -> Steps[dict[tuple[str, str], dict[str, Any]]]:
    """What participants voted, by (poll_id, participant), of those pairs that are `asked` for."""
    rows = yield Say(OWN, ([poll for poll, _ in asked], [who for _, who in asked]))
    return {(row["poll_id"], row["participant"]): {"choice": row["choice"], "words": row["words"]} for row in rows}


class Look(NamedTuple):
    """Rooms as they stand: open polls and those that have just ended, who voted lately, which sessions have ended."""

    polls: list[dict[str, Any]]
    voters: list[tuple[str, str]]
    ended: set[int]


def look(sessions: Sequence[int], known: Sequence[str], *, now: datetime, since: datetime) -> Steps[Look]:
    """End what is over in these sessions, and look at them. known: polls that were open at the last look.

    voters: (poll_id, participant) of votes on open polls since `since`, asked for after the results.
    """
    yield from end(now, sessions=sessions)
    found = yield from standing(sessions, known)
    open_ones = [poll["poll_id"] for poll in found if poll["closed_at"] is None]
    voted = (yield Say(VOTERS, (open_ones, since))) if open_ones else []
    ended = yield Say(ENDED, (list(sessions),))
    return Look(found, [(row["poll_id"], row["participant"]) for row in voted], {row["id"] for row in ended})
