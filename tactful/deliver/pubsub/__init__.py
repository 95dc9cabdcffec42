"""Pub/sub: a delivery as JSON on a channel of Valkey or Redis, for programs that carry it on themselves.

reaches: programs that listen, which reach people in their own way
promise: idempotent; it carries the delivery's mark, by which a program knows a copy
way: pushed, published to whoever listens at that moment
address: letters, digits and `_-.`; published on `outreach.` and the address
receipt: how many programs heard it
limits: heard is not carried on; where nobody listens it is tried again, for nothing is kept there
source: Redis, PUBLISH
"""

from tactful.deliver.pubsub.channel import Pubsub

__all__ = ["Pubsub"]
