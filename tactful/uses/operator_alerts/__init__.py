"""Alerts to operators: when something goes wrong with the whole, once, and again only after it was well.

Each is raised beyond one limit and cleared at a lower one, so that what lies between changes nothing; it is told so
often a day at most, and never again while it is raised.
"""

from tactful.uses.operator_alerts.checking import KINDS, check

__all__ = ["KINDS", "check"]
