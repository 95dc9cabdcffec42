"""What a trigger is: conditions that must all hold, each able to say in words why it does not."""

from dataclasses import dataclass
from functools import reduce

import polars as pl


@dataclass(frozen=True)
class Condition:
    """One thing a trigger asks for.

    holds: true where it is so; unknown counts as no. unless: why it is not so, as a sentence with the
    numbers and the setting behind it; worked out only where somebody asks. still: what of it must
    hold when that is shown for which it gave the reason; the same if left out.
    """

    holds: pl.Expr
    unless: pl.Expr
    still: pl.Expr | None = None


@dataclass(frozen=True)
class Trigger:
    """A reason to consider a kind of intervention, as expressions over the moment frame.

    conditions: there is reason where all of them hold. priority: 1 (may wait) to 10 (now).
    expected: how much good it is expected to do, 0..1, comparable between triggers. why: in words.
    opens: minute of the local day at which `when` can become true by time alone, null where it
    cannot. today: worth nothing once the person's own day is over.
    """

    name: str
    kind: str
    conditions: tuple[Condition, ...]
    priority: int
    expected: pl.Expr
    why: str
    opens: pl.Expr | None = None
    today: bool = False

    @property
    def when(self) -> pl.Expr:
        """True where there is reason: all conditions hold. Unknown counts as no."""
        return reduce(pl.Expr.and_, (each.holds for each in self.conditions))

    @property
    def over(self) -> pl.Expr:
        """Why there is no longer reason for what was chosen because of it, in words; null where there is."""
        gone = [(each.holds if each.still is None else each.still).fill_null(False).not_() for each in self.conditions]
        told = (pl.when(failed).then(each.unless) for failed, each in zip(gone, self.conditions, strict=True))
        return pl.when(pl.any_horizontal(gone)).then(pl.concat_str(*told, separator=" ", ignore_nulls=True))

    def unmet(self, moment: pl.DataFrame) -> list[str]:
        """Why there is no reason, a sentence for each condition that fails; empty where there is.

        moment: MOMENT with BELIEF, one row.
        """
        asked = (pl.when(each.holds.fill_null(False).not_()).then(each.unless) for each in self.conditions)
        told = moment.select(each.alias(str(number)) for number, each in enumerate(asked)).row(0)
        return [sentence for sentence in told if sentence is not None]


# For conditions that only pick the moment: once it has come, the lifetime of the kind counts.
PASSING = pl.lit(True)


def said(sentence: str, *values: pl.Expr, unknown: str) -> pl.Expr:
    """`sentence` with each {} filled in; `unknown` where one of the values is not known."""
    return pl.coalesce(pl.format(sentence, *values), pl.lit(unknown))


def days_since() -> pl.Expr:
    """Local days since they were last active on their own; 0 is today."""
    return (pl.col("local_day") - pl.col("streak_day")).dt.total_days()


def last_active(rest: str) -> pl.Expr:
    """A sentence saying when they were last active, and then `rest`."""
    days = days_since()
    when = (
        pl.when(days == 0).then(pl.lit("today"))
        .when(days == 1).then(pl.lit("yesterday"))
        # Somebody who flew west lives the same day twice.
        .when(days < 0).then(pl.lit("on a day that lies ahead of their present clock"))
        .otherwise(pl.format("{} ago", counted(days)))
    )  # fmt: skip
    return said(f"They were last active {{}}; {rest}.", when, unknown="It is not known when they were last active.")


def counted(days: pl.Expr) -> pl.Expr:
    """A number of days in words."""
    return pl.format("{} day{}", days, pl.when(days == 1).then(pl.lit("")).otherwise(pl.lit("s")))


def seen_within(days: int, setting: str) -> Condition:
    """They were active within the last `days` local days, as `setting` has it."""
    return Condition(days_since() <= days, last_active(f"the limit is {days} day{'s' * (days > 1)} ({setting})"))


def active_today() -> pl.Expr:
    """Whether they have been active on their own today."""
    return pl.col("streak_day") == pl.col("local_day")


def within(start: pl.Expr, minutes: int, usual: pl.Expr, setting: str, length: str) -> Condition:
    """Their clock is in the window that opens at minute `start` and stays open for `minutes`.

    usual: null where `start` is not their own habit but comes from `setting`. length: the setting
    of `minutes`.
    """
    whence = pl.when(usual.is_null()).then(pl.lit(setting)).otherwise(pl.lit("their usual hour"))
    return Condition(
        ((pl.col("local_minute") - start) % 1440) < minutes,
        said(
            f"It is {{}} by their clock; the window opens at {{}} ({{}}) for {minutes} minutes ({length}).",
            clock(pl.col("local_minute")),
            clock(start),
            whence,
            unknown="It is not known what their clock shows.",
        ),
        PASSING,
    )


def clock(minute: pl.Expr) -> pl.Expr:
    """A minute of the day as a time like 07:30."""
    hours, minutes = (part.cast(pl.String).str.zfill(2) for part in (minute // 60, minute % 60))
    return pl.format("{}:{}", hours, minutes)
