"""Files that pages are made of, each under an address of its own for each content, so that browsers keep them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from tactful.kernel.errors import NotFound

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER, FOR_NOW = "public, max-age=31536000, immutable", "no-cache"


@cache
def known() -> dict[str, str]:
    """Every file by its name below the folder, with a print of its content."""
    found = (path for path in FOLDER.rglob("*") if path.suffix in KINDS)
    return {path.relative_to(FOLDER).as_posix(): sha256(path.read_bytes()).hexdigest()[:12] for path in found}


async def file(request: Request) -> Response:
    """One of them. raises: NotFound."""
    name = request.path_params["name"]
    if name not in known():
        raise NotFound("There is no such file.")
    kept = FOR_EVER if request.query_params.get("v") == known()[name] else FOR_NOW
    headers = {"Cache-Control": kept, "Cross-Origin-Resource-Policy": "same-origin"}
    return FileResponse(FOLDER / name, media_type=KINDS[Path(name).suffix], headers=headers)
