"""What tells whether something worked out earlier still stands: the version and the settings it was worked out by."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import tactful
from tactful.kernel.settings import Setting, Settings


def fingerprint(settings: Settings, rows: Iterable[Setting[Any]]) -> str:
    """Of these rows of the settings and of this version: what is worked out with equal ones is equal.

    >>> len(fingerprint(Settings({}), []))
    16
    """
    told = json.dumps([tactful.__version__, settings.public(rows)], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
