"""What to expect of somebody, counted: the median of the past people about whom the same was believed."""

import numpy as np

from tactful.facts.additive import Floats

# People of the past that one answer rests on.
ALIKE = 250


def median_of_alike(believed_then: Floats, counted: Floats, believed_now: Floats, *, alike: int = ALIKE) -> Floats:
    """The median of `counted` among the `alike` whose belief was nearest, for each of `believed_now`.

    believed_then, counted: of past people; believed_now: the same belief about others; any scale. The median is
    what is wrong by least on average. Nobody in the past means nan.

    >>> median_of_alike(np.array([0.1, 0.2, 0.9]), np.array([0.0, 1.0, 8.0]), np.array([0.8, 0.0]), alike=1).tolist()
    [8.0, 0.0]
    """
    order = np.argsort(believed_then, kind="stable")
    sorted_then, sorted_counted = believed_then[order], counted[order]
    if not order.size:
        return np.full(believed_now.size, np.nan)
    window = min(alike, order.size)
    medians = np.median(np.lib.stride_tricks.sliding_window_view(sorted_counted, window), axis=1)
    nearest = np.searchsorted(sorted_then, believed_now) - window // 2
    answer: Floats = medians[nearest.clip(0, medians.size - 1)]
    return answer
