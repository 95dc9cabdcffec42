"""Votes count once for each participant, until the poll is over and not a moment longer."""

import threading
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.store.database import Database
from tactful.store.sensed import polls, votes
from tactful.store.sensed.polls import NewPoll
from tactful.store.sensed.votes import Vote, Voted
from tactful.store.steps import run
from tests.living import one, rows
from tests.often import often
from tests.rooms import LUNCH, MOST, NOW, cast, chosen, go, live_session, opened

SECOND = timedelta(seconds=1)


@pytest.fixture
def room(closed_database: Database) -> Database:
    """A database in which the keynote runs."""
    with closed_database.batch() as connection:
        live_session(connection)
    return closed_database


def counted(database: Database, poll: str) -> dict[str, Any]:
    """The poll as known now."""
    return dict(go(database, _read(poll)))


def _read(poll: str) -> Any:
    session = yield from polls.room("acme", "keynote")
    return (yield from polls.one(session, poll))


def test_a_vote_is_counted_and_heard_as_a_signal_in_the_same_transaction(room: Database) -> None:
    poll = opened(room)
    told = cast(room, [chosen(poll, "ana", 1), chosen(poll, "ben", 1), chosen(poll, "cleo", 2)])
    assert [each.first for each in told] == [True] * 3
    found = counted(room, poll)
    assert (found["votes"], found["counts"], found["closed_at"]) == (3, [0, 2, 1], None)
    assert rows(room, "SELECT votes, viewers FROM live_seconds") == [{"votes": 3, "viewers": 3}]
    assert one(room, "SELECT seq FROM live_counts") == 3


def test_a_vote_may_be_changed_and_is_still_one_vote_and_one_signal(room: Database) -> None:
    poll = opened(room)
    cast(room, [chosen(poll, "ana", 0)])
    (again,) = cast(room, [chosen(poll, "ana", 0)])
    (other,) = cast(room, [chosen(poll, "ana", 2)])
    assert (again.first, again.changed, other.first, other.changed) == (False, False, False, True)
    assert counted(room, poll)["counts"] == [0, 0, 1]
    assert rows(room, "SELECT choice, changes FROM poll_votes") == [{"choice": 2, "changes": 1}]
    assert one(room, "SELECT sum(votes) FROM live_seconds") == 1
    assert one(room, "SELECT votes FROM live_participants") == 1


@given(
    said=st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 2)), min_size=1, max_size=30),
    cuts=st.sets(st.integers(1, 29), max_size=5),
)
@settings(max_examples=often(30), suppress_health_check=list(HealthCheck))
def test_however_votes_are_grouped_the_last_of_each_participant_counts_and_each_is_heard_once(
    module_database: Database, said: list[tuple[str, int]], cuts: set[int]
) -> None:
    edges = sorted({0, *(cut for cut in cuts if cut < len(said)), len(said)})
    with module_database.batch() as connection, connection.transaction(force_rollback=True):
        live_session(connection)
        poll = run(connection, polls.open_poll("acme", "keynote", LUNCH, now=NOW))["poll_id"]
        for number, (start, end) in enumerate(pairwise(edges)):
            group = [chosen(poll, who, choice) for who, choice in said[start:end]]
            run(connection, votes.count_votes(group, now=NOW + number * SECOND, most=MOST))
        found = run(connection, _read(poll))
        heard = connection.execute("SELECT sum(votes) AS n FROM live_seconds").fetchone()
    last = list(dict(said).values())
    assert found["counts"] == [last.count(choice) for choice in range(3)]
    assert heard is not None
    assert heard["n"] == len(last)


def test_one_that_cannot_be_counted_does_not_harm_those_beside_it(room: Database) -> None:
    poll, words = opened(room), opened(room, NewPoll("Why?", "open_ended", [], 60, "voted"))
    nobody = str(UUID(int=1))
    told = cast(
        room,
        [
            chosen(poll, "ana", 1), chosen(poll, "ben", 3), chosen(poll, "ben", -1), chosen(nobody, "ben", 0),
            Vote("acme", "keynote", poll, "ben", None, "soup"), Vote("acme", "keynote", poll, "ben", 1, "soup"),
            Vote("acme", "keynote", words, "ben", 0), Vote("acme", "keynote", words, "ben", None, "because"),
            Vote("acme", "other", poll, "ben", 1), Vote("zenith", "keynote", poll, "ben", 1),
        ],
    )  # fmt: skip
    kinds = [type(each) for each in told]
    assert kinds == [Voted, BadInput, BadInput, NotFound, BadInput, BadInput, BadInput, Voted, NotFound, NotFound]
    fields = [each.fields for each in told if not isinstance(each, Voted)]
    assert fields == [["choice"]] * 2 + [["poll_id"]] + [["choice"]] * 2 + [["words"]] + [["poll_id"]] * 2
    assert counted(room, poll)["votes"] == 1
    assert counted(room, words)["answers"] == ["because"]


