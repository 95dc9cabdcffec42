"""What the curves of one length say: their last sudden change, their noise, and the progress of the last stretch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.curves import width
from tactful.predict.plateau import lines
from tactful.predict.plateau.changes import changes
from tactful.predict.plateau.progress import Curves, progress

# What `shape` tells of each curve, nan where it is not known; columns of GIVEN.
SHAPE = (
    "stretch_attempts", "stretch_days", "stuck", "mastery_improvement", "mastery_level", "mastery_began",
    "half_improvement", "attempts_since_change", "jump", "scatter",
)  # fmt: skip
# Variance of one score before any was seen, and the attempts that this knowledge is worth.
USUAL_NOISE, PATIENCE = 0.06, 4.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stretch without progress is: its attempts, its days, and the rise that would be progress (0..1)."""

    attempts: int
    days: int
    rise: float


def shape(sums: Floats, days: Floats, attempts: NDArray[np.int64], asked: Asked) -> Floats:
    """The columns of SHAPE: [curves, columns].

    sums, days: [curves, points] as in CURVE; attempts: of each curve. The stretch in question is the shortest last
    one that has the attempts and the days asked for; where there is none, only what lies before it is told.
    """
    counts = _counts(sums.shape[1], attempts)
    curves = Curves(sums / counts, counts)
    noise, since, jump = _last_change(curves)
    where = curves.at()
    begins = (attempts[:, None] - where >= asked.attempts) & (days[:, -1:] - days >= asked.days)
    first = np.where(begins.any(axis=1), begins.shape[1] - 1 - begins[:, ::-1].argmax(axis=1), 0)
    rows = np.arange(len(sums))
    moved = progress(curves, where[rows, first], noise, rise=asked.rise)
    told = np.stack([
        attempts - where[rows, first], days[:, -1] - days[rows, first] + 1, moved.stuck, moved.gain, moved.level,
        moved.began,
    ], axis=1)  # fmt: skip
    told[~begins.any(axis=1)] = np.nan
    return np.column_stack([told, _halves(curves), since, jump, np.sqrt(noise)])


def _counts(points: int, attempts: NDArray[np.int64]) -> Floats:
    """Attempts in each point: all as wide as the first, but for the last one."""
    wide = width(attempts)
    counts = np.repeat(wide[:, None], points, axis=1).astype(np.float64)
    counts[:, -1] = np.maximum(attempts - wide * (points - 1), 1)
    return counts


def _last_change(curves: Curves) -> tuple[Floats, Floats, Floats]:
    """Variance of one attempt around the pieces, attempts since the last change, and how far that went."""
    edges, (size, points) = changes(curves.score, spikes=False), curves.score.shape
    piece = (edges[:, :, None] <= np.arange(points)).sum(axis=1)
    last, most = piece[:, -1], edges.shape[1] + 1
    parts = lines.through(_by_piece(curves, piece, most).reshape(-1, 6))
    number = np.bincount((np.arange(size)[:, None] * most + piece).ravel(), minlength=size * most)
    left = np.where(number > 2, parts.around_line, parts.around_mean).reshape(size, most).sum(axis=1)
    used = np.where(number > 2, 2, np.minimum(number, 1)).reshape(size, most).sum(axis=1)
    noise = (left + PATIENCE * USUAL_NOISE) / (np.maximum(points - used, 0) + PATIENCE)
    rows, means = np.arange(size), parts.mean.reshape(size, most)
    jump = np.where(last > 0, means[rows, last] - means[rows, np.maximum(last - 1, 0)], np.nan)
    since = np.where(last > 0, parts.weight.reshape(size, most)[rows, last], np.nan)
    return noise, since, jump


def _by_piece(curves: Curves, piece: NDArray[np.int64], most: int) -> Floats:
    """The sums of `lines` of each piece of each curve: [curves, pieces, 6]."""
    running = lines.sums(curves.count, curves.at(), curves.score)
    inside = piece[:, :, None] == np.arange(most)
    each: Floats = np.einsum("rnp,rns->rps", inside, np.diff(running, axis=1))
    return each


def _halves(curves: Curves) -> Floats:
    middle = curves.score.shape[1] // 2
    early, late = (
        (curves.score[:, part] * curves.count[:, part]).sum(axis=1) / np.maximum(curves.count[:, part].sum(axis=1), 1)
        for part in (slice(0, middle), slice(middle, None))
    )
    return late - early if middle else np.full(len(late), np.nan)
