"""What came of reaching out, beside people who were left alone."""

from tactful.api.schemas.wire import Told


class Interval(Told):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class Share(Told):
    """How often something happened: in `hits` of `tries`, of so many people; 0..1 with its 95 % interval.

    Null where nobody was looked at, or where it is too early to know.
    """

    people: int
    tries: int
    hits: int
    value: float | None
    low: float | None
    high: float | None


class Returned(Told):
    """Who came back within the horizon, by what was done: reached, not reached, or left alone for comparison."""

    reached: Share
    not_reached: Share
    held_out: Share


class AtRiskSuccess(Told):
    """Of people first considered at high risk or more: whom something was planned for (reached), who saw it, who came.

    effect: how much more often people come back who are not left alone.
    """

    reached: Share
    saw: Share
    returned: Returned
    effect: Interval | None


class Sessions(Told):
    """Sessions begun within that time, after it was decided, and where only the comparison stood against it."""

    reached: Share
    held_out: Share
    effect: Interval | None


class KindSuccess(Told):
    """One kind of intervention. shown: of those planned; accepted: engaged with, of those shown."""

    shown: Share
    accepted: Share
    within_hour: Sessions
    within_day: Sessions


class HelpSuccess(Told):
    """What became of something, with help that was taken and without. accepted: of those the help was shown to.

    difference: with help less without, though those who take help differ from those who do not. effect: of not being
    left alone.
    """

    accepted: Share
    outcome: str
    with_help: Share
    without_help: Share
    held_out: Share
    difference: Interval | None
    effect: Interval | None


class ByHour(Told):
    """Sessions begun after messages in people's good hours, and at other times. lift: how many more."""

    well_timed: Share
    other_time: Share
    lift: Interval | None


class ByKind(Told):
    """Sessions begun after messages that came because of the hour, and after all others. lift: how many more."""

    nudge: Share
    message: Share
    lift: Interval | None


class TimingSuccess(Told):
    """Each by within_hour and within_day. by_hour is about people whose hours are known, on both sides."""

    by_hour: dict[str, ByHour]
    by_kind: dict[str, ByKind]


class SuccessOut(Told):
    """What reaching people was good for. help: by what was found (plateau, regression, struggle)."""

    at_risk: AtRiskSuccess
    kinds: dict[str, KindSuccess]
    help: dict[str, HelpSuccess]
    timing: TimingSuccess
