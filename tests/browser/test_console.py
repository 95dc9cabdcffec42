"""The console's frame: the way in, the menu, and pages that every browser shows alike."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tactful.console import entering
from tactful.console.console import FURTHER, QUESTIONS
from tactful.console.pages import Page
from tactful.store.database import Database
from tests.browser.conftest import Visit, engine, operator_of

PAGES = (
    "now",
    "now/sessions",
    "session/new",
    "people",
    "helped",
    "analytics",
    "why_not",
    "milestones",
    "models",
    "running",
    "settings",
    "wordings",
    "wordings?name=people.gentle_nudge",
    "channels",
    "outreach",
    "undelivered",
    "experiments",
    "own-kinds",
    "operators",
    "acts",
    "account",
)


# These are looked at with something on them, and answers that are no pages.
ELSEWHERE = {"session", "person", "decision", "people/find", "people/proposed"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "log"


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, log: Path) -> Iterator[str]:
    with engine(module_database, redis_url, log, "up") as address:
        yield address


@pytest.fixture(scope="module")
def state(browser: Browser, address: str, log: Path) -> Any:
    return operator_of(browser, address, log)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [360, 1400])
def test_a_page_of_the_console_is_quiet_and_has_no_barriers(
    visit: Callable[..., Visit], state: Any, path: str, width: int
) -> None:
    seen = visit(width=width, state=state)
    seen.go(f"/console/{path}")
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints, seen.strangers()) == ([], [], [])
    assert seen.overflow() <= 0


def test_no_page_is_left_out() -> None:
    parts = [part for each in (entering, *QUESTIONS, *FURTHER) for part in each.PARTS]
    pages = {part.path for part in parts if isinstance(part, Page)}
    assert pages - ELSEWHERE == {path.partition("?")[0] for path in PAGES}


def test_the_door_is_quiet_and_has_no_barriers(visit: Callable[..., Visit]) -> None:
    seen = visit(width=360)
    seen.go("/console/acts")
    assert seen.page.url.endswith("/console/sign-in?next=%2Fconsole%2Facts")
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints) == ([], [])
    assert seen.overflow() <= 0


def test_signing_in_and_out_needs_no_mouse(visit: Callable[..., Visit], state: Any) -> None:
    assert state["cookies"]
    page = visit().go("/console/acts")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("ana@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    assert "not right" in page.get_by_role("alert").inner_text()
    page.get_by_label("Password").focus()
    page.keyboard.type("a horse that is correct")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Who did what?").wait_for()
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_the_menu_opens_on_a_phone_by_keyboard(visit: Callable[..., Visit], state: Any) -> None:
    page = visit(width=360, state=state).go("/console/acts")
    link = page.get_by_role("link", name="Who may come in?")
    assert not link.is_visible()
    page.locator("summary", has_text="Menu").focus()
    page.keyboard.press("Enter")
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Who may come in?").wait_for()


def test_somebody_is_let_in_as_a_viewer(visit: Callable[..., Visit], state: Any) -> None:
    page = visit(state=state).go("/console/operators")
    page.get_by_label("E-mail address").fill("ben@example.org")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("status").locator("code").inner_text()
    guest = visit()
    assert link.startswith(f"{guest.address}/console/welcome/")
    theirs = guest.go(link.removeprefix(guest.address))
    theirs.get_by_label("Password").fill("another fine horse")
    theirs.get_by_role("button", name="Come in").click()
    theirs.get_by_role("link", name="ben@example.org").wait_for()
    assert theirs.get_by_role("link", name="Who may come in?").count() == 0
