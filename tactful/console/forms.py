"""What browsers send: forms, cookies, and from where."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from tactful.kernel.errors import BadInput, BadRequest, NotAllowed, TooLarge

MOST_BYTES, MOST_FIELDS = 262_144, 200
FORM = "application/x-www-form-urlencoded"
STRANGE = "This was not sent from a page of this console; open the page again and repeat it there."
# A browser takes the first name over HTTPS only, from this host alone, and lets no other page of the host set it.
SESSION = ("__Host-tactful", "tactful")
SAID = "tactful-said"


async def read(request: Request) -> dict[str, str]:
    """A form's fields; of those given several times all, one per line. raises: TooLarge, BadRequest."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise BadRequest("Send a form.")
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            raise TooLarge("The form is too large.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise BadRequest("The form cannot be read.") from None
    form: dict[str, str] = {}
    for name, value in pairs:
        if "\0" in name + value:
            raise BadInput(f"{name[:50]} has a NUL character in it.", fields=[name[:50]])
        form[name] = f"{form[name]}\n{value}" if name in form else value
    return form


def of_ours(request: Request) -> None:
    """Nothing, where a page of this very address sent the request. raises: NotAllowed.

    Browsers say so in Sec-Fetch-Site; where it is missing (no HTTPS, not this machine) the origin must be ours.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise NotAllowed(STRANGE)
        return
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise NotAllowed(STRANGE)


def secret(request: Request) -> str:
    """The secret of the session that the browser has, or nothing."""
    return request.cookies.get(SESSION[0 if _safe(request) else 1], "")


def keep(response: Response, request: Request, secret: str) -> None:
    """Let the browser keep the session for as long as it runs."""
    safe = _safe(request)
    name = SESSION[0 if safe else 1]
    response.set_cookie(name, secret, secure=safe, httponly=True, samesite="lax", path="/")


def lend(response: Response, request: Request, name: str, value: str, *, seconds: int) -> None:
    """Let the browser keep something of ours for a while."""
    response.set_cookie(
        name, value, max_age=seconds, secure=_safe(request), httponly=True, samesite="lax", path="/console/"
    )


def drop(response: Response, request: Request) -> None:
    """Let the browser forget the session."""
    safe = _safe(request)
    response.delete_cookie(SESSION[0 if safe else 1], secure=safe, httponly=True, samesite="lax", path="/")


def _safe(request: Request) -> bool:
    return request.url.scheme == "https"


def local(path: str | None, home: str) -> str:
    """`path`, where it leads to a page of the console, else `home`: nobody is sent elsewhere.

    >>> local("/console/people?risk=high", "/console/"), local("//evil.example/console/", "/console/")
    ('/console/people?risk=high', '/console/')
    """
    if path is None or not path.startswith(home) or not path.isprintable():
        return home
    before, _, _ = path.partition("?")
    return home if "\\" in path or "//" in before or ".." in before else path


def checked(form: Mapping[str, str], name: str) -> bool:
    """Whether a box was ticked."""
    return form.get(name, "") in ("on", "true", "1", "yes")
