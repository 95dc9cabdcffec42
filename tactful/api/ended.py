"""Widget tokens that no longer count: those that were ended, and those of people who were erased.

None is good for longer than half a day, so those who were ended lately are few and are kept in mind, a look every
`api.token_check_seconds`; a request costs no look of its own.
"""

import time
from datetime import timedelta

from tactful.api.auth import Token
from tactful.api.settings import LEEWAY, TOKEN_CHECK_SECONDS
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import LONGEST_WIDGET
from tactful.kernel.errors import NotSignedIn
from tactful.store.described import endings
from tactful.store.described.endings import Ended, mark


class Endings:
    """Whose widget tokens were ended, as far as it still matters."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, Ended] = {}
        # When they were looked up [monotonic seconds], and `Engine.tokens_ended` then.
        self._at, self._seen = float("-inf"), -1

    async def check(self, token: Token) -> None:
        """Nothing, while the token was not ended. raises: NotSignedIn."""
        fresh = time.monotonic() - self._at < self._engine.settings[TOKEN_CHECK_SECONDS]
        if not fresh or self._seen != self._engine.tokens_ended:
            await self._look()
        ended = self._known.get(token.organisation)
        if ended is None:
            return
        until = ended.marks.get(mark(ended.seed, token.subject))
        if until is not None and (token.issued is None or token.issued <= until.timestamp()):
            raise NotSignedIn("This token was ended; get a new one.")

    async def _look(self) -> None:
        # What ends while we look is found by the next one.
        at, seen = time.monotonic(), self._engine.tokens_ended
        longest = timedelta(minutes=LONGEST_WIDGET, seconds=self._engine.settings[LEEWAY])
        async with self._engine.database.service() as connection:
            self._known = await endings.since(connection, self._engine.clock.now() - longest)
        self._at, self._seen = at, seen
