"""Swagger at /docs from files we carry: no request leaves the house."""

from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from swagger_ui_bundle import swagger_ui_path

from tactful.kernel.errors import NotFound

FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
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
<title>Tactful: API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null});\n'
CACHED = {"Cache-Control": "public, max-age=86400"}

pages = APIRouter(include_in_schema=False)


@pages.get("/docs")
async def page() -> HTMLResponse:
    """The description of the API, for people."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@pages.get("/docs/start.js")
async def start() -> Response:
    """What starts the page; in a file of its own because inline scripts are forbidden."""
    return Response(START, media_type="text/javascript", headers=CACHED)


@pages.get("/docs/{name}")
async def asset(request: Request, name: str) -> Response:
    """One of Swagger's own files."""
    if name not in FILES:
        raise NotFound
    return FileResponse(Path(swagger_ui_path) / name, media_type=FILES[name], headers=CACHED)
