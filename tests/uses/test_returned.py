"""What comes back after it was sent: the address is left alone, and what waits goes another way."""

import pytest

from tactful.kernel.errors import Refusal
from tactful.store.database import Database
from tactful.uses.sending.returned import QUEUED, Returned, returned
from tests.deliver.waiting import RULES
from tests.living import NOW, one, rows
from tests.uses.sending import CHANNEL, Line, deliveries, met, plan, reached, send

RULES_OF_TWO = RULES.replace(channels=frozenset({CHANNEL, "other"}))


def comes_back(
    database: Database, refusal: Refusal, *, mark: str | None = None, organisation: str | None = "acme", most: int = 3
) -> object:
    """The first delivery that was sent comes back."""
    first = str(one(database, "SELECT mark FROM deliveries ORDER BY id LIMIT 1"))
    told = Returned(CHANNEL, mark or first, refusal, "550 nobody here", organisation, most)
    return returned(database, RULES_OF_TWO, told, at=NOW)


async def sent(database: Database, redis_url: str) -> None:
    """One message was sent to ana, and another waits for her."""
    met(database, "ana")
    plan(database, "ana")
    assert await send(database, redis_url, Line()) == 1
    plan(database, "ana", kind="streak_preservation")


@pytest.mark.parametrize("refusal", [Refusal.GONE, Refusal.BLOCKED])
async def test_an_address_that_is_gone_gets_nothing_of_what_waits(
    refusal: Refusal, closed_database: Database, redis_url: str
) -> None:
    await sent(closed_database, redis_url)
    with closed_database.batch() as connection:
        reached(connection, "other", "ana")
    assert comes_back(closed_database, refusal) == {"off": True, "stopped": 1}
    assert one(closed_database, "SELECT disabled_because FROM addresses WHERE channel = 'line'") == refusal
    first, second, moved = deliveries(closed_database)
    assert (first["state"], first["refusal"], first["error"]) == ("refused", refusal, "550 nobody here")
    assert (second["state"], second["error"]) == ("refused", QUEUED)
    # Whoever is reached another way as well gets it that way.
    assert (moved["channel"], moved["state"]) == ("other", "due")
    # Twice is once.
    assert comes_back(closed_database, refusal) == {"off": False, "stopped": 0}
    assert await send(closed_database, redis_url, Line()) == 0


async def test_what_has_no_other_way_waits_in_the_product(closed_database: Database, redis_url: str) -> None:
    await sent(closed_database, redis_url)
    comes_back(closed_database, Refusal.GONE)
    assert deliveries(closed_database)[-1]["channel"] == "in_app"


async def test_what_was_given_up_counts_and_often_enough_the_address_is_gone(
    closed_database: Database, redis_url: str
) -> None:
    await sent(closed_database, redis_url)
    assert comes_back(closed_database, Refusal.INVALID, most=2) == {"off": False, "stopped": 0}
    # The same letter again is no second one.
    comes_back(closed_database, Refusal.INVALID, most=2)
    assert one(closed_database, "SELECT bounced FROM addresses") == 1
    assert [row["state"] for row in deliveries(closed_database)] == ["refused", "due"]
    assert await send(closed_database, redis_url, Line()) == 1
    second = str(rows(closed_database, "SELECT mark FROM deliveries ORDER BY id")[1]["mark"])
    assert comes_back(closed_database, Refusal.INVALID, mark=second, most=2) == {"off": True, "stopped": 0}
    assert one(closed_database, "SELECT disabled_because FROM addresses") == "gone"


async def test_what_is_still_tried_changes_nothing(closed_database: Database, redis_url: str) -> None:
    await sent(closed_database, redis_url)
    assert comes_back(closed_database, Refusal.RETRY) == {"off": False, "stopped": 0}
    assert [row["state"] for row in deliveries(closed_database)] == ["sent", "due"]


async def test_letters_of_others_and_of_nobody_are_not_known(closed_database: Database, redis_url: str) -> None:
    await sent(closed_database, redis_url)
    assert comes_back(closed_database, Refusal.GONE, organisation="rivals") is None
    assert comes_back(closed_database, Refusal.GONE, mark="0" * 32) is None
    assert one(closed_database, "SELECT count(*) FROM addresses WHERE disabled_at IS NOT NULL") == 0
