"""Letters that came back, told by whatever reads the sender's mailbox."""

from fastapi import Request

from tactful.api.address import Address, read
from tactful.api.auth import SERVICE
from tactful.api.call import Caller
from tactful.api.schemas.outside import BouncedOut
from tactful.kernel.errors import TooLarge

# No letter that comes back is larger [bytes].
MOST = 1_048_576


async def take_bounce(call: Caller, request: Request) -> BouncedOut:
    """A letter that came back to `email.sender`, as it is (`message/rfc822`).

    Nothing goes any more to an address that is gone or complained, nor what is queued to it. The same letter again
    changes nothing; what is no such letter, or about none of yours, is told so.
    """
    return BouncedOut(**await call.engine.bounced(await read(request, MOST), organisation=call.organisation))


ROUTES = (Address("POST", "/api/v1/email/bounces", take_bounce, "outside", frozenset({SERVICE}), raises=(TooLarge,)),)
