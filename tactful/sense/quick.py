"""Quick actions as a page tells of them, held to their limits."""

from collections.abc import Sequence
from typing import Any

from tactful.facts.addresses import is_address
from tactful.kernel.errors import BadInput
from tactful.sense import limits

# Actions of one page; keywords of one action; characters of an address.
MOST_ACTIONS, MOST_KEYWORDS, LONGEST_ADDRESS = 50, 20, 2000


def asked(told: Any) -> None:
    """What a page tells where the palette is opened: page, concept, content_id, its own actions. raises: BadInput."""
    limits.name(told.page, "current_page")
    for field in ("concept", "content_id"):
        if getattr(told, field) is not None:
            limits.name(getattr(told, field), f"current_content.{field}")
    actions(told.actions)


def actions(told: Any, path: str = "actions") -> None:
    """The page's own actions: each has an id of its own, a label, and perhaps a url and keywords. raises: BadInput."""
    if not isinstance(told, Sequence) or isinstance(told, str) or len(told) > MOST_ACTIONS:
        raise BadInput(f"{path} must be a list of at most {MOST_ACTIONS} actions.", fields=[path])
    seen: set[str] = set()
    for number, each in enumerate(told):
        here = f"{path}.{number}"
        limits.name(each.id, f"{here}.id")
        limits.name(each.label, f"{here}.label")
        limits.names(each.keywords, f"{here}.keywords", MOST_KEYWORDS)
        if each.url is not None:
            address(each.url, f"{here}.url")
        if each.id in seen:
            raise BadInput(f"{here}.id: {each.id} is in this list twice.", fields=[f"{here}.id"])
        seen.add(each.id)


def address(value: Any, path: str) -> None:
    """Where a page may lead somebody. raises: BadInput."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS or not is_address(value):
        raise BadInput(f"{path} must be a path like /lessons/4 or an http address.", fields=[path])
