"""Importing logs: what is read, what is refused and why, and that nothing counts twice."""

import csv
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tactful.kernel.errors import BadInput, Conflict
from tactful.lab.importing import Tally, import_file, words
from tactful.lab.importing.columns import Mapping
from tactful.lab.importing.files import CHUNK_BYTES, NUMBER, chunks
from tactful.lab.importing.lines import UNCLOSED
from tactful.lab.importing.tally import Progress
from tactful.lab.importing.times import NAIVE, TOO_SMALL, UNREADABLE
from tactful.store.database import Database
from tactful.store.sensed import imports, resolve
from tactful.store.steps import run

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BASIC = Mapping(person="who", time="at")


def load(database: Database, path: Path, mapping: Mapping = BASIC, *, chunk: int = 1 << 20) -> Tally:
    return import_file(database, path, mapping, organisation="acme", now=NOW, chunk=chunk)


def rows(database: Database, statement: str) -> list[dict[str, Any]]:
    with database.batch() as connection:
        return connection.execute(statement).fetchall()


def events(database: Database) -> list[dict[str, Any]]:
    return rows(
        database,
        """SELECT external_id AS person, e.id, kind, occurred_at, content_id, skill_id, topic, properties
             FROM events e JOIN people p ON p.id = e.person_id ORDER BY occurred_at, e.id""",
    )


def rejected(tally: Tally) -> list[tuple[int, str]]:
    assert tally.rejected_file is not None
    with Path(tally.rejected_file).open(newline="", encoding="utf-8") as file:
        return [(int(row["row"]), row["reason"]) for row in csv.DictReader(file)]


FULL = Mapping(
    person="who", time="at", kind_column="what", id="id", content="lesson", skill="skill", topic="topic",
    properties=("score", "note", "ok"),
)  # fmt: skip
FULL_ROWS: list[dict[str, Any]] = [
    {"who": "ana", "at": "2026-02-01T08:00:00Z", "what": "answer", "id": "1", "lesson": "l1", "skill": "s",
     "topic": "t", "score": 0.5, "note": 'say "hi", \\ ok', "ok": True},
    {"who": "7", "at": "2026-02-01T09:00:00+02:00", "what": "lesson_completed", "id": "2", "lesson": None,
     "skill": None, "topic": None, "score": 1, "note": None, "ok": None},
]  # fmt: skip


def as_csv(path: Path) -> Path:
    with gzip.open(path / "log.csv.gz", "wt", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(FULL_ROWS[0]))
        writer.writeheader()
        writer.writerows(FULL_ROWS)
    return path / "log.csv.gz"


def as_json(path: Path) -> Path:
    (path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in FULL_ROWS), encoding="utf-8")
    return path / "log.jsonl"


def as_parquet(path: Path) -> Path:
    pl.DataFrame(FULL_ROWS, strict=False).write_parquet(path / "log.parquet")
    return path / "log.parquet"


@pytest.mark.parametrize("written", [as_csv, as_json, as_parquet])
def test_every_format_gives_the_same_events(
    closed_database: Database, tmp_path: Path, written: Callable[[Path], Path]
) -> None:
    tally = load(closed_database, written(tmp_path), FULL)
    assert (tally.rows, tally.accepted, tally.rejected) == (2, 2, 0)
    second, first = events(closed_database)
    assert first["occurred_at"] == datetime(2026, 2, 1, 8, tzinfo=UTC)
    assert second["occurred_at"] == datetime(2026, 2, 1, 7, tzinfo=UTC)
    assert (first["person"], first["id"], first["kind"]) == ("ana", "1", "answer")
    assert (first["content_id"], first["skill_id"], first["topic"]) == ("l1", "s", "t")
    assert first["properties"] == {"score": 0.5, "note": 'say "hi", \\ ok', "ok": True}
    assert second["person"] == "7"
    assert second["properties"] == {"score": 1}
    day = rows(closed_database, "SELECT sum(completions) AS done, sum(score_sum) AS score FROM person_day")
    assert day == [{"done": 1, "score": 1.5}]


