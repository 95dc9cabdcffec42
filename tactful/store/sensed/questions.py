"""Questions of live audiences, written in groups, one transaction each; who else wants them answered is in `sides`.

A question asked twice by the same participant is one question while it waits. It is a signal of the audience too, in
the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl
from psycopg import sql

from tactful.facts.audiences import NOT_LIVE, Signal
from tactful.kernel.errors import Conflict, NotFound, TactfulError
from tactful.store.literals import rows as literal_rows
from tactful.store.sensed import signals
from tactful.store.sensed.achievements import award
from tactful.store.steps import Say, Steps

# Questions of one participant in a session that are neither answered nor hidden: nobody fills the list alone.
MOST_WAITING = 10


class Question(NamedTuple):
    """Something that somebody wants to know."""

    organisation: str
    session: str
    participant: str
    words: str


class Asked(NamedTuple):
    """What became of a question. first: it was not asked before. achievements: names of those earned by it."""

    live_session_id: int
    question_id: int
    first: bool
    achievements: tuple[str, ...] = ()


COLUMNS = """q.id AS question_id, q.participant, q.words, q.asked_at, q.answered_at, q.hidden_at, q.votes"""
SESSIONS = """
SELECT o.name, s.session_id, s.id, s.organisation_id, s.state FROM live_sessions s
  JOIN organisations o ON o.id = s.organisation_id
  JOIN unnest(%s::text[], %s::text[]) AS w (name, session_id) ON (w.name, w.session_id) = (o.name, s.session_id)
"""
WAITING = """
SELECT q.live_session_id, q.participant, q.words, q.id FROM audience_questions q JOIN (
       SELECT DISTINCT live_session_id, participant FROM {told}) t USING (live_session_id, participant)
 WHERE q.hidden_at IS NULL AND q.answered_at IS NULL
"""
ASK = """
INSERT INTO audience_questions (organisation_id, live_session_id, participant, words, asked_at)
SELECT organisation_id, live_session_id, participant, words, {now} FROM {told}
RETURNING id, live_session_id, participant, words
"""
SET = """
UPDATE audience_questions q SET {column} = {value} WHERE q.id = {question} AND q.live_session_id = {session}
RETURNING {columns}
"""
# Open ones first, the most wanted of them first; then what was answered, the latest first.
SEVERAL = f"""
SELECT {COLUMNS}, EXISTS (SELECT FROM question_votes v WHERE v.question_id = q.id AND v.participant = %(who)s) AS wanted
  FROM audience_questions q
 WHERE q.live_session_id = %(session)s AND (%(hidden)s OR q.hidden_at IS NULL)
 ORDER BY q.hidden_at IS NOT NULL, q.answered_at IS NOT NULL, q.answered_at DESC, q.votes DESC, q.id
 LIMIT %(limit)s OFFSET %(offset)s
