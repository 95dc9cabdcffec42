"""Alerts to operators."""

from tactful.api.schemas.wire import Instant, Told, example


class OperatorAlertOut(Told):
    """One alert. kind: high_risk_people, response_rate, failed_jobs or model_accuracy; about: which belief.

    value: what was found when it was raised, beyond limit; told_at: when operators were told, null while it is beyond
    the cap of the day. cleared_at: null while it is raised.
    """

    model_config = example(
        id=7, kind="high_risk_people", about="", value=131.0, limit=100.0,
        sentence="131 people are at high or critical risk of leaving.", raised_at="2026-03-01T08:15:00Z",
        told_at="2026-03-01T08:15:00Z", cleared_at=None, cleared_because=None,
    )  # fmt: skip
    id: int
    kind: str
    about: str
    value: float
    limit: float
    sentence: str
    raised_at: Instant
    told_at: Instant | None
    cleared_at: Instant | None
    cleared_because: str | None


class OperatorAlertsOut(Told):
    """A page of alerts, newest first. next: what `after` asks for the page behind it; null on the last."""

    count: int
    alerts: list[OperatorAlertOut]
    next: int | None