def test_what_is_wrong_is_set_aside_with_its_reason_and_the_rest_is_counted(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(
        b"who,at\n"
        b"ana,1767225600\n"  # 1
        b",1767225600\n"  # 2
        b"ana,soon\n"  # 3
        b"ana,2026-01-01T08:00:00\n"  # 4
        b"ana,1767225600,more\n"  # 5
        b"\n"  # no row
        b"ana,2031-01-01T08:00:00Z\n"  # 6
        b"a\xff,1767225600\n"  # 7
        b'"ana\nmaria",1767225600\n' + b"x" * 300 + b",1767225600\n"  # 8  # 9
        b"ben,1767225600000\n"  # 10
    )
    tally = load(closed_database, path)
    assert (tally.rows, tally.accepted, tally.rejected) == (10, 2, 8)
    assert rejected(tally) == [
        (2, "person is empty"),
        (3, UNREADABLE),
        (4, NAIVE),
        (5, "has 3 fields instead of 2"),
        (6, "time is not between 1970 and one day from now"),
        (7, "is not UTF-8"),
        (8, "person has control characters"),
        (9, "person is too long"),
    ]
    assert {(one["person"], one["occurred_at"]) for one in events(closed_database)} == {
        ("ana", datetime(2026, 1, 1, tzinfo=UTC)),
        ("ben", datetime(2026, 1, 1, tzinfo=UTC)),
    }


def test_a_quote_that_is_never_closed_costs_its_own_row_only(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    plain = "".join(f"p{n % 7},{1_767_225_600 + n},x\n" for n in range(200))
    path.write_text(f'who,at,note\n{plain}ben,1767225600,"5 disk\n{plain}ana,1767225600,5" disk\n{plain}')
    tally = load(closed_database, path, Mapping(person="who", time="at", properties=("note",)), chunk=500)
    assert (tally.rows, tally.accepted) == (602, 601)
    assert rejected(tally) == [(201, UNCLOSED)]
    assert [one["person"] for one in events(closed_database) if one["properties"] == {"note": '5" disk'}] == ["ana"]


@pytest.mark.parametrize("note", ['5" disk', '"5 disk'])
def test_a_stray_quote_is_read_past_as_fast_as_all_else(tmp_path: Path, note: str) -> None:
    path = tmp_path / "log.csv"
    line = "person-1234567,1767225600," + "x" * 70 + "\n"
    path.write_text(f"who,at,note\nben,1767225600,{note}\n" + line * 300_000)
    started = time.perf_counter()
    read = list(chunks(path, 8 << 20))
    # Counted again and again over all that had been read, this took longer than anybody waits.
    assert time.perf_counter() - started < 30
    assert read[-1].end == 300_001
    assert sum(one.rows.height for one in read) == 300_001 - len([broken for one in read for broken in one.broken])
    assert max(one.rows.height for one in read) < 150_000


def test_a_field_over_several_lines_is_one_row_also_where_another_has_a_stray_quote(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text('who,note\nana,5" disk\nben,"one\ntwo"\ncem,"half\ndan,x\n')
    [read] = chunks(path, CHUNK_BYTES)
    assert read.rows["note"].to_list() == ['5" disk', "one\ntwo", "x"]
    assert read.rows[NUMBER].to_list() == [1, 2, 4]
    assert [(one.number, one.reason, one.text) for one in read.broken] == [(3, UNCLOSED, 'cem,"half')]


def test_a_row_fits_by_the_limits_of_every_door(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "who,at,what,score,correct,phone\n"
        "ana,1767225600,answer,1,1,12345678901234567\n"  # 1
        "ana,1767225601,answer,5,,\n"  # 2
        "ana,1767225602,answer,well,,\n"  # 3
        "ana,1767225603,answer,,maybe,\n"  # 4
        "ana,1767225604,watched it,,,\n"  # 5
        "ana,1767225605,answer,,FALSE,\n"  # 6
    )
    mapping = Mapping(person="who", time="at", kind_column="what", properties=("score", "correct", "phone"))
    tally = load(closed_database, path, mapping)
    assert (tally.accepted, tally.rejected) == (2, 4)
    reasons = dict(rejected(tally))
    assert reasons[2] == reasons[3] == "score is not a number from 0 to 1"
    assert reasons[4] == "correct is neither true nor false"
    assert reasons[5].startswith("kind is not up to 64 letters")
    assert [one["properties"] for one in events(closed_database)] == [
        {"score": 1, "correct": True, "phone": "12345678901234567"}, {"correct": False}
    ]  # fmt: skip


def test_what_is_no_single_value_is_no_property(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"who": "ana", "at": 1767225600, "more": [1]}\n{"who": "ana", "at": 1767225601}\n')
    tally = load(closed_database, path, Mapping(person="who", time="at", properties=("more",)))
    assert (tally.accepted, rejected(tally)) == (1, [(1, "more is a list or an object")])


def test_broken_json_lines_are_set_aside(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(
        '{"who": "ana", "at": 1767225600}\n{"who": \n[1]\n{"who": 7, "at": "2026-01-02T00:00:00Z"}\n{"at": 1}\n'
    )
    tally = load(closed_database, path)
    assert (tally.accepted, tally.rejected) == (2, 3)
    assert [number for number, _ in rejected(tally)] == [2, 3, 5]
    assert [one["person"] for one in events(closed_database)] == ["ana", "7"]


def test_the_same_file_again_counts_nothing_twice(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,at\n" + "".join(f"p{n % 5},{1_767_225_600 + 60 * n}\n" for n in range(500)))
    assert load(closed_database, path).accepted == 500
    again = load(closed_database, path)
    assert (again.rows, again.accepted, again.resumed_after) == (0, 0, 500)
    other = load(closed_database, path, Mapping(person="who", time="at", kind="visit"))
    assert (other.rows, other.accepted, other.duplicates) == (500, 0, 500)
    assert len(events(closed_database)) == 500


def test_small_numbers_are_no_times_and_do_not_stand_in_the_way_of_the_right_column(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,whom,at\nana,1899,1082040961\nben,2,1098777142\n")
    wrong = load(closed_database, path, Mapping(person="who", time="whom"))
    assert (wrong.accepted, wrong.rejected, wrong.earliest) == (0, 2, None)
    assert rejected(wrong) == [(1, TOO_SMALL.format(1899)), (2, TOO_SMALL.format(2))]
    right = load(closed_database, path)
    assert (right.accepted, right.duplicates, right.counted_otherwise) == (2, 0, False)
    assert (right.told()["earliest"], right.told()["latest"]) == (
        "2004-04-15T14:56:01+00:00", "2004-10-26T07:52:22+00:00"
    )  # fmt: skip
    assert "They are from 2004-04-15 to 2004-10-26." in words(right)


def test_rows_that_were_counted_with_other_columns_are_said_to_stand_as_they_were(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,whom,at,key\nana,ben,1767225600,a\n")
    assert not load(closed_database, path).counted_otherwise
    other = load(closed_database, path, Mapping(person="whom", time="at"))
    assert (other.accepted, other.duplicates, other.counted_otherwise) == (0, 1, True)
    assert any("stand as they were" in line for line in words(other))
    own = Mapping(person="who", time="at", id="key")
    assert not load(closed_database, path, own).counted_otherwise
    path.write_text("who,whom,at,key\nana,ben,1767225600,a\nana,ben,1767225601,b\n")
    more = load(closed_database, path, own)
    assert (more.accepted, more.duplicates, more.counted_otherwise) == (1, 1, False)


def test_imports_of_one_file_with_other_options_keep_their_rejected_rows_apart(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,whom,at\n,ben,1767225600\n")
    first, second = load(closed_database, path), load(closed_database, path, Mapping(person="whom", time="who"))
    assert first.rejected_file != second.rejected_file
    assert (rejected(first), rejected(second)) == ([(1, "person is empty")], [(1, UNREADABLE)])
    path.write_text("who,whom,at\nana,ben,1767225600\n")
    assert load(closed_database, path).rejected_file is None
    assert rejected(first) == [(1, "person is empty")]


def test_an_import_that_is_refused_leaves_the_rejected_rows_of_others_alone(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,at\n,1767225600\n")
    before = load(closed_database, path)
    with closed_database.batch() as connection:
        connection.execute("UPDATE imports SET rows_done = 0, rows_rejected = 0, finished_at = NULL")
    with closed_database.batch() as other:
        log = imports.begin(other, "acme", "x", "y")
        other.execute("SELECT pg_advisory_xact_lock(%s, max(id)::integer) FROM imports WHERE id <> %s", (0x1A6, log.id))
        with pytest.raises(Conflict):
            load(closed_database, path)
        assert rejected(before) == [(1, "person is empty")]
    assert rejected(load(closed_database, path)) == [(1, "person is empty")]


def test_an_import_that_another_process_took_further_is_not_alone(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        log = imports.begin(connection, "acme", "x", "y")
        assert imports.alone(connection, log, behind=0)
        imports.advance(connection, log, rows=10, rejected=0)
        assert not imports.alone(connection, log, behind=0)
        assert imports.alone(connection, log, behind=10)


def test_a_column_that_parquet_does_not_have_is_named(closed_database: Database, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no column nobody; it has who, at") as refused:
        pl.DataFrame({"who": ["ana"], "at": [1767225600]}).write_parquet(tmp_path / "log.parquet")
        load(closed_database, tmp_path / "log.parquet", Mapping(person="nobody", time="at"))
    assert refused.value.fields == ["person"]
    assert rows(closed_database, "SELECT name FROM organisations WHERE name = 'acme'") == []


def test_what_is_shown_of_a_resumed_import_goes_on_with_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(told=-60.0)
    progress.show(0.5, Tally(rows=10, resumed_after=1_000))
    assert capsys.readouterr().err.startswith("50%  1,010 rows")


def test_an_id_counts_once_within_a_file_too(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,at,id\nana,1767225600,a\nben,1767225700,a\nana,1767225800,b\n")
    tally = load(closed_database, path, Mapping(person="who", time="at", id="id"))
    assert (tally.accepted, tally.duplicates) == (2, 1)
    assert [one["id"] for one in events(closed_database)] == ["a", "b"]


def test_an_interrupted_import_goes_on_where_it_stopped(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = [f"p{n % 3},{1_767_225_600 + 60 * n}\n" if n % 10 else "nobody,never\n" for n in range(40)]
    path.write_text("who,at\n" + "".join(lines))
    tally = load(closed_database, path, chunk=100)
    assert (tally.accepted, tally.rejected) == (36, 4)
    with closed_database.batch() as connection:
        connection.execute("UPDATE imports SET rows_done = 15, rows_rejected = 2, finished_at = NULL")
    again = load(closed_database, path, chunk=100)
    assert (again.resumed_after, again.rows, again.accepted, again.duplicates) == (15, 25, 0, 23)
    assert again.rejected == 4
    assert [number for number, _ in rejected(again)] == [1, 11, 21, 31]


def test_files_that_do_not_fit_are_refused_with_the_field(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,at\nana,1767225600\n")
    for mapping, field in (
        (Mapping(person="nobody", time="at"), "person"),
        (Mapping(person="who", time="at", properties=("mood",)), "property mood"),
        (Mapping(person="who", time="at", zone="Europe/Atlantis"), "zone"),
        (Mapping(person="who", time="at", properties=("time spent",)), "property time spent"),
    ):
        with pytest.raises(BadInput) as refused:
            load(closed_database, path, mapping)
        assert refused.value.fields == [field]
    (tmp_path / "log.xlsx").write_text("x")
    for name in ("log.xlsx", "missing.csv"):
        with pytest.raises(BadInput) as refused:
            load(closed_database, tmp_path / name)
        assert refused.value.fields == ["file"]
    assert events(closed_database) == []


def test_naive_times_and_new_people_are_in_the_zone_that_is_named(closed_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,at\nana,2026-01-01 23:30:00\n")
    load(closed_database, path, Mapping(person="who", time="at", zone="America/New_York"))
    assert events(closed_database)[0]["occurred_at"] == datetime(2026, 1, 2, 4, 30, tzinfo=UTC)
    assert rows(closed_database, "SELECT day::text AS day, zone FROM person_day") == [
        {"day": "2026-01-01", "zone": "America/New_York"}
    ]


ZONED = Mapping(person="who", time="at", properties=("zone",))


def zones_of(database: Database) -> list[tuple[str, str, str]]:
    found = rows(database, "SELECT external_id, zone, zone_source FROM people ORDER BY external_id")
    return [(one["external_id"], one["zone"], one["zone_source"]) for one in found]


def test_the_latest_zone_that_a_device_told_is_the_persons_until_they_say_otherwise(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "who,at,zone\n"
        "ana,2026-02-01T23:30:00Z,America/New_York\n"
        "ana,2026-01-01T23:30:00Z,Asia/Tokyo\n"
        "ana,2026-02-02T23:30:00Z,Europe/Atlantis\n"
        "ben,2026-01-01T23:30:00Z,localtime\n"
        "cem,2026-01-01T23:30:00Z,Asia/Tokyo\n"
    )
    with closed_database.batch() as connection:
        run(connection, resolve.people({("acme", "cem"): None}))
        connection.execute("UPDATE people SET zone = 'Europe/Lisbon', zone_source = 'person'")
    assert load(closed_database, path, ZONED).accepted == 5
    assert zones_of(closed_database) == [
        ("ana", "America/New_York", "device"), ("ben", "UTC", "default"), ("cem", "Europe/Lisbon", "person")
    ]  # fmt: skip


def test_the_zone_of_the_command_takes_nobody_back_from_where_their_device_was(
    closed_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "log.jsonl"
    lines = [{"who": "ana", "at": 1_767_225_600, "zone": "Asia/Tokyo"}, {"who": "ben", "at": 1_767_225_601, "zone": 7}]
    lines += [{"who": "ana", "at": 1_767_225_602, "zone": None}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    load(closed_database, path, replace(ZONED, zone="Europe/Lisbon"), chunk=1)
    assert zones_of(closed_database) == [("ana", "Asia/Tokyo", "device"), ("ben", "Europe/Lisbon", "device")]
