"""Who wants which questions of a live audience answered: each participant once, and they may think otherwise.

Written in groups, one transaction each; the rows of the questions are held, so that their sums are right.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl
from psycopg import sql

from tactful.kernel.errors import Conflict, NotFound, TactfulError
from tactful.store.literals import rows as literal_rows
from tactful.store.sensed.achievements import award
from tactful.store.steps import Say, Steps


class Want(NamedTuple):
    """Somebody wants a question answered, or (wanted false) does not any more."""

    organisation: str
    session: str
    question: int
    participant: str
    wanted: bool = True


class Wanted(NamedTuple):
    """What became of it. votes: how many want it answered now. earned: names of what its asker achieved by that."""

    live_session_id: int
    question_id: int
    votes: int
    changed: bool
    asker: str
    earned: tuple[str, ...] = ()


FOUND = """
SELECT q.id, q.live_session_id, q.organisation_id, q.participant, q.votes, o.name, s.session_id, s.state,
       q.answered_at IS NOT NULL OR q.hidden_at IS NOT NULL AS over
  FROM audience_questions q JOIN live_sessions s ON s.id = q.live_session_id
  JOIN organisations o ON o.id = q.organisation_id WHERE q.id = ANY(%s) ORDER BY q.id FOR NO KEY UPDATE OF q
"""
WANT = """
INSERT INTO question_votes (question_id, participant, organisation_id, voted_at)
SELECT question_id, participant, organisation_id, {now} FROM {told} ORDER BY 1, 2
    ON CONFLICT DO NOTHING RETURNING question_id, participant, 1 AS by
"""
UNWANT = """
DELETE FROM question_votes v USING {told}
 WHERE (v.question_id, v.participant) = (w.question_id, w.participant) RETURNING v.question_id, v.participant, -1 AS by
"""
TALLY = """
UPDATE audience_questions q SET votes = q.votes + w.by FROM {told} WHERE q.id = w.question_id RETURNING q.id, q.votes
"""
SIDES: dict[str, Any] = {"question_id": pl.Int64, "participant": pl.String, "organisation_id": pl.Int64}


def take_sides(told: Sequence[Want], *, now: datetime) -> Steps[list[Wanted | TactfulError]]:
    """Who wants which questions answered: a group of it; what became of each, in order. The last word counts."""
    found = yield Say(FOUND, (sorted({each.question for each in told}),))
    questions = {row["id"]: row for row in found}
    refused = [_not_to_be_wanted(each, questions.get(each.question)) for each in told]
    sides = {
        (each.question, each.participant): each.wanted
        for each, error in zip(told, refused, strict=True)
        if error is None
    }
    moved: dict[tuple[int, str], int] = {}
    for wanted, statement in ((True, WANT), (False, UNWANT)):
        rows = [(*side, questions[side[0]]["organisation_id"]) for side, said in sides.items() if said is wanted]
        if rows:
            frame = literal_rows(pl.DataFrame(rows, schema=SIDES, orient="row"), "w")
            done = yield Say(sql.SQL(statement).format(now=sql.Literal(now), told=frame))
            moved |= {(row["question_id"], row["participant"]): row["by"] for row in done}
    earned = yield from _tally(moved, questions, now)
    return [
        error or _side(each, questions[each.question], moved, earned) for each, error in zip(told, refused, strict=True)
    ]


def _not_to_be_wanted(told: Want, question: Mapping[str, Any] | None) -> TactfulError | None:
    if question is None or (question["name"], question["session_id"]) != (told.organisation, told.session):
        why = f"There is no question {told.question} in the live session {told.session}."
        return NotFound(why, fields=["question_id"])
    if question["over"] or question["state"] != "live":
        return Conflict("The question is answered or hidden, or its session is over.", fields=["question_id"])
    if question["participant"] == told.participant:
        return Conflict("It is your own question; the votes of others count.", fields=["question_id"])
    return None


def _tally(
    moved: Mapping[tuple[int, str], int], questions: dict[int, dict[str, Any]], now: datetime
) -> Steps[dict[tuple[int, str], list[str]]]:
    """Bring the sums of votes up to date, in `questions` too; what askers earned by that."""
    by: dict[int, int] = {}
    for (question, _), change in moved.items():
        by[question] = by.get(question, 0) + change
    if not by:
        return {}
    frame = pl.DataFrame(sorted(by.items()), schema={"question_id": pl.Int64, "by": pl.Int64}, orient="row")
    for row in (yield Say(sql.SQL(TALLY).format(told=literal_rows(frame, "w")))):
        questions[row["id"]]["votes"] = row["votes"]
    askers = {(questions[each]["live_session_id"], questions[each]["participant"]) for each in by}
    return (yield from award(askers, now=now, asked=True))


def _side(
    told: Want,
    question: Mapping[str, Any],
    moved: Mapping[tuple[int, str], int],
    earned: Mapping[tuple[int, str], Sequence[str]],
) -> Wanted:
    session, asker = question["live_session_id"], question["participant"]
    changed = (told.question, told.participant) in moved
    names = tuple(earned.get((session, asker), ())) if changed else ()
    return Wanted(session, told.question, question["votes"], changed, asker, names)
