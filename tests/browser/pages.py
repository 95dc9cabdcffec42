"""Somebody else's site, of another origin than the engine: hostile styles, a strict policy, and the widget in it."""

import html
import http.server
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tactful.api import auth
from tactful.kernel.clock import SystemClock
from tests.browser.conftest import KEY, PATIENCE, Visit

ORGANISATION = "acme"
# Nothing of the site's own runs, nothing inline, no text may become a script; the engine is all there is besides.
POLICY = (
    "default-src 'none'; script-src {engine}; connect-src {engine}; style-src 'self'; img-src data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HOSTILE = """
* { letter-spacing: .3em !important; text-transform: uppercase !important; font: italic 30px fantasy !important;
    line-height: 3 !important; text-align: right !important; visibility: inherit; cursor: wait !important }
button, input, label, p, div, section, dialog, span, form, svg { background: red !important; color: yellow !important;
    border: 9px dashed lime !important; border-radius: 0 !important; margin: 40px !important; float: left !important }
tactful-widget { display: none !important; opacity: 0 !important; transform: rotate(9deg) !important;
    filter: invert(1) !important; pointer-events: none !important; color: red !important }
dialog, [popover] { display: none !important }
"""
CALM = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText }
main { max-width: 40rem; margin: 0 auto; font: 1rem/1.5 system-ui, sans-serif }
section { min-height: 15rem }
"""
PAGE = """<!doctype html>
<html {root}>
<head><meta charset="utf-8"><title>Derivatives</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}.css"><script src="{engine}/widget.js" defer></script></head>
<body><main><h1>Derivatives</h1>
<section id="one" data-tactful-concept="slope" data-tactful-content-id="slope-1"><h2>Slope</h2><p>How steep it is.</p>
<button id="check">Check</button></section>
<section id="two" data-tactful-concept="chain rule"><h2>Chain rule</h2><p>From outside in.</p>
<label>Your answer <input id="answer"></label></section>
<section id="three"><h2>More</h2><p>And so on.</p></section></main>
{widget}</body></html>"""


@dataclass
class Site:
    """The site, and the engine that its pages speak to."""

    engine: str = ""
    address: str = ""

    def page(self, query: Mapping[str, str]) -> str:
        """A page; what is asked for with `root` is on its root, the rest on the widget, which `none` leaves out."""
        told = dict(query)
        root, style = told.pop("root", "lang=en"), told.pop("style", "calm")
        slots = told.pop("slots", "")
        attributes = " ".join(f'{name}="{html.escape(value)}"' for name, value in told.items())
        widget = "" if "none" in told else f"<tactful-widget {attributes}>{slots}</tactful-widget>"
        return PAGE.format(root=root, style=style, engine=self.engine, widget=widget)

    def answer(self, path: str) -> tuple[str, str]:
        """The kind and the text of what lies under a path."""
        place = urlsplit(path)
        styles = {"/calm.css": CALM, "/hostile.css": CALM + HOSTILE}
        if place.path in styles:
            return "text/css", styles[place.path]
        return "text/html; charset=utf-8", self.page(dict(parse_qsl(place.query, keep_blank_values=True)))


@contextmanager
def site() -> Iterator[Site]:
    """A site that runs for the length of a block, on a port of its own; whose engine is told later."""
    found = Site()

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = found.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY.format(engine=found.engine))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        found.address = f"http://localhost:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def token(sub: str, scope: str = auth.WIDGET, *, seconds: float = 3600) -> str:
    """What the site's back end hands out."""
    now = SystemClock().now()
    return auth.issue(KEY, sub=sub, org=ORGANISATION, scope=scope, now=now, hours=seconds / 3600)


def ask(engine: str, path: str, body: Any = None, *, method: str | None = None, **who: str) -> Any:
    """What the engine answers the site's back end."""
    headers = {
        "Authorization": f"Bearer {token(who.get('sub', 'backend'), who.get('scope', 'service'))}",
        "Content-Type": "application/json",
    }
    told = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(engine + path, told, headers, method=method)) as answer:
        return json.load(answer)


@dataclass
class Guest:
    """Somebody on a page with the widget, and everything that went on."""

    visit: Visit
    site: Site

    @property
    def page(self) -> Page:
        """The page."""
        return self.visit.page

    def open(self, sub: str | None, **attributes: str) -> "Guest":
        """Go to a page, signed in as somebody; attributes are the widget's, with underscores for hyphens."""
        told = {name.replace("_", "-"): value for name, value in attributes.items()}
        signed = {} if sub is None else {"token": token(sub)}
        given = {"consent": "given", "page": "lesson"} | signed | told
        self.page.goto(f"{self.site.address}/lesson?{urlencode(given)}")
        until(lambda: bool(self.page.evaluate("!!customElements.get('tactful-widget')")))
        return self

    @property
    def card(self) -> Locator:
        """The card that is shown."""
        return self.page.locator("section.card:popover-open")

    def to_engine(self, path: str = "") -> list[str]:
        """What was asked of the engine, without the script itself."""
        return [url for url in self.visit.asked if url.startswith(self.site.engine + path) and not url.endswith(".js")]

    def asks(self, path: str) -> bool:
        """Once something was asked of the engine under a path."""
        self.until(lambda: self.to_engine(path) != [])
        return True

    def until(self, question: Callable[[], bool]) -> None:
        """Wait until it is so, while what the page does comes in."""
        end = time.monotonic() + PATIENCE / 1000
        while not question():
            assert time.monotonic() < end, "it never came"
            self.page.wait_for_timeout(50)

    def one_more_tab(self) -> "Guest":
        """Another page in the same browser."""
        return _guest(self.page.context, self.site)

    def heard(self, name: str) -> list[Any]:
        """Details of every event of that name that the page has heard."""
        told: list[Any] = self.page.evaluate(
            "name => (window.heard ?? []).filter(([n]) => n === name).map(([, d]) => d)", name
        )
        return told

    def hears(self, name: str) -> list[Any]:
        """The same, once there is one."""
        until(lambda: self.heard(name) != [])
        return self.heard(name)

    def is_quiet(self) -> bool:
        """Whether nothing was complained about: no error, nothing against the site's policy, nobody else was asked."""
        known = (self.site.address, self.site.engine, "data:", "blob:")
        strangers = [url for url in self.visit.asked if not url.startswith(known)]
        assert (self.visit.complaints, self.visit.refused(), strangers) == ([], [], [])
        return True


# Every event of the widget, as the page hears it.
LISTEN = """window.heard = []; for (const name of ["ready", "presence", "help", "card", "poll", "palette", "response",
"action", "preferences", "error", "stopped", "forgotten", "live"])
addEventListener("tactful:" + name, ({ detail }) => heard.push([name, JSON.parse(JSON.stringify(detail ?? null))]));"""


def guest(browser: Browser, site: Site, **options: Any) -> Guest:
    """Somebody who comes to the site with a browser of their own."""
    return _guest(browser.new_context(**({"viewport": {"width": 1100, "height": 800}} | options)), site)


def _guest(context: BrowserContext, site: Site) -> Guest:
    page = context.new_page()
    page.add_init_script(LISTEN)
    return Guest(Visit(page, site.address), site)


def waits(locator: Locator) -> None:
    """Until it is in sight."""
    expect(locator).to_be_visible()


def until(question: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
