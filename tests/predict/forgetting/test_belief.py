"""What is believed about a skill, and what is told of those that are being lost."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from tactful.facts.memories import STOOD
from tactful.facts.remembering import memory
from tactful.kernel.settings import Settings
from tactful.predict import forgetting
from tactful.predict.forgetting import State, advance
from tests.predict.forgetting.example import AT
from tests.predict.forgetting.test_state import DAY, answers


def asked(rows: pl.DataFrame, days: float) -> pl.DataFrame:
    """GIVEN of every skill of person 1, so many days after AT."""
    state = advance(State(), rows)[1]
    stood = _stood(state)
    at = pl.DataFrame({"at": [AT + days * DAY] * stood.height, "hour": [9.0] * stood.height}, schema=forgetting.ASKED)
    return forgetting.given(at, stood)


def _stood(state: State) -> pl.DataFrame:
    """STOOD, as the join of the three tables has it."""
    skills, topics, forms = (
        table.rename({name: f"{side}_{name}" for name in table.columns})
        for side, table in zip(("skill", "topic", "form"), state, strict=True)
    )
    ours, theirs = (["skill_person_id", "skill_topic_id"], ["topic_person_id", "topic_topic_id"])
    joined = skills.join(topics, left_on=ours, right_on=theirs, how="left")
    joined = joined.join(forms, left_on="skill_person_id", right_on="form_person_id", how="left")
    return joined.select(*STOOD)


def score(rows: pl.DataFrame, days: float) -> list[float]:
    return forgetting.cold(asked(rows, days))["score"].to_list()


LEARNED = answers(*(("a", day, 1) for day in (0, 1, 3, 8)))


def test_what_is_left_alone_is_forgotten_ever_more() -> None:
    chances = [score(LEARNED, days)[0] for days in (8.1, 15, 30, 90, 2000)]
    assert chances == sorted(chances)
    assert chances[0] < 0.1 < chances[-1] < 1


def test_a_skill_that_was_missed_is_forgotten_sooner() -> None:
    weak = answers(("a", 0, 1), ("a", 1, 0), ("a", 3, 0), ("a", 8, 0))
    assert score(weak, 15)[0] > score(LEARNED, 15)[0]


def test_without_any_learning_it_is_drawn_towards_how_the_person_does_of_late() -> None:
    """FSRS alone would have the same to say of both."""
    poorly = pl.concat([LEARNED, answers(*((str(n), 9 + n / 100, 0) for n in range(20)))]).sort("at")
    well = poorly.with_columns(hit=1.0)
    assert score(poorly, 20)[0] > score(well, 20)[0]
    only_memory = Settings({"forgetting.memory_weight": 1.0})
    alone = [forgetting.cold(asked(rows, 20), only_memory)["score"][0] for rows in (poorly, well)]
    assert alone[0] == alone[1]


def test_the_parts_of_a_cold_start_say_what_days_did_and_what_memory_did() -> None:
    strong = forgetting.cold(asked(LEARNED, 30)).row(0, named=True)
    assert strong["time_away"] > 0 > strong["weak_memory"]
    assert strong["hard_material"] is None


def test_without_times_what_was_right_of_late_stands_for_the_memory() -> None:
    right, wrong = (answers(*((("a", None, hit)) for _ in range(4))) for hit in (1, 0))
    assert score(right, 0)[0] < 0.2 < 0.5 < score(wrong, 0)[0]


def told(now: float | None, week: float | None, *, peak: float = 0.9, days: float = 45) -> list[dict[str, object]]:
    kept = pl.DataFrame(
        {"person_id": [1], "skill_id": ["algebra_factoring"], "skill_peak": [peak],
         "skill_last_at": [AT - timedelta(days=days)]},
        schema_overrides={"skill_last_at": forgetting.ASKED["at"]},
    )  # fmt: skip
    chances = (pl.Series([each], dtype=pl.Float64) for each in (now, week))
    return forgetting.regressions(kept, *chances, at=AT).to_dicts()


def test_a_skill_that_is_being_lost_is_told_as_the_seed_tells_it() -> None:
    (row,) = told(0.35, 0.41)
    assert row["peak_mastery"] == 0.9
    assert row["current_mastery"] == pytest.approx(0.65)
    assert row["regression_amount"] == pytest.approx(0.25)
    assert row["predicted_mastery_in_week"] == pytest.approx(0.59)
    assert (row["days_since_practice"], row["urgency"]) == (45, "high")


@pytest.mark.parametrize(("loss", "urgency"), [(0.11, "low"), (0.16, "medium"), (0.21, "high"), (0.5, "critical")])
def test_the_more_is_lost_the_more_urgent_it_is(loss: float, urgency: str) -> None:
    assert told(0.1 + loss, 0.1 + loss)[0]["urgency"] == urgency


def test_what_was_never_learned_or_is_not_lost_is_not_told() -> None:
    assert told(0.9, 0.9, peak=0.4) == []
    assert told(0.12, 0.2) == []
    assert told(None, None) == []
    assert told(0.05, 0.1, peak=0.8) == []


def test_mastery_is_never_told_to_be_above_its_peak_nor_days_below_none() -> None:
    (row,) = told(0.3, 0.05, days=-1)
    assert row["predicted_mastery_in_week"] == 0.9
    assert row["days_since_practice"] == 0


def test_the_most_urgent_come_first() -> None:
    kept = pl.DataFrame({"person_id": [1, 1, 2], "skill_id": ["a", "b", "c"], "skill_peak": [0.9, 0.9, 0.9],
                         "skill_last_at": [AT - DAY] * 3})  # fmt: skip
    chances = pl.Series([0.3, 0.8, 0.5])
    assert forgetting.regressions(kept, chances, chances, at=AT)["skill_id"].to_list() == ["b", "c", "a"]


def test_a_sentence_has_the_numbers_behind_it() -> None:
    row = asked(LEARNED, 50).row(0, named=True)
    away, weak = forgetting.reasons(["time_away", "weak_memory"], row)
    assert away.startswith("Not practised for 42 days; by our estimate this memory is strong for about ")
    assert weak == "4 of 4 answers about it were right, the last one among them."
    assert forgetting.reasons(["slow_answers"], {"last_pace": float(np.log(2.5))}) == [
        "The last answer about it took 2.5 times as long as usual."
    ]


def test_what_is_said_of_their_recent_answers_was_counted() -> None:
    """Six wrong ones in one sitting at the end, and 20 right ones before them, most of them crammed."""
    right = [("a", day + number / 100, 1) for day in (0, 4) for number in range(10)]
    given = asked(answers(*right, *(("a", 9 + number / 100, 0) for number in range(6))), 10)
    assert forgetting.reasons(["recent_form"], given.row(0, named=True)) == [
        "14 of their last 20 answers about anything were right."
    ]
    few = [
        forgetting.reasons(["recent_form"], asked(answers(*right[:count]), 1).row(0, named=True)) for count in (1, 2)
    ]
    assert few == [
        ["Their only answer so far, about anything, was right."],
        ["2 of their last 2 answers about anything were right."],
    ]


def test_as_many_skills_are_said_to_be_new_as_there_were_at_least() -> None:
    given = asked(answers(*((skill, day, 1) for day, skill in enumerate("abcd"))), 4).row(0, named=True)
    assert forgetting.reasons(["other_load"], given) == ["At least 2 skills were new to them of late."]


def test_failing_what_was_never_known_says_nothing_of_their_memory() -> None:
    known = answers(*(("a", day, 1) for day in (0, 2, 6)))
    failing = pl.concat([known, answers(*(("b", day + 0.5, 0) for day in range(7)))]).sort("at")
    alone, both = (asked(rows, 8).row(0, named=True) for rows in (known, failing))
    assert both["lasts"] == alone["lasts"]


def after_others(hits: int) -> pl.DataFrame:
    """GIVEN of a skill of somebody who was asked about other things after a month, each right or each wrong.

    All were right the first time: what never was cannot be forgotten.
    """
    others = [(f"x{number}", day, hits if day else 1) for day in (0, 30, 60) for number in range(8)]
    rows = pl.concat([answers(("a", 0, 1)), answers(*others)]).sort("at", maintain_order=True)
    state = advance(State(), rows)[1]
    stood = _stood(State(state.skills.filter(pl.col("skill_id") == "a"), state.topics, state.forms))
    at = pl.DataFrame({"at": [AT + 61 * DAY], "hour": [9.0]}, schema=forgetting.ASKED)
    return forgetting.given(at, stood)


def test_a_belief_is_as_good_as_the_persons_other_memories() -> None:
    """FSRS as published would say the same of both."""
    good, bad = after_others(1), after_others(0)
    assert good["lasts"][0] > 1.5 > 1 / 1.5 > bad["lasts"][0]
    assert good["faded"][0] < bad["faded"][0]
    assert good["stability"][0] > bad["stability"][0]
    parts = [forgetting.cold(each).row(0, named=True) for each in (good, bad)]
    assert parts[0]["time_away"] < parts[1]["time_away"]
    longer, shorter = (forgetting.reasons(["time_away"], each.row(0, named=True))[0] for each in (good, bad))
    assert "and their memories last" in longer
    assert longer != shorter


def test_of_somebody_asked_once_it_is_fsrs_as_published() -> None:
    given = asked(answers(("a", 0, 1)), 20)
    chance = 1 - memory.recall(np.array([memory.FRESH_STABILITY]), np.array([20.0]))[0]
    assert 1 / (1 + np.exp(-given["faded"][0])) == pytest.approx(chance, rel=1e-12)
    assert given["forgot_by_days"][0] == pytest.approx(chance, rel=1e-12)
    assert (given["lasts"][0], given["stability"][0]) == (pytest.approx(1), memory.FRESH_STABILITY)
    assert forgetting.reasons(["time_away"], given.row(0, named=True))[0].endswith("strong for about 2 days.")


def test_without_times_nothing_is_said_of_their_memory() -> None:
    given = asked(answers(*(("a", None, hit) for hit in (1, 0, 1))), 0)
    assert given.select("faded", "forgot_by_days", "lasts", "stability").row(0) == (None,) * 4
