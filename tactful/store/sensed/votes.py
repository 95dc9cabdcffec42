"""Votes on polls, counted in groups: one vote of each participant, which they may change until the poll is over.

A group is one transaction. The rows of its polls are held shared, so that whoever ends a poll waits for votes that are
on their way and no vote comes after it; votes are written in order of poll and participant, so that groups wait for one
another and never in a circle. Somebody's first vote on a poll is a signal of the audience too, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl
from psycopg import sql

from tactful.facts.audiences import Signal
from tactful.kernel.errors import BadInput, Conflict, NotFound, TactfulError
from tactful.store.literals import rows as literal_rows
from tactful.store.sensed import signals
from tactful.store.sensed.achievements import award
from tactful.store.steps import Say, Steps


class Vote(NamedTuple):
    """Somebody's vote: a choice, counted from 0, or words where the poll asks for them."""

    organisation: str
    session: str
    poll: str
    participant: str
    choice: int | None = None
    words: str | None = None


class Voted(NamedTuple):
    """What became of a vote. changed: it replaced another one. achievements: names of those earned by it."""

    first: bool
    changed: bool
    live_session_id: int
    achievements: tuple[str, ...] = ()


Result = Voted | TactfulError

POLLS = """
SELECT p.id::text AS poll_id, p.live_session_id, p.organisation_id, o.name, s.session_id, p.type,
       cardinality(p.options) AS choices,
       p.told OR p.closed_at IS NOT NULL OR p.closes_at <= %s OR s.state <> 'live' AS over
  FROM polls p JOIN live_sessions s ON s.id = p.live_session_id JOIN organisations o ON o.id = p.organisation_id
 WHERE p.id = ANY(%s::uuid[]) ORDER BY p.id FOR SHARE OF p
"""
WRITE = """
INSERT INTO poll_votes AS v (poll_id, participant, organisation_id, choice, words, voted_at)
SELECT poll_id::uuid, participant, organisation_id, choice, words, {now} FROM {told} ORDER BY poll_id::uuid, participant
    ON CONFLICT (poll_id, participant) DO UPDATE
   SET choice = excluded.choice, words = excluded.words, voted_at = excluded.voted_at, changes = v.changes + 1
 WHERE (v.choice, v.words) IS DISTINCT FROM (excluded.choice, excluded.words)
RETURNING poll_id::text, participant, changes
"""
COLUMNS: dict[str, Any] = {
    "poll_id": pl.String, "participant": pl.String, "organisation_id": pl.Int64, "choice": pl.Int32, "words": pl.String,
}  # fmt: skip


def count_votes(votes: Sequence[Vote], *, now: datetime, most: int) -> Steps[list[Result]]:
    """Count a group of votes; one Result for each, in order. Of one participant's votes the last one stands.

    now: by the server's clock, which alone says whether a poll is over. most: as for `signals.count_signals`.
    """
    found = yield Say(POLLS, (now, sorted({vote.poll for vote in votes})))
    polls = {row["poll_id"]: row for row in found}
    results: list[Result | None] = [refusal(vote, polls.get(vote.poll)) for vote in votes]
    fit = [vote for vote, told in zip(votes, results, strict=True) if told is None]
    written = (yield from _write(fit, polls, now)) if fit else {}
    first = [vote for vote in _last(fit).values() if written.get((vote.poll, vote.participant)) == 0]
    earned: dict[tuple[int, str], list[str]] = {}
    if first:
        yield from signals.count_signals([_signal(vote, now) for vote in first], now=now, most=most)
        earned = yield from award({(polls[vote.poll]["live_session_id"], vote.participant) for vote in first}, now=now)
    return [
        told or _voted(vote, polls[vote.poll]["live_session_id"], written, earned)
        for vote, told in zip(votes, results, strict=True)
    ]


def refusal(vote: Vote, poll: Mapping[str, Any] | None) -> TactfulError | None:
    """Why a vote cannot be counted, if it cannot."""
    if poll is None or (poll["name"], poll["session_id"]) != (vote.organisation, vote.session):
        told = f"There is no poll {vote.poll} in the live session {vote.session}."
        return NotFound(told, fields=["poll_id"])
    if poll["over"]:
        return Conflict("The poll is closed; votes count until then.", fields=["poll_id"])
    return _unfit(vote, poll)


def _unfit(vote: Vote, poll: Mapping[str, Any]) -> BadInput | None:
    if poll["type"] == "open_ended":
        if vote.words is None or vote.choice is not None:
            return BadInput("This poll is answered in words: send words and no choice.", fields=["words"])
        return None
    if vote.choice is None or vote.words is not None:
        return BadInput("This poll is answered by a choice: send choice and no words.", fields=["choice"])
    if not 0 <= vote.choice < poll["choices"]:
        told = f"choice must be from 0 to {poll['choices'] - 1}; options are counted from 0."
        return BadInput(told, fields=["choice"])
    return None


def _last(votes: Sequence[Vote]) -> dict[tuple[str, str], Vote]:
    return {(vote.poll, vote.participant): vote for vote in votes}


def _write(votes: Sequence[Vote], polls: Mapping[str, Any], now: datetime) -> Steps[dict[tuple[str, str], int]]:
    """How often each vote that was new or other than before has been changed."""
    rows = [
        (vote.poll, vote.participant, polls[vote.poll]["organisation_id"], vote.choice, vote.words)
        for vote in _last(votes).values()
    ]
    told = literal_rows(pl.DataFrame(rows, schema=COLUMNS, orient="row"), "w")
    written = yield Say(sql.SQL(WRITE).format(now=sql.Literal(now), told=told))
    return {(row["poll_id"], row["participant"]): row["changes"] for row in written}


def _signal(vote: Vote, now: datetime) -> signals.Row:
    told = Signal(f"vote:{vote.poll}:{vote.participant}", vote.session, "poll_vote", now, vote.participant)
    return vote.organisation, told


def _voted(
    vote: Vote,
    session: int,
    written: Mapping[tuple[str, str], int],
    earned: Mapping[tuple[int, str], Sequence[str]],
) -> Voted:
    changes = written.get((vote.poll, vote.participant))
    names = tuple(earned.get((session, vote.participant), ())) if changes == 0 else ()
    return Voted(changes == 0, bool(changes), session, names)
