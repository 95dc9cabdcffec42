"""Settings of quick actions: those that an organisation adds to ours."""

import json
from typing import Any

from tactful.facts.addresses import is_address
from tactful.kernel.settings import Setting

# Actions of one setting, and characters of each text of theirs; keywords and pages of each.
MOST_ACTIONS, LONGEST_WORDS, MOST_WORDS = 30, 120, 20


def actions(text: str) -> str | None:
    """What is wrong with quick actions written as JSON; None when nothing is.

    >>> actions(""), actions('[{"id": "forum", "label": "Ask the forum", "url": "/forum"}]'), actions("[1]")
    (None, None, 'is not a list of objects with id and label')
    """
    try:
        rows = json.loads(text) if text else []
    except ValueError:
        return "is not JSON"
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"id", "label"} <= row.keys() for row in rows):
        return "is not a list of objects with id and label"
    if len(rows) > MOST_ACTIONS:
        return f"has more than {MOST_ACTIONS} actions"
    if len({str(row["id"]) for row in rows}) < len(rows):
        return "has two actions with the same id"
    return next(filter(None, map(_action, rows)), None)


def _action(row: dict[str, Any]) -> str | None:
    known = {"id", "label", "url", "action", "keywords", "pages"}
    lists = [row.get(name, []) for name in ("keywords", "pages")]
    if strange := sorted(row.keys() - known):
        return f"has an action with {strange[0]}; known are {', '.join(sorted(known))}"
    if not all(isinstance(each, list) and len(each) <= MOST_WORDS for each in lists):
        return f"has keywords or pages that are not a list of at most {MOST_WORDS} words"
    single = [row[name] for name in ("id", "label", "url", "action") if name in row]
    if not all(_short(each) for each in (*single, *lists[0], *lists[1])):
        return f"has something that is not text of 1 to {LONGEST_WORDS} characters"
    return None if "url" not in row or is_address(row["url"]) else "has a url that is neither a path nor https"


def _short(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_WORDS and value.isprintable()


ACTIONS = Setting(
    "quick.actions",
    "",
    "Quick actions of your own, as a JSON list of objects with id, label, and perhaps url, action, keywords and pages.",
    check=actions,
)

SETTINGS = (ACTIONS,)
