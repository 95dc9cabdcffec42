"""How calls about milestones and moods are called well; and what addresses for the same call."""

from typing import Any

import polars as pl

NEW = {
    "milestone_name": "power_user_week", "display_name": "Power User Week", "description": "Every day for a week",
    "metric_name": "consecutive_active_days", "target_value": 7.0, "metric_type": "streak", "category": "engagement",
    "difficulty_level": 3,
}  # fmt: skip
ONE = "/api/v1/milestones/definitions/{name}"
MILESTONE_CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "GET /api/v1/milestones": ("milestones", None),
    "GET /api/v1/milestones/statistics": ("milestone_statistics", None),
    "GET /api/v1/milestones/definitions": ("milestone_definitions", None),
    "POST /api/v1/milestones/definitions": ("add_milestone", NEW),
    "POST /api/v1/milestones/preview": ("preview_milestone", NEW),
    f"PATCH {ONE}": ("change_milestone", {"target_value": 8.0}),
    f"DELETE {ONE}": ("remove_milestone", None),
}
MILESTONES_ABOUT = ("/api/v1/milestones",)
MILESTONE_GOOD: dict[str, dict[str, Any]] = {
    **{each: {} for each in ("milestones", "milestone_statistics", "milestone_definitions")},
    "add_milestone": {"told": NEW},
    "preview_milestone": {"told": NEW},
    "change_milestone": {"name": "first_step", "told": {"target_value": 8.0}},
    "remove_milestone": {"name": "first_step"},
    "train_mood": {"labelled": pl.DataFrame({"text": ["x"], "label": ["positive"]}), "by": "test"},
}
