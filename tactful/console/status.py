"""The plain page at /: does it run? Versions, last tick, queue, failures."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader

from tactful.bootstrap import Engine
from tactful.store.database import AWAY

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Longer than this without an answer counts as not running; seconds.
PATIENCE = 5.0
# A tick comes every five minutes; after three of them, something is wrong.
LATE = 900.0

templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True)


def pages(engine: Engine) -> APIRouter:
    """The status page of this engine and its style sheet."""
    router = APIRouter(include_in_schema=False)

    async def page() -> HTMLResponse:
        return await _page(engine)

    async def style() -> FileResponse:
        return FileResponse(HERE / "static" / "status.css", media_type="text/css")

    router.add_api_route("/", page, methods=["GET"])
    router.add_api_route("/status.css", style, methods=["GET"])
    return router


async def _page(engine: Engine) -> HTMLResponse:
    now = engine.clock.now()
    try:
        async with asyncio.timeout(PATIENCE):
            status = await engine.status()
    except AWAY:
        status = {}
    text = templates.get_template("status.html").render(
        running=bool(status), sentence=sentence(status, now), sections=sections(status), at=_instant(now)
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status_code=200 if status else 503, headers=headers)


def sentence(status: dict[str, Any], now: datetime) -> str:
    """How it is, in one sentence.

    >>> from datetime import UTC
    >>> sentence({}, datetime(2026, 1, 1, tzinfo=UTC))
    'The database does not answer.'
    """
    if not status:
        return "The database does not answer."
    last = (status.get("last_tick") or {}).get("finished_at")
    if last is None:
        return "Running; no tick has finished yet."
    age = (now - last).total_seconds()
    if age > LATE:
        return f"Running, but the last tick finished {age / 60:.0f} minutes ago; is the worker running?"
    return "Running."


def sections(status: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures in the order people ask for them."""
    if not status:
        return []
    last = status.get("last_tick") or {}
    tick = [("Decided for", _instant(last.get("at"))), ("Finished", _instant(last.get("finished_at")))]
    tick += [("People looked at", last.get("people", 0)), ("People reached", last.get("reached", 0))]
    work = [("Deliveries waiting", status["deliveries_due"]), ("Jobs waiting", status["jobs_waiting"])]
    work += [("Jobs running", status["jobs_running"])]
    wrong = [("Jobs failed", status["jobs_failed"]), ("Deliveries refused or in doubt", status["deliveries_doubtful"])]
    parts = [("Tactful", status["tactful"]), ("PostgreSQL", str(status["postgresql"]).partition(" on ")[0])]
    parts += [("Tables", f"migration {status['migration']}"), ("Database", f"{status['database_bytes'] / 1e6:.0f} MB")]
    return [
        {"id": "tick", "title": "Last tick", "rows": tick},
        {"id": "queue", "title": "Queue", "rows": work},
        {"id": "failures", "title": "Failures", "rows": wrong},
        {"id": "versions", "title": "Versions", "rows": parts},
    ]


def _instant(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
