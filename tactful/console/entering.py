"""Signing in and out, and the page behind a link that lets somebody in once."""

import hmac
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tactful.console import forms
from tactful.console.desk import HEADERS, HOME, Desk, home_of, outside_of
from tactful.console.issuer import REFUSED, Issuer, Journey
from tactful.console.pages import VIEWER, Act, Page
from tactful.console.settings import JOINS
from tactful.console.visit import Gone, Shown, Visit
from tactful.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, NotReady, NotSignedIn, TactfulError, TooMany

# What somebody who enters is told on the same page.
MISTAKES: tuple[type[TactfulError], ...] = (BadInput, Conflict, NotSignedIn, TooMany)
# And by whom their issuer does not vouch.
UNTRUE: tuple[type[TactfulError], ...] = (*MISTAKES, NotAllowed, NotReady)
SIGN_IN, WELCOME = "sign-in", "welcome/{secret}"
AWAY, BACK = "sign-in/issuer", "sign-in/back"
JOURNEY, JOURNEY_SECONDS = "tactful-journey", 600


class Entrance:
    """Pages for those who are not signed in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._issuer = Issuer(desk.engine.settings)

    def add(self, router: APIRouter) -> None:
        """Serve them."""
        pages = ((SIGN_IN, self._ask, self._enter), (WELCOME, self._greet, self._accept))
        for path, show, do in pages:
            router.add_route(HOME + path, self._desk.guarded(show, path), methods=["GET"])
            router.add_route(HOME + path, self._desk.guarded(do, path), methods=["POST"])
        router.add_route(HOME + AWAY, self._desk.guarded(self._leave_for, SIGN_IN), methods=["GET"])
        router.add_route(HOME + BACK, self._desk.guarded(self._come_back, SIGN_IN), methods=["GET"])

    async def _ask(self, request: Request) -> Response:
        return self._asking(request, {}, None)

    def _asking(self, request: Request, form: Mapping[str, str], error: TactfulError | None) -> Response:
        values = _asked(request, form) | {"error": error, "issuer": self._issuer.there}
        return self._desk.answer(request, Shown("sign_in.html", values, status=error.status if error else 200))

    async def _leave_for(self, request: Request) -> Response:
        """Send the browser to the issuer."""
        if not self._issuer.there:
            raise NotFound("No other sign-in is set up here (console.oidc_issuer).")
        journey = Journey.begun(forms.local(request.query_params.get("next"), home_of(request)))
        try:
            response = RedirectResponse(await self._issuer.way(journey, self._back(request)), 303, headers=HEADERS)
        except NotReady as error:
            return self._asking(request, {}, error)
        forms.lend(response, request, JOURNEY, urlencode(asdict(journey)), seconds=JOURNEY_SECONDS)
        return response

    async def _come_back(self, request: Request) -> Response:
        """Take what the issuer sent the browser back with."""
        try:
            journey = Journey(**dict(parse_qsl(request.cookies.get(JOURNEY, ""), strict_parsing=True)))
        except (TypeError, ValueError):
            return self._asking(request, {}, NotSignedIn(REFUSED))
        asked = request.query_params
        try:
            ours = hmac.compare_digest(asked.get("state", "").encode(), journey.state.encode())
            if not ours or not asked.get("code"):
                raise NotSignedIn(REFUSED)
            who = await self._issuer.vouched(journey, self._back(request), asked["code"])
            joins = self._engine.settings[JOINS]
            secret = await self._engine.sign_in_vouched(**asdict(who), joins=joins)
        except UNTRUE as error:
            response = self._asking(request, {}, error)
        else:
            response = _in(request, secret, journey.after)
        response.delete_cookie(JOURNEY, path=HOME)
        return response

    def _back(self, request: Request) -> str:
        """Where the issuer sends browsers back to."""
        return outside_of(request, self._engine) + BACK

    async def _enter(self, request: Request) -> Response:
        form = await _sent(request)
        where = request.client.host if request.client is not None else ""
        try:
            secret = await self._engine.sign_in(form.get("email", ""), form.get("password", ""), address=where)
        except MISTAKES as error:
            return self._asking(request, form, error)
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
    return {"email": form.get("email", "")[:254], "next": after}


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
