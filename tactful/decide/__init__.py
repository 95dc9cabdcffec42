"""Whether to reach out, and with what: triggers propose, guard rails judge, a policy chooses."""

from tactful.decide.chances import chances
from tactful.decide.choose import choose
from tactful.decide.localtime import with_local_days, with_wall_clock
from tactful.decide.review import review
from tactful.decide.rules import Rules
from tactful.decide.words import not_considered, words

__all__ = ["Rules", "chances", "choose", "not_considered", "review", "with_local_days", "with_wall_clock", "words"]
