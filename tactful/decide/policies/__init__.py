"""What chooses among allowed candidates."""

from tactful.decide.policies.base import Policy
from tactful.decide.policies.ranked import RANKED
from tactful.decide.policies.thompson import drawn, exploring, thompson
from tactful.decide.settings import LEAST_CHANCE

__all__ = ["POLICIES", "RANKED", "Policy", "drawn", "exploring", "thompson"]

POLICIES = (RANKED, thompson(LEAST_CHANCE.default))
