"""What is believed of one person's memory: FSRS as published at first, theirs in the end, and never out of bounds."""

from datetime import timedelta
from math import exp, log

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Floats
from tactful.facts.remembering import memory, own
from tactful.facts.remembering.state import State, advance
from tactful.facts.rounds import Columns
from tests.predict.forgetting.example import AT, draws
from tests.predict.forgetting.test_state import answers

PEOPLE, CARDS = 200, 40
# Each card is asked again after 1 to 60 days.
SOONEST, LATEST = 1.0, 60.0


def beliefs(**known: float) -> Columns:
    """Of everybody the same: what is believed before the first answer, but for `known`."""
    return {name: np.full(PEOPLE, known.get(name, value)) for name, value in own.NEW_OWN.items()}


class Practice:
    """PEOPLE people whose memories are as `theirs` says, and what is believed of them after so many answers each.

    lost: of the later half of their answers, log-loss by FSRS as published, by the belief, and by what is true.
    """

    def __init__(self, theirs: Columns, count: int) -> None:
        self.found, self.skills = beliefs(), np.full((2, CARDS, PEOPLE), np.nan)
        first, lost = np.full(PEOPLE, float(memory.GOOD)), []
        for card in range(CARDS):
            stability, difficulty = self.skills[:, card].copy()
            self.skills[:, card] = memory.after(stability, difficulty, np.zeros(PEOPLE), first)
        for turn in range(count):
            losses = self._answer(theirs, turn)
            lost += [losses] if 2 * turn >= count else []
        self.lost = np.mean(lost, axis=0)
        self.lasts = own.lasts(self.found)

    def _answer(self, theirs: Columns, turn: int) -> list[float]:
        stability, difficulty = self.skills[:, turn % CARDS].copy()
        days = np.exp(log(LATEST / SOONEST) * draws(PEOPLE, 2 * turn)) * SOONEST
        true, before = own.recall(theirs, stability, days), own.recall(self.found, stability, days)
        hit = (draws(PEOPLE, 2 * turn + 1) < true).astype(np.float64)
        self.found |= own.learn(self.found, {"hit": hit, "stability": stability, "days": days})
        rating = np.where(hit > 0, float(memory.GOOD), float(memory.AGAIN))
        self.skills[:, turn % CARDS] = memory.after(stability, difficulty, days, rating)
        return [log_loss(hit, chance) for chance in (memory.recall(stability, days), before, true)]


def log_loss(hit: Floats, chance: Floats) -> float:
    sure = chance.clip(own.CERTAIN, 1 - own.CERTAIN)
    return float(-np.log(np.where(hit > 0, sure, 1 - sure)).mean())


def test_before_the_first_answer_it_is_fsrs_as_published() -> None:
    stability, days = 0.01 + 100 * draws(PEOPLE, 1), 200 * draws(PEOPLE, 2)
    assert (own.recall(beliefs(), stability, days) == memory.recall(stability, days)).all()
    assert own.lasts(beliefs()) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("times", [3.0, 1 / 3])
def test_memories_that_last_longer_or_shorter_are_found_and_better_told(times: float) -> None:
    practice = Practice(beliefs(memory_scale=log(times)), 300)
    assert times / 1.3 < np.median(practice.lasts) < times * 1.3
    low, high = np.quantile(practice.lasts, [0.05, 0.95])
    assert times / 2.5 < low < high < times * 2.5
    assert_told_better(practice.lost)


def assert_told_better(lost: Floats) -> None:
    """At least half of what FSRS as published loses against the truth is won back."""
    published, ours, best = lost
    assert published - best > 0.005
    assert ours - best < (published - best) / 2


def test_memories_that_fade_more_steeply_are_found() -> None:
    practice = Practice(beliefs(memory_steepness=log(2.5)), 300)
    assert np.median(practice.found["memory_steepness"]) > log(1.5)
    assert_told_better(practice.lost)


def test_it_costs_little_where_fsrs_is_right_already() -> None:
    practice = Practice(beliefs(), 300)
    assert 0.85 < np.median(practice.lasts) < 1.2
    assert practice.lost[1] < practice.lost[0] + 0.002


def test_a_few_answers_move_it_little_and_many_leave_less_doubt() -> None:
    few, many = Practice(beliefs(), 3), Practice(beliefs(), 100)
    low, high = np.quantile(few.lasts, [0.05, 0.95])
    assert 0.6 < low < high < 1.5
    assert few.found["memory_scale_doubt"].mean() > 0.85 * own.DOUBT
    assert many.found["memory_scale_doubt"].mean() < 0.5 * own.DOUBT


def test_one_miss_among_the_usual_hits_does_not_halve_it() -> None:
    row = beliefs()
    asked = {"stability": np.full(PEOPLE, 10.0), "days": np.full(PEOPLE, 10.0)}
    for turn in range(10):
        row |= own.learn(row, asked | {"hit": np.full(PEOPLE, float(turn != 4))})
    assert 0.7 < exp(row["memory_scale"][0]) < 1.4


