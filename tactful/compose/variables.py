"""What wordings may name in braces, and how each is said in a language: plurals, dates, lists. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

# What is longer fits no title, or no notification.
LONGEST_TOPIC, LONGEST_SUGGESTION, LONGEST_MILESTONE = 40, 130, 44
# Names that a digest tells.
MOST_ITEMS, LONGEST_ITEMS = 3, 110

VARIABLE = re.compile(r"\{([a-z_]+)\}")
COUNTED = ("streak", "next_day", "longest", "days_away", "days_stuck", "days_unpractised", "points", "more")
# What wordings may name, each as long as it is at most in a sentence: what says how much or when, in any language,
KNOWN_NUMBERS = {
    **dict.fromkeys(COUNTED, "10000"),
    "worth": "10000 Punkte",
    "others": "10000 weitere",
    "last_here": "24. September",
}
# and what says what it is about.
KNOWN_NAMES = {
    **dict.fromkeys(("skill", "topic", "feature"), "x" * LONGEST_TOPIC),
    "items": "x" * LONGEST_ITEMS,
    "suggestion": "x" * LONGEST_SUGGESTION,
    "milestone": "x" * LONGEST_MILESTONE,
}
KNOWN = KNOWN_NUMBERS | KNOWN_NAMES

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
}  # fmt: skip
# One and many of each, and what is left out of a list.
POINTS = {"en": ("{} point", "{} points"), "de": ("{} Punkt", "{} Punkte")}
OTHERS = {"en": ("{} more", "{} more"), "de": ("ein weiterer", "{} weitere")}
LEFT_OUT = {"en": " and {} more", "de": " und {} weitere"}
DATES: Mapping[str, Callable[[int, str], str]] = {"en": lambda day, month: f"{day} {month}",
                                                  "de": lambda day, month: f"{day}. {month}"}  # fmt: skip
# What plateaus suggest is written in one language.
SUGGESTED_IN = "en"


def variables(facts: Mapping[str, Any], at: datetime | None = None, language: str = "en") -> dict[str, str]:
    """The words that can be filled in, as far as the facts know them.

    facts: FACTS of `compose.context`, with null for what is unknown. at: when it is read. language: of LANGUAGES.

    >>> variables({"current_streak": 6, "longest_streak": None})
    {'streak': '6', 'next_day': '7'}
    >>> variables({"milestone_points": 1, "milestones": 2}, language="de")
    {'points': '1', 'worth': '1 Punkt', 'more': '1', 'others': 'ein weiterer'}
    """
    # What somebody asked for says what it is about.
    told = facts.get("asked")
    asked: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    suggestion = facts.get("plateau_suggestion") if language == SUGGESTED_IN else None
    known = _counted(facts, language) | _dated(facts, at, language)
    known |= {
        "skill": quotable(facts.get("fading_skill"), LONGEST_TOPIC),
        "topic": _first(asked.get("topic"), facts.get("plateau_skill"), facts.get("plateau_topic")),
        "feature": _first(asked.get("feature")),
        "items": _items(facts.get("folded"), language),
        "milestone": quotable(facts.get("milestone"), LONGEST_MILESTONE),
        "suggestion": quotable(suggestion, LONGEST_SUGGESTION),
    }
    return {name: str(value) for name, value in known.items() if value}


def quotable(value: Any, most: int) -> str:
    """What a product said, where it can stand in a sentence of ours; else nothing. most: letters.

    >>> quotable("Tides", 40), quotable("a line\\nand another", 40), quotable(None, 40)
    ('Tides', '', '')
    """
    fits = isinstance(value, str) and len(value) <= most and value.isprintable() and not set(value) & set("{}")
    return value.strip() if fits else ""


def _counted(facts: Mapping[str, Any], language: str) -> dict[str, int | str]:
    # One day is not a run, and would read "1 days".
    streak, longest, stuck, fading = (
        _several(facts.get(name)) for name in ("current_streak", "longest_streak", "plateau_days", "fading_days")
    )
    points = _count(facts.get("milestone_points"))
    # Besides the one that is named.
    more = max(0, _count(facts.get("milestones")) - 1)
    return {
        "streak": streak,
        "next_day": streak + 1 if streak else 0,
        "longest": longest,
        "days_stuck": stuck,
        "days_unpractised": fading,
        "points": points,
        "worth": _many(POINTS[language], points),
        "more": more,
        "others": _many(OTHERS[language], more),
    }


def _dated(facts: Mapping[str, Any], at: datetime | None, language: str) -> dict[str, int | str]:
    """How long ago they were here, and on which day of their own."""
    seen = facts.get("last_seen_at")
    if isinstance(seen, str):
        try:
            seen = datetime.fromisoformat(seen)
        except ValueError:
            return {}
    if at is None or not isinstance(seen, datetime) or seen.tzinfo is None:
        return {}
    days = (at - seen.astimezone(UTC)).days
    there = seen.astimezone(_zone(facts.get("zone")))
    told = DATES[language](there.day, MONTHS[language][there.month - 1])
    return {"days_away": days, "last_here": told} if days > 1 else {}


def _zone(name: Any) -> tzinfo:
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else UTC
    # Whatever stood there is no zone.
    except (ValueError, OSError):
        return UTC


def _first(*values: Any) -> str:
    """The first of these that can be quoted."""
    return next((fits for each in values if (fits := quotable(each, LONGEST_TOPIC))), "")


def _items(folded: Any, language: str) -> str:
    """What a digest is about, as far as it has names: a few of them, and how many more."""
    if not isinstance(folded, list):
        return ""
    abouts = [each.get("about") for each in folded if isinstance(each, Mapping)]
    names = [_first(each.get("topic"), each.get("feature")) for each in abouts if isinstance(each, Mapping)]
    names = list(dict.fromkeys(name for name in names if name))
    told = names[:MOST_ITEMS]
    # Long names are fewer: it has to fit a notification, with the number of those left out.
    while len(", ".join(told)) > LONGEST_ITEMS - len(LEFT_OUT[language].format(10_000)):
        told.pop()
    more = LEFT_OUT[language].format(len(names) - len(told)) if len(names) > len(told) else ""
    return ", ".join(told) + more


def _many(forms: tuple[str, str], count: int) -> str:
    return forms[count != 1].format(count) if count else ""


def _several(value: Any) -> int:
    count = _count(value)
    return count if count > 1 else 0


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000 else 0
