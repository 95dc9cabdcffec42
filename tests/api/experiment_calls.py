"""How calls about tests of variants are called well; and what addresses for the same call."""

from typing import Any

HELLO = {"title": "Hello again", "body": "One small task is waiting for you.", "action": "start"}
NEW: dict[str, Any] = {
    "name": "warmer_hello", "kind": "gentle_nudge",
    "variants": [
        {"name": "as now", "share": 0.5, "content": None}, {"name": "warmer", "share": 0.5, "content": [HELLO]},
    ],
}  # fmt: skip
ONE = "/api/v1/experiments/{name}"
EXPERIMENT_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "GET /api/v1/experiments": ("experiments", None),
    "POST /api/v1/experiments": ("begin_experiment", NEW),
    f"GET {ONE}": ("experiment", None),
    f"POST {ONE}/stop": ("stop_experiment", None),
    f"POST {ONE}/promote": ("promote_experiment", {"variant": "warmer"}),
}
EXPERIMENT_GOOD: dict[str, dict[str, Any]] = {
    "experiments": {},
    "begin_experiment": {"told": NEW},
    "experiment": {"name": "warmer_hello"},
    "stop_experiment": {"name": "warmer_hello"},
    "promote_experiment": {"name": "warmer_hello", "variant": "warmer"},
    "judge_experiments": {},
}
