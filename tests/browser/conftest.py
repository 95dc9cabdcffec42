"""A running engine with its pages, and somebody who looks at them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tactful.store.database import Database
from tests.browser.chromium import opened
from tests.conftest import ROLE_SECRET
from tests.stories.processes import Part, free_port, wait_until_ready

if TYPE_CHECKING:
    from tests.browser.pages import Guest, Site

KEY = "the key of these tests, long enough for HS256"
# A busy machine is slow, not broken; milliseconds.
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE)
# Told by the page itself, because a blocked file is not always an error in the console.
WATCH = """window.refused = [];
document.addEventListener("securitypolicyviolation", (e) => refused.push(`${e.violatedDirective} ${e.blockedURI}`));"""

# In elements with a tree of their own, too. What is folded away, or turns for as long as work goes on, never settles.
SETTLED = """Promise.race([
    new Promise((done) => setTimeout(done, 1000)),
    Promise.allSettled([document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot)]
        .flatMap((root) => root?.getAnimations() ?? []).map((each) => each.finished))])"""


@dataclass
class Visit:
    """A page that is being looked at, and what it complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(WATCH)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str, *, until: str = "main") -> Page:
        """Open a page and wait for the part of it that matters."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(until)
        return self.page

    def barriers(self) -> list[str]:
        """What axe finds: rule, place and reason."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']} at {node['target']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]
        ]

    def barriers_in_light_and_dark(self) -> list[str]:
        """What axe finds when the person switches while the page is open."""
        found = []
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            # Colours fade over; what counts is where they end.
            self.page.evaluate(SETTLED)
            found += [f"in {scheme}: {barrier}" for barrier in self.barriers()]
        return found

    def refused(self) -> list[str]:
        """What the page's own policy kept it from doing."""
        told: list[str] = self.page.evaluate("refused")
        return told

    def strangers(self) -> list[str]:
        """Requests to anybody but us."""
        return [url for url in self.asked if not url.startswith((self.address, "data:"))]

    def overflow(self) -> int:
        """By how much the page is wider than its window; CSS pixels."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wider


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the whole session: while it is open, no other event loop can run.
    with opened() as browser:
        yield browser


@pytest.fixture(scope="module")
def lessons(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Site"]:
    """A site of another origin whose pages have the widget, and the engine behind it."""
    from tests.browser.pages import site

    log = tmp_path_factory.mktemp("engine") / "log"
    with site() as found:
        more = {"TACTFUL_API_ORIGINS": found.address, "TACTFUL_API_PERSON_PER_MINUTE": "6000"}
        with engine(module_database, redis_url, log, "api", **more) as address:
            found.engine = address
            yield found


@pytest.fixture
def comes(browser: Browser, lessons: "Site") -> Iterator[Callable[..., "Guest"]]:
    """Somebody comes to the site, with a browser of their own."""
    from tests.browser.pages import guest

    there: list[Guest] = []

    def come(**options: Any) -> "Guest":
        there.append(guest(browser, lessons, **options))
        return there[-1]

    yield come
    for each in there:
        each.page.context.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Looks at the running engine: light or dark, in a window so many CSS pixels wide; state: of `operator_of`."""
    contexts = []

    def look(*, scheme: str = "light", width: int = 1400, state: Any = None) -> Visit:
        options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
        options |= {"storage_state": state} if state else {}
        contexts.append(browser.new_context(**options))
        return Visit(contexts[-1].new_page(), address)

    yield look
    for context in contexts:
        context.close()


def operator_of(browser: Browser, address: str, log: Path) -> Any:
    """What a browser keeps of the engine's first operator, who comes in by the link that its log shows.

    Give it to a page as `visit(state=...)`.
    """
    link = re.search(rf"{re.escape(address)}/console/welcome/\S+", log.read_text())
    assert link is not None
    context = browser.new_context()
    page = context.new_page()
    page.goto(link[0])
    page.get_by_label("E-mail address").fill("ana@example.org")
    page.get_by_label("Password").fill("a horse that is correct")
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("navigation", name="Questions").wait_for()
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def engine(database: Database, redis_url: str, log: Path, *command: str, **more: str) -> Iterator[str]:
    """The address of an engine that runs as a user would start it. more: variables of its environment."""
    with process(database, redis_url, log, *command, **more) as (address, _):
        yield address


@contextmanager
def process(database: Database, redis_url: str, log: Path, *command: str, **more: str) -> Iterator[tuple[str, Part]]:
    """The same, and the process itself, to be killed and started again."""
    port = free_port()
    environ = {
        "DATABASE_URL": database.owner_url,
        "REDIS_URL": redis_url,
        "TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET,
        "TACTFUL_API_JWT_SECRET": KEY,
        "TACTFUL_CONFIG": "",
        # What a test has just changed is looked at anew.
        "TACTFUL_STORE_STATUS_SECONDS": "0",
    } | more
    part = Part([*command, "--port", str(port)], environ, log)
    part.start()
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", part)
        yield f"http://127.0.0.1:{port}", part
    finally:
        part.stop()
