"""Anomalies to words: what was seen of the room, with the numbers behind it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tactful.predict.anomaly.anomalies import Anomaly

# Below this many nobody can picture a rate any more.
LEAST = 0.01
LEVELS = ("a sudden drop", "a gradual decline", "low engagement")


def reasons(anomaly: Anomaly, at: datetime) -> list[str]:
    """Sentences, the most telling first. at: when it was told, in the zone that instants are to be read in.

    >>> from datetime import UTC
    >>> found = Anomaly(
    ...     0, "SUDDEN_DROP", "high", 0.7, 0.2, 0.5, -71.4, 4.0, 14.0, 70, 412, (0.7, 0.12, 0.05)
    ... )
    >>> for sentence in reasons(found, datetime(2026, 3, 1, 12, 4, 30, tzinfo=UTC)):
    ...     print(sentence)
    Messages and reactions fell from about 14 to 4 a minute for each hundred viewers since 12:03:20 UTC.
    By our estimate a sudden drop is 70 % likely, a gradual decline 12 %, low engagement 5 %.
    412 viewers are there.
    """
    since = f"{at - timedelta(seconds=anomaly.seconds):%H:%M:%S %Z}".strip()
    return [_SEEN[anomaly.kind](anomaly, since), *_likely(anomaly), f"{_viewers(anomaly.viewers)} there."]


def _drop(anomaly: Anomaly, since: str) -> str:
    return f"Messages and reactions fell {_from_to(anomaly)} since {since}."


def _decline(anomaly: Anomaly, since: str) -> str:
    return f"Messages and reactions have been going down since {since}, {_from_to(anomaly)}."


def _low(anomaly: Anomaly, since: str) -> str:
    now, usual = _about(anomaly.now), _about(anomaly.expected)
    return (
        f"Since {since} there were only about {now} messages and reactions a minute for each hundred viewers; "
        f"{usual} were to be expected."
    )


def _exit(anomaly: Anomaly, since: str) -> str:
    before, gone = round(anomaly.expected), round(anomaly.expected - anomaly.now)
    return f"{gone:,} of {before:,} viewers ({-anomaly.change:.0f} %) left since about {since}."


def _likely(anomaly: Anomaly) -> list[str]:
    """How likely the kinds are side by side, where they were weighed; of a mass exit, that it is no chance."""
    if anomaly.kind == "MASS_EXIT":
        return [
            f"That so many leave by chance is unlikely: we are {_percent(anomaly.probability)} sure that it is more."
        ]
    if not any(anomaly.chances):
        return ["It began as a sudden drop and has lasted longer than those do."]
    first, *others = sorted(zip(anomaly.chances, LEVELS, strict=True), reverse=True)
    beside = "".join(f", {name} {_percent(chance)}" for chance, name in others)
    return [f"By our estimate {first[1]} is {_percent(first[0])} likely{beside}."]


def _from_to(anomaly: Anomaly) -> str:
    return f"from about {_about(anomaly.expected)} to {_about(anomaly.now)} a minute for each hundred viewers"


def _about(rate: float) -> str:
    if rate < LEAST:
        return f"under {LEAST}"
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _percent(chance: float) -> str:
    return f"{100 * chance:.0f} %"


def _viewers(count: int) -> str:
    return "1 viewer is" if count == 1 else f"{count:,} viewers are" if count else "No viewers are"


_SEEN: Mapping[str, Callable[[Anomaly, str], str]] = {
    "SUDDEN_DROP": _drop,
    "GRADUAL_DECLINE": _decline,
    "LOW_ENGAGEMENT": _low,
    "MASS_EXIT": _exit,
}
