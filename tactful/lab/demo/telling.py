"""What a room is told, in lines for people at a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Data = Mapping[str, Any]


def lines(type: str, data: Data, *, address: str, polls: Mapping[str, Data]) -> Iterator[str]:
    """The lines of a message; none where nobody need read it. polls: those opened so far, by id.

    >>> said = {"suggestion": 3}
    >>> list(lines("suggestion_closed", {"id": 3, "state": "expired"}, address="", polls={}))
    ['suggestion 3 is expired']
    """
    if type == "anomaly":
        yield f"noticed  {data['anomaly_type']}, {data['severity']}: {data['reasoning']}"
    elif type == "intervention":
        yield f"does     {content(data['type'], data)}"
    elif type == "suggestion":
        yield from _suggestion(data, address)
    elif type == "suggestion_closed":
        yield f"suggestion {data['id']} is {data['state']}"
    elif type == "poll_closed" and str(data["poll_id"]) in polls:
        yield f"closed   {_counts(data, polls[str(data['poll_id'])])}"
    elif type == "outcome" and data["engagement_delta"] is not None:
        gain, low, high = (data[name] for name in ("engagement_delta", "low", "high"))
        yield f"outcome  engagement {gain:+.2f} by what was done ({low:+.2f} to {high:+.2f})"
    elif type == "session_ended":
        yield "has ended"


def content(kind: str, told: Data) -> str:
    """What is said to the audience.

    >>> content("POLL", {"poll": {"question": "Too fast?", "options": ["Yes", "No"]}})
    'POLL "Too fast?" (Yes / No)'
    """
    if kind == "POLL":
        options = " / ".join(told["poll"]["options"])
        return f'POLL "{told["poll"]["question"]}"' + (f" ({options})" if options else "")
    if kind == "CHAT_PROMPT":
        return f'CHAT_PROMPT "{told["prompt"]["text"]}"'
    part = told["notification"] if kind == "NOTIFICATION" else told["gamification"]
    return f'{kind} to {part.get("to", "audience")} "{part["title"]}"'


def _suggestion(data: Data, address: str) -> Iterator[str]:
    until = datetime.fromisoformat(data["expires_at"]).astimezone()
    yield f"proposes {content(data['type'], data['content'])}; say yes until {until:%H:%M:%S}:"
    approve = f"{address}/api/v1/live/suggestions/{data['id']}/approve"
    yield f'  curl -X POST {approve} -H "Authorization: Bearer $OPERATOR"'


def _counts(data: Data, poll: Data) -> str:
    votes = "1 vote" if data["votes"] == 1 else f"{data['votes']} votes"
    if not data.get("counts") or poll["type"] == "open_ended":
        return votes
    each = zip(poll["options"], data["counts"], strict=True)
    return f"{votes}: {', '.join(f'{option} {count}' for option, count in each)}"
