"""What to try next: the first way that suits how they practise and has not been tried on this skill."""

from collections.abc import Mapping

import polars as pl

# Name -> when it suits, in columns of GIVEN. Asked in this order; the last one always suits, tried or not.
SUITS: Mapping[str, pl.Expr] = {
    "back_to_basics": pl.col("mastery_level") < 0.4,
    "fewer_a_day": pl.col("attempts_a_day") >= 6,
    "little_and_often": pl.col("attempts_a_day") < 1,
    "worked_examples": pl.lit(True),
    "another_form": pl.lit(True),
    "explain_it": pl.col("mastery_level") >= 0.4,
    "ask_somebody": pl.lit(True),
}
LAST = "ask_somebody"

# How each is said; {} is the skill by its name, else its topic.
SAID: Mapping[str, str] = {
    "back_to_basics": "Go back to what {} builds on before the next attempt.",
    "fewer_a_day": "Make fewer attempts a day at {} and sleep on them.",
    "little_and_often": "Take {} in small portions, a little every day.",
    "worked_examples": "Study two worked examples of {} before the next attempt.",
    "another_form": "Look at {} another way: a picture, a video or something to play with.",
    "explain_it": "Explain {} in your own words, as if to somebody new to it.",
    "ask_somebody": "Ask somebody to go through {} with you.",
}


def suggestion() -> pl.Expr:
    """The name of what to try next. Reads mastery_level, attempts_a_day and `tried`, a list of names."""
    untried = (
        pl.when(suits & ~pl.col("tried").list.contains(name)).then(pl.lit(name)) for name, suits in SUITS.items()
    )
    return pl.coalesce(*untried, pl.lit(LAST))


def said(name: str, topic: str) -> pl.Expr:
    """The sentence for the suggestion in column `name` about what column `topic` names."""
    sentences = (pl.when(pl.col(name) == each).then(pl.format(text, pl.col(topic))) for each, text in SAID.items())
    return pl.coalesce(*sentences)
