"""How much of a model is believed: little data never does worse than the simple rule."""

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Floats
from tactful.facts.chain import Chain
from tactful.facts.models import Blend
from tactful.kernel.chance import mix
from tactful.learn.chaining import Chaining, Lessons
from tactful.learn.ranking import auc, ece, log_loss

FACTORS = {"silence": ("days",), "pace": ("pace", "noise")}
SIZE = 3_000


def draws(number: int, size: int = SIZE) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def world(seed: int = 0) -> tuple[Lessons, Floats]:
    """People who leave by silence and pace; the rule knows of silence alone. With their true chances."""
    days, pace, noise = draws(seed + 1) * 30, draws(seed + 2), draws(seed + 3)
    chance = 1 / (1 + np.exp(-(days / 6 - 3 + 3 * (pace < 0.4))))
    truth = (draws(seed + 4) < chance).astype(np.float64)
    given = pl.DataFrame({"days": days, "pace": pace, "noise": noise})
    score = days / 30
    cold = pl.DataFrame({"score": score, "silence": score, "pace": np.zeros(SIZE)})
    return Lessons(given, cold, truth, np.arange(SIZE), np.ones(SIZE)), chance


def said(chain: Chain, lessons: Lessons) -> Floats:
    return chain.believe(FACTORS, lessons.given, lessons.cold).probability.to_numpy()


def first(lessons: Lessons, count: int) -> Lessons:
    return lessons.only(np.arange(SIZE) < count)


def last(lessons: Lessons) -> Lessons:
    return lessons.only(np.arange(SIZE) >= SIZE // 2)


def test_with_enough_people_the_model_counts_and_its_chances_hold() -> None:
    lessons, chance = world()
    learned = Chaining().fit(FACTORS, first(lessons, SIZE // 2))
    later = last(lessons)
    assert learned.share > 0.7
    assert auc(later.truth, said(learned, later)) > auc(later.truth, chance[SIZE // 2 :]) - 0.01
    assert ece(later.truth, said(learned, later)) < 0.04


@pytest.mark.parametrize("count", [0, 1, 2, 5, 10, 20, 80, 150])
def test_little_data_never_does_worse_than_the_simple_rule(count: int) -> None:
    worse = []
    for seed in range(0, 600, 10) if count < 100 else range(0, 60, 10):
        lessons, _ = world(seed)
        later = last(lessons)
        learned = Chaining().fit(FACTORS, first(lessons, count))
        worse.append(log_loss(later.truth, said(learned, later)) - log_loss(later.truth, said(Chain(), later)))
    assert np.mean(worse) <= 1e-9
    assert np.max(worse) < 0.08


def test_more_people_are_believed_more() -> None:
    lessons, _ = world()
    shares = [Chaining().fit(FACTORS, first(lessons, count)).share for count in (200, 1_500)]
    assert shares[0] < shares[1]


def test_a_hundred_rows_about_one_person_are_one_person() -> None:
    lessons, _ = world()
    one = Lessons(lessons.given, lessons.cold, lessons.truth, np.zeros(SIZE, dtype=np.int64), lessons.weight)
    assert Chaining().fit(FACTORS, one).model is None


def test_a_prior_learned_elsewhere_helps_who_has_few_people() -> None:
    lessons, _ = world()
    elsewhere, _ = world(500)
    prior = Chaining().fit(FACTORS, elsewhere)
    few, later = first(lessons, 60), last(lessons)
    alone, helped = (Chaining().fit(FACTORS, few, prior=each) for each in (None, prior))
    assert log_loss(later.truth, said(helped, later)) < log_loss(later.truth, said(alone, later))


def test_rows_of_which_nothing_is_known_teach_nothing() -> None:
    lessons, _ = world()
    blank = lessons.cold.with_columns(
        pl.when(pl.int_range(pl.len()) < SIZE // 2).then(None).otherwise("score").alias("score")
    )
    half = Lessons(lessons.given, blank, lessons.truth, lessons.groups, lessons.weight)
    assert Chaining().fit(FACTORS, half).as_dict() == Chaining().fit(FACTORS, last(lessons)).as_dict()


def test_the_print_tells_lessons_apart() -> None:
    lessons, _ = world()
    assert lessons.print() == world()[0].print()
    assert lessons.print() != first(lessons, SIZE - 1).print()


def test_a_line_is_believed_where_there_are_few_and_bends_where_there_are_many() -> None:
    """Only those in the middle leave, which no line can say."""
    days = draws(70) * 30
    truth = (draws(71) < np.where(np.abs(days - 15) < 6, 0.9, 0.1)).astype(np.float64)
    given = pl.DataFrame({"days": days, "pace": draws(72), "noise": draws(73)})
    cold = pl.DataFrame({"score": np.full(SIZE, 0.5), "silence": np.zeros(SIZE), "pace": np.zeros(SIZE)})
    bent = Chaining().fit(FACTORS, Lessons(given, cold, truth, np.arange(SIZE), np.ones(SIZE))).model
    assert isinstance(bent, Blend)
    assert bent.parts[0][0] > 0.9
    lessons, _ = world()
    straight = Chaining().fit(FACTORS, first(lessons, 100)).model
    assert isinstance(straight, Blend)
    assert straight.parts[1][0] > 0.5


def test_following_the_newest_makes_chances_hold_where_more_leave_now() -> None:
    lessons, _ = world()
    learned = Chaining().fit(FACTORS, first(lessons, SIZE // 2))
    later = last(lessons)
    more = np.where(draws(50, later.truth.size) < 0.5, 1.0, later.truth)
    now = Lessons(later.given, later.cold, more, later.groups, later.weight)
    newest = now.only(np.arange(more.size) < more.size // 2)
    asked = now.only(np.arange(more.size) >= more.size // 2)
    followed = Chaining().follow(learned, newest)
    assert ece(asked.truth, said(followed, asked)) < 0.6 * ece(asked.truth, said(learned, asked))
    assert auc(asked.truth, said(followed, asked)) == pytest.approx(auc(asked.truth, said(learned, asked)))
    assert said(Chaining(trust=0.0).follow(learned, newest), asked).tolist() == said(learned, asked).tolist()


def test_following_nobody_changes_nothing() -> None:
    lessons, _ = world()
    learned = Chaining().fit(FACTORS, first(lessons, 400))
    followed = Chaining().follow(learned, first(lessons, 0))
    assert said(followed, lessons).tolist() == said(learned, lessons).tolist()
