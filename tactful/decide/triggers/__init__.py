"""Reasons to consider an intervention, one short file each. `triggers` lists them all."""

from tactful.decide.triggers import (
    evening_reflection,
    fading,
    good_moment,
    morning_ritual,
    reengagement,
    streak_at_risk,
    stuck,
)
from tactful.decide.triggers.base import Condition, Trigger
from tactful.kernel.settings import Settings

__all__ = ["NAMES", "REENGAGING", "Condition", "Trigger", "triggers"]

MODULES = (morning_ritual, evening_reflection, streak_at_risk, reengagement, stuck, fading, good_moment)


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """Every trigger as these settings shape it."""
    return tuple(trigger for module in MODULES for trigger in module.triggers(settings))


# Kinds that are proposed because of a risk of leaving.
REENGAGING = tuple(kind for kind, _ in reengagement.LEVELS.values())
NAMES = tuple(trigger.name for trigger in triggers(Settings({})))
