"""The Turing change point data set: series as they were measured, and where about five people each saw changes.

Taken are the real series of one dimension; a value that is missing lies on the line between its neighbours.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tactful.facts.additive import Floats
from tactful.lab.evaluate.rows import needed
from tactful.learn.dividing import Marked

FOLDER = "changepoint_tcpd"
# Series with a change that was put there.
MADE = "quality_control"


@dataclass(frozen=True, slots=True)
class Series:
    """values: [points]. marked: the changes that each annotator saw, as numbers of points."""

    name: str
    values: Floats
    marked: Marked


def read(data: Path) -> list[Series]:
    """All of them, by name. raises: NotFound without the files."""
    stored, notes = needed(data / FOLDER, "series.json.gz", "annotations.json")
    every: dict[str, Any] = json.loads(gzip.decompress(stored.read_bytes()))
    marks: dict[str, dict[str, list[int]]] = json.loads(notes.read_bytes())
    real = sorted(name for name, one in every.items() if one["n_dim"] == 1 and not name.startswith(MADE))
    return [Series(name, _values(every[name]), list(marks[name].values())) for name in real]


def _values(one: dict[str, Any]) -> Floats:
    raw = np.array(one["series"][0]["raw"], dtype=np.float64)
    at, known = np.arange(raw.size), np.isfinite(raw)
    return np.interp(at, at[known], raw[known])
