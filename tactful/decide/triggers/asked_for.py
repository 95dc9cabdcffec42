"""Somebody asked for something to be said: it waits for one of their good hours, and the most valuable of it wins.

Several small ones go out as one digest. What the engine itself has reason to say about a mood or about leaving comes
from what they said last.
"""

from datetime import timedelta

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import LEAVING_AFTER_GOOD, MOMENT_CONFIDENCE, OUTREACH_FROM, OUTREACH_UNTIL, TALKED_HOURS
from tactful.decide.triggers.base import PASSING, Condition, Trigger, clock, said
from tactful.decide.triggers.good_moment import next_hour
from tactful.facts.hours import is_good
from tactful.facts.outreach import CHECK_IN, DIGEST, FEATURE, MOOD_SUPPORT, RE_ENGAGEMENT, SEVERAL, SMALL, TOPIC
from tactful.kernel.settings import Settings

# kind -> priority, what was asked for in words
ASKED = {
    RE_ENGAGEMENT: (7, "to win them back"),
    MOOD_SUPPORT: (8, "to offer support"),
    TOPIC: (5, "to come back to a topic"),
    FEATURE: (4, "to suggest a feature"),
    CHECK_IN: (5, "to check in"),
    DIGEST: (3, "for a digest"),
}
NEGATIVE = ("negative", "very_negative")


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """One for each type that can be asked for, and two for what they said last."""
    timely, opens = _timely(settings), _opens(settings)
    asked = tuple(
        Trigger(
            f"asked_{kind}",
            kind,
            (_asked(kind, words) if kind != DIGEST else _several(words), timely),
            priority,
            _value(kind) if kind != DIGEST else _worth_together(),
            f"Somebody asked {words}.",
            pl.when(_waits(kind) if kind != DIGEST else _enough()).then(opens),
        )
        for kind, (priority, words) in ASKED.items()
    )
    return (*asked, _sad(settings[TALKED_HOURS]), _leaving(settings))


def _value(kind: str) -> pl.Expr:
    """What it is worth at its best, 0 where nobody asked."""
    place = pl.col("asked_kinds").list.eval(pl.element() == kind).list.arg_max()
    return pl.when(_waits(kind)).then(pl.col("asked_values").list.get(place, null_on_oob=True)).otherwise(0.0)


def _waits(kind: str) -> pl.Expr:
    return pl.col("asked_kinds").list.contains(kind).fill_null(False)


def _asked(kind: str, words: str) -> Condition:
    nobody = pl.lit(f"Nothing is known that somebody asked {words}.")
    small = f"What was asked {words} is worth less than {SMALL:g}, and as one of several it goes out in a digest."
    alone = (_value(kind) >= SMALL) | (pl.col("asked_small") < SEVERAL).fill_null(True)
    # Once it was chosen it waits no more, and that is no reason to take it back.
    return Condition(_waits(kind) & alone, pl.when(_waits(kind)).then(pl.lit(small)).otherwise(nobody), PASSING)


def _enough() -> pl.Expr:
    return _waits(DIGEST) | (pl.col("asked_small") >= SEVERAL).fill_null(False)


def _several(words: str) -> Condition:
    sentence = f"Nothing is known that somebody asked {words}, and fewer than {SEVERAL} small things wait."
    return Condition(_enough(), pl.lit(sentence), PASSING)


def _worth_together() -> pl.Expr:
    """A digest is worth at least what was asked for it, and more the more it folds."""
    return pl.max_horizontal(_value(DIGEST), (0.1 * pl.col("asked_small")).clip(0, 0.6).fill_null(0.0))


def _timely(settings: Settings) -> Condition:
    """One of their good hours, or where these are not known an hour at which nobody minds."""
    minute, (start, end) = pl.col("local_minute"), _daytime(settings)
    known = _known(settings)
    daytime = (minute >= start) & (minute < end)
    holds = pl.when(known).then(is_good(minute // 60)).otherwise(daytime)
    by_day = f"It is {{}} by their clock; as their good hours are not known, it waits until {clock_of(start)}."
    good = "It is {} by their clock; it waits for one of their good hours."
    told = pl.when(known).then(_clocked(good)).otherwise(_clocked(by_day))
    return Condition(holds, told, PASSING)


def clock_of(minute: int) -> str:
    """A minute of the day as a time."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _clocked(sentence: str) -> pl.Expr:
    return said(sentence, clock(pl.col("local_minute")), unknown="It is not known what their clock shows.")


def _known(settings: Settings) -> pl.Expr:
    sure = (pl.col("timing_confidence") >= settings[MOMENT_CONFIDENCE]).fill_null(False)
    return sure & (pl.col("good_hours").list.max() > 0).fill_null(False)


def _daytime(settings: Settings) -> tuple[int, int]:
    start, end = minute_of(settings[OUTREACH_FROM]), minute_of(settings[OUTREACH_UNTIL])
    return start or 0, end or 24 * 60


def _opens(settings: Settings) -> pl.Expr:
    start, _ = _daytime(settings)
    later = pl.when(pl.col("local_minute") < start).then(pl.lit(start))
    return pl.when(_known(settings)).then(next_hour() * 60).otherwise(later)


def _talked(hours: int) -> Condition:
    ago = pl.col("talked_ago")
    sentence = f"They last said something {{}} hours ago, longer than {hours} ({TALKED_HOURS.name})."
    told = said(sentence, (ago // 3600).cast(pl.Int64), unknown="It is not known that they said anything.")
    return Condition(ago <= timedelta(hours=hours).total_seconds(), told)


def _sad(hours: int) -> Trigger:
    last = pl.col("last_sentiment")
    told = said("What they said last was {}.", last, unknown="Nothing is known that a mood could be told from.")
    conditions = (Condition(last.is_in(NEGATIVE), told), _talked(hours))
    expected = 0.3 + 0.3 * (-pl.col("mood")).clip(0, 1).fill_null(0.0)
    return Trigger("negative_mood", MOOD_SUPPORT, conditions, 8, expected, "What they said last was sad or angry.")


def _leaving(settings: Settings) -> Trigger:
    """By the seed: a good interaction, and all the same they are about to leave."""
    least, good = settings[LEAVING_AFTER_GOOD], 0.7
    risk, quality = pl.col("risk_score"), pl.col("last_quality")
    told_risk = f"Their risk of leaving is {{}}, not above {least:g} ({LEAVING_AFTER_GOOD.name})."
    conditions = (
        Condition(risk > least, said(told_risk, risk.round(2), unknown="Their risk of leaving is not known.")),
        Condition(
            quality > good,
            said(
                f"What they said last was worth {{}}, not above {good:g}.",
                quality.round(2),
                unknown="Nothing is known that they said.",
            ),
        ),
        _talked(settings[TALKED_HOURS]),
    )
    why = "They took part well just now, and are about to leave all the same."
    return Trigger("leaving_after_good", RE_ENGAGEMENT, conditions, 8, 0.9 * risk, why)
