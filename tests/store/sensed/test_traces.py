"""Who is erased leaves no trace in live sessions, and what was counted there stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.facts.audiences import Signal
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.described.erasure import erase
from tactful.store.sensed import events, questions, sides, signals
from tactful.store.sensed.questions import Question
from tactful.store.sensed.sides import Want
from tactful.store.steps import run
from tests.living import one, rows
from tests.rooms import LUNCH, MOST, NOW, cast, chosen, go, live_session, opened

# Nothing else is called so: wherever it is found, somebody was not forgotten.
ANA = "ana-4711"
TABLES = """
SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND has_table_privilege(c.oid, 'SELECT')
"""
SUMS = "SELECT joins, chats, votes, questions, attention_count FROM live_seconds ORDER BY at"


@pytest.fixture
def room(closed_database: Database) -> Database:
    """Two rooms of the same name in two organisations; Ana is in both, and takes part in everything in acme's."""
    with closed_database.batch() as connection:
        for organisation in ("acme", "other"):
            live_session(connection, organisation=organisation)
    for organisation in ("acme", "other"):
        hear(closed_database, *(act(who, "join") for who in (ANA, "ben", "cleo")), organisation=organisation)
    hear(closed_database, act(ANA, "chat", properties={"text": f"I am {ANA}"}), act("ben", "chat"))
    poll = opened(closed_database, LUNCH)
    cast(closed_database, [chosen(poll, ANA, 1), chosen(poll, "ben", 1)])
    asked = [Question("acme", "keynote", who, f"Why, says {who}?") for who in (ANA, "ben")]
    mine, bens = go(closed_database, questions.ask(asked, now=NOW, most=MOST))
    wants = [(mine, "ben"), (bens, ANA), (bens, "cleo")]
    told = [Want("acme", "keynote", question.question_id, who) for question, who in wants]
    go(closed_database, sides.take_sides(told, now=NOW))
    return closed_database


def act(who: str, kind: str, **more: Any) -> Signal:
    return Signal(f"{kind} of {who}", "keynote", kind, NOW - timedelta(seconds=1), who, **more)


def hear(database: Database, *told: Signal, organisation: str = "acme") -> None:
    go(database, signals.count_signals([(organisation, each) for each in told], now=NOW, most=MOST))


def forget(database: Database, organisation: str = "acme") -> None:
    with database.batch() as connection:
        erase(connection, organisation, ANA)


def naming(database: Database) -> list[str]:
    """Tables in which Ana is named."""
    names = sorted(row["name"] for row in rows(database, TABLES))
    return [name for name in names if one(database, f"SELECT count(*) FROM {name} t WHERE t::text LIKE %s", f"%{ANA}%")]


def test_nothing_names_who_was_erased(room: Database) -> None:
    assert set(naming(room)) >= {
        "signals", "signal_keys", "live_participants", "poll_votes", "audience_questions", "question_votes",
        "achievements",
    }  # fmt: skip
    forget(room)
    forget(room, "other")
    assert naming(room) == []


def test_what_was_counted_stays_and_what_is_counted_by_name_goes_down(room: Database) -> None:
    heard, counted = rows(room, SUMS), one(room, "SELECT sum(count) FROM signals")
    forget(room)
    assert rows(room, SUMS) == heard
    assert one(room, "SELECT sum(count) FROM signals") == counted
    assert rows(room, "SELECT o.name, c.viewers FROM live_counts c JOIN organisations o ON o.id = c.organisation_id "
                      "ORDER BY 1") == [{"name": "acme", "viewers": 2}, {"name": "other", "viewers": 3}]  # fmt: skip
    assert rows(room, "SELECT participant, votes FROM audience_questions") == [{"participant": "ben", "votes": 1}]
    assert rows(room, "SELECT participant FROM poll_votes") == [{"participant": "ben"}]


def test_another_organisations_audience_stays(room: Database) -> None:
    forget(room)
    assert naming(room) == ["live_participants", "signal_keys", "signals"]


def test_who_takes_part_and_is_known_otherwise_is_erased_in_both(room: Database) -> None:
    with room.batch() as connection:
        seen = [("acme", Event("e1", ANA, "visit", NOW))]
        run(connection, events.count_rows(seen, now=NOW))
    forget(room)
    assert one(room, "SELECT count(*) FROM people") == 0
    assert one(room, "SELECT count(*) FROM live_participants WHERE organisation_id = 1") == 2


def test_nobody_is_erased_who_was_nowhere(room: Database) -> None:
    forget(room)
    with pytest.raises(NotFound):
        forget(room)


def test_who_comes_back_afterwards_is_somebody_new(room: Database) -> None:
    forget(room)
    hear(room, act(ANA, "join"))
    assert one(room, "SELECT viewers FROM live_counts ORDER BY organisation_id LIMIT 1") == 3
