"""Figures for whoever runs the place: how messages are taken, how risks lie, who is active, how milestones get on."""

from tactful.uses.analytics.achieved import keep_progress, progress
from tactful.uses.analytics.present import active, keep_present
from tactful.uses.analytics.risks import distribution
from tactful.uses.analytics.taken import performance

__all__ = ["active", "distribution", "keep_present", "keep_progress", "performance", "progress"]
