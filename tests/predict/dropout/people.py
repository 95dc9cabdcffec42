"""People as the model sees them: somebody ordinary, changed where a test says so."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from hypothesis import strategies as st

from tactful.decide import with_local_days
from tactful.facts.activity import RECENT
from tactful.facts.moments import MOMENT
from tactful.predict import dropout

TODAY = date(2026, 3, 15)
KNOWN = (
    "person_id", "zone", "local_day", "first_seen_at", "last_seen_at", "last_completion_at", "events",
    "active_days", "current_streak", "longest_streak", "streak_day", "vouched_for",
)  # fmt: skip
ORDINARY: dict[str, Any] = {
    "person_id": 1,
    "zone": "UTC",
    "local_day": TODAY,
    "first_seen_at": datetime(2026, 1, 1, 9, tzinfo=UTC),
    "last_seen_at": datetime(2026, 3, 14, 9, tzinfo=UTC),
    "last_completion_at": None,
    "events": 90,
    "active_days": 30,
    "current_streak": 2,
    "longest_streak": 4,
    "streak_day": date(2026, 3, 14),
    "vouched_for": False,
}
# Three sessions a week, nothing else known.
STEADY = {"days_28": 12, "sessions_7": 3, "sessions_14": 6, "sessions_21": 9, "sessions_28": 12}
NOTHING: dict[str, Any] = {name: 0 for name in RECENT if name != "person_id"}


def known(*people: dict[str, Any]) -> pl.DataFrame:
    """Rows of MOMENT as far as the model reads them."""
    schema: dict[str, Any] = {name: MOMENT[name] for name in KNOWN}
    return with_local_days(pl.DataFrame([ORDINARY | each for each in people], schema=schema))


def recent(*people: dict[str, Any]) -> pl.DataFrame:
    """Rows of RECENT."""
    return pl.DataFrame([{"person_id": 1} | NOTHING | each for each in people], schema=RECENT)


def judged(weeks: dict[str, Any] | None = None, **person: Any) -> dict[str, Any]:
    """What the model says of one person; no row of recent weeks when `weeks` is None."""
    rows = recent(weeks) if weeks is not None else recent().clear()
    return dropout.score(known(person), rows).to_dicts()[0]


def anybody() -> st.SearchStrategy[dict[str, Any]]:
    """Any person with any four weeks, as {"known": ..., "recent": ... or None}."""
    days = st.dates(date(2025, 1, 1), date(2026, 3, 16))
    moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 3, 16), timezones=st.just(UTC))
    counts = st.integers(0, 50)
    return st.fixed_dictionaries(
        {
            "known": st.fixed_dictionaries(
                {
                    "first_seen_at": st.none() | moments,
                    "last_seen_at": st.none() | moments,
                    "last_completion_at": st.none() | moments,
                    "events": st.none() | st.integers(0, 4000),
                    "active_days": st.none() | st.integers(0, 400),
                    "current_streak": st.integers(0, 40),
                    "longest_streak": st.integers(0, 40),
                    "streak_day": st.none() | days,
                }
            ),
            "recent": st.none() | st.tuples(*[counts] * 8, *[st.floats(-50, 50)] * 3).map(_weeks),
        }
    )


def _weeks(drawn: tuple[Any, ...]) -> dict[str, Any]:
    a, b, c, d, days, e, f, g, score, more, mood = drawn
    return {
        "days_28": days % 28,
        "sessions_7": a,
        "sessions_14": a + b,
        "sessions_21": a + b + c,
        "sessions_28": a + b + c + d,
        "score_sum_14": score,
        "score_count_14": e,
        "score_sum_28": score + more,
        "score_count_28": e + f,
        "sentiment_sum_7": mood,
        "sentiment_count_7": g,
    }
