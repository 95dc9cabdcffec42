"""Organisations, their service tokens, and pauses."""

from typing import Annotated, Literal

from pydantic import Field

from tactful.api.schemas.people import Zone
from tactful.api.schemas.wire import Instant, Name, Short, ShownId, Told, UserId, Wire, example
from tactful.bootstrap.settings import LONGEST_WIDGET

Scope = Literal["service", "operator:viewer", "operator:organiser", "operator:admin"]
Days = Annotated[int, Field(ge=1, le=3650)]


class OrganisationIn(Wire):
    """An organisation. zone: for people who told us none."""

    model_config = example(zone="Europe/Lisbon")
    zone: Zone | None = None


class OrganisationOut(Told):
    """An organisation as known now."""

    name: str
    zone: str
    created_at: Instant


class TokenIn(Wire):
    """A token to hand out."""

    model_config = example(scope="service", note="backend of the product", days=365)
    scope: Scope = "service"
    note: Short = ""
    days: Days | None = None


class WidgetTokenIn(Wire):
    """For whose browser, for how long, and perhaps for one live session only."""

    model_config = example(user_id=42, minutes=30)
    user_id: UserId
    minutes: int | None = Field(default=None, ge=1, le=LONGEST_WIDGET)
    session_id: Name | None = None


class WidgetTokenOut(Told):
    """A token for a page. Whoever has the page has it: it is short-lived, and speaks for this one person."""

    token: str
    expires_at: Instant
    user_id: ShownId
    session_id: str | None


class TokensEndedOut(Told):
    """Every widget token that was handed out for this person until now is refused."""

    user_id: ShownId
    ended: Literal[True] = True


class RotateIn(Wire):
    """overlap_hours: how long the old token still works."""

    model_config = example(overlap_hours=24)
    overlap_hours: float | None = Field(default=None, ge=0, le=8760)


class TokenOut(Told):
    """A token that was handed out; the token itself is shown only once."""

    id: str
    scope: str
    note: str
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None


class NewTokenOut(TokenOut):
    """A fresh token. Keep it; it is not shown again."""

    token: str


class TokensOut(Told):
    """Every token of the organisation, newest first."""

    tokens: list[TokenOut]


class PauseIn(Wire):
    """What to pause. mode shadow: decide and record, send nothing."""

    model_config = example(scope="kind", name="streak_preservation", mode="pause", reason="holidays")
    scope: Literal["organisation", "kind", "channel"]
    name: Name | None = None
    mode: Literal["pause", "shadow"] = "pause"
    reason: Short = ""


class PauseOut(Told):
    """A pause that stands."""

    id: int
    scope: str
    name: str
    mode: str
    reason: str
    actor: str
    since: Instant


class PausesOut(Told):
    """Every pause that stands, oldest first."""

    pauses: list[PauseOut]


class ResumedOut(Told):
    """A pause that ended."""

    scope: str
    name: str
    mode: str
    ended: bool
