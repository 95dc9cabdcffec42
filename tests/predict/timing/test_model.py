"""The cold start and its words: presence before hours, nothing known is not nothing, and numbers anybody can read."""

from typing import Any

import polars as pl
import pytest

from tactful.kernel.settings import Settings
from tactful.predict import timing
from tactful.predict.timing.settings import WEIGHTS

USUAL = dict.fromkeys(timing.GIVEN, 0.0) | {"silence": 5.0, "unheard": 5.0, "sessions_week": 1.0}


def row(**changes: float | None) -> dict[str, float]:
    told = timing.cold(pl.DataFrame([USUAL | changes], schema=timing.GIVEN))
    return told.row(0, named=True)


def test_even_odds_in_everything_are_one_half() -> None:
    assert row()["score"] == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["soon", "hour_now", "continues", "answered_day", "sender_got"])
def test_each_sign_raises_the_score(name: str) -> None:
    assert row(**{name: 2.0})["score"] > row()["score"] > row(**{name: -2.0})["score"]


def test_somebody_never_seen_is_not_present_but_is_no_riddle() -> None:
    never = row(silence=None, soon=None, sessions_week=0.0)
    assert never["presence"] == 0
    assert never["score"] < row()["score"]
    assert never["confidence"] == 0


def test_a_first_contact_says_nothing_of_the_exchange() -> None:
    first = row(first=1.0)
    assert first["exchange"] is None
    assert first["score"] == pytest.approx(0.5)


def test_now_is_what_passes_with_the_hour_alone() -> None:
    assert row(continues=3.0)["now"] == row()["now"] == pytest.approx(0.5)
    assert row(hour_now=3.0)["now"] > 0.5
    assert row(hour_now=None, soon=None)["now"] is None


def test_weights_come_from_settings() -> None:
    only_hours = Settings({weight.name: 0.0 for weight in WEIGHTS} | {"timing.weight_hour": 10.0})
    told = timing.cold(pl.DataFrame([USUAL | {"hour_now": 1.0, "soon": -4.0}], schema=timing.GIVEN), only_hours)
    assert told["score"].to_list() == pytest.approx([0.7310585786])


def test_reasons_tell_the_numbers_in_words() -> None:
    known: dict[str, Any] = USUAL | {"silence": 5.891644, "soon": 0.4054651, "hour_now": 0.6931472, "answer_time": 8.9}
    known |= {"person_gaps": [0.0, 2.0], "hours": [4.0], "person_continued": 4.0, "person_continued_in_day": 2.0}
    known |= {"pair_sent": 2.0, "pair_answered_in_day": 1.0, "sender_wrote": 1_200.0, "sender_got_in_day": 600.0}
    assert timing.reasons(list(timing.FACTORS), known) == [
        "Last seen 6 minutes ago; here within the hour with a chance of 60 %.",
        "By their hours so far they are 2.0 times as likely to be here at this hour as at an average one.",
        "They went on within a day after 2 of 4 answers to them.",
        "They answered 1 of 2 messages from here within a day, usually after 2 hours.",
        "People answered 600 of 1,200 messages from here within a day.",
    ]


def test_where_nothing_was_counted_no_number_is_told() -> None:
    """What everybody is taken to start with (such as 55 % of answers within a day) is nobody's fact."""
    nothing = USUAL | {"sender_got": 0.2, "answered_day": 0.2, "soon": 1.0, "hour_now": 0.1}
    counts: dict[str, Any] = dict.fromkeys(("person_continued", "pair_sent", "sender_wrote"), 0.0)
    for known in (nothing, nothing | counts | {"person_gaps": [0.0], "hours": None}):
        assert timing.reasons(list(timing.FACTORS), known) == [
            "Last seen 2 minutes ago; how long they stay away is not known yet.",
            "At which hours they are here is not known yet.",
            "How they go on after an answer is not known yet.",
            "Nothing was sent to them from here yet.",
            "How people answer what is sent from here is not known yet.",
        ]


def test_a_first_contact_and_a_stranger_are_told_as_such() -> None:
    assert timing.reasons(["presence", "exchange"], {"first": 1.0, "answered_day": 0.2}) == [
        "They have not been seen yet.",
        "It would be the first contact.",
    ]
