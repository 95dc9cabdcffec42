"""Emotions before anything is learned: a model of GoEmotions that comes with the engine.

Its training part is under Apache-2.0 (Demszky et al. 2020); `python -m tactful.lab.emotions DATA` makes it again.
"""

import json
from functools import cache
from pathlib import Path

from tactful.facts.wordings import Linear, linear

EMOTIONS = Path(__file__).parent / "emotions.json"


@cache
def emotions() -> Linear:
    """The model, read once."""
    return linear(json.loads(EMOTIONS.read_text(encoding="utf-8")))
