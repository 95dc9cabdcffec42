"""The presence address without its store: same token, limits and checks.

What benchmarks compare with; never served in production.
"""

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Caller
from tactful.api.schemas.events import PresenceIn, PresenceOut


async def bare(call: Caller, body: PresenceIn) -> PresenceOut:
    """Check a beat and forget it."""
    call.person(body.user_id)
    return PresenceOut()


ROUTES = (Address("POST", "/bench/bare", bare, "bench", SPEAKERS),)
