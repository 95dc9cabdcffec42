"""What happened in a live session, as operators read it: words for kinds, tones for severity, who did it."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from tactful.compose.polls.own import FIELDS
from tactful.uses.rooms.acts import PART
from tactful.uses.rooms.organising import SAID

ANOMALIES = {
    "SUDDEN_DROP": "sudden drop",
    "GRADUAL_DECLINE": "gradual decline",
    "LOW_ENGAGEMENT": "low engagement",
    "MASS_EXIT": "many are leaving",
}
MODES = {"manual": "manual", "semi_automatic": "semi-automatic", "automatic": "automatic"}
TONES = ("critical", "high", "medium", "low")
# What an answered suggestion looks like.
STATES = {"waiting": "waiting", "approved": "approved", "dismissed": "dismissed", "expired": "not answered in time"}
# What may be changed of what is proposed, by kind; the rest of its words stays as it is.
CHANGEABLE = {
    "POLL": ("question", "options", "duration"),
    "CHAT_PROMPT": ("text",),
    "NOTIFICATION": ("title", "body"),
    "GAMIFICATION": ("title", "body"),
}

Row = Mapping[str, Any]


def anomaly(kind: str) -> str:
    """What was noticed, in words."""
    return ANOMALIES.get(kind, kind.replace("_", " ").lower())


def tone(severity: str | None) -> str:
    """The tone of a severity."""
    word = (severity or "").lower()
    return word if word in TONES else "plain"


def address(session_id: str) -> str:
    """Where a session has its page, below the console.

    >>> address("day 1/keynote")
    'session?id=day%201%2Fkeynote'
    """
    return f"session?id={quote(session_id, safe='')}"


def called(row: Row) -> str:
    """How a session is called: by its title, where it has one."""
    return str(row["title"] or row["session_id"])


def answer(rows: Sequence[Row], total: int) -> str:
    """What happens now, in a sentence. rows: sessions that run; total: how many do."""
    if not rows:
        return ""
    people = sum(row["viewers"] or 0 for row in rows)
    runs = "1 session runs" if total == 1 else f"{total:,} sessions run"
    lowest = min((row for row in rows if row["engagement"] is not None), key=itemgetter("engagement"), default=None)
    told = f"{runs}, with {people:,} {'person' if people == 1 else 'people'} in {'it' if len(rows) == 1 else 'them'}"
    if lowest is None or len(rows) == 1:
        return f"{told}."
    return f"{told}. {called(lowest)} is the least engaged, at {100 * lowest['engagement']:.0f} %."


def session(row: Row) -> dict[str, Any]:
    """A session that runs (`Engine.happening`), with what it reads as."""
    kept = ("session_id", "engagement", "viewers", "noticed_at")
    return {name: row[name] for name in kept} | {
        "name": called(row),
        "mode": MODES[row["mode"]],
        "word": anomaly(row["anomaly_type"]) if row["anomaly_type"] else "",
        "tone": tone(row["severity"]),
    }


def actor(name: str | None) -> str:
    """By whom something was done: an operator without their role, or the engine by itself.

    >>> actor("operator:organiser ana@example.org"), actor(None)
    ('by ana@example.org', 'by itself')
    """
    return f"by {name.partition(' ')[2] or name}" if name else "by itself"


def said(kind: str, content: Row) -> dict[str, Any]:
    """The words of an intervention: the first line, the others, and what may be chosen."""
    part = content.get(PART[kind]) or {}
    lines = [str(part[name]) for name in ("question", "text", "title", "body") if part.get(name)]
    return {
        "first": lines[0] if lines else "",
        "rest": lines[1:],
        "options": [str(each) for each in part.get("options") or ()],
        "seconds": part.get("duration"),
        "to": part.get("to", "audience"),
        "type": part.get("type", ""),
    }


def fields(kind: str, content: Row) -> list[dict[str, Any]]:
    """What may be changed of what is proposed: name and value of each field."""
    part = content.get(PART[kind]) or {}
    names = [name for name in CHANGEABLE[kind] if name in FIELDS[kind]]
    kept = [name for name in names if name != "options" or part.get("options")]
    return [{"name": name, "value": _plain(part.get(name))} for name in kept]


def _plain(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)


def change(row: Row) -> dict[str, Any]:
    """Something that happened or changed (`Engine.happening`), with what it reads as."""
    told = row["told"]
    both = {name: row[name] for name in ("kind", "key", "at", "until", "done_at", "session_id")} | {
        "name": called(row),
        "told": told,
    }
    return both | MAKERS[row["kind"]](told)


def _anomaly(told: Row) -> dict[str, Any]:
    return {"word": anomaly(told["type"]), "tone": tone(told["severity"])}


def _intervention(told: Row) -> dict[str, Any]:
    return {"word": SAID[told["type"]], "said": said(told["type"], told["content"]), "by": actor(told["actor"])}


def _suggestion(told: Row) -> dict[str, Any]:
    content = told["content"]
    return {
        "word": SAID[told["type"]],
        "said": said(told["type"], content),
        "fields": fields(told["type"], content),
        "tone": tone(content.get("severity")),
        "why": anomaly(content.get("anomaly_type") or "noticed"),
        "gain": content.get("expected_gain"),
        "state": STATES[told["state"]],
        "waiting": told["state"] == "waiting",
        "by": actor(told["answered_by"]) if told["answered_by"] else "",
    }


def _poll(told: Row) -> dict[str, Any]:
    counts = {int(place): many for place, many in told["counts"].items()}
    options = [(option, counts.get(place, 0)) for place, option in enumerate(told["options"])]
    votes = sum(counts.values())
    best = max(options, key=lambda each: each[1], default=None)
    return {"votes": votes, "best": best if votes else None}


def _outcome(told: Row) -> dict[str, Any]:
    came = told["outcome"] or {}
    words = {"word": SAID[told["type"]], "said": said(told["type"], told["content"])}
    names = {"before": "engagement_before", "after": "engagement_after", "gain": "engagement_delta"}
    figures = {name: came.get(field) for name, field in names.items()}
    return (
        words
        | figures
        | {
            "before": figures["before"] if came else told["before"],
            "low": came.get("low"),
            "high": came.get("high"),
            "settled": bool(came),
            "spoiled": told["spoiled"],
            "tone": _came(came),
        }
    )


def _came(came: Row) -> str:
    """Good or bad where that is known beyond chance, else plain."""
    low, high = came.get("low"), came.get("high")
    if low is not None and low > 0:
        return "good"
    return "bad" if high is not None and high < 0 else "plain"


MAKERS = {
    "anomaly": _anomaly,
    "intervention": _intervention,
    "suggestion": _suggestion,
    "poll": _poll,
    "outcome": _outcome,
}
