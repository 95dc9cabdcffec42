"""What somebody left in live sessions is found and erased in hypertables: the same tests."""

from tests.store.sensed.test_traces import *  # noqa: F403
