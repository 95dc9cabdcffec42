"""One request as the endpoints see it: who calls, when, and the engine that answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.security import HTTPBearer

from tactful.api.auth import PERSON, PERSONAL, SERVICE, WIDGET, Token
from tactful.api.schemas.wire import Name
from tactful.bootstrap import Engine
from tactful.kernel.clock import FUTURE_ALLOWED, plausible
from tactful.kernel.errors import BadInput, NotAllowed

SCOPE_KEY = "tactful.call"
DOOR_KEY = "tactful.door"


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request."""

    engine: Engine
    at: datetime
    token: Token

    @property
    def organisation(self) -> str:
        """The name of the caller's organisation."""
        return self.token.organisation

    @property
    def actor(self) -> str:
        """Who acts, for the audit log."""
        return f"{self.token.scope} {self.token.subject}"

    def person(self, named: str | int | None = None, *, field: str = "user_id") -> str:
        """The person this call is about, by the product's own id.

        raises: BadInput when a service names nobody; NotAllowed when a person names somebody else.
        """
        name = None if named is None else str(named)
        if self.token.scope in PERSONAL:
            if name not in (None, self.token.subject):
                told = f"A person's token speaks for that person alone; leave {field} out."
                raise NotAllowed(told, fields=[field])
            return self.token.subject
        if name is None:
            raise BadInput("Say whom this is about with user_id; a service's token speaks for nobody.", fields=[field])
        return name

    def enter(self, session_id: str) -> None:
        """Nothing, where the token is good in this live session. raises: NotAllowed."""
        if self.token.session not in (None, session_id):
            raise NotAllowed("This token is good in one live session, and this is another.")

    def instant(self, at: datetime | None, *, field: str, ahead: timedelta = FUTURE_ALLOWED) -> datetime:
        """`at` in UTC, or now. raises: BadInput when it is naive or out of range, later than `ahead` from now too."""
        return self.at if at is None else plausible(at, now=self.at, field=field, ahead=ahead)


class Bearer(HTTPBearer):
    """Gives an endpoint its call, and the API description its security scheme."""

    async def __call__(self, request: Request) -> Call:  # type: ignore[override]
        """The call that the route has admitted already."""
        call: Call = request.scope[SCOPE_KEY]
        return call


# Of an address about one person.
About = Annotated[Name | None, Query(description="Whom this is about; a service's token must say so.")]
Caller = Annotated[
    Call,
    Depends(
        Bearer(
            scheme_name="bearer",
            bearerFormat="JWT",
            description="A token of your own issuer, or one that `tactful token` prints.",
        )
    ),
]
# Whose tokens speak for a person: their own, a page's that was given one for them, a service's that names them.
SPEAKERS = frozenset({PERSON, WIDGET, SERVICE})
# What a page has no need to know or say, so that a token which leaks from one gives little away.
WITHOUT_WIDGETS = frozenset({PERSON, SERVICE})