def test_somebody_who_changes_is_found_again() -> None:
    row, days = beliefs(), np.full(PEOPLE, 20.0)
    asked = {"stability": np.full(PEOPLE, 2.0), "days": days}
    for good in (0.95, 0.3):
        for turn in range(600):
            row |= own.learn(row, asked | {"hit": (draws(PEOPLE, turn) < good) * 1.0})
        assert np.abs(own.recall(row, asked["stability"], days) - good).mean() < 0.08


@pytest.mark.parametrize("hit", [0.0, 1.0])
@pytest.mark.parametrize("stability", [memory.LEAST_STABILITY, 1.0, 1e12, 1e300])
def test_it_stays_in_bounds_whatever_is_answered(hit: float, stability: float) -> None:
    row, shown = beliefs(), {"hit": np.full(PEOPLE, hit), "stability": np.full(PEOPLE, stability)}
    for turn in range(3_000):
        row |= own.learn(row, shown | {"days": np.full(PEOPLE, (0.5, 30.0, 1e6)[turn % 3])})
    assert all(np.isfinite(column).all() for column in row.values())
    assert (np.abs(row["memory_scale"]) <= own.MOST_SCALE).all()
    assert ((row["memory_steepness"] >= own.FLATTEST) & (row["memory_steepness"] <= own.STEEPEST)).all()
    for name in ("memory_scale_doubt", "memory_steepness_doubt"):
        assert ((row[name] > 0) & (row[name] <= own.DOUBT)).all()
    chance = own.recall(row, shown["stability"], np.full(PEOPLE, 1e6))
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (own.lasts(row) > 0).all()


def found(*rows: tuple[str, float | None, int]) -> dict[str, float]:
    (form,) = advance(State(), answers(*rows))[1].forms.select(*own.NEW_OWN).to_dicts()
    return form


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 0, 1), ("b", 1, 0), ("c", 2, 1)],
        [("a", 0, 1), ("a", 0.2, 0), ("a", 0.4, 0)],
        [("a", 9, 1), ("a", 3, 0)],
        [("a", None, 1), ("a", None, 0), ("a", None, 0)],
        [("a", None, 1), ("a", 8, 0)],
    ],
    ids=["new", "one sitting", "late", "no times", "no time before"],
)
def test_what_proves_nothing_changes_nothing(rows: list[tuple[str, float | None, int]]) -> None:
    assert found(*rows) == own.NEW_OWN


def test_a_spaced_answer_moves_its_person_and_nobody_else() -> None:
    missed, known = (found(("a", 0, 1), ("a", 30, hit)) for hit in (0, 1))
    assert missed["memory_scale"] < 0 < known["memory_scale"]
    assert missed["memory_steepness"] > 0 > known["memory_steepness"]
    both = pl.concat([answers(("a", 0, 1), ("a", 30, 0)), answers(("a", 0, 1), person=2)])
    forms = advance(State(), both)[1].forms.sort("person_id")
    assert forms["memory_scale"].to_list() == [missed["memory_scale"], 0.0]


def test_a_step_is_the_same_for_many_at_once_and_for_one() -> None:
    row: Columns = {name: column + 0.01 * draws(PEOPLE, 3) for name, column in beliefs().items()}
    shown: Columns = {
        "hit": (draws(PEOPLE, 4) < 0.6).astype(np.float64),
        "stability": np.exp(draws(PEOPLE, 5)),
        "days": np.exp(4 * draws(PEOPLE, 6)),
    }
    together = own.learn(row, shown)
    for who in range(0, PEOPLE, 20):
        mine, asked = ({name: column[[who]] for name, column in each.items()} for each in (row, shown))
        alone = own.learn(mine, asked)
        assert {name: column[0] for name, column in alone.items()} == pytest.approx(
            {name: column[who] for name, column in together.items()}, rel=1e-12
        )


def test_the_belief_counts_at_once_for_what_they_learned_before() -> None:
    """No memory is counted anew: stability stays FSRS's own."""
    log = answers(("a", 0, 1), ("b", 0.1, 1), ("a", 40, 1))
    taught = answers(*((f"{n}", 41, 1) for n in range(5)))
    good, bad = (
        advance(State(), pl.concat([log, taught, answers(*((f"{n}", 71, hit) for n in range(5)))]))[1] for hit in (1, 0)
    )
    assert good.skills.filter(pl.col("skill_id") == "b").equals(bad.skills.filter(pl.col("skill_id") == "b"))
    assert good.forms["memory_scale"][0] > bad.forms["memory_scale"][0]
    assert good.forms["last_at"][0] == AT + timedelta(days=71)
