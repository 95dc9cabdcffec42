"""The claim in SQL and the rules in plain Python give and refuse the same."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from tactful.decide.claims import Attention, Wish, claimed, may_claim
from tactful.facts.allowances import Limits
from tactful.kernel.chance import draw
from tactful.kernel.records import Initiative, Kind
from tactful.store.database import Connection, Database
from tactful.store.decided import attention

PEOPLE = 400
ROUNDS = 12
START = datetime(2026, 3, 28, 12, tzinfo=UTC)
LIMITS = Limits(outreach_per_day=2, hours_between=4.5, in_context_per_day=2, critical_per_day=1)
KINDS = [
    Kind("help", Initiative.IN_CONTEXT, cooldown=timedelta(minutes=30), lifetime=timedelta(hours=1)),
    Kind("nudge", Initiative.NUDGE, cooldown=timedelta(hours=7), lifetime=timedelta(hours=1)),
    Kind("note", Initiative.NUDGE, cooldown=timedelta(0), lifetime=timedelta(hours=1), critical=True),
    Kind("letter", Initiative.OUTREACH, cooldown=timedelta(hours=1), lifetime=timedelta(hours=1)),
    Kind("answer", Initiative.ASKED, cooldown=timedelta(minutes=100), lifetime=timedelta(hours=1)),
]


def wish(person: int, number: int) -> Wish:
    """What somebody wishes for a person in a round: any kind, on days before and after the present one."""
    kind = KINDS[int(draw(5, person, number, 1) * len(KINDS))]
    at = START + number * timedelta(hours=3.5) + timedelta(seconds=0.25)
    flown = (0, 0, 0, 0, -1, 1)[int(draw(5, person, number, 2) * 6)]
    return Wish(kind, at.date() + timedelta(days=flown), at, max_per_day=int(draw(5, person, 0, 3) * 4))


def claim(connection: Connection, wishes: dict[int, Wish]) -> set[int]:
    rows = [
        (person, 1, each.kind.name, each.kind.initiative.value, each.kind.critical, each.kind.cooldown.total_seconds())
        for person, each in wishes.items()
    ]
    names = ["person_id", "organisation_id", "kind", "initiative", "critical", "cooldown"]
    wanted = pl.DataFrame(rows, schema=names, orient="row")
    seen = pl.DataFrame(
        [(person, each.day, each.max_per_day) for person, each in wishes.items()],
        schema=["person_id", "local_day", "max_per_day"],
        orient="row",
    )
    return set(attention.claim(connection, wanted, seen, at=wishes[1].at, limits=LIMITS))


def as_stored(row: dict[str, Any]) -> Attention:
    names = ("local_day", "sent_today", "outreach_today", "in_context_today", "critical_today", "last_outreach_at")
    return Attention(**{name: row[name] for name in names}, last_by_kind=row["last_by_kind"])


def test_sql_and_python_grant_the_same_claims_and_leave_the_same_rows(closed_database: Database) -> None:
    # The row is made on the day of the first wish, granted or not.
    rows = {person: Attention(wish(person, 0).day) for person in range(1, PEOPLE + 1)}
    answers: Counter[bool] = Counter()
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        connection.execute(
            """INSERT INTO people (organisation_id, external_id, holdout_bucket)
               SELECT 1, n::text, 0 FROM generate_series(1, %s) n""",
            (PEOPLE,),
        )
        for number in range(ROUNDS):
            wishes = {person: wish(person, number) for person in rows}
            expected = {person for person, each in wishes.items() if may_claim(rows[person], each, LIMITS)}
            assert claim(connection, wishes) == expected
            rows |= {person: claimed(rows[person], wishes[person]) for person in expected}
            answers.update(person in expected for person in rows)
        stored = connection.execute("SELECT * FROM attention").fetchall()
    assert {row["person_id"]: as_stored(row) for row in stored} == rows
    assert min(answers.values()) > PEOPLE
