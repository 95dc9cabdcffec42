"""What is stored of somebody: told in full, and erased in full, table by table."""

import io
import json
from typing import Any

import pytest
from psycopg import sql

from tactful.facts.beats import Beat, Heard
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database
from tactful.store.described import leaving
from tactful.store.described.holdings import HOLDINGS, OF_OTHERS
from tactful.store.sensed import events, presence, resolve
from tactful.store.steps import run
from tactful.store.tables import metadata
from tests.living import NOW, one, rows
from tests.store.rows import AT, Owner, fill

ANA = ("acme", "ana")
TEXTS = """
SELECT table_name AS table, column_name AS column FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'ARRAY', 'character varying')
   AND table_name = ANY(%s)
"""


def exported(database: Database, organisation: str, person: str) -> dict[str, Any]:
    file = io.BytesIO()
    with database.batch() as connection:
        leaving.export(connection, organisation, person, file, at=AT)
    return dict(json.loads(file.getvalue()))


def gone(database: Database, organisation: str = "acme", person: str = "ana", *, sure: bool = False) -> bool:
    with database.batch() as connection:
        return leaving.erase(connection, (organisation, person), at=AT, actor="operator:admin olga", sure=sure)


def knows(connection: Connection, owner: Owner) -> set[str]:
    """Where somebody is held: the tables with a column that refers to people, or holds their name."""
    found = set()
    for table in metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column.table.name == "people" for key in column.foreign_keys)
            mine = refers or column.name in ("person_id", "user_id") or (table.name, column.name) == ("people", "id")
            query = sql.SQL("SELECT 1 FROM {} WHERE {} = {}").format(
                sql.Identifier(table.name), sql.Identifier(column.name), owner.person if mine else owner.person_name
            )
            if column.name == "participant":
                query += sql.SQL(" AND organisation_id = {}").format(owner.organisation)
            if (mine or column.name == "participant") and connection.execute(query).fetchone():
                found.add(table.name)
    return found


@pytest.fixture
def filled(closed_database: Database) -> tuple[Database, list[Owner]]:
    """Two organisations with two people each, and a row of each of them in every table."""
    with closed_database.batch() as connection:
        owners = fill(connection)
        # Not every column needs a value; these say who taught somebody.
        for table in ("webhook_posts", "wrong_flags"):
            mine_too = (owners[0].person, owners[0].organisation)
            connection.execute(f"UPDATE {table} SET educator_id = %s WHERE organisation_id = %s", mine_too)
        # Who takes part in live sessions is known by name; the first of each table is she.
        mine = (owners[0].organisation,)
        connection.execute("UPDATE signals SET participant = 'ana' WHERE organisation_id = %s", mine)
        for table in ("live_participants", "poll_votes", "question_votes", "audience_questions", "achievements"):
            first = f"(SELECT min(participant) FROM {table} WHERE organisation_id = %s)"
            connection.execute(f"UPDATE {table} SET participant = 'ana' WHERE participant = {first}", mine)
    return closed_database, owners


def test_no_table_that_holds_people_is_forgotten(filled: tuple[Database, list[Owner]]) -> None:
    database, (ana, *_) = filled
    with database.batch() as connection:
        held = knows(connection, ana)
    assert {"people", "events", "visits", "signals", "decisions", "ledger_state", "told_visits"} <= held
    assert {holding.table.name for holding in HOLDINGS} == held
    told = exported(database, *ANA)["tables"]
    assert {name.partition(".")[0] for name in told} == held


def test_what_is_told_is_about_nobody_else(filled: tuple[Database, list[Owner]]) -> None:
    database, owners = filled
    told = exported(database, *ANA)
    assert (told["user_id"], told["organisation"], told["exported_at"]) == ("ana", "acme", "2026-03-01T12:00:00Z")
    for name, rows_of_it in told["tables"].items():
        for row in rows_of_it:
            assert not {"organisation_id", "organization_id"} & set(row), name
            assert not OF_OTHERS.get(name, set()) & set(row), name
    assert [row["external_id"] for row in told["tables"]["people"]] == ["ana"]
    assert exported(database, "acme", "nobody")["tables"] == {}
    assert exported(database, "zenith", "ana") != told
    assert len(owners) == 4


