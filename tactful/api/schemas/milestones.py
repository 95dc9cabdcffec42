"""Milestones: what somebody reached, and which there are."""

from typing import Literal

from pydantic import Field

from tactful.api.schemas.wire import Instant, Short, Text, Told, Wire, example

EXAMPLE = {
    "milestone_name": "power_user_week", "display_name": "Power User Week",
    "description": "Use the product every day for a week", "metric_name": "consecutive_active_days",
    "target_value": 7.0, "metric_type": "streak", "category": "engagement", "difficulty_level": 3, "points": 50,
}  # fmt: skip


class MilestoneChangeIn(Wire):
    """What is to be otherwise; what is left out stays. celebrate_earlier: tell those who thereby have it already."""

    model_config = example(target_value=5.0, celebrate_earlier=False)
    display_name: Short | None = None
    description: Text | None = None
    metric_name: Short | None = None
    target_value: float | None = None
    metric_type: Short | None = None
    category: Short | None = None
    difficulty_level: int | None = None
    points: int | None = None
    is_active: bool | None = None
    celebrate_earlier: bool = False


class MilestoneIn(MilestoneChangeIn):
    """A milestone. metric_type: that of the metric; points: by its difficulty_level (1 to 5) where left out.

    celebrate_earlier: tell those who have it already; they have it in silence otherwise.
    """

    model_config = example(**EXAMPLE)
    milestone_name: Short


class MilestoneOut(Told):
    """A milestone. source: default (everybody has it), changed (one of those, for this organisation), or own."""

    model_config = example(**EXAMPLE, is_active=True, source="own")
    milestone_name: str
    display_name: str
    description: str
    metric_name: str
    target_value: float
    metric_type: str
    category: str
    difficulty_level: int
    points: int
    is_active: bool
    source: Literal["default", "changed", "own"]


class MilestoneWrittenOut(MilestoneOut):
    """A milestone that was written. version: null where nothing was different. earlier: how many had it already."""

    model_config = example(**EXAMPLE, is_active=True, source="own", version=1, earlier=12)
    version: int | None
    earlier: int


class MilestonesOut(Told):
    """Every milestone: those that everybody has, as they hold here, then the organisation's own."""

    milestones: list[MilestoneOut]


class MilestonePreviewOut(Told):
    """A milestone as it would be. have: how many of the people have it already; half_way: or at least half of it."""

    milestone: MilestoneOut
    people: int
    have: int
    half_way: int


class MilestoneRemovedOut(Told):
    """removed: false where it is one that everybody has, and is now as everybody has it."""

    milestone_name: str
    removed: bool


class MilestoneCountOut(Told):
    """How a milestone does. share: of the people, 0..1. silent: had it before it went live, or it was long past.

    median_days: from the first thing people did until they reached it. source: also removed, for one that is no more.
    """

    milestone_name: str
    display_name: str
    source: str
    is_active: bool
    reached: int
    celebrated: int
    silent: int
    share: float
    median_days: float | None


class MilestoneStatisticsOut(Told):
    """How milestones do. points: of everybody, in all."""

    active_milestones: int
    people: int
    points: int
    milestones: list[MilestoneCountOut]


class StreakOut(Told):
    """days: of the streak as it stands today. rest_days: days off of any seven that do not break it."""

    days: int
    longest: int
    rest_days: int
    ends_tonight: bool


class ReachedOut(Told):
    """A milestone that was reached. celebrated_at: when they were told of it."""

    milestone_name: str
    display_name: str
    description: str
    metric_name: str
    target_value: float
    category: str | None
    difficulty_level: int
    points: int
    achieved_at: Instant
    celebrated_at: Instant | None


class AheadOut(Told):
    """A milestone that is ahead. progress: 0..1. left: what is left, in words of the person's language."""

    milestone_name: str
    display_name: str
    description: str
    metric_name: str
    target_value: float
    category: str
    difficulty_level: int
    points: int
    current_value: float
    progress: float = Field(ge=0, le=1)
    left: str


class AchievedOut(Told):
    """What somebody reached, newest first, and what is ahead, nearest first. Level n begins at 50 n (n - 1) points."""

    points: int
    level: int
    level_begins_at: int
    next_level_at: int
    points_to_next_level: int
    streak: StreakOut
    reached: list[ReachedOut]
    in_progress: list[AheadOut]
