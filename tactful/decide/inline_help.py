"""Help where somebody is: what they do on a page that is reason for it, and the rules it is decided by.

Its triggers are asked when the page asks, never by a tick. The name of the trigger is the type of the help.
"""

from functools import reduce

import polars as pl

from tactful.decide.guardrails import HERE_RAILS
from tactful.decide.rules import Rules
from tactful.decide.settings import HELP_HESITATIONS, HELP_SCROLLS, HELP_SECONDS
from tactful.decide.triggers import Condition, Trigger
from tactful.decide.triggers.base import said
from tactful.kernel.settings import Settings

INLINE, FORESEEN = "inline_help", "foreseen_help"
BEFORE = "foreseen_struggle"
# Every type of help, the most telling first.
TYPES = (BEFORE, "hesitation", "back_and_forth", "long_stay")


def rules(made: Rules) -> Rules:
    """The rules of help in context: the same settings, with its own triggers and guard rails.

    >>> [trigger.name for trigger in rules(Rules.from_settings(Settings({}))).triggers] == list(TYPES)
    True
    """
    return made.replace(triggers=triggers(Settings(made.values)), rails=HERE_RAILS)


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """A trigger for each of TYPES, over HERE; one that says more about what is wrong goes before one that says less."""
    long = _least("time_on_section", settings[HELP_SECONDS], HELP_SECONDS.name, "They were on this section for {} s")
    scrolls = _least("scroll_count", settings[HELP_SCROLLS], HELP_SCROLLS.name, "They scrolled {} times here")
    hesitates = _least(
        "mouse_hesitations", settings[HELP_HESITATIONS], HELP_HESITATIONS.name, "They hesitated {} times over a control"
    )
    expected = 0.3 * pl.col("struggle_probability")
    return (
        Trigger(BEFORE, FORESEEN, (_new(), _hard()), 6, expected, "They will probably struggle with what comes now."),
        Trigger("hesitation", INLINE, (hesitates,), 5, pl.lit(0.2), "They hesitated over a control."),
        Trigger(
            "back_and_forth", INLINE, (long, scrolls), 4, pl.lit(0.15), "They scrolled back and forth for a while."
        ),
        Trigger("long_stay", INLINE, (long,), 3, pl.lit(0.1), "They have been on this section for a while."),
    )


def possible(made: Rules) -> pl.Expr:
    """Whether there may be reason for help, by what the page told alone: else nobody need be looked up."""
    behaviour = (each.when.fill_null(value=False) for each in made.triggers if each.kind == INLINE)
    return reduce(pl.Expr.or_, behaviour, pl.col("content_id").is_not_null())


def unmet(made: Rules, here: pl.DataFrame) -> list[str]:
    """Why there is no reason for help, for each row of `here`: every condition that fails, each once."""
    conditions = {id(each): each for trigger in made.triggers for each in trigger.conditions}.values()
    told = here.select(
        pl.when(each.holds.fill_null(value=False).not_()).then(each.unless).alias(str(number))
        for number, each in enumerate(conditions)
    )
    return [" ".join(sentence for sentence in row if sentence) for row in told.iter_rows()]


def _least(column: str, least: float, setting: str, sentence: str) -> Condition:
    value = pl.col(column)
    told = said(f"{sentence}, fewer than {least:g} ({setting}).", value.cast(pl.Int64), unknown="That is not known.")
    return Condition(value >= least, told)


def _new() -> Condition:
    named, tried = pl.col("content_id").is_not_null(), pl.col("attempted").fill_null(value=False)
    told = pl.when(named).then(pl.lit("They have tried this content before."))
    return Condition(named & ~tried, told.otherwise(pl.lit("The page named no content that they could start.")))


def _hard() -> Condition:
    chance = (pl.col("struggle_probability") * 100).round().cast(pl.Int64)
    told = said(
        "They are believed to struggle with it in {} of 100 cases, which is no reason or not sure enough.",
        chance,
        unknown="It is not known whether they would struggle with it.",
    )
    return Condition(pl.col("foreseen").fill_null(value=False), told)


# What is said of each type: why there is reason for it.
WHY = {each.name: each.why for each in triggers(Settings({}))}
