"""What may be known about somebody's last four weeks: one aggregate over person_day, on any engine.

Point in time: a day after `window.last` is never read. Older days are not read either, so the
length of somebody's history does not matter. Who was silent for four weeks has no row here and is
judged by their state alone.
"""

from typing import Any

from tactful.facts.activity import Window


def features(person_day: Any, window: Window) -> Any:
    """The columns of facts.activity.RECENT as an Ibis expression.

    person_day: an Ibis table with the columns of facts.activity.PERSON_DAY. Days are compared as
    dates, which every engine does without casts and PostgreSQL prunes partitions by.
    """
    known = person_day.filter(person_day.day > window.week_4, person_day.day <= window.last)
    week, two_weeks, three_weeks = (known.day > edge for edge in window[:3])
    return known.group_by("person_id").agg(
        days_28=known.count(),
        sessions_7=known.sessions.sum(where=week),
        sessions_14=known.sessions.sum(where=two_weeks),
        sessions_21=known.sessions.sum(where=three_weeks),
        sessions_28=known.sessions.sum(),
        events_7=known.events.sum(where=week),
        events_14=known.events.sum(where=two_weeks),
        events_21=known.events.sum(where=three_weeks),
        events_28=known.events.sum(),
        score_sum_14=known.score_sum.sum(where=two_weeks),
        score_count_14=known.score_count.sum(where=two_weeks),
        score_sum_28=known.score_sum.sum(),
        score_count_28=known.score_count.sum(),
        sentiment_sum_7=known.sentiment_sum.sum(where=week),
        sentiment_count_7=known.sentiment_count.sum(where=week),
    )
