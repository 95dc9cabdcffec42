"""A database with generated people who have a past, and what to ask about it."""

from datetime import UTC, datetime
from typing import Any

from tactful.decide import Rules
from tactful.decide.policies import Policy
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.testing.people import past, people

# A Wednesday, early evening in Berlin, noon in New York.
NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
RULES = Rules.from_settings(Settings({}))


def settle_in(
    database: Database, *, count: int = 60, days: int = 45, now: datetime = NOW, organisation: str = "acme"
) -> None:
    """Give `count` generated people of the organisation (acme) their past up to `now`."""
    rows = [(organisation, event) for person in people(count) for event in past(person, now=now, days=days)]
    with database.batch() as connection:
        run(connection, count_rows(rows, now=now))


def rows(database: Database, query: str, *values: Any) -> list[dict[str, Any]]:
    """All rows of a query, as service_role."""
    with database.batch() as connection:
        return connection.execute(query, values).fetchall()


def one(database: Database, query: str, *values: Any) -> Any:
    """The single value of a query."""
    (row,) = rows(database, query, *values)
    (value,) = row.values()
    return value


def dies_in_batch(number: int, rules: Rules = RULES) -> Rules:
    """These rules, under which deciding fails in that batch, counted from 1."""
    batches = 0

    def choose(candidates: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == number:
            raise ConnectionError("the power went")
        return rules.policy.choose(candidates)

    return rules.replace(policy=Policy("ranked", 1, choose))
