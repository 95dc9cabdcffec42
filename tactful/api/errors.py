"""One JSON shape for everything that goes wrong: {"error", "detail", "fields"}."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tactful.api.traces import trace
from tactful.api.unfit import unfit
from tactful.kernel.errors import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    NotReady,
    NotSignedIn,
    TactfulError,
    TooLarge,
    TooMany,
)  # fmt: skip
from tactful.store.database import AWAY

log = structlog.get_logger("tactful.api")

OF_STATUS: dict[int, type[TactfulError]] = {400: BadRequest, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


class Problem(BaseModel):
    """What every error looks like. fields: paths of the parts of the request that do not fit."""

    error: str
    detail: str
    fields: list[str]


def translate(error: Exception) -> TactfulError:
    """Any exception as one of ours; what nobody foresaw is logged and says nothing about the inside."""
    if isinstance(error, TactfulError):
        return error
    if isinstance(error, RequestValidationError):
        return unfit(error.errors())
    if isinstance(error, HTTPException):
        return OF_STATUS.get(error.status_code, TactfulError)()
    if isinstance(error, AWAY):
        log.error("the database does not answer", exception=trace(error))
        return NotReady("The database does not answer; try again shortly.")
    log.error("unforeseen", exception=trace(error))
    return TactfulError()


def answer(error: TactfulError, *, allow: str = "") -> Response:
    """The response an error becomes."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    if allow:
        headers["Allow"] = allow
    body = {"error": error.name, "detail": error.detail, "fields": error.fields}
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(text, error.status, headers, media_type="application/json")


# The shape of every error, as the description refers to it.
PROBLEM = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def documented(kinds: Sequence[type[TactfulError]], *, model: bool) -> dict[int | str, dict[str, Any]]:
    """How an address documents the errors it may answer with.

    model: name the model once instead of pointing to it. One address of an application has to, and not more of them:
    the framework takes a while for each model it is given.
    """
    told: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        phrase = HTTPStatus(kind.status).phrase
        named = model and not told
        shape: dict[str, Any] = {"model": Problem} if named else {"content": {"application/json": {"schema": PROBLEM}}}
        told[kind.status] = shape | {"description": (kind.__doc__ or phrase).strip()}
    return told
