"""Figures for dashboards."""

from datetime import date as Day

from pydantic import Field

from tactful.api.schemas.wire import Instant, Told, example

# Of one group of deliveries; rates are shares 0..1 with the interval that holds them with 95 % certainty.
ROW = {
    "delivered": 240, "engaged": 60, "dismissed": 48, "snoozed": 12, "ignored": 120, "open": 9,
    "response_rate": 0.25, "response_rate_low": 0.2, "response_rate_high": 0.31,
    "dismissal_rate": 0.2, "dismissal_rate_low": 0.15, "dismissal_rate_high": 0.26,
    "ignored_rate": 0.5, "ignored_rate_low": 0.44, "ignored_rate_high": 0.56,
}  # fmt: skip


class TakenOut(Told):
    """How deliveries were taken. delivered: what reached somebody and whose answer is in; open: what may still be
    answered, counted nowhere else; ignored: seen and passed over, or never answered.

    response_rate: engaged of delivered [0..1]; as the other rates null where fewer were delivered than `least`. low,
    high: what holds the rate with 95 % certainty, every delivery taken for one of another person.
    """

    model_config = example(**ROW)
    delivered: int
    engaged: int
    dismissed: int
    snoozed: int
    ignored: int
    open: int
    response_rate: float | None
    response_rate_low: float | None
    response_rate_high: float | None
    dismissal_rate: float | None
    dismissal_rate_low: float | None
    dismissal_rate_high: float | None
    ignored_rate: float | None
    ignored_rate_low: float | None
    ignored_rate_high: float | None


class TakenByKindOut(TakenOut):
    """Of one kind."""

    model_config = example(kind="gentle_nudge", **ROW)
    kind: str


class TakenByTemplateOut(TakenByKindOut):
    """Of one wording of a kind, as it is before anything is filled in."""

    model_config = example(kind="gentle_nudge", template="See you on {next_day}?", **ROW)
    template: str


class TakenByChannelOut(TakenOut):
    """Through one channel."""

    model_config = example(channel="in_app", **ROW)
    channel: str


class TakenByHourOut(TakenOut):
    """In one hour of people's own day. hour: 0..23."""

    model_config = example(hour=19, **ROW)
    hour: int


class OverallMetricsOut(Told):
    """As dashboards of old read it. response_rate: in percent [0..100]; null while unknown."""

    model_config = example(response_rate=25.0)
    response_rate: float | None


class PerformanceOut(Told):
    """How what was decided from since to until, and reached somebody, was taken. least: deliveries that rates need."""

    since: Instant
    until: Instant
    least: int
    overall_metrics: OverallMetricsOut
    overall: TakenOut
    by_kind: list[TakenByKindOut]
    by_template: list[TakenByTemplateOut]
    by_channel: list[TakenByChannelOut]
    by_hour: list[TakenByHourOut]


class BinOut(Told):
    """Scores from low up to high [0..1]; the last bin holds 1, too."""

    model_config = example(low=0.7, high=0.8, people=31)
    low: float
    high: float
    people: int


class DistributionOut(Told):
    """How many people are at which risk of leaving, as it was judged last.

    people: all who ever did anything; judged: of whom there is a risk; unknown: there is nothing to judge by;
    not_judged: nobody has looked at them yet. judged_at: when anybody was judged last.
    """

    people: int
    judged: int
    unknown: int
    not_judged: int
    judged_at: Instant | None
    levels: dict[str, int] = Field(examples=[{"critical": 12, "high": 31, "medium": 80, "low": 410}])
    histogram: list[BinOut]


class ActiveDayOut(Told):
    """One day of the organisation's zone."""

    model_config = example(date="2026-03-01", people=412)
    date: Day
    people: int


class ActiveOut(Told):
    """How many people did something on each day, oldest first; the last day is today, which is not over.

    zone: whose days they are, the organisation's. counted_at: when the days that are over were counted; null where all
    were counted just now.
    """

    zone: str
    counted_at: Instant | None
    days: list[ActiveDayOut]


class ProgressRowOut(Told):
    """One milestone. reached: people who reached it, ever; quarter_1 to quarter_4: those who have something of its
    metric and less than its target, by how much of it.
    """

    model_config = example(
        milestone_name="first_week", display_name="First week", metric_name="active_days", target_value=7.0,
        reached=120, quarter_1=40, quarter_2=31, quarter_3=22, quarter_4=9,
    )  # fmt: skip
    milestone_name: str
    display_name: str
    metric_name: str
    target_value: float
    reached: int
    quarter_1: int
    quarter_2: int
    quarter_3: int
    quarter_4: int


class ProgressOut(Told):
    """How milestones get on. at: as of when it was worked out, null where it is a lot and never was; kept: whether it
    is as it was worked out last night, because it is a lot. people: all who ever did anything.
    """

    at: Instant | None
    kept: bool
    people: int | None
    milestones: list[ProgressRowOut]


class DashboardOut(Told):
    """Everything for one page, of the last 30 days where it is about days."""

    outreach_performance: PerformanceOut
    churn_risk_distribution: DistributionOut
    daily_active_users: ActiveOut
    milestone_progress: ProgressOut
