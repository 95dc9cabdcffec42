"""Questions of an audience: asked once, wanted once by each, in an order that nobody makes alone."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.kernel.errors import Conflict, NotFound
from tactful.store.database import Database
from tactful.store.sensed import achievements, polls, questions, sides
from tactful.store.sensed.leaderboard import Asked as Board
from tactful.store.sensed.leaderboard import boards
from tactful.store.sensed.questions import MOST_WAITING, Question
from tactful.store.sensed.sides import Want
from tests.living import one, rows
from tests.rooms import MOST, NOW, cast, chosen, go, live_session, opened

SECOND = timedelta(seconds=1)


@pytest.fixture
def room(closed_database: Database) -> Database:
    """A database in which the keynote runs."""
    with closed_database.batch() as connection:
        live_session(connection)
    return closed_database


def ask(database: Database, *told: tuple[str, str], session: str = "keynote") -> list[Any]:
    group = [Question("acme", session, who, words) for who, words in told]
    return list(go(database, questions.ask(group, now=NOW, most=MOST)))


def want(database: Database, *told: tuple[int, str], wanted: bool = True) -> list[Any]:
    group = [Want("acme", "keynote", question, who, wanted) for question, who in told]
    return list(go(database, sides.take_sides(group, now=NOW)))


def listed(database: Database, who: str | None = None, *, hidden: bool = False) -> list[dict[str, Any]]:
    def steps() -> Any:
        session = yield from polls.room("acme", "keynote")
        return (yield from questions.several(session, participant=who, hidden=hidden, limit=100, offset=0))

    return list(go(database, steps()))


def settle(database: Database, question: int, **what: bool) -> dict[str, Any]:
    def steps() -> Any:
        session = yield from polls.room("acme", "keynote")
        return (yield from questions.settle(session, question, now=NOW, **what))

    return dict(go(database, steps()))


def test_a_question_is_kept_heard_as_a_signal_and_rewarded_once(room: Database) -> None:
    first, again, other = ask(room, ("ana", "When is lunch?"), ("ana", "When is lunch?"), ("ben", "When is lunch?"))
    (later,) = ask(room, ("ana", "When is lunch?"))
    assert first.question_id == again.question_id == later.question_id != other.question_id
    assert (first.first, later.first, first.achievements, later.achievements) == (True, False, ("first_question",), ())
    assert rows(room, "SELECT questions FROM live_seconds") == [{"questions": 2}]
    assert [(each["participant"], each["words"]) for each in listed(room)] == [
        ("ana", "When is lunch?"),
        ("ben", "When is lunch?"),
    ]


def test_nobody_fills_the_list_alone(room: Database) -> None:
    many = [("ana", f"Question {number}?") for number in range(MOST_WAITING + 2)]
    told = ask(room, *many, ("ben", "May I?"))
    assert [type(each) for each in told[MOST_WAITING:-1]] == [Conflict] * 2
    assert told[-1].first
    assert isinstance(ask(room, ("ana", "One more?"))[0], Conflict)
    settle(room, told[0].question_id, answered=True)
    assert ask(room, ("ana", "One more?"))[0].first


def test_questions_are_for_sessions_that_run(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        live_session(connection, "yesterday", state="ended")
    assert isinstance(ask(closed_database, ("ana", "Why?"), session="yesterday")[0], Conflict)
    assert isinstance(ask(closed_database, ("ana", "Why?"), session="nowhere")[0], NotFound)


def test_everybody_wants_a_question_once_and_may_think_otherwise(room: Database) -> None:
    (asked,) = ask(room, ("ana", "When is lunch?"))
    number = asked.question_id
    told = want(room, (number, "ben"), (number, "ben"), (number, "cleo"))
    assert [(each.votes, each.changed) for each in told] == [(2, True)] * 3
    (again,) = want(room, (number, "ben"))
    assert (again.votes, again.changed) == (2, False)
    (back,) = want(room, (number, "ben"), wanted=False)
    assert (back.votes, back.changed) == (1, True)
    (nothing,) = want(room, (number, "dan"), wanted=False)
    assert (nothing.votes, nothing.changed) == (1, False)
    assert [each["wanted"] for each in listed(room, "cleo")] == [True]
    assert [each["wanted"] for each in listed(room, "ben")] == [False]
    assert one(room, "SELECT votes FROM audience_questions") == one(room, "SELECT count(*) FROM question_votes") == 1


def test_who_asked_has_no_vote_and_what_is_settled_takes_none(room: Database) -> None:
    mine, answered, hidden = (each.question_id for each in ask(room, ("ana", "A?"), ("ben", "B?"), ("ben", "C?")))
    settle(room, answered, answered=True)
    settle(room, hidden, hidden=True)
    told = want(room, (mine, "ana"), (answered, "ana"), (hidden, "ana"), (0, "ana"))
    assert [type(each) for each in told] == [Conflict, Conflict, Conflict, NotFound]
    other = [Want("zenith", "keynote", mine, "ben"), Want("acme", "other", mine, "ben")]
    assert [type(each) for each in go(room, sides.take_sides(other, now=NOW))] == [NotFound] * 2


def test_what_is_wanted_most_comes_first_then_what_was_answered_and_nothing_hidden(room: Database) -> None:
    told = ask(room, *(("ana", f"{letter}?") for letter in "ABCD"))
    a, b, c, d = (each.question_id for each in told)
    want(room, (b, "ben"), (b, "cleo"), (c, "ben"))
    settle(room, b, answered=True)
    settle(room, d, hidden=True)
    assert [each["question_id"] for each in listed(room)] == [c, a, b]
    assert [each["question_id"] for each in listed(room, hidden=True)] == [c, a, b, d]
    assert settle(room, d, hidden=False)["hidden_at"] is None
    assert settle(room, b, answered=True)["answered_at"] == NOW
    with pytest.raises(NotFound):
        settle(room, 0, answered=True)


def test_a_question_that_five_others_want_is_an_achievement_of_who_asked(room: Database) -> None:
    (asked,) = ask(room, ("ana", "When is lunch?"))
    for number in range(4):
        assert want(room, (asked.question_id, f"p{number}"))[0].earned == ()
    (fifth,) = want(room, (asked.question_id, "p4"))
    assert (fifth.asker, fifth.earned) == ("ana", ("well_asked",))
    session = one(room, "SELECT id FROM live_sessions")
    assert {each["name"] for each in go(room, achievements.own(session, "ana"))} == {"first_question", "well_asked"}


def test_the_board_gives_equal_points_an_equal_place_and_everybody_their_own(room: Database) -> None:
    poll = opened(room)
    cast(room, [chosen(poll, who) for who in ("ana", "ben", "cleo", "dan")])
    first, second = (each.question_id for each in ask(room, ("ana", "A?"), ("ben", "B?")))
    want(room, (first, "dan"), (second, "dan"))
    session = one(room, "SELECT id FROM live_sessions")
    (top, nobody) = go(room, boards([Board(session, "dan"), Board(session, "eve")], limit=3))
    assert [(each["participant"], each["points"], each["place"]) for each in top.first] == [
        ("ana", 12, 1),
        ("ben", 12, 1),
        ("cleo", 5, 3),
    ]
    assert (top.own, nobody.own) == ({"participant": "dan", "points": 5, "place": 3}, None)
    settle(room, first, hidden=True)
    (after,) = go(room, boards([Board(session)], limit=1))
    assert [(each["participant"], each["points"]) for each in after.first] == [("ben", 12)]


def test_pressing_a_button_all_day_does_not_lead(room: Database) -> None:
    poll = opened(room)
    cast(room, [chosen(poll, "ana"), chosen(poll, "ben")])
    session = one(room, "SELECT id FROM live_sessions")
    with room.batch() as connection:
        connection.execute("UPDATE live_participants SET reactions = 100000 WHERE participant = 'ben'")
        connection.execute("UPDATE live_participants SET chats = 11 WHERE participant = 'ana'")
    (board,) = go(room, boards([Board(session)], limit=2))
    assert [(each["participant"], each["points"]) for each in board.first] == [("ana", 27), ("ben", 25)]
