"""The plain page at /: does it run, what did it do last, what waits, what failed, where to go next?"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader

from tactful import __version__
from tactful.bootstrap import Engine
from tactful.console import words
from tactful.console.times import instant
from tactful.store.database import AWAY
from tactful.store.settings import LATE_MINUTES

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Longer than this without an answer counts as not running; seconds.
PATIENCE = 5.0
# A day, and each version has addresses of its own.
CACHED = {"Cache-Control": "public, max-age=86400"}
FILES = {"status.css": "text/css", "icon.svg": "image/svg+xml"}

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def pages(engine: Engine) -> APIRouter:
    """The status page of this engine and its files."""
    router = APIRouter(include_in_schema=False)

    async def page() -> HTMLResponse:
        return await _page(engine)

    router.add_api_route("/", page, methods=["GET", "HEAD"])
    for name in FILES:
        router.add_api_route(f"/{name}", _file(name), methods=["GET", "HEAD"])
    return router


def _file(name: str) -> Callable[[], Awaitable[FileResponse]]:
    async def file() -> FileResponse:
        return FileResponse(HERE / "static" / name, media_type=FILES[name], headers=CACHED)

    return file


async def _page(engine: Engine) -> HTMLResponse:
    try:
        async with asyncio.timeout(PATIENCE):
            status = await engine.status()
    except AWAY:
        status = {}
    now = engine.clock.now()
    text = templates.get_template("status.html").render(
        state=words.state(status, now, late=timedelta(minutes=engine.settings[LATE_MINUTES])),
        sections=words.sections(status, now),
        at=instant(now),
        version=__version__,
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status_code=200 if status else 503, headers=headers)
