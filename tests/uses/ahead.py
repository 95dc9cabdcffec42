"""Lessons know nothing of what came after them: what was made of a log up to an instant is what is made of it later."""

from collections.abc import Callable, Iterable
from datetime import datetime

import polars as pl
from polars.testing import assert_frame_equal

from tactful.uses.training.replay import Replay


def hold_to_the_clock(made: Callable[[datetime], Replay | None], end: datetime, cuts: Iterable[datetime]) -> None:
    """Every lesson whose truth was known at a cut is the same as if the log had ended there."""
    whole, seen = made(end), 0
    assert whole is not None
    for cut in cuts:
        early = made(cut)
        if early is None:
            continue
        keys = ["organisation_id", "person_id", "at"]
        late = whole.asked.with_row_index("row").filter(pl.col("known_at") <= cut)
        assert_frame_equal(late.select(keys), early.asked.select(keys))
        rows = whole.asked.with_row_index("row")["row"].is_in(late["row"].implode()).to_numpy()
        assert_frame_equal(whole.lessons.only(rows).given, early.lessons.given)
        assert (whole.lessons.truth[rows] == early.lessons.truth).all()
        seen += late.height
    assert seen > 0
