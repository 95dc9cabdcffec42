"""What is heard, noticed and done in live sessions is the same on hypertables: some of the same tests."""

from tests.worker.test_live import (  # noqa: F401
    engine,
    room,
    test_a_room_that_falls_silent_gets_something_once,
    test_another_goes_on_exactly_where_one_died,
)
