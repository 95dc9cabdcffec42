"""What was learned, and how true it has been."""

from typing import Any

from tactful.api.schemas.success import SuccessOut
from tactful.api.schemas.wire import Instant, Told


class Version(Told):
    """One version of what was learned. promoted_at: when it began to serve, null if never; metrics: of both sides."""

    version: int
    capability: str
    trained_at: Instant
    window_from: Instant
    window_to: Instant
    lessons: int
    people: int
    data_print: str
    metrics: dict[str, Any]
    promoted_at: Instant | None
    retired_at: Instant | None
    decided_by: str
    reason: str


class VersionsOut(Told):
    """Every version, newest first."""

    count: int
    versions: list[Version]


class Figure(Told):
    """A measure with its 95 % interval, which is null below ten cases."""

    value: float
    low: float | None
    high: float | None


class CurvePoint(Told):
    """People of whom about the same was said: what was said of them, and what came; shares 0..1."""

    people: int
    predicted: float
    actual: float


class ConfidenceLevel(Told):
    """Beliefs held with about the same confidence, and how well they ranked."""

    low: float
    high: float
    people: int
    auc: float | None


class Week(Told):
    """Beliefs of one instant."""

    at: Instant
    people: int
    predicted: float | None
    actual: float | None
    auc: float | None


class FallOut(Told):
    """How far accuracy fell. before, now: the AUC; share: of it that is lost [..1], below 0 where it rose.

    sure: whether that is more than chance (one-sided 99 %); since: the day from which the newer side is.
    """

    before: float
    now: float
    share: float
    sure: bool
    since: str


class MonitoringOut(Told):
    """Beliefs held to what came of them. left: share of those that came true: of dropout, who left. cold: the rule.

    people: all as they are now, but those of whom nothing is known than a question; assessed, of whom a risk is known;
    at_risk (high or critical); reached, of those, by something that was done about it; and of all who were reached,
    returned and stayed_away. success counts differently: who was at risk at any time from since to until.

    drift: of what was told, population stability index, calm below .1; feature_drift: of each number, as of the last
    learning. coverage: of the people who were there (active), of how many each capability believes something.
    timing_confidence: people by how well their hours are known.
    """

    capability: str
    since: Instant
    until: Instant
    beliefs: int
    settled: int
    people: dict[str, int]
    coverage: dict[str, int]
    timing_confidence: dict[float, int]
    left: float | None
    figures: dict[str, dict[str, Figure]]
    calibration: dict[str, list[CurvePoint]]
    confidence: list[ConfidenceLevel]
    over_time: list[Week]
    drift: dict[str, float | None]
    feature_drift: dict[str, float]
    warnings: list[str]
    fall: FallOut | None
    success: SuccessOut
