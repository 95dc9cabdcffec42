"""What was noticed in a live session, as it is written and told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tactful.decide.live.handlers import ESCALATED
from tactful.uses.rooms.acts import ANOMALIES, to_room


@dataclass(frozen=True, slots=True)
class Noticed:
    """An anomaly as the detectors told it. at: the end of the stretch it was noticed in. change [%]."""

    live_session_id: int
    bin: int
    at: datetime
    kind: str
    severity: str
    probability: float
    engagement: float | None
    expected: float | None
    change: float
    reasoning: str
    facts: Mapping[str, Any]


def graded(each: Noticed) -> Noticed:
    """`each`; with engagement at ESCALATED or below it is critical, whatever it looked like."""
    if each.engagement is not None and each.engagement <= ESCALATED and each.severity != "critical":
        return replace(each, severity="critical")
    return each


def row(each: Noticed, room: Mapping[str, Any]) -> dict[str, Any]:
    """As it is written. room: a row of `rooms.rooms`."""
    named = ("organisation_id", "live_session_id", "session_id", "event_id")
    return {name: room[name] for name in named} | {
        "timestamp": each.at.isoformat(),
        "bin": each.bin,
        "anomaly_type": each.kind,
        "severity": each.severity,
        "anomaly_score": each.probability,
        "current_engagement": each.engagement,
        "expected_engagement": each.expected,
        "deviation": each.change,
        "reasoning": each.reasoning,
        "signals": dict(each.facts),
    }


def messages(each: Noticed, room: Mapping[str, Any], anomaly_id: str) -> list[dict[str, Any]]:
    """What is published of it: to programs, and to the room's organisers."""
    written = row(each, room)
    told = {name: value for name, value in written.items() if name not in ("organisation_id", "live_session_id")}
    body = {"id": anomaly_id, "organisation": room["organisation"], **told}
    return [
        {"organisation_id": room["organisation_id"], "channel": ANOMALIES, "body": body},
        to_room(room, "anomaly", body),
    ]
