"""Scoring what would be served, on public data and on your own past."""

from collections.abc import Callable
from pathlib import Path

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import dropout, forgetting, plateau, struggle, timing
from tactful.lab.evaluate.rows import Row, show
from tactful.lab.evaluate.silence import PART as SILENCE
from tactful.lab.evaluate.silence import silence

__all__ = ["PARTS", "SILENCE", "Row", "evaluate", "show", "silence"]

PARTS: dict[str, Callable[[Path], list[Row]]] = {
    dropout.PART: dropout.evaluate,
    forgetting.PART: forgetting.evaluate,
    plateau.PART: plateau.evaluate,
    struggle.PART: struggle.evaluate,
    timing.PART: timing.evaluate,
}


def evaluate(part: str, data: Path) -> list[Row]:
    """All rows of one part. raises: NotFound for an unknown part or missing data."""
    if part not in PARTS:
        raise NotFound(
            f"There is nothing to evaluate under {part}; choose from {', '.join((*PARTS, SILENCE))}.", fields=["part"]
        )
    return PARTS[part](data)
