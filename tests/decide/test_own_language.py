"""Conditions people write: compiled, they hold for whom a plain reading of them holds; and each mistake is named."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.decide.own.compiling import conditions, holds, opens, to_them, told
from tactful.decide.own.facts import CHOICE, CLOCK, FACTS, NUMBER, SORTS, UNITS, YES_NO, Fact
from tactful.decide.own.language import parsed
from tactful.kernel.errors import BadInput
from tests.decide.world import people

AT = datetime(2026, 3, 6, 17, tzinfo=UTC)
WORLD = people(200, AT)
VALUES = WORLD.select(each.value.alias(name) for name, each in FACTS.items())
ROWS = VALUES.to_dicts()
Truth = bool | None
# What is written, and what it means for somebody whose facts are known.
Asked = tuple[str, Any]
SIGNS: dict[str, Any] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "is": lambda a, b: a == b, "!=": lambda a, b: a != b, "is not": lambda a, b: a != b,
}  # fmt: skip


def either(values: list[Truth]) -> Truth:
    return True if True in values else None if None in values else False


def every(values: list[Truth]) -> Truth:
    return False if False in values else None if None in values else True


def opposite(value: Truth) -> Truth:
    return None if value is None else not value


def seen_of(fact: Fact) -> list[Any]:
    """Values that somebody has, so that bounds lie where they matter."""
    return VALUES[fact.name].drop_nulls().unique().sort().to_list()


@st.composite
def comparing(draw: st.DrawFn) -> Asked:
    """A question about one fact, in words and as a function of a row."""
    fact = draw(st.sampled_from([each for each in FACTS.values() if seen_of(each)]))
    name = fact.name
    if draw(st.integers(0, 9)) == 0:
        known = draw(st.booleans())
        return f"{name} is {'known' if known else 'unknown'}", lambda row: (row[name] is not None) is known
    if fact.sort == YES_NO:
        return name, lambda row: row[name]
    value = draw(st.sampled_from(seen_of(fact)))
    among = fact.sort not in (NUMBER, CLOCK)
    sign = draw(st.sampled_from(["==", "is", "!=", "is not"] if among else list(SIGNS)))
    if fact.sort == NUMBER:
        value = round(value, 3)
        value = min(max(value, fact.low), fact.high)
    text, meant = written(fact, value)
    if among and draw(st.booleans()):
        return f"{name} not in ({text}, {text})", lambda row: None if row[name] is None else row[name] != meant
    return f"{name} {sign} {text}", lambda row: None if row[name] is None else bool(SIGNS[sign](row[name], meant))


def written(fact: Fact, value: Any) -> tuple[str, Any]:
    if fact.sort == CLOCK:
        return f"{value // 60:02d}:{value % 60:02d}", value
    if fact.sort == NUMBER:
        return (f"{value}" if fact.whole else f"{value:.3f}"), value
    return (value if fact.sort == CHOICE else f'"{value}"'), value


def joined(inner: st.SearchStrategy[Asked]) -> st.SearchStrategy[Asked]:
    def both(parts: list[Asked], word: str, how: Any) -> Asked:
        return (
            f" {word} ".join(f"({text})" for text, _ in parts),
            lambda row: how([meaning(row) for _, meaning in parts]),
        )

    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        several.map(lambda parts: both(parts, "and", every)),
        several.map(lambda parts: both(parts, "or", either)),
        inner.map(lambda part: (f"not ({part[0]})", lambda row: opposite(part[1](row)))),
    )


@given(st.recursive(comparing(), joined, max_leaves=8))
def test_a_compiled_condition_holds_for_whom_a_plain_reading_of_it_holds(asked: Asked) -> None:
    text, meaning = asked
    said = parsed(text)
    assert WORLD.select(holds(said).alias("so"))["so"].to_list() == [meaning(row) for row in ROWS]
    together = pl.all_horizontal(each.holds.fill_null(False) for each in conditions(said))
    assert WORLD.select(so=together)["so"].to_list() == [meaning(row) is True for row in ROWS]


@pytest.mark.parametrize("fact", FACTS.values(), ids=list(FACTS))
def test_every_fact_is_made_from_the_moment_and_lies_within_what_it_says(fact: Fact) -> None:
    assert fact.sort in SORTS
    assert not fact.unit or fact.unit in UNITS
    values = seen_of(fact)
    if fact.sort in (NUMBER, CLOCK):
        assert all(fact.low <= value <= fact.high for value in values)
    if fact.sort == CHOICE:
        assert set(values) <= set(fact.choices)
    assert WORLD.select(fact.shown).to_series().null_count() == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the name of a fact is wanted, and there is the end of the condition"),
        ("days_quite >= 7", "days_quite at letter 1 is no fact; did you mean days_quiet?"),
        ("days_quiet >= 7 hours", "days_quiet is told in days, not in hours"),
        ("days_quiet >= 7.5", "days_quiet is a whole number from -1 to 100000 (days), never 7.5"),
        ("mood < 30 %", "mood is told in plain numbers, not in %"),
        ("mood > 2", "mood is from -1 to 1, never 2"),
        ("risk >= 120 %", "risk is from 0 to 1 (share), never 1.2"),
        ("risk_level is hight", "risk_level is one of low, medium, high, critical, never 'hight'"),
        ("risk_level > low", "risk_level is choice; it can be one thing or another, not more or less"),
        ("weekday in monday", "in and a list in brackets is wanted, and there is 'monday' at letter 12"),
        ("local_time >= 25:00", "local_time is a time like 18:30, and '25:00' is none"),
        ("stuck_topic is Fractions", "stuck_topic is text: write it in quotation marks"),
        ("active_today is 3", "yes or no, for that is what active_today is, is wanted, and there is '3' at letter 17"),
        ("days_quiet", "a comparison of days_quiet, like days_quiet >= 1, is wanted"),
        ("(days_quiet > 1", "a closing bracket is wanted, and there is the end of the condition"),
        ("days_quiet > 1 days_known > 2", "days_quiet is told in days, not in days_known"),
        ("days_quiet > 1 and", "the name of a fact is wanted"),
        ("__import__('os')", "__import__ at letter 1 is no fact"),
        ("days_quiet > 1; drop", "';' at letter 15 is nothing that a condition can have"),
        ("not " * 30 + "active_today", "more than 20 brackets and nots within one another"),
        (" and ".join(["active_today"] * 41), "more than 40 comparisons"),
        ("streak > 1 and " * 100 + "active_today", "more than 1000 letters"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(BadInput) as error:
        parsed(text)
    assert problem in error.value.detail


@given(st.text(max_size=60))
def test_whatever_somebody_types_is_a_condition_or_a_mistake(text: str) -> None:
    with suppress(BadInput):
        assert told(parsed(text))


def test_a_condition_is_said_in_words_to_operators_and_to_the_person() -> None:
    said = parsed("days_quiet >= 7 and risk > 40 % and weekday in (friday, saturday)")
    assert told(said) == (
        "days since they were last active: at least 7 and risk of leaving: above 0.4"
        " and the day of the week by their calendar: friday or saturday"
    )
    # How likely they are to leave is nothing that people are told.
    assert to_them(said) == (
        "This was for whom the following holds: days since you were last active: at least 7"
        " and the day of the week by your calendar: friday or saturday."
    )


def test_the_next_look_comes_when_a_clock_or_hours_since_a_message_make_it_true() -> None:
    here = WORLD.head(1).with_columns(
        local_minute=pl.lit(600, pl.Int32), talked_ago=pl.lit(3600.0), local_day=pl.lit(date(2026, 3, 6))
    )

    def minute(text: str) -> Any:
        found = opens(parsed(text))
        return None if found is None else here.select(found).item()

    assert minute("local_time >= 18:30 and days_quiet > 2") == 1110
    assert minute("local_time > 18:30") == 1110
    assert minute("local_time >= 09:00") is None
    assert minute("hours_since_message >= 3") == 600 + 120
    assert minute("hours_since_message >= 3 days") is None
    assert minute("days_quiet > 2") is None
