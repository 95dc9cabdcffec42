"""Reports of live sessions are the same from hypertables: the same tests."""

from tests.api.conftest import app, changes, client  # noqa: F401
from tests.api.test_report import *  # noqa: F403
