"""Webhooks: where an organisation's own programs hear of alerts."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.organisations import ADMINS
from tactful.api.schemas.webhooks import NewWebhookOut, RemovedOut, TestedOut, WebhookIn, WebhookOut, WebhooksOut
from tactful.api.schemas.wire import LARGEST
from tactful.kernel.errors import Conflict, NotFound


async def list_webhooks(call: Caller) -> WebhooksOut:
    """Every endpoint, oldest first, how it is doing and what waits for it; never its secret."""
    return WebhooksOut(webhooks=[WebhookOut(**row) for row in await call.engine.webhooks(call.organisation)])


async def add_webhook(call: Caller, body: WebhookIn) -> NewWebhookOut:
    """Register an endpoint for alerts. Its secret is shown this once.

    Posts follow Standard Webhooks: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, a body with
    `type` (`alert.raised` or `alert.held`), `timestamp` and `data`.
    """
    return NewWebhookOut(**await call.engine.add_webhook(call.organisation, body.url, note=body.note, actor=call.actor))


async def remove_webhook(call: Caller, webhook_id: Annotated[int, Path(alias="id", ge=1, le=LARGEST)]) -> RemovedOut:
    """Remove an endpoint and what waits for it."""
    row = await call.engine.remove_webhook(call.organisation, webhook_id, actor=call.actor)
    return RemovedOut(id=row["id"], url=row["url"], removed=True)


async def test_webhook(call: Caller, webhook_id: Annotated[int, Path(alias="id", ge=1, le=LARGEST)]) -> TestedOut:
    """Post a message of the type `test` to an endpoint now, and tell what it answered."""
    return TestedOut(**await call.engine.test_webhook(call.organisation, webhook_id, actor=call.actor))


ROUTES = (
    Address("GET", "/api/v1/webhooks", list_webhooks, "webhooks", ADMINS),
    Address("POST", "/api/v1/webhooks", add_webhook, "webhooks", ADMINS, raises=(NotFound, Conflict)),
    Address("POST", "/api/v1/webhooks/{id}/test", test_webhook, "webhooks", ADMINS, raises=(NotFound,)),
    Address("DELETE", "/api/v1/webhooks/{id}", remove_webhook, "webhooks", ADMINS, raises=(NotFound,)),
)
