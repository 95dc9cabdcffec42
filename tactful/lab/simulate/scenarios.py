"""What made-up audiences are like, what befalls them, and what interventions truly do to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tactful.decide.live.handlers import ANOMALIES, HANDLERS

# What is noticed, in this order; and what is allowed then with the gain that is expected of it [engagement, 0..1].
TROUBLES = ANOMALIES
EXPECTED: Mapping[str, Mapping[str, float]] = {
    trouble: {each.kind: each.expected for each in HANDLERS if (each.anomaly, each.side) == (trouble, "audience")}
    for trouble in TROUBLES
}
# What they truly do. Of three things expected to be the better one, two are not.
TRUE: Mapping[str, Mapping[str, float]] = {
    "SUDDEN_DROP": {"POLL": 0.11, "CHAT_PROMPT": 0.04},
    "GRADUAL_DECLINE": {"POLL": 0.03, "GAMIFICATION": 0.10},
    "LOW_ENGAGEMENT": {"POLL": 0.03, "NOTIFICATION": 0.09},
    "MASS_EXIT": {"POLL": 0.08},
}
NOTHING: Mapping[str, Mapping[str, float]] = {trouble: dict.fromkeys(kinds, 0.0) for trouble, kinds in TRUE.items()}


@dataclass(frozen=True, slots=True)
class Scenario:
    """An event.

    level: mean logarithm of signals per viewer and 10 s; hourly: how often each trouble comes in an hour, in the order
    of TROUBLES; bursts: passing liveliness, an hour; smallest, largest: audience; effects: trouble -> kind -> what it
    adds to engagement (0..1).
    """

    level: float = -3.0
    hourly: tuple[float, float, float, float] = (1.5, 0.8, 0.8, 0.6)
    bursts: float = 1.0
    smallest: int = 10
    largest: int = 100_000
    effects: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: TRUE)


SCENARIOS: Mapping[str, Scenario] = {
    "calm": Scenario(hourly=(0.3, 0.2, 0.1, 0.1)),
    "fading": Scenario(hourly=(0.3, 2.5, 0.6, 0.1)),
    "lively": Scenario(level=-2.4, hourly=(0.8, 0.3, 0.1, 0.2), bursts=5.0),
    "crisis": Scenario(hourly=(2.0, 0.3, 0.8, 2.0), smallest=200),
    "placebo": Scenario(effects=NOTHING),
    "mixed": Scenario(),
}
