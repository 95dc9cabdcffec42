"""People page by page: every order is the database's own, nobody is left out and nobody comes twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tactful.store.database import Database, Identity
from tactful.store.overseen import roster
from tactful.store.overseen.roster import PERSON, RISK, SEEN, Wanted
from tactful.uses import ticking
from tests.living import NOW, RULES, rows, settle_in

ORDERS = {
    RISK: "array_position('{critical,high,medium,low,unknown}', r.risk_level), r.risk_score DESC, p.id DESC",
    SEEN: "s.last_seen_at DESC NULLS LAST, p.id DESC",
    PERSON: "p.external_id DESC, p.id DESC",
}
ALL = """
SELECT p.id FROM people p JOIN person_state s ON s.person_id = p.id
  LEFT JOIN dropout_risk_scores r ON r.user_id = p.id WHERE {} ORDER BY {}
"""


MADE = """
WITH made AS (INSERT INTO people (organisation_id, external_id, holdout_bucket)
              SELECT 1, %s || n, 9000 FROM generate_series(1, 3) n RETURNING id)
INSERT INTO person_state (person_id, organisation_id) SELECT id, 1 FROM made
"""


def peopled(database: Database) -> None:
    """Forty people with a past, three of whom nothing is known, and three whom no tick has judged yet."""
    settle_in(database, count=40)
    with database.batch() as connection:
        connection.execute(MADE, ("silent ",))
    ticking.tick(database, RULES, at=NOW, everybody=True)
    with database.batch() as connection:
        connection.execute(MADE, ("new ",))


async def walked(database: Database, wanted: Wanted) -> list[int]:
    """Everybody, page after page."""
    found = list[int]()
    async with database.acting_as(Identity("acme")) as connection:
        while page := await roster.page(connection, wanted):
            assert len(page) <= wanted.limit
            found += [row["id"] for row in page]
            wanted = replace(wanted, after=roster.place(page[-1]))
    return found


@pytest.mark.parametrize("sort", [RISK, SEEN, PERSON])
async def test_pages_one_after_the_other_are_everybody_in_order(database: Database, sort: str) -> None:
    peopled(database)
    truth = [row["id"] for row in rows(database, ALL.format("true", ORDERS[sort]))]
    assert await walked(database, Wanted(sort=sort, limit=7)) == truth
    rising = await walked(database, Wanted(sort=sort, falling=False, limit=7))
    assert sorted(rising) == sorted(truth)
    # Unknown is neither much nor little: it comes last either way.
    known = len(truth) - (6 if sort != PERSON else 0)
    assert rising[:known] == truth[:known][::-1]


async def test_whom_no_tick_has_judged_is_unknown_and_comes_last(database: Database) -> None:
    peopled(database)
    new = [row["id"] for row in rows(database, "SELECT id FROM people WHERE external_id LIKE 'new %%' ORDER BY id")]
    assert (await walked(database, Wanted(limit=7)))[-3:] == new[::-1]
    assert (await walked(database, Wanted(limit=7, falling=False)))[-3:] == new
    unknown = await walked(database, Wanted(limit=2, level="unknown"))
    assert (len(unknown), unknown[-3:]) == (6, new[::-1])
    assert sorted(await walked(database, Wanted(sort=PERSON, level="unknown"))) == sorted(unknown)
    assert await walked(database, Wanted(people=tuple(new[:2]), unreached=True)) == new[1::-1]
    # They have no factors, and their level cannot have gone up.
    assert not set(new) & set(await walked(database, Wanted(factor="no_progress")))
    assert not set(new) & set(await walked(database, Wanted(rose_since=NOW - timedelta(days=400))))
    async with database.acting_as(Identity("acme")) as connection:
        told = await roster.totals(connection, None)
    assert (told["unknown"], sum(told.values())) == (6, 46)


@pytest.mark.parametrize("sort", [RISK, SEEN, PERSON])
async def test_filters_hold_on_every_page(database: Database, sort: str) -> None:
    peopled(database)
    truth = [row["id"] for row in rows(database, ALL.format("'no_progress' = ANY(r.risk_factors)", ORDERS[sort]))]
    assert len(truth) > 10
    assert await walked(database, Wanted(sort=sort, factor="no_progress", limit=4)) == truth


async def test_nobody_of_another_organisation_is_listed_or_counted(database: Database) -> None:
    peopled(database)
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('other', 1)")
    async with database.acting_as(Identity("other")) as connection:
        assert await roster.page(connection, Wanted()) == []
        assert set((await roster.totals(connection, None)).values()) == {0}


async def test_a_level_that_changed_is_noted_once_with_what_it_was_before(database: Database) -> None:
    settle_in(database, count=40)
    ticking.tick(database, RULES, at=NOW, everybody=True)
    assert rows(database, "SELECT * FROM risk_changes") == []
    before = {row["user_id"]: row["risk_level"] for row in rows(database, "SELECT * FROM dropout_risk_scores")}
    later = NOW + timedelta(days=9)
    for _ in range(2):
        ticking.tick(database, RULES, at=later, daily=True)
    now = {row["user_id"]: row["risk_level"] for row in rows(database, "SELECT * FROM dropout_risk_scores")}
    told = {
        row["person_id"]: (row["level_before"], row["level"]) for row in rows(database, "SELECT * FROM risk_changes")
    }
    assert told == {person: (before[person], level) for person, level in now.items() if level != before[person]}
    assert len(told) > 3
    async with database.acting_as(Identity("acme")) as connection:
        page = await roster.page(connection, Wanted(rose_since=later, limit=100))
    order = ["unknown", "low", "medium", "high", "critical"]
    rose = {person for person, (was, level) in told.items() if order.index(level) > order.index(was)}
    assert {row["id"] for row in page} == rose
