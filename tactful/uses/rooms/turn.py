"""Deciding about what was noticed in live sessions: one transaction, under the number the sessions are held by.

Whoever lost a session to another process meanwhile writes nothing about it, and what another process noticed in the
same stretch is not noticed again: so nothing is done twice, whoever died or slept.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.writing import PURPOSES
from tactful.store.database import Connection
from tactful.store.decided import rooms
from tactful.store.running import writing
from tactful.uses.rooms import noticed as told
from tactful.uses.rooms.acts import carry_out, shown, to_room
from tactful.uses.rooms.cases import Case, Deciding, Rooms, chosen
from tactful.uses.rooms.noticed import Noticed, graded

# How long after a moment engagement is looked at again [s]; a poll and what it leaves behind fit in.
SETTLES = 150.0
# What was noticed longer ago is told of, and nothing follows [s].
LATELY = timedelta(seconds=30)
# What comes of a choice that is put into words.
SAID = ("acted", "suggested")


def turn(
    connection: Connection, noticed: Sequence[Noticed], *, at: datetime, deciding: Deciding
) -> list[dict[str, Any]]:
    """Write what was noticed and what follows `at` this instant; the entries of the outbox, in order.

    The caller commits, and must hold the sessions until then (`partitions.still`). What was noticed longer ago than
    LATELY is told of, and nothing follows: the moment has passed.
    """
    if not noticed:
        return []
    sessions = sorted({each.live_session_id for each in noticed})
    known = {row["live_session_id"]: row for row in rooms.rooms(connection, sessions, at) if row["state"] == "live"}
    inside = [each for each in noticed if each.live_session_id in known]
    mine = [graded(each) for each in sorted(inside, key=lambda each: each.at)]
    ids: dict[tuple[int, str, datetime], str] = {}
    for some in rounds(mine):
        ids |= rooms.notice(connection, [told.row(each, known[each.live_session_id]) for each in some])
    fresh = [(each, ids.pop(key)) for each in mine if (key := (each.live_session_id, each.kind, each.at)) in ids]
    news = [message for each, name in fresh for message in told.messages(each, known[each.live_session_id], name)]
    news += _expired(connection, known, at)
    lately = [(each, name) for each, name in fresh if each.at >= at - LATELY]
    if lately:
        news += _decide(connection, lately, known, at=at, deciding=deciding)
    return rooms.post(connection, news)


def expire(connection: Connection, at: datetime) -> list[dict[str, Any]]:
    """Say of suggestions in all rooms that they waited too long; the entries of the outbox. The caller commits."""
    return rooms.post(connection, [_gone(row) for row in rooms.expire_all(connection, at)])


def rounds(noticed: Sequence[Noticed]) -> list[list[Noticed]]:
    """Each kind once for a session in each round, in order: what is written sees what came before it."""
    found: list[list[Noticed]] = []
    seen: Counter[tuple[int, str]] = Counter()
    for each in noticed:
        key = each.live_session_id, each.kind
        if seen[key] == len(found):
            found.append([])
        found[seen[key]].append(each)
        seen[key] += 1
    return found


def _written(connection: Connection, cases: Sequence[Case], at: datetime) -> list[Case]:
    """With what was written ahead, where there is any: it is taken away by this very transaction."""
    wanted = [_place(case) for case in cases if case.result in SAID and case.told["chosen"] in PURPOSES]
    found = writing.take(connection, wanted, at=at)
    return [replace(case, words=found.get(_place(case), {})) if case.result in SAID else case for case in cases]


def _place(case: Case) -> tuple[int, str]:
    return int(case.room["live_session_id"]), str(case.told["chosen"])


def _expired(connection: Connection, known: Rooms, at: datetime) -> list[dict[str, Any]]:
    return [_gone(row) for row in rooms.expire(connection, list(known), at)]


def _gone(row: Mapping[str, Any]) -> dict[str, Any]:
    return to_room(row, "suggestion_closed", {"id": row["id"], "state": "expired"})


def _decide(
    connection: Connection, fresh: Sequence[tuple[Noticed, str]], known: Rooms, *, at: datetime, deciding: Deciding
) -> list[dict[str, Any]]:
    deciding = deciding.governing(known.values())
    cases = _written(connection, chosen(fresh, known, at=at, deciding=deciding), at)
    rules = deciding.rules
    ledger = [case.ledger() for case in cases]
    numbers = rooms.record(
        connection, ledger, at=at, policy=rules.policy_name, configuration=rules.stored(), own_upto=rules.upto
    )
    both = list(zip(cases, numbers, strict=True))
    acts = [case.act(number) for case, number in both if case.result == "acted"]
    rows, news = carry_out(connection, acts, at=at, results=deciding.results)
    done = {row["decision_id"]: row for row in rows}
    tried = [case.moment(number, done.get(number)) for case, number in both if case.tried]
    rooms.remember(connection, tried, at=at, seconds=SETTLES)
    waiting = [case.suggestion(number) for case, number in both if case.result == "suggested"]
    proposed = rooms.suggest(connection, waiting, at=at)
    return news + [to_room(known[row["live_session_id"]], "suggestion", shown(row)) for row in proposed]
