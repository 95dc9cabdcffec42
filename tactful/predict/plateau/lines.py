"""Straight lines through weighted points, from their sums: many lines at once, none of them fitted twice. Pure."""

from dataclasses import dataclass

import numpy as np

from tactful.facts.additive import Floats

# What stands for the spread of points that lie all at one place: their slope is zero.
NO_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """Of each line: weight, centre and mean of its points, its slope, how far they spread, and what is left of them."""

    weight: Floats
    centre: Floats
    mean: Floats
    slope: Floats
    spread: Floats
    around_mean: Floats
    around_line: Floats

    def at(self, where: Floats) -> Floats:
        """Its height there."""
        return self.mean + self.slope * (where - self.centre)

    def error(self, where: Floats, *, sloping: bool) -> Floats:
        """Variance of its height there, or of the mean, in units of that of one point of weight 1."""
        level = 1 / self.weight
        return level + (where - self.centre) ** 2 / self.spread if sloping else level


def sums(weight: Floats, where: Floats, height: Floats) -> Floats:
    """Running sums of everything a line is made of: [series, points + 1, 6], zero first.

    weight, where, height: [series, points].
    """
    each = [weight, weight * where, weight * height, weight * where**2, weight * where * height, weight * height**2]
    running = np.cumsum(np.stack(each, axis=2), axis=1)
    return np.concatenate([np.zeros_like(running[:, :1]), running], axis=1)


def standing(one: Floats, where: Floats) -> Floats:
    """The sums `one` [..., 6] as if all their points lay at `where` [...]."""
    weight, height = one[..., 0], one[..., 2]
    moved = [weight, weight * where, height, weight * where**2, height * where, one[..., 5]]
    return np.stack(moved, axis=-1)


def through(one: Floats) -> Line:
    """The lines through points with these sums: [..., 6]; a line without points is level at zero."""
    weight, along, height, squares, both, heights = (one[..., number] for number in range(6))
    size = np.maximum(weight, NO_SPREAD)
    spread = squares - along**2 / size
    apart = spread > NO_SPREAD * np.maximum(squares, 1.0)
    spread = np.where(apart, spread, 1.0)
    slope = np.where(apart, (both - along * height / size) / spread, 0.0)
    around_mean = np.maximum(heights - height**2 / size, 0.0)
    around_line = np.maximum(around_mean - slope**2 * spread, 0.0)
    return Line(size, along / size, height / size, slope, spread, around_mean, around_line)