"""
TEXTS: dict[str, Any] = {
    "organisation_id": pl.Int64, "live_session_id": pl.Int64, "participant": pl.String, "words": pl.String,
}  # fmt: skip

Text = tuple[int, str, str]


def sessions(asked: Collection[tuple[str, str]]) -> Steps[dict[tuple[str, str], dict[str, Any]]]:
    """Live sessions by organisation and name: id, organisation_id, state; of those that are `asked` for and there."""
    keys = sorted(asked)
    rows = yield Say(SESSIONS, ([name for name, _ in keys], [own for _, own in keys]))
    return {(row["name"], row["session_id"]): row for row in rows}


def ask(told: Sequence[Question], *, now: datetime, most: int) -> Steps[list[Asked | TactfulError]]:
    """Take a group of questions; what became of each, in order. most: as for `signals.count_signals`."""
    rooms = yield from sessions({(each.organisation, each.session) for each in told})
    refused = [_closed(rooms.get((each.organisation, each.session)), each.session) for each in told]
    texts = {_text(each, rooms): each for each, error in zip(told, refused, strict=True) if error is None}
    known: dict[Text, int] = {}
    fresh: dict[Text, Question] = {}
    if texts:
        known, waiting = yield from _waiting(texts, rooms)
        fresh = _few_enough(texts, known, waiting)
    made = (yield from _ask(fresh, rooms, now)) if fresh else {}
    earned = (yield from _heard(fresh, made, now=now, most=most)) if fresh else {}
    return [error or _asked(_text(each, rooms), known, made, earned) for each, error in zip(told, refused, strict=True)]


def _closed(session: Mapping[str, Any] | None, name: str) -> TactfulError | None:
    if session is None:
        return NotFound(f"There is no live session {name}.", fields=["session_id"])
    if session["state"] != "live":
        return Conflict(f"The live session {name} {NOT_LIVE[session['state']]}; questions are for those that run.")
    return None


def _text(told: Question, rooms: Mapping[tuple[str, str], Mapping[str, Any]]) -> Text:
    return rooms[told.organisation, told.session]["id"], told.participant, told.words


def _rows(texts: Mapping[Text, Question], rooms: Mapping[tuple[str, str], Mapping[str, Any]]) -> sql.Composed:
    rows = [(rooms[each.organisation, each.session]["organisation_id"], *text) for text, each in texts.items()]
    return literal_rows(pl.DataFrame(rows, schema=TEXTS, orient="row"), "w")


def _waiting(
    texts: Mapping[Text, Question], rooms: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Steps[tuple[dict[Text, int], dict[tuple[int, str], int]]]:
    """Questions of these participants that wait, by their text; and how many each of them has."""
    rows = yield Say(sql.SQL(WAITING).format(told=_rows(texts, rooms)))
    known = {(row["live_session_id"], row["participant"], row["words"]): row["id"] for row in rows}
    many: dict[tuple[int, str], int] = {}
    for row in rows:
        key = (row["live_session_id"], row["participant"])
        many[key] = many.get(key, 0) + 1
    return known, many


def _few_enough(
    texts: Mapping[Text, Question], known: Mapping[Text, int], waiting: dict[tuple[int, str], int]
) -> dict[Text, Question]:
    fresh: dict[Text, Question] = {}
    for text, each in texts.items():
        if text not in known and waiting.get(text[:2], 0) < MOST_WAITING:
            waiting[text[:2]] = waiting.get(text[:2], 0) + 1
            fresh[text] = each
    return fresh


def _ask(
    fresh: Mapping[Text, Question], rooms: Mapping[tuple[str, str], Mapping[str, Any]], now: datetime
) -> Steps[dict[Text, int]]:
    rows = yield Say(sql.SQL(ASK).format(now=sql.Literal(now), told=_rows(fresh, rooms)))
    return {(row["live_session_id"], row["participant"], row["words"]): row["id"] for row in rows}


def _heard(
    fresh: Mapping[Text, Question], made: Mapping[Text, int], *, now: datetime, most: int
) -> Steps[dict[tuple[int, str], list[str]]]:
    """Let engagement hear of them, and note what was earned."""
    told = [
        (each.organisation, Signal(f"question:{made[text]}", each.session, "question", now, each.participant))
        for text, each in fresh.items()
    ]
    yield from signals.count_signals(told, now=now, most=most)
    return (yield from award({text[:2] for text in fresh}, now=now))


def _asked(
    text: Text,
    known: Mapping[Text, int],
    made: Mapping[Text, int],
    earned: Mapping[tuple[int, str], Sequence[str]],
) -> Asked | TactfulError:
    if text in made:
        return Asked(text[0], made[text], True, tuple(earned.get(text[:2], ())))
    if text in known:
        return Asked(text[0], known[text], False)
    return Conflict(f"{MOST_WAITING} questions of yours wait for an answer; let some of them be answered first.")


def settle(
    session: Mapping[str, Any],
    question_id: int,
    *,
    now: datetime,
    answered: bool | None = None,
    hidden: bool | None = None,
) -> Steps[dict[str, Any]]:
    """Mark a question of a session (see `polls.room`) as answered, or hide it; or take that back. raises: NotFound."""
    column, value = ("answered_at", answered) if hidden is None else ("hidden_at", hidden)
    name = sql.Identifier(column)
    # Marked twice, the first time stands.
    at = sql.SQL("coalesce(q.{}, {})").format(name, sql.Literal(now)) if value else sql.SQL("NULL")
    rows = yield Say(
        sql.SQL(SET).format(
            column=name, value=at, question=question_id, session=session["id"], columns=sql.SQL(COLUMNS)
        )
    )
    if not rows:
        told = f"There is no question {question_id} in the live session {session['session_id']}."
        raise NotFound(told, fields=["question_id"])
    return rows[0]


def several(
    session: Mapping[str, Any], *, participant: str | None, hidden: bool, limit: int, offset: int
) -> Steps[list[dict[str, Any]]]:
    """Questions of a session: those that wait first, by votes. participant: whose `wanted` it is. hidden: those too."""
    values = {"session": session["id"], "who": participant, "hidden": hidden, "limit": limit, "offset": offset}
    return (yield Say(SEVERAL, values))
