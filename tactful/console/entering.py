"""Signing in and out, and the page behind a link that lets somebody in once."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tactful.console import forms
from tactful.console.desk import HEADERS, HOME, Desk, home_of
from tactful.console.pages import VIEWER, Act, Page
from tactful.console.visit import Gone, Shown, Visit
from tactful.kernel.errors import BadInput, Conflict, NotSignedIn, TactfulError, TooMany

# What somebody who enters is told on the same page.
MISTAKES: tuple[type[TactfulError], ...] = (BadInput, Conflict, NotSignedIn, TooMany)
SIGN_IN, WELCOME = "sign-in", "welcome/{secret}"


class Entrance:
    """Pages for those who are not signed in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    def add(self, router: APIRouter) -> None:
        """Serve them."""
        pages = ((SIGN_IN, self._ask, self._enter), (WELCOME, self._greet, self._accept))
        for path, show, do in pages:
            router.add_route(HOME + path, self._desk.guarded(show, path), methods=["GET"])
            router.add_route(HOME + path, self._desk.guarded(do, path), methods=["POST"])

    async def _ask(self, request: Request) -> Response:
        return self._desk.answer(request, Shown("sign_in.html", _asked(request, {})), path=SIGN_IN)

    async def _enter(self, request: Request) -> Response:
        form = await _sent(request)
        where = request.client.host if request.client is not None else ""
        try:
            secret = await self._engine.sign_in(form.get("email", ""), form.get("password", ""), address=where)
        except MISTAKES as error:
            shown = Shown("sign_in.html", _asked(request, form) | {"error": error}, status=error.status)
            return self._desk.answer(request, shown, path=SIGN_IN)
        return _in(request, secret, form.get("next"))

    async def _greet(self, request: Request) -> Response:
        # Looked at only: those who look at links before people do must not use them up.
        offer = await self._engine.offered(request.path_params["secret"])
        return self._desk.answer(request, Shown("welcome.html", _offered(offer, {})), path=WELCOME)

    async def _accept(self, request: Request) -> Response:
        form, secret = await _sent(request), request.path_params["secret"]
        given = {name: form.get(name, "") for name in ("email", "name", "password")}
        try:
            session = await self._engine.accept_offer(secret, **given)
        except MISTAKES as error:
            offer = await self._engine.offered(secret)
            shown = Shown("welcome.html", _offered(offer, form) | {"error": error}, status=error.status)
            return self._desk.answer(request, shown, path=WELCOME)
        return _in(request, session, None)


async def _sent(request: Request) -> dict[str, str]:
    forms.of_ours(request)
    return await forms.read(request)


def _in(request: Request, secret: str, after: str | None) -> Response:
    """Let them in, with a session of their own: what the browser had before counts for nothing."""
    response = RedirectResponse(forms.local(after, home_of(request)), 303, headers=HEADERS)
    forms.keep(response, request, secret)
    return response


def _asked(request: Request, form: Mapping[str, str]) -> dict[str, Any]:
    after = forms.local(form.get("next") or request.query_params.get("next"), home_of(request))
    return {"email": form.get("email", "")[:254], "next": after, "error": None}


def _offered(offer: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    filled = {name: form.get(name, "")[:254] for name in ("email", "name")}
    return {"offer": offer, "form": filled, "error": None}


async def _account(visit: Visit) -> Shown:
    return Shown("account.html", {"error": None})


async def _leave(visit: Visit) -> Gone:
    await visit.engine.sign_out(visit.operator, everywhere=forms.checked(visit.form, "everywhere"))
    return Gone(SIGN_IN)


async def _change_password(visit: Visit) -> Shown | Gone:
    try:
        await visit.engine.change_password(visit.operator, visit.form.get("old", ""), visit.form.get("password", ""))
    except MISTAKES as error:
        return Shown("account.html", {"error": error}, status=error.status)
    return Gone("account", "The password is changed. All your other sessions have ended.")


PARTS = (
    Page("account", _account),
    Act("account/password", _change_password, VIEWER),
    Act("sign-out", _leave, VIEWER),
)
