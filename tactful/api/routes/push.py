"""Notifications of the browser: what pages subscribe with."""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Caller
from tactful.api.schemas.push import PushKeyOut
from tactful.deliver.web_push import key_for_browsers
from tactful.kernel.errors import NotFound


async def read_push_key(call: Caller) -> PushKeyOut:
    """The public key that browsers subscribe with (`applicationServerKey`)."""
    key = key_for_browsers(call.engine.settings)
    if key is None:
        raise NotFound("Web push is not set up here; see web_push.key and web_push.contact.")
    return PushKeyOut(key=key)


ROUTES = (Address("GET", "/api/v1/push/key", read_push_key, "preferences", SPEAKERS, raises=(NotFound,)),)
