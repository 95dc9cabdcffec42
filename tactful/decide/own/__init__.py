"""Kinds and triggers that an organisation wrote itself: read from what is kept of them, compiled like ours."""

from tactful.decide.own.facts import FACTS, Fact
from tactful.decide.own.kinds import NAMES, OWN_KINDS, OwnKinds, kept, read, written

__all__ = ["FACTS", "NAMES", "OWN_KINDS", "Fact", "OwnKinds", "kept", "read", "written"]
