"""Which curves a belief can be made from: one filter over skill_curve, on any engine.

Point in time: a curve is what it was after its last attempt. One that already goes beyond `last` is left out, for
it cannot be told what it was before; ask while it is so, or from the log by `facts.curves.advance`.
"""

from datetime import date
from typing import Any


def features(skill_curve: Any, *, last: date) -> Any:
    """The columns of facts.curves.CURVE as an Ibis expression, of every curve that may be read.

    skill_curve: an Ibis table with the columns of facts.curves.SKILL_CURVE. last: the last day that may be read.
    """
    return skill_curve.filter(skill_curve.last_day <= last)
