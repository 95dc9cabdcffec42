"""What counts as truth once the horizon has passed: not one day with activity after it was asked."""

from datetime import date, timedelta
from typing import Any


def labels(person_state: Any, person_day: Any, *, day: date, horizon: int) -> Any:
    """person_id and `left` of everybody first seen up to `day`, as an Ibis expression.

    left: nothing happened in the `horizon` days [days] after `day`, which itself belongs to what
    was known. person_state, person_day: Ibis tables as in facts.activity.
    """
    until = day + timedelta(days=horizon)
    later = person_day.filter(person_day.day > day, person_day.day <= until, person_day.events > 0)
    back = later.select("person_id").distinct()
    asked = person_state.filter(person_state.first_seen_at.date() <= day).select("person_id")
    marked = back.mutate(returned=True).rename(back_id="person_id")
    joined = asked.left_join(marked, asked.person_id == marked.back_id)
    return joined.select("person_id", left=joined.returned.isnull())
