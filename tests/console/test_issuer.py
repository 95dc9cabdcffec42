"""Signing in with an issuer of one's own: who is let in, as what, and what forgers try."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.console.console import console
from tactful.console.settings import CLIENT_ID, CLIENT_SECRET, ISSUER, JOINS, ROLE_CLAIM
from tactful.testing.issuer import CLIENT, SECRET, Issuer
from tests.console.conftest import Browser

ANA = {"sub": "1", "email": "Ana@Own.example", "email_verified": True, "name": "Ana", "roles": ["staff", "organiser"]}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(ANA) as issuer:
        yield issuer


@asynccontextmanager
async def browsing(engine: Engine, issuer: Issuer, **more: Any) -> AsyncIterator[Browser]:
    """A browser, with the console set up for this issuer."""
    names = {ISSUER: issuer.url, CLIENT_ID: CLIENT, CLIENT_SECRET: SECRET, ROLE_CLAIM: "roles", JOINS: ""}
    values = {row.name: value for row, value in names.items()} | more
    before, engine.settings = engine.settings, engine.settings.replace(**values)
    browser = Browser(create_app(engine, pages=[console(engine)]))
    try:
        async with browser.client:
            yield browser
    finally:
        engine.settings = before


async def back(browser: Browser, issuer: Issuer, **changes: str) -> httpx.Response:
    """Go to the issuer and come back. changes: of the address they come back to."""
    away = await browser.see("sign-in/issuer", next="/console/acts")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    there = urlsplit(issuer.authorized(asked))
    query = {name: values[0] for name, values in parse_qs(there.query).items()} | changes
    return await browser.client.get(there.path, params=query)


async def test_whoever_the_issuer_vouches_for_joins_with_the_role_it_says(engine: Engine, issuer: Issuer) -> None:
    async with browsing(engine, issuer, **{JOINS.name: "own"}) as browser:
        assert "Sign in with your organisation" in (await browser.see("sign-in")).text
        answer = await back(browser, issuer)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/acts")
        assert "organiser of own" in (await browser.see("account")).text
        (row,) = await engine.operators("own")
        assert (row["email"], row["role"], row["name"]) == ("ana@own.example", "organiser", "Ana")
        # The same person again, under another address: still the same operator, with the role of today.
        issuer.claims |= {"email": "ana.b@own.example", "roles": "viewer"}
        await back(browser, issuer)
        assert [(each["email"], each["role"]) for each in await engine.operators("own")] == [
            ("ana@own.example", "viewer")
        ]


async def test_who_was_not_invited_stays_outside_and_who_was_comes_in(engine: Engine, issuer: Issuer) -> None:
    await engine.first_link("invited")
    issuer.claims |= {"sub": "2", "email": "bo@invited.example", "roles": []}
    async with browsing(engine, issuer) as browser:
        answer = await back(browser, issuer)
        assert answer.status_code == 403
        assert "ask one to invite you" in answer.text
        await engine.invite("invited", "bo@invited.example", role="organiser")
        assert (await back(browser, issuer)).status_code == 303
        assert "organiser of invited" in (await browser.see("account")).text


async def test_an_address_nobody_verified_opens_nothing(engine: Engine, issuer: Issuer) -> None:
    issuer.claims |= {"sub": "3", "email": "admin@unverified.example", "email_verified": False}
    link = await engine.first_link("unverified")
    await engine.accept_offer(str(link), email="admin@unverified.example", password="a horse that is correct")
    async with browsing(engine, issuer, **{JOINS.name: "unverified"}) as browser:
        assert (await back(browser, issuer)).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [{"aud": "somebody-else"}, {"nonce": "of-another-day"}, {"exp": 1}, {"iss": "https://evil.example"}, {"aud": None}],
)
async def test_tokens_that_are_not_for_us_now_are_refused(
    engine: Engine, issuer: Issuer, claims: dict[str, Any]
) -> None:
    issuer.claims |= claims
    async with browsing(engine, issuer, **{JOINS.name: "forged"}) as browser:
        answer = await back(browser, issuer)
        assert answer.status_code == 401
        assert "did not vouch for you" in answer.text
        assert (await browser.see("account")).status_code == 303


async def test_a_token_that_somebody_else_signed_is_refused(engine: Engine) -> None:
    with Issuer(ANA, stranger=True) as issuer:
        async with browsing(engine, issuer, **{JOINS.name: "forged"}) as browser:
            assert (await back(browser, issuer)).status_code == 401


async def test_the_answer_to_somebody_elses_question_is_refused(engine: Engine, issuer: Issuer) -> None:
    async with browsing(engine, issuer, **{JOINS.name: "forged"}) as browser:
        for changes in ({"state": "another"}, {"state": ""}, {"code": ""}, {"code": "made-up"}):
            assert (await back(browser, issuer, **changes)).status_code == 401
        # And nobody who asked nothing has an answer.
        assert (await browser.see("sign-in/back", code="x", state="y")).status_code == 401


async def test_an_issuer_that_is_away_is_told_and_the_password_still_works(engine: Engine, issuer: Issuer) -> None:
    async with browsing(engine, issuer, **{ISSUER.name: "http://127.0.0.1:9"}) as browser:
        answer = await browser.see("sign-in/issuer")
        assert answer.status_code == 503
        assert "does not answer just now" in answer.text
        assert 'name="password"' in answer.text


AWRY: tuple[tuple[str, int, bytes, str], ...] = (
    ("description", 404, b"{}", "does not tell its description (404)"),
    ("description", 502, b"", "trouble of its own"),
    ("description", 200, b"<html>", "its description cannot be read"),
    ("description", 200, b"[]", "its description cannot be read"),
    ("description", 200, b"{}", "says nothing of issuer"),
    ("keys", 503, b"", "trouble of its own"),
    ("keys", 200, b"\xff", "its keys cannot be read"),
    ("keys", 200, b'{"keys": 5}', "its keys cannot be read"),
    ("token", 500, b"", "trouble of its own"),
    ("token", 200, b"<html>", "its token cannot be read"),
    ("token", 401, b'{"error": "invalid_client"}', "console.oidc_client_id or console.oidc_client_secret"),
)


@pytest.mark.parametrize(("what", "status", "body", "told"), AWRY)
async def test_what_is_wrong_with_the_issuer_is_not_called_its_absence(
    engine: Engine, issuer: Issuer, what: str, status: int, body: bytes, told: str
) -> None:
    async with browsing(engine, issuer, **{JOINS.name: "awry"}) as browser:
        issuer.instead[what] = (status, body)
        answer = await (browser.see("sign-in/issuer") if what == "description" else back(browser, issuer))
        assert answer.status_code == 503
        assert told in answer.text
        assert "does not answer" not in answer.text


async def test_an_issuer_that_calls_itself_otherwise_is_a_wrong_setting(engine: Engine, issuer: Issuer) -> None:
    issuer.instead["description"] = (
        200,
        json.dumps(issuer.description() | {"issuer": "https://other.example"}).encode(),
    )
    async with browsing(engine, issuer) as browser:
        answer = await browser.see("sign-in/issuer")
        assert answer.status_code == 503
        assert "console.oidc_issuer is not what the issuer calls itself" in answer.text
