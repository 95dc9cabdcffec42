"""Every page of a running engine, in light and dark, on a desk and in a hand: quiet, private, open to everybody."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tactful.api import auth
from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tests.browser.conftest import KEY, Visit, engine

# Each page, and the part of it that shows that it is ready.
PAGES = {"/": "section", "/docs": ".opblock-tag"}
# With the widget in it, which asks for consent first.
LESSON = "/demo/lesson"
FOCUSABLE = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility())
    .forEach((each, number) => each.dataset.number = number + 1) || document.querySelectorAll("[data-number]").length"""
FOCUSED = """(() => { const each = document.activeElement, style = getComputedStyle(each);
    return [Number(each.dataset.number ?? 0), style.outlineStyle !== "none" || style.boxShadow !== "none"]; })()"""


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log: Path = tmp_path_factory.mktemp("engine") / "log"
    with engine(module_database, redis_url, log, "up", "--demo") as address:
        yield address


@pytest.mark.parametrize("path", [*PAGES, LESSON])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_a_page_is_quiet_and_has_no_barriers(visit: Callable[..., Visit], path: str, scheme: str, width: int) -> None:
    seen = visit(scheme=scheme, width=width)
    seen.go(path, until=PAGES.get(path, "section.card"))
    assert seen.barriers() == []
    assert seen.refused() == []
    assert seen.complaints == []
    assert seen.strangers() == []
    assert seen.overflow() <= 0


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Callable[..., Visit], path: str) -> None:
    page = visit().go(path, until=PAGES[path])
    count: int = page.evaluate(FOCUSABLE)
    reached: list[Any] = []
    for _ in range(count):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert count > 3
    assert {number for number, _ in reached} == set(range(1, count + 1))
    assert [number for number, shown in reached if not shown] == []


def test_the_page_tells_what_a_running_engine_did(visit: Callable[..., Visit]) -> None:
    page = visit().go("/")
    assert page.get_by_role("status").inner_text().startswith("Running The last tick ")
    assert "tick" in page.get_by_role("region", name="Last 24 hours").inner_text()
    assert "None" in page.get_by_role("region", name="Failures").inner_text()
    page.get_by_role("link", name="API").click()
    page.wait_for_selector(".opblock-tag")
    page.get_by_role("link", name="Status").click()
    page.wait_for_selector("section")
    assert page.title() == "Tactful: running"


def answered(page: Page, chapter: str, summary: str) -> str:
    """The status that an operation of a chapter answers with when it is tried out."""
    page.locator(f'.opblock-tag[data-tag="{chapter}"] .expand-operation').click()
    operation = page.locator(".opblock", has_text=summary)
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table .response-col_status").last.inner_text()


def test_an_operation_can_be_tried_out_and_answers(visit: Callable[..., Visit]) -> None:
    seen = visit(width=360)
    page = seen.go("/docs", until=".opblock-tag")
    token = auth.issue(KEY, sub="demo-1", org="demo", scope=auth.PERSON, now=SystemClock().now(), hours=1)
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("auth-bearer-value").fill(token)
    assert seen.barriers_in_light_and_dark() == []
    page.get_by_role("button", name="Apply credentials").click()
    page.locator(".auth-btn-wrapper").get_by_role("button", name="Close").click()
    assert answered(page, "preferences", "Read Preferences").startswith("200")
    assert answered(page, "events", "Update Presence").startswith("200")
    assert page.url.endswith("#/events/update_presence_ambient_presence_update_post")
    assert seen.barriers_in_light_and_dark() == []
    assert seen.refused() == seen.complaints == seen.strangers() == []
    assert seen.overflow() <= 0
