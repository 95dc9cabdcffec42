"""Notifications of the browser: what pages need for them."""

from tactful.bootstrap.running import Running
from tactful.deliver.web_push import key_for_browsers
from tactful.kernel.errors import NotFound


class Pushing(Running):
    """Web push."""

    async def push_key(self) -> str:
        """The public key that browsers subscribe with. raises: NotFound where web push is not set up."""
        key = key_for_browsers(self.settings)
        if key is None:
            raise NotFound("Web push is not set up here; see web_push.key and web_push.contact.")
        return key
