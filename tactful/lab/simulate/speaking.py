"""Made-up audiences as signals that a running engine takes: what each session did in the last seconds, in numbers."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.audiences import Signal
from tactful.lab.simulate.audience import Audience

# Of what is heard, which part is what; the rest are reactions.
PARTS = {"chat": 0.35, "question": 0.05, "hand_raised": 0.03}
REST = "reaction"
# First of the questions put to chance.
ASKED = 40
# How many one signal may tell of.
MOST = 100_000


def spoken(audience: Audience, names: Sequence[str], at: datetime, heard: Floats) -> list[Signal]:
    """The signals of the seconds that have just passed, in order of sessions, nobody named.

    names: what the product calls each session; at: now; heard: of `audience.hear`. The same seconds have the same ids,
    so that telling them twice counts once.
    """
    counts = {"join": audience.joined, "leave": audience.left, **dict(_parted(audience, heard))}
    return [
        Signal(f"{audience.second}-{kind}", names[session], kind, at, count=min(int(count), MOST))
        for session in range(len(names))
        for kind, many in counts.items()
        if (count := many[session]) >= 1
    ]


def present(audience: Audience, names: Sequence[str], at: datetime) -> list[Signal]:
    """Who is there before the beginning, as joins: to be told once, first.

    >>> from datetime import UTC
    >>> from tactful.lab.simulate.luck import Luck
    >>> from tactful.lab.simulate.scenarios import SCENARIOS
    >>> audience = Audience(SCENARIOS["mixed"], Luck.of(1, 0, 2))
    >>> [signal.kind for signal in present(audience, ["a", "b"], datetime(2026, 3, 1, tzinfo=UTC))]
    ['join', 'join']
    """
    many = zip(names, audience.viewers, strict=True)
    return [Signal("0-join", name, "join", at, count=min(int(there), MOST)) for name, there in many if there >= 1]


def _parted(audience: Audience, heard: Floats) -> Iterator[tuple[str, Floats]]:
    left = heard + 0
    for number, (kind, part) in enumerate(PARTS.items()):
        # Whole numbers that come to the part on average.
        some = np.minimum(np.floor(part * heard + audience.luck.uniform(audience.second, ASKED + number)), left)
        left = left - some
        yield kind, some
    yield REST, left
