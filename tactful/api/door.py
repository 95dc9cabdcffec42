"""The door: who may come in, how often, and which organisation they belong to."""

import ipaddress
import time
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from tactful.api.auth import PERSON, PERSONAL, SERVICE, WIDGET, Token, Verifier
from tactful.api.call import Call
from tactful.api.ended import Endings
from tactful.api.limits import Limits
from tactful.api.metrics import Metrics
from tactful.api.room.hub import Hub
from tactful.api.settings import ORGANISATION_PER_MINUTE, PERSON_PER_MINUTE, REFUSED_PER_MINUTE, TOKEN_CHECK_SECONDS
from tactful.bootstrap import Engine
from tactful.kernel.errors import NotAllowed, NotSignedIn
from tactful.store.described import organisations, tokens
from tactful.store.running.limits import SharedCount


@dataclass(slots=True)
class Seen:
    """What was looked up a moment ago, and when (monotonic seconds). ended: `Engine.tokens_ended` of the tokens."""

    organisations: set[str] = field(default_factory=set)
    tokens: dict[str, float] = field(default_factory=dict)
    ended: int = 0


class Door:
    """Admits requests for one engine. Built before the engine is open; its parts come with the first request."""

    def __init__(self, engine: Engine, *, metrics: Metrics) -> None:
        self.engine = engine
        self.metrics = metrics
        self.hub = Hub(engine)
        self._seen = Seen()
        self._endings = Endings(engine)
        self._parts: tuple[Verifier, Limits] | None = None

    @property
    def parts(self) -> tuple[Verifier, Limits]:
        """What checks tokens and what counts requests."""
        if self._parts is None:
            engine = self.engine
            verifier = Verifier(engine.settings, key=engine.signing_key, clock=engine.clock)
            limits = Limits(SharedCount(engine.valkey), clock=engine.clock, on_alone=self.metrics.alone.inc)
            self._parts = (verifier, limits)
        return self._parts

    async def admit(self, request: HTTPConnection, *, scopes: frozenset[str], raw: str | None = None) -> Call:
        """The call, if its token is believed, has one of `scopes` and is within the limits.

        raw: the token, where it was not shown in the header.

        raises: NotSignedIn, NotAllowed, TooMany.
        """
        return await self.admit_token(await self._believed(request, raw), scopes=scopes)

    async def admit_token(self, token: Token, *, scopes: frozenset[str]) -> Call:
        """The same for a token that is believed already. raises: NotSignedIn, NotAllowed, TooMany."""
        _, limits = self.parts
        await self._count(limits, token)
        if token.scope not in scopes:
            raise NotAllowed(f"A token of scope {token.scope} may not do this; {', '.join(sorted(scopes))} may.")
        await self.still_good(token)
        await self._known(token.organisation)
        return Call(self.engine, self.engine.clock.now(), token)

    async def anybody(self, request: HTTPConnection) -> None:
        """Count a request that needs no token, by where it comes from. raises: TooMany."""
        _, limits = self.parts
        await limits.pass_by(f"open {_address(request)}", self._most_refused)

    async def still_good(self, token: Token) -> None:
        """Nothing, unless it is a widget's and was ended meanwhile. raises: NotSignedIn."""
        if token.scope == WIDGET:
            await self._endings.check(token)

    async def _believed(self, request: HTTPConnection, raw: str | None) -> Token:
        """The request's token. Whoever keeps guessing is held up before anything of theirs is looked at closely."""
        verifier, limits = self.parts
        try:
            raw = _bearer(request) if raw is None else raw
            if verifier.remembered(raw) is None:
                limits.check(_address(request), self._most_refused)
            token = await verifier.verify(raw)
            if token.id is not None and token.scope not in PERSONAL:
                await self._not_revoked(token)
        except NotSignedIn:
            await limits.pass_by(_address(request), self._most_refused)
            raise
        return token

    @property
    def _most_refused(self) -> int:
        most: int = self.engine.settings[REFUSED_PER_MINUTE]
        return most

    async def _count(self, limits: Limits, token: Token) -> None:
        settings = self.engine.settings
        if token.scope != SERVICE:
            # A person is one, whichever token they show.
            scope = PERSON if token.scope in PERSONAL else token.scope
            who = f"person\n{token.organisation}\n{scope}\n{token.subject}"
            await limits.pass_by(who, settings[PERSON_PER_MINUTE])
        await limits.pass_by(f"organisation\n{token.organisation}", settings[ORGANISATION_PER_MINUTE])

    async def _not_revoked(self, token: Token) -> None:
        assert token.id is not None
        name = f"{token.organisation}\n{token.id}"
        looked_up = self._looked_up()
        if time.monotonic() - looked_up.get(name, float("-inf")) < self.engine.settings[TOKEN_CHECK_SECONDS]:
            return
        async with self.engine.database.service() as connection:
            refused = await tokens.revoked(connection, token.organisation, token.id, at=self.engine.clock.now())
        if refused:
            raise NotSignedIn("The token was revoked; use the one it was rotated for.")
        # Should one have been ended while we looked, this is thrown away with all the others.
        looked_up[name] = time.monotonic()

    def _looked_up(self) -> dict[str, float]:
        """When tokens were found to be good; none of them once one was ended in this process."""
        seen = self._seen
        if seen.ended != self.engine.tokens_ended:
            seen.tokens, seen.ended = {}, self.engine.tokens_ended
        return seen.tokens

    async def _known(self, organisation: str) -> None:
        # A signature vouches for the name: the first valid request brings an organisation into being.
        if organisation in self._seen.organisations:
            return
        async with self.engine.database.service() as connection:
            await organisations.ensure(connection, organisation)
        self._seen.organisations.add(organisation)


def _address(request: HTTPConnection) -> str:
    """Where the request comes from, as limits call it: nobody has just one address of IPv6."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"address\n{host}"
    net = ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False)
    return f"address\n{net}"


def _bearer(request: HTTPConnection) -> str:
    given = request.headers.getlist("authorization")
    if len(given) != 1:
        raise NotSignedIn
    kind, _, raw = given[0].partition(" ")
    if kind.lower() != "bearer" or not raw:
        raise NotSignedIn
    return raw.strip()
