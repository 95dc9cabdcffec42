"""Made-up live audiences and made-up tests of variants: `tactful simulate live` and `tactful simulate experiment`."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from tactful.lab.simulate import experiment as tests
from tactful.lab.simulate import report
from tactful.lab.simulate.experiment import Wanted, experiment
from tactful.lab.simulate.scenarios import SCENARIOS
from tactful.lab.simulate.study import POLICIES, Study

__all__ = ["SCENARIOS", "Wanted", "experiment", "live", "show"]


def live(
    scenario: str, sessions: int, *, studies: int = 50, seed: int = 1, progress: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """What `studies` organisations with so many sessions each would find, and what is true.

    The same numbers give the same answer. progress: is told what is being worked on.
    """
    moments = {}
    for policy in POLICIES:
        progress(f"{policy}: {studies} studies of {sessions} sessions")
        moments[policy] = Study(scenario, sessions, studies, policy, seed).run()
    served = moments["thompson"]
    truth = report.truths(served)
    progress("intervals")
    return {
        "simulate": "live",
        "scenario": scenario,
        "sessions": sessions,
        "studies": studies,
        "seed": seed,
        "moments": served.height / studies,
        "effects": report.effects(served.filter(study=0), truth),
        "coverage": report.coverage(served, truth),
        "coverage_wherever": report.coverage_wherever(served, report.truths_wherever(served)),
        "cases": report.cases(served),
        "regret": report.regrets(moments),
    }


def show(told: dict[str, Any], *, as_json: bool) -> None:
    """Print it for people, or as one JSON object."""
    print(json.dumps(told) if as_json else "\n".join(words(told)))


def words(told: dict[str, Any]) -> Iterator[str]:
    """The same in words, line by line."""
    if told["simulate"] == "experiment":
        yield from tests.words(told)
        return
    size = f"{told['studies']} studies of {told['sessions']} sessions, {told['moments']:.0f} moments each"
    yield f"{told['scenario']}: {size}"
    yield "\nWhat the first of them is told of each kind, and what is true [engagement, 0 to 1]:"
    for each in told["effects"]:
        found = (
            "unknown" if each["value"] is None else f"{each['value']:+.3f} ({each['low']:+.3f} to {each['high']:+.3f})"
        )
        raw = "{:+.3f} to {:+.3f}".format(*each["before_and_after"])
        yield f"  {each['kind']:<13} {found:<28} true {each['truth']:+.3f}; before and after would say {raw}"
    covered, cases = told["coverage"], told["cases"]
    yield f"\nIntervals of effects that hold the truth: {_percent(covered['hold_truth'])}, unknown {covered['unknown']}"
    wherever = told["coverage_wherever"]
    held = _percent(wherever["hold_truth"])
    yield f"Over all moments in which a kind was allowed: {held}, unknown {wherever['unknown']}"
    yield f"Intervals that lie wholly above nothing: {_percent(covered['success'])}"
    yield f"Before and after would hold the truth: {_percent(covered['before_and_after'])}"
    yield f"Intervals of single cases that hold the truth: {_percent(cases['hold_truth'])}"
    yield "\nEngagement given away beside always knowing best, summed over moments:"
    yield "  moments " + "".join(f"{name:>10}" for name in POLICIES)
    for row in told["regret"]:
        yield f"  {row['moments']:>7} " + "".join(f"{row[name]:>10.2f}" for name in POLICIES)


def _percent(told: dict[str, Any]) -> str:
    if told["value"] is None:
        return "none"
    return f"{told['value']:.1%} of {told['tries']} ({told['low']:.1%} to {told['high']:.1%})"
