"""Row security holds on hypertables: the same walk over every table."""

from tests.store.test_row_security import *  # noqa: F403
