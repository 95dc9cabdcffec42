"""From a kind, a variant and facts to the text a person reads. Pure: the same in, the same out."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tactful.compose.templates.wordings import WORDINGS
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Message

# What is longer fits no title, or no notification.
LONGEST_TOPIC, LONGEST_SUGGESTION, LONGEST_MILESTONE = 40, 130, 44
# Names that a digest tells.
MOST_ITEMS, LONGEST_ITEMS = 3, 110

ABOUT = {"topic", "skill", "milestone", "feature", "items"}
VARIABLE = re.compile(r"\{([a-z_]+)\}")
# What wordings may name, each as long as it is at most in a sentence.
KNOWN = {
    **dict.fromkeys(("streak", "next_day", "longest", "days_away", "days_stuck", "days_unpractised"), "10000"),
    **dict.fromkeys(("skill", "topic", "feature"), "x" * LONGEST_TOPIC),
    "items": "x" * LONGEST_ITEMS,
    "suggestion": "x" * LONGEST_SUGGESTION,
    "milestone": "x" * LONGEST_MILESTONE,
    **dict.fromkeys(("points", "more"), "10000"),
}


def variables(facts: Mapping[str, Any], at: datetime | None = None) -> dict[str, str]:
    """The words that can be filled in, as far as the facts know them.

    facts: FACTS of `compose.context`, with null for what is unknown. at: when it is read.

    >>> variables({"current_streak": 6, "longest_streak": None})
    {'streak': '6', 'next_day': '7'}
    """
    streak, longest = _count(facts.get("current_streak")), _count(facts.get("longest_streak"))
    days = _days_since(facts.get("last_seen_at"), at)
    # One day is not a run, and would read "1 days".
    stuck, topic, suggestion = (facts.get(f"plateau_{name}") for name in ("days", "topic", "suggestion"))
    fading = _count(facts.get("fading_days"))
    told = facts.get("asked")
    # What somebody asked for says what it is about.
    asked: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    known: dict[str, int | str] = {
        "streak": streak if streak > 1 else 0,
        "next_day": streak + 1 if streak > 1 else 0,
        "longest": longest if longest > 1 else 0,
        "days_away": days if days > 1 else 0,
        "days_stuck": _count(stuck) if _count(stuck) > 1 else 0,
        "skill": quotable(facts.get("fading_skill"), LONGEST_TOPIC),
        "days_unpractised": fading if fading > 1 else 0,
        "topic": _first(asked.get("topic"), facts.get("plateau_skill"), topic),
        "feature": _first(asked.get("feature")),
        "items": _items(facts.get("folded")),
        "milestone": quotable(facts.get("milestone"), LONGEST_MILESTONE),
        "points": _count(facts.get("milestone_points")),
        # Besides the one that is named.
        "more": max(0, _count(facts.get("milestones")) - 1),
        "suggestion": quotable(suggestion, LONGEST_SUGGESTION),
    }
    return {name: str(value) for name, value in known.items() if value}


def variants(
    kind: str, facts: Mapping[str, Any], at: datetime | None = None, own: Sequence[Message] = ()
) -> list[Message]:
    """The wordings of a kind for which everything they name is known, filled in. raises: NotFound.

    own: what the organisation says instead of ours (`compose.templates.own`).

    Braces inside facts stay what they are: every text is gone through once, left to right.
    """
    if kind not in WORDINGS and not own:
        raise NotFound(f"There are no wordings for {kind}.")
    words = variables(facts, at)
    usable = [wording for wording in own or WORDINGS[kind] if needs(wording) <= words.keys()]
    # What is about one thing says which, wherever it can be said.
    usable = [wording for wording in usable if needs(wording) & ABOUT] or usable
    return [Message(_fill(each.title, words), _fill(each.body, words), each.action, each.title) for each in usable]


def render(
    kind: str, variant: int, facts: Mapping[str, Any], at: datetime | None = None, own: Sequence[Message] = ()
) -> Message:
    """The wording with that number, counted round among those that fit the facts. raises: NotFound.

    own: see `variants`.

    >>> render("gentle_nudge", 1, {}).title
    'Something short'
    """
    fitting = variants(kind, facts, at, own)
    return fitting[variant % len(fitting)]


def needs(wording: Message) -> set[str]:
    """The variables a wording names."""
    return set(VARIABLE.findall(wording.title + wording.body))


def quotable(value: Any, most: int) -> str:
    """What a product said, where it can stand in a sentence of ours; else nothing. most: letters.

    >>> quotable("Tides", 40), quotable("a line\\nand another", 40), quotable(None, 40)
    ('Tides', '', '')
    """
    fits = isinstance(value, str) and len(value) <= most and value.isprintable() and not set(value) & set("{}")
    return value.strip() if fits else ""


def _first(*values: Any) -> str:
    """The first of these that can be quoted."""
    return next((fits for each in values if (fits := quotable(each, LONGEST_TOPIC))), "")


def _items(folded: Any) -> str:
    """What a digest is about, as far as it has names: a few of them, and how many more."""
    if not isinstance(folded, list):
        return ""
    abouts = [each.get("about") for each in folded if isinstance(each, Mapping)]
    names = [_first(each.get("topic"), each.get("feature")) for each in abouts if isinstance(each, Mapping)]
    names = list(dict.fromkeys(name for name in names if name))
    told = names[:MOST_ITEMS]
    # Long names are fewer: it has to fit a notification, with the number of those left out.
    while len(", ".join(told)) > LONGEST_ITEMS - len(" and 10000 more"):
        told.pop()
    more = f" and {len(names) - len(told)} more" if len(names) > len(told) else ""
    return ", ".join(told) + more


def _fill(text: str, words: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: words[found.group(1)], text)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000 else 0


def _days_since(moment: Any, at: datetime | None) -> int:
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return 0
    if at is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return 0
    return max(0, (at - moment.astimezone(UTC)).days)
