"""The browser widget, for pages of any origin: one script, and parts that it loads when they are needed.

The files are built from `web/` and committed. A part has its contents in its name and may be kept for ever; a script
has one name, is kept for minutes and asked about by its tag from then on. Beside the widget's there are two for
notifications of the browser: what a page calls, and what its worker loads.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tactful.kernel.errors import NotFound

FOLDER = Path(__file__).parent / "static"
SCRIPT = "widget.js"
READ = ["GET", "HEAD"]
# Modules are fetched across origins only where that is allowed, and pages that isolate themselves ask for the second.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
# How long the script is kept [s]: so late a page hears of a new version at most.
MINUTES = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"

pages = APIRouter(include_in_schema=False)


@cache
def script(name: str = SCRIPT) -> tuple[bytes, str]:
    """A script, and the tag of what is in it."""
    found = (FOLDER / name).read_bytes()
    return found, f'"{sha256(found).hexdigest()[:20]}"'


@cache
def parts() -> dict[str, bytes]:
    """Each part by its name."""
    return {path.name: path.read_bytes() for path in sorted((FOLDER / "widget").glob("*.js"))}


@pages.api_route(f"/{SCRIPT}", methods=READ)
async def widget(request: Request) -> Response:
    """The widget; 304 where the page has it."""
    return _answer(request, SCRIPT)


@pages.api_route("/push.js", methods=READ)
async def push(request: Request) -> Response:
    """What a page calls for notifications of the browser; 304 where the page has it."""
    return _answer(request, "push.js")


@pages.api_route("/push-worker.js", methods=READ)
async def push_worker(request: Request) -> Response:
    """What the worker of a page loads; 304 where it has it."""
    return _answer(request, "push-worker.js")


def _answer(request: Request, name: str) -> Response:
    found, tag = script(name)
    headers = {"Cache-Control": MINUTES, "ETag": tag, **OPEN}
    told = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in told or "*" in told:
        return Response(status_code=304, headers=headers)
    return Response(found, media_type="text/javascript", headers=headers)


@pages.api_route("/widget/{name}", methods=READ)
async def part(request: Request, name: str) -> Response:
    """One part of it."""
    found = parts().get(name)
    if found is None:
        raise NotFound
    return Response(found, media_type="text/javascript", headers={"Cache-Control": FOR_EVER, **OPEN})
