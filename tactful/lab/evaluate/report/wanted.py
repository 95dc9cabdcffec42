"""What was wanted of each task before it was built: a figure to reach at least, and one to aim for.

Chosen from published results and from what simple models were known to reach on the same data. Those of CH-A after
14 and 21 days had been learned from all courses at once: by course the same boosting reaches .766 and .815.
"""

from collections.abc import Mapping
from typing import NamedTuple

from tactful.lab.evaluate.report.words import measure


class Wanted(NamedTuple):
    """The figure to reach at least, and the one to aim for. start: the best simple model known on the same data."""

    least: float
    aim: float
    start: float | None = None


WANTED: Mapping[tuple[str, str], Wanted] = {
    ("CH-A", "auc"): Wanted(0.875, 0.89, 0.871),
    ("CH-A", "ece"): Wanted(0.01, 0.01),
    ("CH-A@3+", "auc"): Wanted(0.835, 0.85, 0.8295),
    ("CH-A@7d", "auc"): Wanted(0.71, 0.73, 0.705),
    ("CH-A@14d", "auc"): Wanted(0.775, 0.79, 0.771),
    ("CH-A@21d", "auc"): Wanted(0.825, 0.84, 0.821),
    ("CH-B", "auc"): Wanted(0.85, 0.865, 0.847),
    ("CH-D", "auc"): Wanted(0.775, 0.79, 0.7725),
    ("CH-D", "mae"): Wanted(0.77, 0.74, 0.785),
    ("FG-A", "log_loss"): Wanted(0.445, 0.435, 0.4495),
    ("FG-A", "auc"): Wanted(0.66, 0.69, 0.644),
    ("FG-B", "auc"): Wanted(0.845, 0.855, 0.84),
    ("AN-A", "macro_f1"): Wanted(0.70, 0.85, 0.43),
    ("AN-A", "alarms_per_hour"): Wanted(1.2, 0.8, 3.0),
    ("AN-A", "delay_ticks"): Wanted(9, 9),
    ("AN-B", "standard"): Wanted(60, 70, 50.7),
    ("AN-B", "reward_low_fp"): Wanted(54, 63, 48.7),
    ("AN-B", "reward_low_fn"): Wanted(65, 75, 53.7),
    ("AN-C", "f1"): Wanted(0.70, 0.78, 0.66),
    ("AN-C", "cover"): Wanted(0.68, 0.74, 0.64),
    ("SE-A", "average_recall"): Wanted(0.635, 0.68, 0.621),
    ("SE-B@group", "macro_f1"): Wanted(0.65, 0.70, 0.637),
    ("SE-B@ekman", "macro_f1"): Wanted(0.58, 0.62, 0.569),
    ("KT-A", "auc"): Wanted(0.780, 0.79, 0.7745),
    ("KT-A", "ece"): Wanted(0.02, 0.01),
    ("KT-C", "auc"): Wanted(0.830, 0.845, 0.824),
    ("KT-C", "ece"): Wanted(0.02, 0.01),
    ("TM-A@1h", "auc"): Wanted(0.845, 0.86, 0.8385),
    ("TM-A@24h", "auc"): Wanted(0.765, 0.78, 0.7546),
    ("TM-B", "log_loss"): Wanted(2.82, 2.75, 2.841),
    ("TM-B", "top6"): Wanted(0.51, 0.54, 0.506),
}
# Stricter forms of a task, of which the same is wanted.
STRICTER: Mapping[str, str] = {
    "CH-A@unseen": "CH-A",
    "KT-A@distinct": "KT-A",
    "KT-C@before": "KT-C",
    "AN-A@untouched": "AN-A",
    "AN-B@others": "AN-B",
    "AN-C@unseen": "AN-C",
}


class Verdict(NamedTuple):
    """mark: good, wait or warn. words: what a figure is against what was wanted."""

    mark: str
    words: str


def verdict(task: str, metric: str, value: float) -> Verdict | None:
    """How `value` stands to what was wanted of it; None where nothing was.

    >>> verdict("CH-A", "auc", 0.8735)
    Verdict(mark='warn', words='.0015 short')
    >>> verdict("TM-B", "log_loss", 2.74).words
    'aim reached'
    """
    wanted = wanted_of(task, metric)
    if wanted is None:
        return None
    sign = -1 if measure(metric).less else 1
    if sign * (value - wanted.aim) >= 0:
        return Verdict("good", "aim reached")
    if sign * (value - wanted.least) >= 0:
        return Verdict("wait", "reached")
    return Verdict("warn", f"{short(sign * (wanted.least - value), 4)} short")


def wanted_of(task: str, metric: str) -> Wanted | None:
    """What was wanted of a figure; None where nothing was. What was known before was known of no stricter form."""
    if task not in STRICTER:
        return WANTED.get((task, metric))
    wanted = WANTED.get((STRICTER[task], metric))
    return None if wanted is None else wanted._replace(start=None)


def short(value: float, digits: int = 3) -> str:
    """A figure without the zero before its point.

    >>> short(0.875), short(2.822), short(-0.5)
    ('.875', '2.822', '-.500')
    """
    told = f"{value:.{digits}f}"
    return told.replace("0.", ".", 1) if abs(value) < 1 and told.lstrip("-").startswith("0.") else told


def stated(value: float | None) -> str:
    """A figure with as many digits as it was stated with, three at least; empty where there is none.

    >>> stated(0.7745), stated(0.78), stated(None)
    ('.7745', '.780', '')
    """
    return "" if value is None else short(value, max(3, len(str(value).partition(".")[2])))
