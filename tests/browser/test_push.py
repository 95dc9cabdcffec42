"""Notifications in a real browser: allowed on a page, shown by its worker, answered within them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import anyio
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tactful.deliver.web_push import WebPush, key_for_browsers
from tactful.deliver.web_push.settings import CONTACT, KEY, PRIVATE
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.testing.loopback import Loopback
from tactful.testing.push_service import Push, PushService
from tests.browser.conftest import engine
from tests.browser.pages import ask, token, until
from tests.living import NOW

SETTINGS = {KEY.name: "a key of these tests, long enough", CONTACT.name: "mailto:push@example.org", PRIVATE.name: True}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lesson</title>
<link rel="icon" href="data:,"><script src="{engine}/widget.js" defer></script>
<script src="{engine}/push.js" defer></script></head>
<body><main><h1>Lesson</h1><button id="ask">Tell me</button></main>
<tactful-widget token="{token}" consent="denied"></tactful-widget></body></html>"""
# No push service of the world is asked: the browser is given the subscription of ours, and says what it was asked with.
SUBSCRIBED = """(told) => { PushManager.prototype.subscribe = async (options) => {
    window.asked = options; return { toJSON: () => told } } }"""
PRESS = """async (action) => {
    const [shown] = await self.registration.getNotifications();
    const kind = action === null ? "notificationclose" : "notificationclick";
    self.dispatchEvent(new NotificationEvent(kind, { notification: shown, action: action ?? "" })) }"""
SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration("/tactful-push.js")).getNotifications())
    .map(({ title, body, lang, dir, tag, actions }) => ({ title, body, lang, dir, tag, actions }))"""


@dataclass
class School(Loopback):
    """A site with its own worker; what is posted to it is kept."""

    engine: str = ""
    posted: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        school = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                worker = self.path == "/tactful-push.js"
                page = PAGE.format(engine=school.engine, token=token("ana"))
                text = f'importScripts("{school.engine}/push-worker.js");' if worker else page
                self._tell("text/javascript" if worker else "text/html; charset=utf-8", text)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                school.posted.append((self.path, body))
                self._tell("application/json", "{}")

            def _tell(self, kind: str, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing."""

        super().__init__(Handler)

    @property
    def address(self) -> str:
        """As browsers call it: workers run here without TLS."""
        return self.url.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def school(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    log = tmp_path_factory.mktemp("engine") / "log"
    with School() as found:
        more = {"TACTFUL_API_ORIGINS": found.address, "TACTFUL_WEB_PUSH_KEY": SETTINGS[KEY.name]}
        more |= {"TACTFUL_WEB_PUSH_CONTACT": SETTINGS[CONTACT.name], "TACTFUL_WEB_PUSH_PRIVATE": "true"}
        with engine(module_database, redis_url, Path(log), "api", **{k: str(v) for k, v in more.items()}) as address:
            found.engine = address
            yield found


@pytest.fixture
def context(browser: Browser, school: School) -> Iterator[BrowserContext]:
    school.posted.clear()
    made = browser.new_context()
    made.grant_permissions(["notifications"], origin=school.address)
    yield made
    made.close()


def pushed(said: Message, school: School, **more: Any) -> list[Push]:
    """What the browser reads of a delivery that really went through the channel and a push service."""

    async def send() -> None:
        channel = WebPush.of(Settings(SETTINGS))
        assert channel is not None
        told = {"out": f"{school.address}/api/v1/out/abc", "mark": "mark-7"} | more
        address = channel.address(service.subscription("ana"))
        await channel.send(Delivery(7, "web_push", address, said, NOW + timedelta(hours=1), **told), NOW)
        await channel.close()

    # Playwright has an event loop of its own in this thread.
    with (
        PushService() as service,
        anyio.from_thread.start_blocking_portal() as portal,
    ):
        portal.call(send)
    return service.pushes


def arrive(page: Page, push: Push, school: School) -> None:
    """The browser takes a push from its service."""
    session = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    while not known:
        page.wait_for_timeout(50)
    told = {"origin": school.address, "registrationId": known[0]["registrationId"], "data": json.dumps(push.told)}
    session.send("ServiceWorker.deliverPushMessage", told)
    session.detach()


def subscribed(context: BrowserContext, school: School) -> Page:
    """A page whose person allowed notifications."""
    page = context.new_page()
    with PushService() as service:
        told = service.subscription("ana")
    page.goto(school.address)
    page.wait_for_function("!!window.tactful?.push")
    page.evaluate(SUBSCRIBED, json.loads(told))
    assert page.evaluate("tactful.push.subscribe()") == "on"
    channel = WebPush.of(Settings(SETTINGS))
    assert channel is not None
    # That this is where she is reached now is what she can take back.
    body = {"channel": "web_push", "address": told, "user_id": "ana"}
    taken = ask(school.engine, "/api/v1/addresses", body, method="DELETE")
    assert taken == {"channel": "web_push", "address": channel.address(told)}
    assert page.evaluate("asked") == {
        "userVisibleOnly": True, "applicationServerKey": key_for_browsers(Settings(SETTINGS))
    }  # fmt: skip
    return page


def press(context: BrowserContext, action: str | None) -> None:
    """Press a button of the notification that is shown; the whole of it; or None to close it."""
    context.service_workers[0].evaluate(PRESS, action)


HELLO = Message("Hello, Ana", "You are back.", "")


def test_who_allows_it_is_shown_the_words_with_what_can_be_answered(context: BrowserContext, school: School) -> None:
    page = subscribed(context, school)
    (push,) = pushed(HELLO, school)
    arrive(page, push, school)
    until(lambda: bool(page.evaluate(SHOWN)))
    (shown,) = page.evaluate(SHOWN)
    assert (shown["title"], shown["body"], shown["lang"], shown["tag"]) == (
        *("Hello, Ana", "You are back."),
        "en",
        "mark-7",
    )
    assert [each["action"] for each in shown["actions"]] == ["snoozed", "out"]
    assert [each["title"] for each in shown["actions"]] == ["Later", "Stop these messages"]


def test_a_copy_takes_the_place_of_the_first(context: BrowserContext, school: School) -> None:
    page = subscribed(context, school)
    for title in ("Hello, Ana", "Hello again"):
        (push,) = pushed(Message(title, "You are back.", ""), school)
        arrive(page, push, school)
        until(lambda title=title: [each["title"] for each in page.evaluate(SHOWN)] == [title])  # type: ignore[misc]


@pytest.mark.parametrize(
    ("pressed", "answer"), [("", "engaged"), ("snoozed", "snoozed"), ("dismissed", "dismissed"), (None, "dismissed")]
)
def test_what_is_pressed_is_told_with_the_mark(
    pressed: str | None, answer: str, context: BrowserContext, school: School
) -> None:
    page = subscribed(context, school)
    (push,) = pushed(HELLO, school)
    arrive(page, push, school)
    until(lambda: bool(page.evaluate(SHOWN)))
    press(context, pressed)
    until(lambda: school.posted != [])
    assert [(path, json.loads(body)) for path, body in school.posted] == [
        ("/api/v1/responses/mark-7", {"response": answer})
    ]


def test_one_press_stops_all_of_it_and_says_so(context: BrowserContext, school: School) -> None:
    page = subscribed(context, school)
    (push,) = pushed(HELLO, school)
    arrive(page, push, school)
    until(lambda: bool(page.evaluate(SHOWN)))
    press(context, "out")
    until(lambda: school.posted != [])
    assert school.posted == [("/api/v1/out/abc", "List-Unsubscribe=One-Click")]
    until(lambda: [each["title"] for each in page.evaluate(SHOWN)] == ["You get no more of these."])


def test_of_who_does_not_allow_it_nothing_is_told(browser: Browser, school: School) -> None:
    made = browser.new_context()
    page = made.new_page()
    page.goto(school.address)
    page.wait_for_function("!!window.tactful?.push")
    assert page.evaluate("tactful.push.state()") == "off"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Without a window nobody can be asked, which counts as no.
    assert page.evaluate("tactful.push.subscribe()") in {"off", "denied"}
    assert asked == []
    made.close()
