"""The facts that conditions of an organisation's own kinds may ask about: names, units and what they are made from.

Each is an expression over the moment frame, so a condition over them is decided for a million people as for one.
"""

from dataclasses import dataclass

import polars as pl

from tactful.decide.triggers.base import active_today, clock, days_since
from tactful.decide.triggers.good_moment import next_hour
from tactful.facts.hours import is_good

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")
LEVELS = ("low", "medium", "high", "critical")
URGENCIES = ("low", "medium", "high", "critical")
# What sorts of facts there are: how they are written, and what may be asked of them.
NUMBER, CLOCK, CHOICE, TEXT, YES_NO = SORTS = ("number", "clock", "choice", "text", "yes or no")
DAYS, HOURS, SHARE = "days", "hours", "share"
# Units a number may be written with, by the unit of the fact, and what each is in it.
UNITS = {
    DAYS: {"d": 1.0, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0},
    HOURS: {
        "minute": 1 / 60, "minutes": 1 / 60, "h": 1.0, "hour": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0,
        "week": 168.0, "weeks": 168.0,
    },
    SHARE: {"%": 0.01},
}  # fmt: skip
LONG = 100_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One fact. told: what it is of somebody, as a phrase; yours: the same said to them, empty where it is not said.

    value: over MOMENT with BELIEF, null for unknown. low, high: the least and most it can be. whole: counted, never
    between. passing: it only picks the moment, and need not last until what it gave the reason for is shown.
    """

    name: str
    told: str
    value: pl.Expr
    sort: str = NUMBER
    unit: str = ""
    low: float = 0.0
    high: float = LONG
    whole: bool = False
    choices: tuple[str, ...] = ()
    yours: str = ""
    passing: bool = False

    @property
    def shown(self) -> pl.Expr:
        """The value as text, `unknown` where it is not known."""
        if self.sort == CLOCK:
            text = clock(self.value)
        elif self.sort == YES_NO:
            text = pl.when(self.value).then(pl.lit("yes")).when(~self.value).then(pl.lit("no"))
        elif self.sort == NUMBER and not self.whole:
            text = self.value.round(3).cast(pl.String)
        else:
            text = self.value.cast(pl.String)
        return pl.coalesce(text, pl.lit("unknown"))

    @property
    def opens(self) -> pl.Expr | None:
        """The minute of today at which a yes can become true by time alone."""
        return next_hour() * 60 if self.name == "good_hour" else None


def _days(column: str) -> pl.Expr:
    return (pl.col("local_day") - pl.col(column)).dt.total_days()


def _weekday() -> pl.Expr:
    number = pl.col("local_day").dt.weekday().cast(pl.Int32) - 1
    return number.replace_strict(dict(enumerate(WEEKDAYS)), default=None, return_dtype=pl.String)


def _good_hour() -> pl.Expr:
    return pl.when(pl.col("timing_confidence") > 0).then(is_good(pl.col("local_minute") // 60))


def _level() -> pl.Expr:
    level = pl.col("risk_level")
    return pl.when(level.is_in(LEVELS)).then(level)


def _counted(name: str, told: str, column: str, unit: str = "", yours: str = "") -> Fact:
    return Fact(name, told, pl.col(column), unit=unit, whole=True, yours=yours)


def _share(name: str, told: str, column: str, yours: str = "") -> Fact:
    return Fact(name, told, pl.col(column), unit=SHARE, high=1.0, yours=yours)


def _aged(name: str, told: str, value: pl.Expr, yours: str = "") -> Fact:
    # Days of who flew west can lie ahead of their clock.
    return Fact(name, told, value, unit=DAYS, low=-1, whole=True, yours=yours)


ALL = (
    _aged("days_quiet", "days since they were last active", days_since(), "days since you were last active"),
    _aged("days_known", "days since they were first active", _days("first_day"), "days since you were first active"),
    _aged("days_since_completion", "days since they last completed something", _days("completion_day"),
          "days since you last completed something"),
    Fact("active_today", "they were active today", active_today(), YES_NO, yours="you were active today"),
    _counted("active_days", "days on which they were ever active", "active_days", DAYS,
             "days on which you were ever active"),
    _counted("events", "things they ever did", "events", yours="things you ever did"),
    _counted("streak", "days in a row they were last active", "current_streak", DAYS,
             "days in a row you were last active"),
    _counted("longest_streak", "days in a row they were active at most", "longest_streak", DAYS,
             "days in a row you were active at most"),
    Fact("local_time", "the time by their clock", pl.col("local_minute"), CLOCK, high=1439, whole=True,
         yours="the time by your clock", passing=True),
    Fact("weekday", "the day of the week by their calendar", _weekday(), CHOICE, choices=WEEKDAYS,
         yours="the day of the week by your calendar", passing=True),
    Fact("good_hour", "it is one of their good hours", _good_hour(), YES_NO, yours="it is one of your good hours",
         passing=True),
    _share("timing_confidence", "how sure their good hours are", "timing_confidence"),
    _share("risk", "risk of leaving", "risk_score"),
    Fact("risk_level", "level of their risk of leaving", _level(), CHOICE, choices=LEVELS),
    _share("risk_confidence", "how sure that risk is", "risk_confidence"),
    Fact("mood", "mood by what they said", pl.col("mood"), low=-1.0, high=1.0),
    Fact("mood_slope", "how that mood moves in a day", pl.col("mood_slope"), low=-2.0, high=2.0),
    Fact("last_sentiment", "how their last message sounded", pl.col("last_sentiment"), CHOICE, choices=SENTIMENTS,
         yours="how your last message sounded"),
    Fact("hours_since_message", "hours since their last message", pl.col("talked_ago") / 3600, unit=HOURS,
         yours="hours since your last message"),
    _share("message_quality", "how much they put into their last message", "last_quality"),
    _counted("stuck_days", "days they have been stuck on a topic", "plateau_days", DAYS,
             "days you have been at a topic"),
    Fact("stuck_topic", "the topic they are stuck on", pl.coalesce("plateau_skill", "plateau_topic"), TEXT,
         yours="the topic you have been at"),
    Fact("stuck_taken_up", "they took up what was suggested for it", pl.col("plateau_taken"), YES_NO,
         yours="you took up what was suggested for it"),
    _counted("fading_days", "days since they practised what is fading", "fading_days", DAYS,
             "days since you practised what is fading"),
    Fact("fading_skill", "the skill that is fading", pl.col("fading_skill"), TEXT, yours="the skill that is fading"),
    Fact("fading_urgency", "how urgent that is", pl.col("fading_urgency"), CHOICE, choices=URGENCIES),
    _share("fading_loss", "how much of that skill is lost", "fading_loss"),
    _counted("milestones", "milestones they reached and were not told of", "milestones",
             yours="milestones you reached and were not told of"),
    _counted("milestone_points", "points of these milestones", "milestone_points",
             yours="points of these milestones"),
)  # fmt: skip
FACTS = {each.name: each for each in ALL}
