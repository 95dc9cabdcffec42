"""A lesson with the widget in it, for a demo: as a product would embed it, and under as strict a policy."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from tactful.bootstrap import Engine
from tactful.kernel.errors import NotFound

FOLDER = Path(__file__).parent / "static" / "demo"
FILES = {"lesson.css": "text/css", "lesson.js": "text/javascript"}
READ = ["GET", "HEAD"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
FRESH = {"Cache-Control": "no-store"}
Person = Annotated[str, Query(pattern=r"^demo-[1-9][0-9]{0,3}$")]


def lesson(engine: Engine, organisation: str) -> APIRouter:
    """The lesson at /demo/lesson. Whoever opens it is one of the organisation's demo people, and says which."""
    router = APIRouter(include_in_schema=False)

    async def token(request: Request, person: Person = "demo-1") -> Response:
        """What a product's back end would answer somebody who has signed in."""
        made = await engine.widget_token(organisation, person)
        told = {"token": made["token"], "expires_at": made["expires_at"].isoformat()}
        return JSONResponse(told, headers=FRESH)

    router.add_api_route("/demo/lesson", _page, methods=READ)
    router.add_api_route("/demo/lesson/token", token, methods=["GET"])
    router.add_api_route("/demo/lesson/{name}", _file, methods=READ)
    return router


async def _page() -> Response:
    return FileResponse(
        FOLDER / "lesson.html", media_type="text/html", headers={"Content-Security-Policy": POLICY, **FRESH}
    )


async def _file(request: Request, name: str) -> Response:
    if name not in FILES:
        raise NotFound
    return FileResponse(FOLDER / name, media_type=FILES[name], headers=FRESH)
