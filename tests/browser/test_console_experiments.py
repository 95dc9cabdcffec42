"""A test of variants in a browser: its picture on any screen, and what asks before it is done."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tactful.store.database import Database
from tests.browser.conftest import Visit, engine, operator_of
from tests.console.looking import fill
from tests.console.trying import try_out


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "log"


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, log: Path) -> Iterator[str]:
    fill(module_database, "default", people=2, interventions=2, decisions=2)
    try_out(module_database, "default")
    with engine(module_database, redis_url, log, "up") as address:
        yield address


@pytest.fixture(scope="module")
def state(browser: Browser, address: str, log: Path) -> Any:
    return operator_of(browser, address, log)


@pytest.mark.parametrize("path", ["experiments", "experiments?name=warmer_hello"])
@pytest.mark.parametrize("width", [360, 1400])
def test_a_test_is_quiet_and_has_no_barriers(visit: Callable[..., Visit], state: Any, path: str, width: int) -> None:
    seen = visit(width=width, state=state)
    page = seen.go(f"/console/{path}")
    for each in page.locator("details.sure summary").all():
        each.click()
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints, seen.strangers()) == ([], [], [])
    assert seen.overflow() <= 0


def test_a_winner_is_said_to_everybody_once_that_was_meant(visit: Callable[..., Visit], state: Any) -> None:
    seen = visit(state=state)
    page = seen.go("/console/experiments?name=warmer_hello")
    now = page.get_by_role("button", name="Say it from now on")
    assert not now.is_visible()
    page.locator("summary", has_text="Say it to everybody").focus()
    page.keyboard.press("Enter")
    now.click()
    page.get_by_text("warmer of warmer_hello is said to everybody from now on").wait_for()
    assert (seen.refused(), seen.complaints) == ([], [])
