"""Notifications of the browser: what pages subscribe with."""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Caller
from tactful.api.schemas.push import PushKeyOut
from tactful.kernel.errors import NotFound


async def read_push_key(call: Caller) -> PushKeyOut:
    """The public key that browsers subscribe with (`applicationServerKey`)."""
    return PushKeyOut(key=await call.engine.push_key())


ROUTES = (Address("GET", "/api/v1/push/key", read_push_key, "preferences", SPEAKERS, raises=(NotFound,)),)
