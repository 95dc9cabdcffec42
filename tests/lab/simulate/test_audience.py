"""Made-up audiences behave as they are described, alone and among others, in steps of any length."""

from dataclasses import replace

import numpy as np
import pytest

from tactful.facts.additive import Floats
from tactful.lab.simulate.audience import BREAKS, USUAL, Audience, engagement, raised
from tactful.lab.simulate.luck import Luck, poisson, rough
from tactful.lab.simulate.noticing import Noticing
from tactful.lab.simulate.scenarios import SCENARIOS, Scenario

QUIET = Scenario(hourly=(0, 0, 0, 0), bursts=0)


def lived(scenario: Scenario, sessions: int, *, first: int = 0, step: int = 10) -> tuple[Audience, Floats, Floats]:
    """An hour: the audience, its signals and its viewers of every step."""
    audience = Audience(scenario, Luck.of(3, first, sessions))
    signals, viewers = [], []
    while audience.second < audience.seconds:
        audience.advance(step)
        signals.append(audience.hear(step))
        viewers.append(audience.viewers)
    return audience, np.array(signals), np.array(viewers)


@pytest.mark.parametrize("mean", [0.05, 3.0, 11.0, 40.0])
def test_numbers_have_mean_and_variance_of_poisson(mean: float) -> None:
    chance = Luck.of(1, 0, 200_000).uniform(0, 1)
    found = poisson(np.full(chance.size, mean), chance)
    assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / chance.size))
    assert found.var() == pytest.approx(mean, rel=0.03)
    assert (poisson(np.full(chance.size, mean * 1.5), chance) >= found).all()


def test_roughness_keeps_the_mean_and_has_its_own_variance() -> None:
    found = rough(np.ones(200_000), Luck.of(1, 0, 200_000).normal(0, 1), 3.7)
    assert found.mean() == pytest.approx(1, abs=0.01)
    assert found.var() == pytest.approx(1 / 3.7, rel=0.05)


def test_people_come_go_to_breaks_come_back_and_leave_but_never_multiply() -> None:
    audience, _, viewers = lived(QUIET, 300)
    before = viewers[0] + 0
    assert (viewers[60] > 2 * before).mean() > 0.9
    assert (viewers >= 0).all()
    most = audience.viewers + audience.waiting + audience.away
    assert (most <= QUIET.largest).all()
    pausing = audience._breaks
    assert abs(pausing.mean() - BREAKS) < 0.1
    lowest, later = viewers[200:212].min(axis=0), viewers[245]
    assert (lowest[pausing] < 0.5 * viewers[175][pausing]).mean() > 0.9
    assert (later[pausing] > 1.5 * lowest[pausing]).mean() > 0.9
    assert (viewers[-1] < 0.95 * viewers[320]).mean() > 0.9


def test_a_session_is_the_same_alone_and_among_others() -> None:
    _, together, _ = lived(SCENARIOS["mixed"], 40)
    _, alone, _ = lived(SCENARIOS["mixed"], 1, first=17)
    assert (together[:, 17:18] == alone).all()
    _, again, _ = lived(SCENARIOS["mixed"], 40)
    assert (together == again).all()


def test_every_second_tells_as_much_as_every_ten() -> None:
    _, fine, there = lived(QUIET, 60, step=1)
    _, coarse, viewers = lived(QUIET, 60)
    rates = [
        np.log(signals.sum() / exposed.sum() * tens)
        for signals, exposed, tens in ((fine, there, 10), (coarse, viewers, 1))
    ]
    assert rates[0] == pytest.approx(rates[1], abs=0.25)


def test_what_is_added_is_added_to_engagement() -> None:
    rates = USUAL * np.array([0.2, 1.0, 3.0])
    before, after = rates / (rates + USUAL), raised(rates, np.array([0.1, 0.1, 0.0]))
    assert after / (after + USUAL) == pytest.approx(before + np.array([0.1, 0.1, 0.0]))
    assert (raised(rates, None) == rates).all()


def test_engagement_is_one_half_as_usual_and_few_people_are_no_certainty() -> None:
    assert engagement(np.array([50_000 * USUAL]), np.array([50_000.0]))[0] == pytest.approx(0.5)
    silent = engagement(np.zeros(2), np.array([6 * 10.0, 6 * 1_000.0]))
    assert 0.15 < silent[0] < 0.25
    assert silent[1] < 0.005


def noticed(scenario: Scenario, sessions: int = 200) -> Floats:
    """How often each trouble is noticed in an hour of a session."""
    _, signals, viewers = lived(scenario, sessions)
    noticing, counts = Noticing.of(sessions), np.zeros(5)
    for heard, there in zip(signals, viewers, strict=True):
        noticing.hear(heard, there)
        counts += np.bincount(noticing.found(late=False) + 1, minlength=5)
    return counts[1:] / sessions


def test_what_befalls_an_audience_is_noticed_and_little_else() -> None:
    big = replace(QUIET, smallest=500)
    quiet = noticed(big)
    for number in range(4):
        hourly = [0.0] * 4
        hourly[number] = 3.0
        found = noticed(replace(big, hourly=(hourly[0], hourly[1], hourly[2], hourly[3])))
        assert found[number] > quiet[number] + 1, number
