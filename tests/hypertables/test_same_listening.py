"""Live sessions are listened to on hypertables as they are elsewhere: the same tests."""

from tests.worker.test_live import *  # noqa: F403
