"""Reasons to consider an intervention, one short file each. `triggers` lists them all."""

from dataclasses import replace

import polars as pl

from tactful.decide.triggers import (
    asked_for,
    evening_reflection,
    fading,
    good_moment,
    milestone_reached,
    morning_ritual,
    reengagement,
    streak_at_risk,
    stuck,
)
from tactful.decide.triggers.base import Condition, Trigger
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.settings import Settings

__all__ = ["NAMES", "REENGAGING", "Condition", "Trigger", "off", "triggers"]

MODULES = (
    morning_ritual,
    evening_reflection,
    streak_at_risk,
    reengagement,
    stuck,
    fading,
    milestone_reached,
    good_moment,
    asked_for,
)


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """Every trigger as these settings shape it; one that is switched off finds no reason, and says why."""
    found = (trigger for module in MODULES for trigger in module.triggers(settings))
    return tuple(each if settings[SWITCHES[each.name]] else off(each, SWITCHES[each.name].name) for each in found)


def off(trigger: Trigger, by: str) -> Trigger:
    """The same, finding no reason; by: what switched it off."""
    told = f"It is switched off ({by})."
    # A column, for where every trigger is off: literals alone would be one row.
    nobody = pl.col("person_id").is_null()
    return replace(trigger, conditions=(Condition(nobody, pl.lit(told)),), opens=None)


# Kinds that are proposed because of a risk of leaving.
REENGAGING = tuple(kind for kind, _ in reengagement.LEVELS.values())
NAMES = tuple(trigger.name for trigger in triggers(Settings({})))
