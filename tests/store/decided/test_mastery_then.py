"""Curves and plateaus of the past, rebuilt, are what the serving tables said then."""

from datetime import timedelta

import pytest

from tactful.facts.allowances import Defaults
from tactful.facts.curves import CURVE
from tactful.store.database import Database
from tactful.store.decided import asof, moments
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader, reader
from tests.living import rows
from tests.stuck import AT, DAY, go, live, tries

CURVES = f"SELECT {', '.join(CURVE)} FROM skill_curve ORDER BY person_id, skill_id"
PLATEAUS = "SELECT id, topic, days_on_topic, attempts, is_active, intervention_taken FROM learning_plateaus ORDER BY id"


def then(database: Database, query: str, *, days: int = 0, people: tuple[int, ...] | None = None) -> list[object]:
    with database.batch() as connection:
        asof.shadow(RowReader(connection), Scope(people=people), AT + days * DAY)
        return list(connection.execute(query).fetchall())


def test_rebuilding_the_present_gives_the_serving_tables(closed_database: Database) -> None:
    live(closed_database, 30)
    go(closed_database)
    everybody = tuple(row["id"] for row in rows(closed_database, "SELECT id FROM people"))
    for query in (CURVES, PLATEAUS):
        serving = rows(closed_database, query)
        assert len(serving) > 3
        assert then(closed_database, query, people=everybody) == serving
        assert rows(closed_database, query) == serving, "the shadow is gone"


@pytest.mark.parametrize("people", [(1,), None])
def test_what_came_later_does_not_reach_back(closed_database: Database, people: tuple[int, ...] | None) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    queries = (PLATEAUS, CURVES) if people else (PLATEAUS,)
    before = [rows(closed_database, query) for query in queries]
    tries(closed_database, 1.0, range(1, 7))
    go(closed_database, AT + 6 * DAY)
    assert [then(closed_database, query, people=people) for query in queries] == before
    assert then(closed_database, PLATEAUS, days=-1, people=people) == []
    assert then(closed_database, PLATEAUS, days=7, people=people) == []


def test_everybodys_plateaus_are_read_as_columns_too(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    with reader(closed_database, few=False) as source:
        asof.shadow(source, Scope(), AT + timedelta(hours=1))
        told = moments.read(source, Scope(), at=AT, defaults=Defaults(True, None, None, 5))
    assert told["plateau_days"].to_list() == [9]
