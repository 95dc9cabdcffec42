"""How far passes are, for people and for programs."""

import json

from tactful.kernel.clock import SystemClock
from tactful.store.alone import alone
from tactful.store.database import Database
from tactful.store.running import passes
from tests.cli.conftest import Typed
from tests.living import settle_in


def test_passes_say_what_ran_and_how_far_it_is(typed: Typed, closed_database: Database) -> None:
    never = typed("passes")
    assert (never.status, never.out) == (
        0,
        "patterns: never ran yet. Works out topics, hours and needs of people.\n"
        "plateaus: never ran yet. Finds who is stuck on a skill.\n"
        "regressions: never ran yet. Finds what people are about to forget.\n"
        "timing: never ran yet. Learns at which hours people are at their best.\n",
    )
    settle_in(closed_database, count=5)
    ran = typed("passes", "--now", "plateaus")
    assert ran.status == 0
    assert ran.out.startswith("plateaus of ")
    assert ran.out.splitlines()[0].endswith("UTC: finished, 5 people done.")
    (told,) = json.loads(typed("passes", "--json").out)
    assert (told["name"], told["state"], told["people"], told["people_left"]) == ("plateaus", "finished", 5, 0)


def test_one_that_stopped_and_one_at_work_are_told_apart(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    with closed_database.batch() as connection:
        begun = passes.begin(connection, "plateaus", at=SystemClock().now(), configuration="x")
        passes.advance(connection, begun, cursor=2, people=2)
    assert "stopped, 2 people done, 3 to go; the next one goes on with it." in typed("passes").out
    with alone(closed_database, "plateaus"):
        assert "at work, 2 people done, 3 to go." in typed("passes").out
        refused = typed("passes", "--now", "plateaus")
        assert (refused.status, refused.err) == (2, "tactful: This pass is running in another process already.\n")
