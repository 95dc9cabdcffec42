"""What was learned about words: a linear model over buckets, small enough to be a row of JSON.

Weights are kept as whole numbers of eight bits on a scale of squares, fine near nothing and coarse far from it: so a
model takes at most as many bytes as it has buckets times labels (a third more as text), and says what it said before.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tactful.facts.additive import Floats

STEPS = 127
# Models whose weights stay at hand as they are multiplied with; some 1 to 3 MB each.
OPEN = 16


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """labels: what it tells apart. weights: [columns, labels] in steps; scale: weight of the last step, of each label.

    sharpness: what its log-odds are multiplied with, so that chances are true (Guo et al. 2017). leaning: [labels] what
    is added to the logarithm of a chance before choosing, for who chooses by chance alone never names what is rare.
    several: whether a text may have several labels. languages: of texts it was taught with. source: their licence.
    """

    form: str
    labels: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: Floats
    intercept: Floats
    leaning: Floats
    sharpness: float = 1.0
    several: bool = False
    languages: tuple[str, ...] = ("en", "und")
    source: str = ""

    def chances(self, asked: sp.csr_array) -> Floats:
        """How likely each label is of each text: [texts, labels], 0..1; they add up to 1 unless `several`."""
        odds = self.sharpness * (asked @ _large(self) + self.intercept)
        return _each(odds) if self.several else _among(odds)

    def leant(self, chances: Floats) -> Floats:
        """`chances`, had every label been as common as it leans to: what is chosen by, 0..1."""
        told = np.clip(chances, 1e-12, 1 - 1e-12)
        if self.several:
            return _each(np.log(told) - np.log1p(-told) + self.leaning)
        return _among(np.log(told) + self.leaning)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "form": self.form,
            "labels": list(self.labels),
            "weights": base64.b64encode(zlib.compress(self.weights.tobytes(), 9)).decode(),
            **{name: getattr(self, name).tolist() for name in ("scale", "intercept", "leaning")},
            "sharpness": self.sharpness,
            "several": self.several,
            "languages": list(self.languages),
            "source": self.source,
        }


def linear(told: Mapping[str, Any]) -> Linear:
    """What `as_dict` told."""
    raw = np.frombuffer(zlib.decompress(base64.b64decode(told["weights"])), np.int8)
    return Linear(
        form=told["form"],
        labels=tuple(told["labels"]),
        weights=raw.reshape(-1, len(told["labels"])),
        **{name: np.array(told[name], np.float64) for name in ("scale", "intercept", "leaning")},
        sharpness=told["sharpness"],
        several=told["several"],
        languages=tuple(told["languages"]),
        source=told["source"],
    )


def small(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Weights [columns, labels] in steps, and the weight of the last step of each label."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-12)
    steps = np.rint(STEPS * np.sign(weights) * np.sqrt(np.abs(weights) / scale))
    return steps.astype(np.int8), scale


@lru_cache(maxsize=OPEN)
def _large(model: Linear) -> NDArray[np.float32]:
    part = model.weights.astype(np.float32) / np.float32(STEPS)
    told: NDArray[np.float32] = part * np.abs(part) * model.scale.astype(np.float32)
    return told


def _among(odds: Floats) -> Floats:
    part = np.exp(odds - odds.max(axis=1, keepdims=True, initial=-np.inf))
    told: Floats = part / part.sum(axis=1, keepdims=True)
    return told


def _each(odds: Floats) -> Floats:
    told: Floats = 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
    return told


@dataclass(frozen=True, slots=True)
class Served:
    """What serves an organisation; None where nothing was learned."""

    sentiment: Linear | None = None
    emotion: Linear | None = None


def languages_of(tongues: Sequence[str], least: float = 0.02) -> tuple[str, ...]:
    """Languages that at least so large a share of the lessons is in.

    >>> languages_of(["de"] * 60 + ["und"] * 39 + ["en"])
    ('de', 'und')
    """
    names, counts = np.unique(np.array(tongues, np.str_), return_counts=True)
    return tuple(str(name) for name in names[counts >= least * max(len(tongues), 1)])
