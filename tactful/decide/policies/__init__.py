"""What chooses among allowed candidates."""

from tactful.decide.policies.base import Policy
from tactful.decide.policies.ranked import RANKED

__all__ = ["POLICIES", "RANKED", "Policy"]

POLICIES = (RANKED,)
