"""Swagger at /docs from files we carry: no request leaves the house."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from tactful import __version__
from tactful.kernel.errors import NotFound

OURS = Path(__file__).parent / "static"
SWAGGER = Path(str(files("fastapi_swagger.resources")))
FILES = {
    "swagger-ui.css": (SWAGGER, "text/css"),
    "swagger-ui-bundle.js": (SWAGGER, "text/javascript"),
    "favicon-32x32.png": (SWAGGER, "image/png"),
    "docs.css": (OURS, "text/css"),
    "start.js": (OURS, "text/javascript"),
}
# Swagger styles its parts inline; scripts come from our own files alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tactful: API</title>
<link rel="stylesheet" href="docs/swagger-ui.css?v={version}">
<link rel="stylesheet" href="docs/docs.css?v={version}">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<nav class="home" aria-label="Tactful"><a href=".">Status</a></nav>
<div id="swagger"></div>
<script src="docs/swagger-ui-bundle.js?v={version}"></script>
<script src="docs/start.js?v={version}"></script>
</body>
</html>
""".replace("{version}", __version__)
# A day, and each version has addresses of its own.
CACHED = {"Cache-Control": "public, max-age=86400"}

READ = ["GET", "HEAD"]

pages = APIRouter(include_in_schema=False)


@pages.api_route("/docs", methods=READ)
async def page() -> HTMLResponse:
    """The description of the API, for people."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@pages.api_route("/docs/{name}", methods=READ)
async def asset(request: Request, name: str) -> Response:
    """One of the files that make the page."""
    if name not in FILES:
        raise NotFound
    folder, kind = FILES[name]
    return FileResponse(folder / name, media_type=kind, headers=CACHED)