def test_who_is_erased_is_nowhere_any_more_and_everybody_else_is(filled: tuple[Database, list[Owner]]) -> None:
    database, (ana, *others) = filled
    with database.batch() as connection:
        connection.execute("UPDATE audit_log SET actor = 'person ana', detail = '{\"user_id\": \"ana\"}'")
        connection.execute(
            "UPDATE wrong_flags SET actor = 'widget ana' WHERE organisation_id = %s", (ana.organisation,)
        )
        before = [knows(connection, other) for other in others]
    assert gone(database)
    with database.batch() as connection:
        assert knows(connection, ana) == set()
        assert [knows(connection, other) for other in others] == before
    assert exported(database, *ANA)["tables"] == {}
    mine = one(database, "SELECT id FROM organisations WHERE name = 'acme'")
    log = rows(database, "SELECT actor, act, detail FROM audit_log WHERE organisation_id = %s ORDER BY id", mine)
    assert {row["actor"] for row in log} == {"somebody who was erased", "operator:admin olga"}
    assert "ana" not in json.dumps([row["detail"] for row in log])
    assert log[-1]["act"] == "erase person"


def test_no_text_anywhere_names_who_was_erased(closed_database: Database) -> None:
    whom = ("acme", "somebody-who-is-known-everywhere")
    told = [("acme", Event(f"e{number}", whom[1], "answer", NOW, "c1", "s1", "algebra", {"correct": True}))
            for number in range(5)]  # fmt: skip
    beats = [("acme", Beat(whom[1], "lesson", NOW, time_on_page=9, visit="v1"))]
    with closed_database.batch() as connection:
        run(connection, events.count_rows(told, now=NOW))
        run(connection, presence.write(beats, now=NOW, settings=Settings({})))
    assert gone(closed_database, *whom)
    places = rows(closed_database, TEXTS, [table.name for table in metadata.sorted_tables])
    assert len(places) > 100
    for place in places:
        query = f'SELECT count(*) FROM {place["table"]} WHERE "{place["column"]}"::text LIKE %s'
        assert one(closed_database, query, f"%{whom[1]}%") == 0, place


def test_erasing_twice_is_erasing_once(filled: tuple[Database, list[Owner]]) -> None:
    database, _ = filled
    logged = "SELECT count(*) FROM audit_log WHERE act = 'erase person'"
    assert [gone(database), gone(database)] == [True, False]
    assert one(database, logged) == 1


def test_who_was_never_here_is_erased_only_where_they_ask_themselves(filled: tuple[Database, list[Owner]]) -> None:
    database, _ = filled
    for organisation in ("acme", "nowhere"):
        with pytest.raises(NotFound):
            gone(database, organisation, "ghost")
    assert one(database, "SELECT count(*) FROM erased_people WHERE length(mark) = 32") == 0
    assert gone(database, "acme", "ghost", sure=True)
    assert not gone(database, "acme", "ghost", sure=True)


def test_what_comes_in_late_brings_nobody_back(closed_database: Database) -> None:
    def send(number: int, person: str) -> list[bool | None]:
        fact = Event(f"e{number}", person, "visit", NOW)
        with closed_database.batch() as connection:
            return run(connection, events.count_rows([("acme", fact)], now=NOW))

    def beat() -> list[Heard]:
        with closed_database.batch() as connection:
            beats = [("acme", Beat("ana", "lesson", NOW)), ("acme", Beat("boris", "lesson", NOW))]
            return run(connection, presence.write(beats, now=NOW, settings=Settings({})))

    assert [send(1, "ana"), send(2, "boris")] == [[True], [True]]
    assert gone(closed_database)
    assert [send(3, "ana"), send(2, "boris"), send(4, "boris")] == [[None], [False], [True]]
    assert beat() == [Heard.ERASED, Heard.OK]
    assert one(closed_database, "SELECT count(*) FROM people") == 1
    assert one(closed_database, "SELECT count(*) FROM events WHERE id = 'e3'") == 0
    with closed_database.batch() as connection:
        run(connection, resolve.people({("acme", "ana"): None}, back=True))
    # The id that was not counted then counts now.
    assert send(3, "ana") == [True]
    assert beat() == [Heard.OK, Heard.OK]
