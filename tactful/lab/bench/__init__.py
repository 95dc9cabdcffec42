"""Benchmarks as ratios against a baseline in the same run: `tactful bench NAME`."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

# By name, the module that measures it.
MODULES = {
    "beat": "beat",
    "events": "events",
    "import": "importing",
    "tick": "tick",
    "read": "read",
    "risk": "risk",
    "struggle": "struggle",
    "train": "train",
    "answers": "answers",
    "selection": "selection",
    "wording": "wording",
    "detector": "detector",
    "live": "live",
    "room": "room",
    "console": "console",
    "outreach": "outreach",
}
NAMES = tuple(MODULES)


def run(name: str, *, size: float = 1.0) -> dict[str, Any]:
    """Measure one path. size: share of the full data, for a quick look (0..1].

    Answers name, value, unit, baseline, baseline_value, ratio, higher_is_better and detail.
    """
    measure: Callable[[float], dict[str, Any]] = import_module(f"tactful.lab.bench.{MODULES[name]}").run
    return measure(size)


def result(
    name: str,
    *,
    value: float,
    unit: str,
    baseline: str,
    baseline_value: float,
    ratio: float,
    higher_is_better: bool = True,
    **detail: Any,
) -> dict[str, Any]:
    """One result in the contract's shape."""
    return {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": round(baseline_value, 4),
        "ratio": round(ratio, 4),
        "higher_is_better": higher_is_better,
        "detail": detail,
    }


def show(told: dict[str, Any], *, as_json: bool) -> None:
    """Print a result for people, or as JSON."""
    if as_json:
        print(json.dumps(told))
        return
    print(f"{told['name']}: {told['value']:,} {told['unit']}")
    print(f"{told['baseline']}: {told['baseline_value']:,} {told['unit']}")
    print(f"ratio: {told['ratio']}")
    for name, value in told["detail"].items():
        print(f"  {name}: {value}")
