"""The circumstances of a moment in a live room, in one word: what was noticed, how many are there, how far it is.

From the general to the particular, so that a part of it from the left is a circumstance of its own.
"""

from datetime import datetime

BETWEEN = "/"
# Viewers from which on an audience is that size.
SIZES = ((1_000, "large"), (50, "medium"), (0, "small"))
# Share of the session that is over up to which it is that phase.
PHASES = ((0.15, "start"), (0.85, "middle"), (float("inf"), "end"))
# Of a session whose end nobody knows: how long its start takes [s].
UNSURE = 540.0


def size(viewers: float) -> str:
    """The class of an audience.

    >>> size(12), size(50), size(100_000)
    ('small', 'medium', 'large')
    """
    return next(name for least, name in SIZES if viewers >= least or not least)


def phase(at: datetime, started_at: datetime, ends_at: datetime | None) -> str:
    """The part of the session at `at`; where its end is unknown, the start takes nine minutes and the rest is middle.

    >>> start, end = datetime(2026, 3, 4, 10), datetime(2026, 3, 4, 11)
    >>> phase(datetime(2026, 3, 4, 10, 5), start, end), phase(datetime(2026, 3, 4, 10, 55), start, end)
    ('start', 'end')
    """
    over = (at - started_at).total_seconds()
    if ends_at is None or ends_at <= started_at:
        return "start" if over <= UNSURE else "middle"
    share = over / (ends_at - started_at).total_seconds()
    return next(name for most, name in PHASES if share <= most)


def context(anomaly_type: str, audience: str, part: str) -> str:
    """The circumstances in one word.

    >>> context("SUDDEN_DROP", size(300), "middle")
    'SUDDEN_DROP/medium/middle'
    """
    return BETWEEN.join((anomaly_type, audience, part))


def every(anomaly_type: str) -> list[str]:
    """All circumstances in which this may be noticed.

    >>> len(every("SUDDEN_DROP")), every("SUDDEN_DROP")[0]
    (9, 'SUDDEN_DROP/large/start')
    """
    return [context(anomaly_type, audience, part) for _, audience in SIZES for _, part in PHASES]


def wider(circumstances: str) -> tuple[str, ...]:
    """All that hold these circumstances, from everything to themselves.

    >>> wider("SUDDEN_DROP/medium")
    ('', 'SUDDEN_DROP', 'SUDDEN_DROP/medium')
    """
    parts = circumstances.split(BETWEEN) if circumstances else []
    return ("", *(BETWEEN.join(parts[: number + 1]) for number in range(len(parts))))
