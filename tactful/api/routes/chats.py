"""What Telegram tells us of by itself, where the bot is set up that way."""

from hmac import compare_digest

from fastapi import Request
from msgspec import DecodeError
from msgspec.json import decode

from tactful.api.address import Address, read
from tactful.api.call import DOOR_KEY
from tactful.api.schemas.chats import TakenOut
from tactful.deliver.telegram import Telegram
from tactful.deliver.telegram.settings import WEBHOOK, WEBHOOK_SECRET
from tactful.kernel.errors import BadRequest, NotFound, NotSignedIn, TooLarge

HEADER = "x-telegram-bot-api-secret-token"
# No update is larger [bytes].
MOST = 1_048_576


async def telegram(request: Request) -> TakenOut:
    """One update of the bot, posted by Telegram with the secret of `telegram.webhook_secret`.

    Answered once it was taken; Telegram posts it again until then, and a copy changes nothing.
    """
    engine = request.scope[DOOR_KEY].engine
    channel = engine.outside.get(Telegram.name)
    secret = engine.settings[WEBHOOK_SECRET]
    if not isinstance(channel, Telegram) or not engine.settings[WEBHOOK] or not secret:
        raise NotFound("Telegram is not set up to post here; see telegram.webhook.")
    if not compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
        raise NotSignedIn("The secret of the bot's webhook is missing or wrong.")
    try:
        heard = channel.told(decode(await read(request, MOST)))
    except (DecodeError, RecursionError, UnicodeDecodeError):
        raise BadRequest from None
    fresh = await engine.take_heard(Telegram.name, [] if heard is None else [heard])
    return TakenOut(taken=fresh)


ROUTES = (
    Address("POST", "/api/v1/telegram", telegram, "chats", None, raises=(NotFound, NotSignedIn, BadRequest, TooLarge)),
)
