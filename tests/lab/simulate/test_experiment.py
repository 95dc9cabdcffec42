"""Tests that are looked at every day say what is not so in at most five of a hundred, and find what is."""

import json

import pytest

from tactful import cli
from tactful.kernel.errors import BadInput
from tactful.lab.simulate import Wanted, experiment, words

RUNS = 1000


@pytest.mark.parametrize(("rate", "people"), [(0.03, 60), (0.2, 60), (0.5, 20)])
def test_looking_every_day_makes_nothing_out_of_nothing(rate: float, people: int) -> None:
    told = experiment(Wanted(0.0, people, 40, rate=rate, runs=RUNS))
    assert told["said_wrongly"]["high"] < 0.05
    assert told["hold_truth_every_day"]["low"] > 0.95
    assert told["usual_said_wrongly"]["low"] > 0.1


@pytest.mark.parametrize("effect", [0.08, -0.08])
def test_what_differs_is_found_and_said_the_right_way_round(effect: float) -> None:
    told = experiment(Wanted(effect, 60, 40, rate=0.2, runs=300))
    right, wrong = ("better", "worse") if effect > 0 else ("worse", "better")
    assert told[right]["value"] > 0.9
    assert told[wrong]["value"] == told["said_wrongly"]["value"] <= 0.01
    assert told["hold_truth_every_day"]["low"] > 0.95
    assert told["days_until"] < 35


def test_the_same_seed_gives_the_same_answer_as_json_and_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--effect", "0.1", "--people-per-day", "10", "--days", "5", "--studies", "20", "--seed", "3"]
    assert cli.main(["simulate", "experiment", *given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == experiment(Wanted(0.1, 10, 5, runs=20, seed=3)) != experiment(Wanted(0.1, 10, 5, runs=20, seed=4))
    assert (told["days_until"], told["width"]) == (None, None)
    assert "\n".join(words(told)).startswith("20 tests of 10 people a day for 5 days; 20.0% take up the control, 30.0%")
    with pytest.raises(BadInput):
        experiment(Wanted(0.9, 10, 5))
