"""Alerts for educators, and saying that somebody was flagged wrongly."""

from pydantic import Field

from tactful.api.schemas.wire import Instant, Remark, ShownId, Text, Told, UserId, Wire, example


class AlertOut(Told):
    """One educator's alert about somebody they teach. state: raised, held (beyond the day's cap) or closed."""

    id: int
    educator_id: ShownId
    user_id: ShownId
    name: str | None
    group_id: ShownId | None
    group_name: str | None
    risk_score: float
    risk_factors: list[str]
    reasons: list[str]
    state: str
    raised_at: Instant
    told_at: Instant | None
    closed_at: Instant | None
    closed_by: str | None
    closed_because: str | None


class AlertsOut(Told):
    """Alerts, newest first. held: how many wait until there is room, and summary says so in words.

    next: give it as `after` for the next page; null at the end.
    """

    count: int
    held: int
    summary: str
    alerts: list[AlertOut]
    next: int | None


class CloseIn(Wire):
    """Why an alert is closed, in your own words."""

    model_config = example(because="I have called them.")
    because: Text = ""


class WronglyFlaggedIn(Wire):
    """Somebody who is flagged and not leaving. note: how you know; it may be left out."""

    model_config = example(user_id=42, note="Ana is on holiday until Monday.")
    user_id: UserId
    note: Remark = ""


class WronglyFlaggedOut(Told):
    """What was noted. until: so long their level stays below critical. risk_score, risk_level: believed until now."""

    user_id: ShownId
    actor: str
    note: str
    at: Instant
    until: Instant
    risk_score: float | None = Field(default=None)
    risk_level: str
    alerts_closed: int
