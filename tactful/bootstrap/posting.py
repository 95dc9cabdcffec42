"""Webhooks: endpoints that organisations register, and posting to them."""

import asyncio
from base64 import b64encode
from datetime import timedelta
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.deliver.webhook import Webhook, fitting
from tactful.deliver.webhook.settings import FIRST_WAIT, LONGEST_WAIT, PRIVATE, TRIES
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, ChannelRefused
from tactful.sense import limits
from tactful.store.decided.webhooks import Patience
from tactful.store.described import webhooks
from tactful.store.running import audit
from tactful.uses import posting


class Posting(Running):
    """Webhooks."""

    async def webhooks(self, organisation: str) -> list[dict[str, Any]]:
        """Every endpoint, oldest first, and what waits for it; never its secret. raises: BadInput."""
        named(organisation)
        async with self.database.service() as connection:
            return await webhooks.of(connection, organisation)

    async def add_webhook(
        self, organisation: str, url: str, *, note: str = "", actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Register an endpoint; `secret` in the answer is shown this once.

        raises: BadInput naming the field; NotFound for the organisation; Conflict where it is registered already.
        """
        named(organisation)
        limits.text(url, "url")
        limits.text(note, "note")
        wrong = fitting(url, private=self.settings[PRIVATE])
        if wrong is not None:
            raise BadInput(f"url {wrong}.", fields=["url"])
        secret = f"whsec_{b64encode(ids.token().encode()).decode()}"
        async with self.database.service() as connection:
            row = await webhooks.add(
                connection, organisation, url=url, note=note, secret=secret, actor=actor, at=self.clock.now()
            )
            detail = {"webhook": row["id"], "url": url}
            await audit.write(connection, organisation=organisation, actor=actor, act="add webhook", detail=detail)
        return {"secret": secret, **row}

    async def remove_webhook(self, organisation: str, webhook_id: int, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Remove an endpoint and what waits for it. raises: BadInput; NotFound."""
        named(organisation)
        limits.whole(webhook_id, "webhook_id", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            row = await webhooks.remove(connection, organisation, webhook_id)
            detail = {"webhook": row["id"], "url": row["url"]}
            await audit.write(connection, organisation=organisation, actor=actor, act="remove webhook", detail=detail)
        return row

    async def test_webhook(self, organisation: str, webhook_id: int, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Post a message of the type `test` to an endpoint now, whatever state it is in. It changes nothing there.

        Answers whether it was taken, and what it said: id, url, taken, told. raises: BadInput; NotFound.
        """
        named(organisation)
        limits.whole(webhook_id, "webhook_id", 1, limits.LARGEST_ID)
        async with self.database.service() as connection:
            row = await webhooks.one(connection, organisation, webhook_id)
        at = self.clock.now()
        channel = Webhook.of(self.settings)
        delivery = posting.trial(row["url"], row["secret"], key=f"test_{ids.token(9)}", at=at)
        try:
            receipt = await channel.send(delivery, at)
            taken, told = True, f"It took it ({receipt.reference})."
        except ChannelRefused as refused:
            taken, told = False, refused.detail
        async with self.database.service() as connection:
            detail = {"webhook": webhook_id, "url": row["url"], "taken": taken, "told": told}
            await audit.write(connection, organisation=organisation, actor=actor, act="test webhook", detail=detail)
        return {"id": row["id"], "url": row["url"], "taken": taken, "told": told}

    async def post_webhooks(self) -> int:
        """Post what is due now. Answers how many posts were taken. See `posting.post_due`."""
        channel = Webhook.of(self.settings)
        first, longest = (timedelta(seconds=self.settings[each]) for each in (FIRST_WAIT, LONGEST_WAIT))
        patience = Patience(self.settings[TRIES], first, longest)
        return await asyncio.to_thread(posting.post_due, self.database, channel, patience, self.clock.now)
