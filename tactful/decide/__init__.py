"""Whether to reach out, and with what: triggers propose, guard rails judge, a policy chooses."""

from tactful.decide.actions import actions
from tactful.decide.chances import chances
from tactful.decide.channels import way_out
from tactful.decide.choose import choose
from tactful.decide.localtime import with_local_days, with_wall_clock
from tactful.decide.permitted import forbidden
from tactful.decide.reengagement import strategies
from tactful.decide.review import review
from tactful.decide.rules import Rules
from tactful.decide.triggers import REENGAGING
from tactful.decide.words import not_considered, whys, words

__all__ = [
    "REENGAGING",
    "Rules",
    "actions",
    "chances",
    "choose",
    "forbidden",
    "not_considered",
    "review",
    "strategies",
    "way_out",
    "whys",
    "with_local_days",
    "with_wall_clock",
    "words",
]
