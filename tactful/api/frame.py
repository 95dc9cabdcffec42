"""Around every request: an id, one line in the log, one count in the metrics, safe headers."""

import re
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tactful.api.call import DOOR_KEY
from tactful.api.door import Door
from tactful.api.errors import answer, translate
from tactful.kernel import ids

log = structlog.get_logger("tactful.api")

ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)


class Frame:
    """Pure ASGI middleware; the only one on the way to an endpoint, which it tells the door that was come to."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, request_id, status = time.perf_counter(), _request_id(scope), 0
        scope[DOOR_KEY] = self._door

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                told = list(message.get("headers", ()))
                # Pages say themselves where they know better.
                known = {name for name, _ in told}
                safe = (header for header in SAFE if header[0] not in known)
                message["headers"] = [*told, (b"x-request-id", request_id), *safe]
            await send(message)

        structlog.contextvars.bind_contextvars(request=request_id.decode())
        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if status:
                raise
            await answer(translate(error))(scope, receive, sending)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            structlog.contextvars.clear_contextvars()

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, not the path: paths hold ids, and there is no end of them.
        route = getattr(scope.get("route"), "path_format", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._door.metrics.answered(route=route, method=method, status=status, seconds=seconds)
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 2))


def _request_id(scope: Any) -> bytes:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and ACCEPTED_ID.fullmatch(value):
            return bytes(value)
    return ids.token(9).encode()
