"""The better intervention is found, intervals hold the truth as often as they say, and a placebo does nothing."""

import json

import polars as pl
import pytest

from tactful import cli
from tactful.lab.simulate import SCENARIOS, live, report, words
from tactful.lab.simulate.scenarios import EXPECTED, TRUE
from tactful.lab.simulate.study import Study
from tactful.learn.lift import lift

# Studies that learn from four evenings; what they were told is known to none of the others.
STUDIES, SESSIONS = 60, 40
# Of what learns nothing, studies differ by their luck alone.
FEWER = 20


@pytest.fixture(scope="module")
def learned() -> pl.DataFrame:
    return Study("mixed", SESSIONS, STUDIES, share=0.3).run()


@pytest.fixture(scope="module")
def placebo() -> pl.DataFrame:
    return Study("placebo", 20, STUDIES, share=0.4).run()


def test_what_is_done_and_expected_is_what_handlers_allow() -> None:
    assert {trouble: set(kinds) for trouble, kinds in TRUE.items()} == {
        trouble: set(kinds) for trouble, kinds in EXPECTED.items()
    }
    better = [max(kinds, key=lambda kind: kinds[kind]) for kinds in EXPECTED.values()]
    best = [max(kinds, key=lambda kind: kinds[kind]) for kinds in TRUE.values()]
    assert sum(one != other for one, other in zip(better, best, strict=True)) == 2


def test_moments_are_watched_one_at_a_time_and_both_endings_are_known(learned: pl.DataFrame) -> None:
    gaps = learned.sort("live_session_id", "at").select(
        pl.col("at").diff().over("live_session_id").dt.total_seconds().min()
    )
    assert gaps.item() >= 180
    came = pl.when("acted").then("done").otherwise("without")
    assert learned.filter(pl.col("after") != came).is_empty()
    assert learned.filter(pl.col("done") < pl.col("without")).is_empty()
    assert learned.select(pl.col("acted").mean()).item() == pytest.approx(0.7, abs=0.02)
    assert learned.filter(pl.col("propensity") < 0.3 * 0.05).is_empty()


def test_the_better_kind_is_chosen_ever_more_often_and_no_kind_is_given_up(learned: pl.DataFrame) -> None:
    last = pl.col("at").dt.date() == learned["at"].dt.date().max()
    first = pl.col("at").dt.date() == learned["at"].dt.date().min()
    fading = learned.filter(pl.col("anomaly_type") == "GRADUAL_DECLINE", pl.col("offered").list.len() == 2)
    better = pl.col("kind") == "GAMIFICATION"
    before, after = (fading.filter(when).select(better.mean()).item() for when in (first, last))
    assert before < 0.5
    assert after > before + 0.2
    assert after < 1


def test_it_gives_away_less_than_choosing_evenly_or_by_what_was_expected(learned: pl.DataFrame) -> None:
    others = {name: Study("mixed", SESSIONS, FEWER, name, share=0.3).run() for name in ("uniform", "ranked")}
    told = report.regrets({"thompson": learned, **others})
    assert [row["moments"] for row in told] == sorted({row["moments"] for row in told})
    assert told[-1]["thompson"] < 0.75 * min(told[-1]["uniform"], told[-1]["ranked"])


def test_intervals_hold_the_truth_as_often_as_they_say(learned: pl.DataFrame) -> None:
    told = report.coverage(learned, report.truths(learned))
    assert told["intervals"] > 100
    assert told["hold_truth"]["low"] < 0.95 < told["hold_truth"]["high"]
    rare = report.coverage_wherever(learned, report.truths_wherever(learned))
    assert rare["hold_truth"]["low"] < 0.95 < rare["hold_truth"]["high"]
    assert rare["unknown"] < 0.7 * told["unknown"]
    cases = report.cases(learned)
    assert cases["hold_truth"]["value"] == pytest.approx(0.95, abs=0.03)
    assert cases["width"] > 2 * told["width"]


def test_before_and_after_lies_and_moments_left_alone_do_not(placebo: pl.DataFrame) -> None:
    assert set(report.truths(placebo).values()) == {0.0}
    told = report.coverage(placebo, report.truths(placebo))
    assert told["intervals"] > 50
    assert told["away_from_nothing"]["low"] < 0.05 < told["away_from_nothing"]["high"]
    assert told["before_and_after"]["high"] < 0.7
    everybody = lift(placebo)
    assert everybody.success is False
    low, _ = report.before_and_after(placebo)
    assert low > 0.01


def test_the_same_seed_gives_the_same_answer_and_another_one_another() -> None:
    one, again, other = (live("lively", 3, studies=2, seed=seed) for seed in (5, 5, 6))
    assert one == again != other
    assert "\n".join(words(one)).startswith("lively: 2 studies of 3 sessions")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_can_be_asked_for_and_is_told_as_json(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["simulate", "live", "--scenario", scenario, "--sessions", "2", "--studies", "2", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (told["scenario"], told["sessions"], told["studies"]) == (scenario, 2, 2)
    assert told["moments"] > 0
