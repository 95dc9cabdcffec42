"""Signals are counted on hypertables as they are elsewhere: the same tests."""

from tests.store.sensed.test_signals import *  # noqa: F403
