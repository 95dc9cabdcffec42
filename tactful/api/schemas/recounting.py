"""What was done in live sessions, and what came of it."""

from typing import Any

from tactful.api.schemas.organising import Kind
from tactful.api.schemas.wire import Instant, ShownId, Told, example, shown


class ActedOut(Told):
    """An intervention in a live session. outcome: what came of this one case, an estimate with its interval.

    It says so itself (`label`), and is null until something can be said, or where nobody can tell. actor: who set it
    off or approved it; null where nobody had to. metadata: all that was said, and why.
    """

    id: str
    session_id: ShownId
    event_id: ShownId
    timestamp: Instant
    type: Kind
    confidence: float
    reasoning: str | None
    outcome: dict[str, Any] | None
    metadata: dict[str, Any]
    actor: str | None
    decision_id: int | None


class HistoryOut(Told):
    """Interventions, newest first. total: how many there are of them all."""

    total: int
    interventions: list[ActedOut]


class EffectOut(Told):
    """How much engagement (0..1) is higher than it would have been without, with a 95 % interval; null is unknown.

    Told from moments of all sessions of the organisation: moments that were acted upon, beside controls that were left
    alone on purpose. success: whether the whole interval lies above nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    moments: int
    controls: int
    sessions: int
    success: bool | None


class StatsOut(Told):
    """Counts of a session. successful_interventions: those of a type that is known to do good to audiences.

    success_rate: their share (0..1) of those of whose type anything is known. Both are null where nothing is. What was
    told to organisers alone counts for neither.
    """

    model_config = example(
        session_id="keynote",
        total_interventions=5,
        by_type={"CHAT_PROMPT": 2, "POLL": 3},
        success_rate=1.0,
        avg_confidence=0.82,
        successful_interventions=3,
        effects={
            "POLL": {
                "value": 0.11, "low": 0.04, "high": 0.18, "moments": 92, "controls": 11, "sessions": 31,
                "success": True,
            },
            "CHAT_PROMPT": {
                "value": None, "low": None, "high": None, "moments": 14, "controls": 2, "sessions": 9, "success": None,
            },
        },
    )  # fmt: skip
    session_id: ShownId
    total_interventions: int
    by_type: dict[str, int]
    success_rate: float | None
    avg_confidence: float | None
    successful_interventions: int | None
    effects: dict[str, EffectOut]


def acted_out(row: dict[str, Any]) -> ActedOut:
    """An intervention as the wire shows it."""
    named = {name: shown(row[name]) for name in ("session_id", "event_id")}
    return ActedOut.model_validate({**row, **named})


def history_out(told: dict[str, Any]) -> HistoryOut:
    """Interventions as the wire shows them."""
    return HistoryOut(total=told["total"], interventions=[acted_out(row) for row in told["interventions"]])
