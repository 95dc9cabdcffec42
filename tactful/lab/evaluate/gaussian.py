"""A window of the past as a normal distribution: how far out does the next value lie? A simple model for series.

Source: `windowedGaussian` of the Numenta Anomaly Benchmark. Its scores are rounded to twelve digits, as they are stored
there: without that, ties among near-certain scores fall differently and its published figures are not met.
"""

import numpy as np
from scipy.special import erfc

from tactful.facts.additive import Floats

WINDOW, STEP = 6400, 100
DIGITS = 12
LEAST = 1e-6


def surprises(values: Floats) -> Floats:
    """[points] Chance that a value would lie nearer the mean of the window before it, 0 to 1."""
    points = values.size
    mean, spread = np.zeros(points), np.ones(points)
    for end in range(1, min(points, WINDOW + 1)):
        mean[end], spread[end] = values[:end].mean(), values[:end].std()
    for end in range(WINDOW + STEP, points, STEP):
        _over(values[end - WINDOW : end], mean, spread, slice(end, end + STEP))
    if points > WINDOW:
        _over(values[:WINDOW], mean, spread, slice(WINDOW, WINDOW + STEP))
    away = np.abs(values - mean) / np.maximum(spread, LEAST) / np.sqrt(2)
    found: Floats = np.round(1 - 0.5 * erfc(away), DIGITS)
    found[0] = 0
    return found


def _over(window: Floats, mean: Floats, spread: Floats, where: slice) -> None:
    mean[where], spread[where] = window.mean(), window.std()
