"""The console in process, on a real database, and operators who use it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.console.console import console
from tests.api.conftest import engine_settings
from tests.conftest import copied

PASSWORD = "a horse that is correct"
ADDRESS = "http://console.test"
# What a browser says of a form of our own page.
OURS = {"Origin": ADDRESS}


@pytest.fixture(scope="module")
async def engine(
    database_url: str, template: str, redis_url: str, anyio_backend: str, settings: dict[str, Any]
) -> AsyncIterator[Engine]:
    """An open engine for all tests of a module; each test uses an organisation of its own."""
    with copied(database_url, template, f"{template}_console") as database:
        async with Engine(engine_settings(database, redis_url, **settings)) as engine:
            yield engine


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """Settings that a test module wants different; dots written as two underscores."""
    return {}


@pytest.fixture(scope="module")
def app(engine: Engine) -> FastAPI:
    """The API with its console."""
    return create_app(engine, pages=[console(engine)])


class Browser:
    """Somebody who looks at pages and sends forms."""

    def __init__(self, app: FastAPI | None, *, address: str = ADDRESS) -> None:
        """app: the application, in process; None for the server at `address`."""
        transport = None if app is None else httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url=address)
        self.ours = {"Origin": address}

    async def see(self, path: str, **asked: Any) -> httpx.Response:
        """A page of the console."""
        return await self.client.get(f"/console/{path}", params=asked or None)

    async def send(self, path: str, **form: Any) -> httpx.Response:
        """A form of a page, as its own page would send it."""
        page = await self.see("account")
        _, _, rest = page.text.partition('name="csrf" value="')
        csrf = rest.partition('"')[0]
        return await self.client.post(f"/console/{path}", data={"csrf": csrf} | form, headers=self.ours)

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in."""
        return await self.client.post(
            "/console/sign-in", data={"email": email, "password": password}, headers=self.ours
        )


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """A browser nobody has signed in with."""
    browser = Browser(app)
    async with browser.client:
        yield browser


Operators = Callable[..., Awaitable[Browser]]


async def let_in(engine: Engine, browser: Browser, organisation: str, role: str = "admin") -> Browser:
    """The browser, with a new operator of that organisation signed in."""
    email = f"{role}@{organisation}.example"
    link = await engine.first_link(organisation)
    if link is None or role != "admin":
        secret = await engine.invite(organisation, email, role=role)
        await engine.accept_offer(secret, password=PASSWORD)
    else:
        await engine.accept_offer(link, email=email, password=PASSWORD)
    assert (await browser.sign_in(email)).status_code == 303
    return browser


@pytest.fixture
async def operator(app: FastAPI, engine: Engine) -> AsyncIterator[Operators]:
    """Makes an operator of an organisation, and answers a browser in which they are signed in."""
    browsers = list[Browser]()

    async def made(organisation: str, role: str = "admin") -> Browser:
        browsers.append(Browser(app))
        return await let_in(engine, browsers[-1], organisation, role)

    yield made
    for each in browsers:
        await each.client.aclose()
