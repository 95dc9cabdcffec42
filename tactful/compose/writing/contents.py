"""From what was written to the contents of an intervention, in the shape that templates have."""

from typing import Any

from tactful.compose.writing.languages import spoken
from tactful.compose.writing.prompt import Room
from tactful.facts.writing import MULTIPLE_CHOICE, OPEN_ENDED, POLL, RATING, Answer, Draft

# How long a poll stays open, by its type [s].
SECONDS = {RATING: 45, MULTIPLE_CHOICE: 60, OPEN_ENDED: 90}
SCALE = ["1", "2", "3", "4", "5"]
BY = "language_model"


def contents(purpose: str, draft: Draft, room: Room, *, model: str, answer: Answer, cost: float) -> dict[str, Any]:
    """What `interventions.metadata` holds of it, with what it cost: see `polls.render`.

    cost: in the currency of the prices.
    """
    return {
        **_said(purpose, draft),
        "template": BY,
        "language": spoken(room.language),
        "generated_by": BY,
        "writing": {
            "model": model,
            "input_tokens": answer.input_tokens,
            "output_tokens": answer.output_tokens,
            "latency_ms": round(1000 * answer.seconds),
            "cost": cost,
        },
    }


def _said(purpose: str, draft: Draft) -> dict[str, Any]:
    if purpose != POLL:
        return {"prompt": {"text": draft.text}}
    options = SCALE if draft.type == RATING else list(draft.options)
    return {"poll": {"question": draft.text, "type": draft.type, "options": options, "duration": SECONDS[draft.type]}}
