"""What Telegram tells us of by itself, where the bot is set up that way."""

from fastapi import Request

from tactful.api.address import Address, read
from tactful.api.call import DOOR_KEY
from tactful.api.schemas.chats import TakenOut
from tactful.kernel.errors import BadRequest, NotFound, NotSignedIn, TooLarge

HEADER = "x-telegram-bot-api-secret-token"
# No update is larger [bytes].
MOST = 1_048_576


async def telegram(request: Request) -> TakenOut:
    """One update of the bot, posted by Telegram with the secret of `telegram.webhook_secret`.

    Answered once it was taken; Telegram posts it again until then, and a copy changes nothing.
    """
    engine, shown = request.scope[DOOR_KEY].engine, request.headers.get(HEADER, "")
    return TakenOut(taken=await engine.take_posted(await read(request, MOST), secret=shown))


ROUTES = (
    Address("POST", "/api/v1/telegram", telegram, "chats", None, raises=(NotFound, NotSignedIn, BadRequest, TooLarge)),
)
