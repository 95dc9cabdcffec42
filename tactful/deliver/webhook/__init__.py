"""Webhook: a signed HTTP POST to an endpoint that the organisation registered.

reaches: programs of the organisation, which tell its educators in their own way
promise: idempotent; `webhook-id` stays the same however often a message is sent, so a copy is known
way: pushed, as soon as something waits; again later, less and less often, while the other side is away
address: the endpoint's URL, https; private addresses only where `webhook.private` says so
receipt: the status that the endpoint answered with
limits: a 2xx says that the program took it, not that anybody read it; redirects are not followed
source: Standard Webhooks (headers, signature v1, body with type, timestamp and data)
"""

from tactful.deliver.open_web import fitting
from tactful.deliver.webhook.channel import Webhook

__all__ = ["Webhook", "fitting"]
