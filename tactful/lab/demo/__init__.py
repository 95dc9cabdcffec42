"""A demo's live sessions: made-up audiences that a running engine is told of, as by a product."""

from tactful.lab.demo.feeding import Feeder
from tactful.lab.demo.rooms import described

__all__ = ["Feeder", "described"]
