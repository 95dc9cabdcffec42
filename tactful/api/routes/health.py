"""Whether it runs. Answers anybody, tells nothing about people."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response

from tactful.api.address import Address
from tactful.api.call import DOOR_KEY
from tactful.api.door import Door
from tactful.api.schemas.health import Alive, Detailed, Part, Ready
from tactful.bootstrap import Engine
from tactful.store.database import AWAY as DATABASE_AWAY
from tactful.store.running.limits import AWAY as VALKEY_AWAY
from tactful.store.settings import LATE_MINUTES

# A part that takes longer than this to answer is not ready; seconds.
PATIENCE = 5.0


async def alive() -> Alive:
    """The process answers."""
    return Alive()


async def ready(request: Request) -> Ready:
    """PostgreSQL answers, so requests can be served; and the worker of this process, if it has one, is at work."""
    async with asyncio.timeout(PATIENCE):
        await _engine(request).ready()
    return Ready()


async def detailed(request: Request) -> Detailed:
    """Each part: whether it answers, and how much waits or failed."""
    engine = _engine(request)
    status, valkey = await asyncio.gather(_status(engine), _valkey(engine))
    last = status.pop("last_tick", None)
    version = status.pop("tactful", "")
    late = timedelta(minutes=engine.settings[LATE_MINUTES])
    worker = _worker(status, last, engine.clock.now() - late)
    database = Part(ok=bool(status), detail={name: value for name, value in status.items() if value is not None})
    return Detailed(
        status="ok" if database.ok and valkey.ok and worker.ok else "degraded",
        version=version,
        last_tick=last,
        parts={"postgresql": database, "valkey": valkey, "worker": worker},
    )


def _worker(status: dict[str, Any], last: dict[str, Any] | None, since: datetime) -> Part:
    """Whether somebody does what happens by itself: a worker, or a schedule of your own that ticked since then."""
    workers, heard = status.pop("workers", 0), status.pop("worker_heard_at", None)
    ticked = (last or {}).get("finished_at")
    ok = workers > 0 or (ticked is not None and ticked >= since)
    return Part(ok=ok, detail={"at_work": workers, "last_heard_at": heard})


async def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    door: Door = request.scope[DOOR_KEY]
    text = door.metrics.text(await _status(door.engine))
    return Response(text, media_type="text/plain; version=0.0.4")


def _engine(request: Request) -> Engine:
    door: Door = request.scope[DOOR_KEY]
    return door.engine


async def _status(engine: Engine) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await engine.status()
    except DATABASE_AWAY:
        return {}


async def _valkey(engine: Engine) -> Part:
    try:
        async with asyncio.timeout(PATIENCE):
            return Part(ok=bool(await engine.valkey.ping()), detail={})
    except VALKEY_AWAY:
        return Part(
            ok=False, detail={"meaning": "rate limits count for each process alone, and answers are worked out anew"}
        )


ROUTES = (
    Address("GET", "/healthz", alive, "health", None),
    Address("GET", "/readyz", ready, "health", None),
    Address("GET", "/api/health/detailed", detailed, "health", None),
    Address("GET", "/metrics", metrics, "health", None, responses={200: {"content": {"text/plain": {}}}}),
)
