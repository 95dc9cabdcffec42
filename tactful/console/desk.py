"""Around every page of the console: who is signed in, what they may, what their browser may, and what goes wrong."""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote, urlencode

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tactful.bootstrap import Engine
from tactful.bootstrap.operating import Operator
from tactful.console import forms, static_files
from tactful.console.pages import Act, Page, Part, Question, Stream
from tactful.console.painting import paint
from tactful.console.settings import ADDRESS
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.kernel.errors import NotAllowed, NotFound, NotReady, NotSignedIn, TactfulError
from tactful.store.database import AWAY

log = structlog.get_logger("tactful.console")

HOME = "/console/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Our own pages say where a form comes from; others learn nothing.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
Handler = Callable[[Request], Awaitable[Response]]


class Desk:
    """Serves pages to operators of one engine. menu: the questions it is made of."""

    def __init__(self, engine: Engine, menu: Iterable[Question]) -> None:
        self.engine = engine
        self.menu = tuple(menu)

    def add(self, router: APIRouter, parts: Iterable[Part]) -> None:
        """Serve these under `/console/`."""
        for part in parts:
            method = ["POST"] if isinstance(part, Act) else ["GET"]
            router.add_route(HOME + part.path, self.guarded(self._handler(part), part.path), methods=method)

    def guarded(self, handler: Handler, path: str = "") -> Handler:
        """The handler, with whatever goes wrong told as a page."""

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except NotSignedIn:
                return self._sign_in(request)
            except TactfulError as error:
                return self.failed(request, error, path)
            except AWAY:
                return self.failed(request, NotReady("The database does not answer; try again shortly."), path)
            except Exception as error:
                log.error("unforeseen", kind=type(error).__name__, exc_info=error)
                return self.failed(request, TactfulError(), path)

        return handle

    def _handler(self, part: Part) -> Handler:
        async def handle(request: Request) -> Response:
            secret = forms.secret(request)
            operator = await self.engine.signed_in(secret) if secret else None
            if operator is None:
                raise NotSignedIn
            request.state.operator = operator
            visit = await self._visit(request, operator, secret, sent=isinstance(part, Act))
            if not operator.may(part.role):
                raise NotAllowed(f"This needs the role {part.role}; yours is {operator.role}. Ask an admin.")
            if isinstance(part, Stream):
                return await part.open(visit)
            answer = await (part.show(visit) if isinstance(part, Page) else part.do(visit))
            return self.answer(request, answer, visit, path=part.path)

        return handle

    async def _visit(self, request: Request, operator: Operator, secret: str, *, sent: bool) -> Visit:
        form: Mapping[str, str] = {}
        if sent:
            forms.of_ours(request)
            form = await forms.read(request)
            if not hmac.compare_digest(form.get("csrf", "").encode(), csrf(secret).encode()):
                raise NotAllowed(forms.STRANGE)
        asked = dict(request.query_params)
        at, part = self.engine.clock.now(), request.headers.get("hx-target", "")
        last = request.headers.get("last-event-id", "")
        return Visit(self.engine, operator, at, request.url.path, asked, form, part, last)

    def answer(self, request: Request, answer: Answer, visit: Visit | None = None, *, path: str = "") -> Response:
        """A page, a part of it, a file of one of its tables, or the way to another page."""
        if isinstance(answer, Gone):
            return self._send(request, answer)
        if visit is not None and visit.saving:
            return _saved(answer, visit.saving)
        said = unquote(request.cookies.get(forms.SAID, ""))[:500]
        response = self._painted(request, answer, visit, path=path, said=said)
        if said:
            response.delete_cookie(forms.SAID, path=HOME)
        return response

    def _painted(self, request: Request, shown: Shown, visit: Visit | None, *, path: str, said: str = "") -> Response:
        secret = forms.secret(request)
        operator = visit.operator if visit else getattr(request.state, "operator", None)
        values: dict[str, Any] = {
            "menu": [each for each in self.menu if operator is None or operator.may(each.role)],
            "operator": operator,
            "visit": visit,
            "path": path,
            "here": request.url.path,
            "said": said,
            "csrf": csrf(secret) if secret else "",
            "home": home_of(request),
            "outside": outside_of(request, self.engine),
        }
        return HTMLResponse(paint(shown.template, values | dict(shown.values)), shown.status, headers=HEADERS)

    def _send(self, request: Request, gone: Gone) -> Response:
        to = home_of(request) + gone.to
        response: Response
        if request.headers.get("hx-request") == "true":
            response = Response(status_code=204, headers=HEADERS | {"HX-Redirect": to})
        else:
            response = RedirectResponse(to, 303, headers=HEADERS)
        if gone.said:
            response.set_cookie(
                forms.SAID, quote(gone.said[:500]), max_age=60, httponly=True, samesite="lax", path=HOME
            )
        return response

    def _sign_in(self, request: Request) -> Response:
        if request.method != "GET":
            return self.failed(request, NotSignedIn("You are not signed in any more; sign in and repeat it."), "")
        home = home_of(request)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        after = "" if wanted == home else f"?{urlencode({'next': wanted})}"
        response = RedirectResponse(f"{home}sign-in{after}", 303, headers=HEADERS)
        forms.drop(response, request)
        return response

    def failed(self, request: Request, error: TactfulError, path: str) -> Response:
        """What went wrong, as a page that says what to do."""
        shown = Shown("error.html", {"error": error}, status=error.status)
        return self._painted(request, shown, None, path=path)


def home_of(request: Request) -> str:
    """Where the console is for this browser, below whatever the application is mounted under."""
    return str(request.scope.get("root_path", "")) + HOME


def outside_of(request: Request, engine: Engine) -> str:
    """Where the console is for anybody: what `console.address` says, else where this browser reached it."""
    return (engine.settings[ADDRESS].rstrip("/") or f"{request.url.scheme}://{request.url.netloc}") + home_of(request)


def csrf(secret: str) -> str:
    """What every form of a session carries, which no other page can know."""
    return hmac.new(secret.encode(), b"forms of this session", sha256).hexdigest()


def _saved(answer: Shown, name: str) -> Response:
    table = next((each for each in answer.tables if each.name == name), None)
    if table is None:
        raise NotFound("This page has no such table.")
    # With a mark at its start, or spreadsheets read it in another encoding.
    return Response(
        "\ufeff" + table.csv(),
        media_type="text/csv; charset=utf-8",
        headers=HEADERS | {"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def files(router: APIRouter) -> None:
    """Serve the files that pages are made of."""
    router.add_route(f"{HOME}static/{{name:path}}", static_files.file, methods=["GET", "HEAD"])
