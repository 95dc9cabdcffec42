"""Kinds and triggers that organisations write themselves: checked when their file is read, tried on the past."""

from tactful.uses.own_kinds.checking import Checked, Fault, check, checked
from tactful.uses.own_kinds.simulating import simulate

__all__ = ["Checked", "Fault", "check", "checked", "simulate"]
