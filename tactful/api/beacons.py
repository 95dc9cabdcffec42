"""What a page sends as it is left: text without headers of its own, with the token in the body.

A beacon cannot carry a header, and as plain text it needs no permission asked for beforehand, for which there is no
time any more. Other addresses take no token from a body: a form on a strange page can send one, too; but no strange
page knows a token.
"""

from msgspec import DecodeError, Struct
from msgspec.json import decode
from starlette.requests import Request

from tactful.api.address import read
from tactful.api.auth import PERSONAL
from tactful.api.call import SPEAKERS, Call
from tactful.api.door import Door

# Browsers send no larger beacon [bytes].
MOST = 65_536


class Shown(Struct):
    """Of a body, the token."""

    token: str = ""


async def admitted(door: Door, request: Request) -> Call:
    """The call of who shows a token in the header, as always; or, for one person, in the body.

    raises: NotSignedIn, NotAllowed, TooMany; TooLarge for a body without a header.
    """
    if "authorization" in request.headers:
        return await door.admit(request, scopes=SPEAKERS)
    # Whoever reads the body after us finds it here.
    request._body = await read(request, MOST)
    return await door.admit(request, scopes=PERSONAL, raw=_token(request._body))


def _token(raw: bytes) -> str:
    """The token in a body; empty, which nobody believes, where there is none."""
    try:
        return decode(raw, type=Shown).token
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return ""
