"""The API as an application of its own, or as a router in somebody else's."""

from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, compile_path

import tactful
from tactful.api import bare, docs, embed
from tactful.api.address import Address, guarded, mount
from tactful.api.door import Door
from tactful.api.errors import answer, translate
from tactful.api.frame import Frame
from tactful.api.metrics import Metrics
from tactful.api.routes import (
    alerts,
    ambient,
    analytics,
    bounces,
    chats,
    configuring,
    decisions,
    events,
    experiments,
    health,
    insights,
    interactions,
    interventions,
    learning,
    live,
    milestones,
    operator_alerts,
    organisations,
    organising,
    outreach,
    outside,
    own_kinds,
    pauses,
    people,
    plateaus,
    preferences,
    push,
    recounting,
    regressions,
    rights,
    risk,
    room,
    stream,
    struggle,
    templates,
    timing,
    webhooks,
    widget,
)  # fmt: skip
from tactful.api.routes.stream import SOCKET, socket
from tactful.api.settings import BENCH, ORIGINS
from tactful.bootstrap import Engine
from tactful.kernel.errors import MethodNotAllowed, TactfulError

# Presence comes first: it is asked for most, and addresses are tried in order.
ADDRESSES: tuple[Address, ...] = (
    *events.ROUTES,
    *interactions.ROUTES,
    *ambient.ROUTES,
    *interventions.ROUTES,
    *preferences.ROUTES,
    *push.ROUTES,
    *risk.ROUTES,
    *struggle.ROUTES,
    *plateaus.ROUTES,
    *regressions.ROUTES,
    *insights.ROUTES,
    *timing.ROUTES,
    *milestones.ROUTES,
    *analytics.ROUTES,
    *operator_alerts.ROUTES,
    *learning.ROUTES,
    *room.ROUTES,
    *stream.ROUTES,
    *organising.ROUTES,
    *recounting.ROUTES,
    *live.ROUTES,
    *alerts.ROUTES,
    *people.ROUTES,
    *rights.ROUTES,
    *decisions.ROUTES,
    *pauses.ROUTES,
    *outreach.ROUTES,
    *outside.ROUTES,
    *configuring.ROUTES,
    *templates.ROUTES,
    *experiments.ROUTES,
    *own_kinds.ROUTES,
    *organisations.ROUTES,
    *webhooks.ROUTES,
    *bounces.ROUTES,
    *chats.ROUTES,
    *widget.ROUTES,
    *health.ROUTES,
)
DESCRIPTION = """Tactful senses what people do, predicts what they will need, decides whether to reach out
(mostly: no), delivers at the right moment and learns from what happened.

Send a bearer token with `sub`, `org`, `scope`, `aud` and `exp`. Every error has the shape
`{"error": NAME, "detail": SENTENCE, "fields": [...]}`."""


def router(engine: Engine) -> APIRouter:
    """Every address, to be included in a FastAPI application of your own.

    The engine must be open while requests are served: enter it in your application's lifespan.
    Errors, tokens and limits work as in our own application; nothing of yours is changed.
    """
    door = Door(engine, metrics=Metrics())
    made = APIRouter(route_class=guarded(ADDRESSES, door=door))
    mount(made, ADDRESSES)
    made.add_websocket_route(SOCKET, socket(door))
    return made


@cache
def _routes(*, bench: bool) -> tuple[BaseRoute, ...]:
    """Every address for applications of ours, made once for all of them: the framework takes a while for it."""
    addresses = (*bare.ROUTES, *ADDRESSES) if bench else ADDRESSES
    made = APIRouter(route_class=guarded(addresses))
    mount(made, addresses)
    return tuple(made.routes)


def create_app(
    engine: Engine,
    *,
    lifespan: Callable[[FastAPI], Any] | None = None,
    pages: Iterable[APIRouter] = (),
) -> FastAPI:
    """The API as an application. lifespan: opens and closes the engine, unless the caller does.

    pages: routers of the console.
    """
    door = Door(engine, metrics=Metrics())
    addresses = (*bare.ROUTES, *ADDRESSES) if engine.settings[BENCH] else ADDRESSES
    app = FastAPI(
        title="Tactful",
        version=tactful.__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    _let_browsers_in(app, engine.settings[ORIGINS])
    app.add_middleware(Frame, door=door)
    app.add_exception_handler(HTTPException, _failing(addresses))
    app.add_exception_handler(TactfulError, _failing(()))
    # Straight into the application's own router: an included one is searched twice for every request.
    app.router.routes.extend(_routes(bench=engine.settings[BENCH]))
    app.router.add_websocket_route(SOCKET, socket(door))
    for each in (docs.pages, embed.pages, *pages):
        app.include_router(each)
    return app


def _let_browsers_in(app: FastAPI, origins: str) -> None:
    named = [origin.strip().rstrip("/") for origin in origins.split(",") if origin.strip()]
    if named:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=named,
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
            # Browsers keep the answer for two hours at most; a page asks once, not before every request.
            max_age=7200,
        )


def _failing(addresses: Iterable[Address]) -> Callable[[Request, Exception], Awaitable[Response]]:
    addresses = tuple(addresses)
    patterns = [(compile_path(address.route)[0], address.path) for address in addresses]

    async def failed(request: Request, error: Exception) -> Response:
        translated = translate(error)
        # Where two addresses fit, the first one answers: /people/at-risk before /people/{id}.
        here = next((path for pattern, path in patterns if pattern.match(request.url.path)), None)
        allowed = ", ".join(method for address in addresses if address.path == here for method in address.methods)
        allowed = allowed or (getattr(error, "headers", None) or {}).get("Allow", "")
        return answer(translated, allow=allowed if isinstance(translated, MethodNotAllowed) else "")

    return failed
