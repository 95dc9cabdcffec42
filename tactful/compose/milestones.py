"""What is left until a milestone, in words. Pure."""

from math import ceil

from tactful.compose.languages import spoken
from tactful.facts.milestones import Metric

SENTENCE = {"en": "{} more {}", "de": "noch {} {}"}


def language(locale: str | None) -> str:
    """The language to write in."""
    return spoken(locale)


def left(metric: Metric, much: float, language: str) -> str:
    """How much of a metric is left, rounded up: time to a tenth, all else to the whole.

    >>> from tactful.facts.milestones import METRICS
    >>> left(METRICS["consecutive_active_days"], 3, "en"), left(METRICS["hours_active"], 1.2401, "de")
    ('3 more days in a row', 'noch 1,3 Stunden')
    """
    exact = metric.metric_type == "duration" and much < 10
    rest = ceil(round(much * 10, 6)) / 10 if exact else ceil(round(much, 6))
    one, many = metric.einheit if language == "de" else metric.unit
    told = f"{rest:g}".replace(".", "," if language == "de" else ".") if exact else str(rest)
    return SENTENCE[language].format(told, one if rest == 1 else many)