@pytest.mark.parametrize("how", ["time", "hand", "end of session"])
def test_what_comes_for_a_poll_that_is_over_is_refused(room: Database, how: str) -> None:
    poll = opened(room)
    cast(room, [chosen(poll, "ana", 1)])
    at = NOW + 2 * SECOND
    if how == "time":
        at = NOW + 60 * SECOND
    elif how == "hand":
        closed = go(room, polls.close_poll("acme", "keynote", poll, now=at))
        assert (closed["closed_at"], closed["counts"]) == (at, [0, 1, 0])
        assert go(room, polls.close_poll("acme", "keynote", poll, now=at + SECOND))["closed_at"] == at
    else:
        with room.batch() as connection:
            connection.execute("UPDATE live_sessions SET state = 'ended', ended_at = %s", (at,))
    told = cast(room, [chosen(poll, "ana", 2), chosen(poll, "ben", 2)], now=at)
    assert [type(each) for each in told] == [Conflict] * 2
    assert counted(room, poll)["counts"] == [0, 1, 0]


def test_a_poll_opens_only_in_a_session_that_runs(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        live_session(connection, "tomorrow", state="planned")
        live_session(connection, "yesterday", state="ended")
    for session in ("tomorrow", "yesterday"):
        with pytest.raises(Conflict, match=session):
            opened(closed_database, session=session)
    with pytest.raises(NotFound):
        opened(closed_database, session="nowhere")


def test_what_is_over_ends_once_and_its_last_count_is_final(room: Database) -> None:
    first, second = opened(room), opened(room, LUNCH._replace(duration=300))
    cast(room, [chosen(first, "ana", 1), chosen(second, "ana", 1)])
    assert go(room, polls.end(NOW + 30 * SECOND)) == []
    assert go(room, polls.end(NOW + 60 * SECOND, sessions=[0])) == []
    assert go(room, polls.end(NOW + 60 * SECOND)) == [first]
    assert go(room, polls.end(NOW + 60 * SECOND)) == []
    # By a clock that is behind ours.
    (late,) = cast(room, [chosen(first, "ben", 1)], now=NOW + 59 * SECOND)
    assert isinstance(late, Conflict)
    session = one(room, "SELECT id FROM live_sessions")
    standing = go(room, polls.standing([session], [first]))
    # Both were opened in the same instant, so either may come first.
    assert {(each["poll_id"], each["votes"], each["closed_at"]) for each in standing} == {
        (first, 1, NOW + 60 * SECOND),
        (second, 1, None),
    }
    assert [each["poll_id"] for each in go(room, polls.standing([session], []))] == [second]


def test_whoever_ends_a_poll_waits_for_votes_that_are_on_their_way(room: Database) -> None:
    poll = opened(room)
    seen: list[int] = []

    def end() -> None:
        with room.batch() as connection:
            assert run(connection, polls.end(NOW + 60 * SECOND)) == [poll]
            seen.append(run(connection, _read(poll))["votes"])

    with room.batch() as connection:
        run(connection, votes.count_votes([chosen(poll, "ana")], now=NOW + 59 * SECOND, most=MOST))
        other = threading.Thread(target=end)
        other.start()
        other.join(0.3)
        assert seen == []
    other.join(30)
    assert seen == [1]


def test_groups_that_vote_at_the_same_time_in_any_order_neither_fail_nor_count_twice(room: Database) -> None:
    poll = opened(room)
    names = [f"p{number}" for number in range(200)]
    groups = [names, names[::-1], names[100:] + names[:100]]

    def vote(group: list[str]) -> None:
        for start in range(0, 200, 20):
            cast(room, [chosen(poll, who, 1) for who in group[start : start + 20]])

    threads = [threading.Thread(target=vote, args=(group,)) for group in groups]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert counted(room, poll)["counts"] == [0, 200, 0]
    assert one(room, "SELECT sum(votes) FROM live_seconds") == 200
    assert one(room, "SELECT sum(changes) FROM poll_votes") == 0


def test_own_votes_are_told_of_those_pairs_that_are_asked_for(room: Database) -> None:
    poll, other = opened(room), opened(room)
    cast(room, [chosen(poll, "ana", 2), chosen(other, "ben", 1)])
    asked = [(poll, "ana"), (poll, "ben"), (other, "ana"), (other, "ben")]
    assert go(room, polls.own_votes(asked)) == {
        (poll, "ana"): {"choice": 2, "words": None},
        (other, "ben"): {"choice": 1, "words": None},
    }


def test_a_first_and_a_fifth_vote_are_achievements_and_each_is_told_once(room: Database) -> None:
    earned = []
    for number in range(6):
        (told,) = cast(room, [chosen(opened(room), "ana")], now=NOW + (number + 1) * SECOND)
        earned.append(told.achievements)
    assert earned == [("first_vote",), (), (), (), ("five_votes",), ()]
