"""Learning what is usual of people's hours: it finds the ways in which they differ, and beats their own histograms."""

import numpy as np
import pytest

from tactful.facts.additive import Floats
from tactful.facts.rhythm import HOURS, UNLEARNED, WEEKDAYS
from tactful.kernel.chance import mix
from tactful.learn.rhythms import Rhythming

PEOPLE = 60


def drawn(seed: int, size: int, people: int = PEOPLE) -> Floats:
    """Hours of people of whom half are there in the morning and half at night [people, 168]."""
    hours = np.zeros((people, WEEKDAYS, HOURS))
    for person in range(people):
        one, two, day = (_even(size, 1_000 * seed + 3 * person + number) for number in range(3))
        at = (9 if person % 2 else 21) + 5 * (one + two - 1)
        np.add.at(hours[person], ((WEEKDAYS * day).astype(int), at.round().astype(int) % HOURS), 1.0)
    return hours.reshape(people, -1)


def _even(size: int, number: int) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def surprise(week: Floats, later: Floats) -> float:
    """Mean over people of what their later hours cost [nats]."""
    by_day = later.reshape(-1, WEEKDAYS, HOURS)
    return float((-(by_day * np.log(week)).sum(axis=(1, 2)) / by_day.sum(axis=(1, 2))).mean())


def test_learned_chances_beat_unlearned_ones_and_own_histograms_on_later_hours() -> None:
    early, later = drawn(1, 12), drawn(2, 60)
    learned = surprise(Rhythming().fit(early).week(early), later)
    own = early.reshape(-1, WEEKDAYS, HOURS).sum(axis=1) + 1
    histogram = np.repeat((own / own.sum(axis=1, keepdims=True))[:, None], WEEKDAYS, axis=1)
    assert learned < surprise(UNLEARNED.week(early), later) - 0.1
    assert learned < surprise(histogram, later) - 0.2


def test_a_newcomer_is_held_to_what_is_usual() -> None:
    usual = Rhythming().fit(drawn(1, 40)).week(np.zeros((1, WEEKDAYS * HOURS)))[0].mean(axis=0)
    assert usual[[9, 21]].min() > 1.5 / HOURS > usual[[3, 15]].max()


def test_an_organisation_moves_what_is_usual_towards_its_own_people() -> None:
    everybody = drawn(1, 40)
    usual = Rhythming().fit(everybody)
    nights = Rhythming().moved(usual, everybody[::2])
    nobody = np.zeros((1, WEEKDAYS * HOURS))
    assert nights.week(nobody)[0, 0, 21] > 1.3 * usual.week(nobody)[0, 0, 21]
    few = Rhythming().moved(usual, everybody[:1])
    assert usual.week(nobody)[0, 0, 21] < few.week(nobody)[0, 0, 21] < nights.week(nobody)[0, 0, 21]
    assert Rhythming().moved(usual, everybody[:0]) is usual


def test_the_same_people_teach_the_same_and_nobody_teaches_nothing() -> None:
    early = drawn(3, 20)
    assert Rhythming().fit(early).as_dict() == Rhythming().fit(early).as_dict()
    assert Rhythming().fit(np.zeros((5, WEEKDAYS * HOURS))) is UNLEARNED


def test_weekdays_that_differ_for_everybody_are_learned() -> None:
    hours = drawn(4, 60).reshape(-1, WEEKDAYS, HOURS)
    hours[:, 5:] = np.roll(hours[:, 5:], 4, axis=2)
    rhythms = Rhythming().fit(hours.reshape(len(hours), -1))
    assert rhythms.weekdays[6, 13] > rhythms.weekdays[0, 13] + 0.2


def test_learning_reads_no_more_people_than_it_needs() -> None:
    early = drawn(5, 20)
    assert Rhythming(most=20).fit(early).mean == pytest.approx(Rhythming().fit(early).mean, abs=0.5)
