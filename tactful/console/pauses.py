"""What stands still, as pages say it."""

from collections.abc import Iterable, Mapping
from typing import Any


def all_stands_still(pauses: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nothing at all is decided for this organisation. pauses: rows of `Engine.pauses`.

    >>> [all_stands_still([{"scope": scope, "mode": "pause"}]) for scope in ("kind", "organisation")]
    [False, True]
    """
    return any(row["scope"] == "organisation" and row["mode"] == "pause" for row in pauses)
