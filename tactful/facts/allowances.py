"""What people are allowed to get, where they or their organisation say nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for people who never said otherwise. Minutes of the local day; None for no quiet hours."""

    consented: bool
    quiet_start: int | None
    quiet_end: int | None
    max_per_day: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that are the same for everybody. hours_between: least hours between two outreaches.

    Of live sessions: live_last_seconds before a planned end are left alone; live_least_viewers have to be there.
    """

    outreach_per_day: int
    hours_between: float
    in_context_per_day: int
    critical_per_day: int
    live_per_hour: int = 0
    live_last_seconds: float = 0
    live_least_viewers: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """How educators are told who is critical. per_day: alerts each gets at most; again_days: when told once more."""

    per_day: int
    again_days: int
