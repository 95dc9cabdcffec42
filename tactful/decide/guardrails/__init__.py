"""Rules that may forbid, one short file each. All are always asked; none stops the others."""

from collections.abc import Iterable
from functools import reduce

import polars as pl

from tactful.decide.guardrails import (
    agenda,
    audience,
    consent,
    cooldown,
    critical_cap,
    daily_maximum,
    disabled_channels,
    disabled_kinds,
    dismissed,
    do_not_disturb,
    holdout,
    hours_between,
    ignored,
    in_context_daily,
    live_hourly,
    outreach_daily,
    paused,
    quiet_hours,
    repeat,
    rollout,
    stopped,
)
from tactful.decide.guardrails.base import Bounds, Rail
from tactful.kernel.records import Initiative

__all__ = ["ASKED_RAILS", "BINDS", "HERE_RAILS", "LIVE_RAILS", "RAILS", "Bounds", "Rail", "verdicts"]

# The order gives each rail its bit in the ledger: add at the end.
RAILS: tuple[Rail, ...] = (
    do_not_disturb.RAIL,
    quiet_hours.RAIL,
    daily_maximum.RAIL,
    outreach_daily.RAIL,
    hours_between.RAIL,
    cooldown.RAIL,
    disabled_kinds.RAIL,
    disabled_channels.RAIL,
    consent.RAIL,
    repeat.RAIL,
    holdout.RAIL,
    paused.RAIL,
    critical_cap.RAIL,
    in_context_daily.RAIL,
    stopped.RAIL,
    ignored.RAIL,
    rollout.RAIL,
)

# Those of live sessions, with bits of their own; what binds single people is not asked about rooms.
LIVE_RAILS: tuple[Rail, ...] = (
    cooldown.RAIL,
    repeat.RAIL,
    paused.RAIL,
    agenda.RAIL,
    audience.RAIL,
    live_hourly.RAIL,
)

# Those of help in context, with bits of their own: it is shown at once or not at all, so nothing of it waits.
HERE_RAILS: tuple[Rail, ...] = (
    do_not_disturb.RAIL,
    cooldown.RAIL,
    disabled_kinds.RAIL,
    disabled_channels.RAIL,
    consent.RAIL,
    paused.RAIL,
    critical_cap.RAIL,
    in_context_daily.RAIL,
    dismissed.RAIL,
)

# Those of what somebody asks for, each thing of which rests for itself.
ASKED_RAILS: tuple[Rail, ...] = (consent.RAIL, cooldown.RAIL, paused.RAIL)

# Which initiative is bound by which guard rails; each includes the ones before it.
ASKED = {"consent", "cooldown", "paused", "critical_cap"}
HERE = ASKED | {"do_not_disturb", "disabled_kinds", "disabled_channels", "repeat"}
# Of what is offered in a live session.
LIVE = {"agenda", "audience", "live_hourly"}
NUDGE = HERE | {"daily_maximum", "holdout"}
OUTREACH = {"quiet_hours", "outreach_daily", "hours_between", "stopped", "ignored", "rollout"}

BINDS: dict[Initiative, frozenset[str]] = {
    Initiative.ASKED: frozenset(ASKED),
    Initiative.IN_CONTEXT: frozenset(HERE | {"in_context_daily", "dismissed"} | LIVE),
    Initiative.NUDGE: frozenset(NUDGE),
    Initiative.OUTREACH: frozenset(NUDGE | OUTREACH),
}


def verdicts(
    rails: tuple[Rail, ...],
    bounds: Bounds,
    *,
    claimed: pl.Expr | None = None,
    among: Iterable[Initiative] = tuple(Initiative),
) -> pl.Expr:
    """One Int64 per candidate with bit n set where the n-th rail forbids; 0 means allowed.

    claimed: true where the intervention has already claimed its attention, so that what it has
    spent itself does not stand in its way. among: the initiatives that candidates can have.
    """
    asked = frozenset(among)
    bits = (_bit(rail, number, bounds, claimed, asked) for number, rail in enumerate(rails))
    return reduce(lambda some, each: some | each, bits)


def _bit(rail: Rail, number: int, bounds: Bounds, claimed: pl.Expr | None, among: frozenset[Initiative]) -> pl.Expr:
    bound = [name for name, rails in BINDS.items() if rail.name in rails]
    # What cannot be told does not forbid; where not knowing must forbid, the rail says so itself.
    forbidden = rail.forbids(bounds).fill_null(False)
    if not among <= set(bound):
        forbidden &= pl.col("initiative").is_in(bound)
    if rail.spent and claimed is not None:
        forbidden = forbidden & ~claimed
    return forbidden.cast(pl.Int64) * (1 << number)
