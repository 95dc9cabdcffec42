"""Did it help, why not, can we trust the models: with figures on them, in a browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tactful.facts.chain import Chain
from tactful.store.database import Database
from tactful.store.learned import versions
from tests.browser.conftest import Visit, engine, operator_of
from tests.console.looking import fill
from tests.console.test_models import PREDICTIONS
from tests.living import NOW, one

PAGES = ("helped?span=month", "analytics?span=month", "why_not?span=day&rail=quiet_hours", "models")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "log"


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, log: Path) -> Iterator[str]:
    fill(module_database, "default", people=20, interventions=200, decisions=200)
    with module_database.batch() as connection:
        connection.execute(PREDICTIONS, ("default",))
        whose = connection.execute("SELECT id FROM organisations WHERE name = 'default'").fetchone()
        assert whose is not None
        taught = versions.Taught(whose["id"], "dropout", NOW, NOW, 100, 10, "print")
        decision = versions.Decision(NOW, promoted=True, by="schedule", reason="It is better.")
        versions.record(connection, taught, Chain(), {}, decision)
    with engine(module_database, redis_url, log, "up") as address:
        yield address


@pytest.fixture(scope="module")
def state(browser: Browser, address: str, log: Path) -> Any:
    return operator_of(browser, address, log)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [360, 1400])
def test_a_page_full_of_figures_is_quiet_and_has_no_barriers(
    visit: Callable[..., Visit], state: Any, path: str, width: int
) -> None:
    seen = visit(width=width, state=state)
    page = seen.go(f"/console/{path}")
    for each in page.locator("summary", has_text=re.compile("^(The figures|By )")).all():
        each.click()
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints, seen.strangers()) == ([], [], [])
    assert seen.overflow() <= 0


def test_a_span_is_chosen_and_figures_opened_by_keyboard(visit: Callable[..., Visit], state: Any) -> None:
    page = visit(state=state).go("/console/helped")
    page.get_by_role("link", name="24 hours").focus()
    page.keyboard.press("Enter")
    page.get_by_text("In the last 24 hours, 23 interventions").wait_for()
    page.locator("summary", has_text="The figures").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("row", name="gentle nudge").last.is_visible()


def test_learning_is_asked_for_and_tells_when_it_is_done(visit: Callable[..., Visit], state: Any) -> None:
    seen = visit(state=state)
    page = seen.go("/console/models")
    page.get_by_role("button", name="Train now").click()
    page.get_by_role("link", name="Show what is new").click()
    page.locator("#errand", has_text="Done").wait_for()
    assert page.get_by_role("button", name="Train now").is_visible()
    assert (seen.refused(), seen.complaints) == ([], [])


def test_a_version_is_set_back_with_a_reason(
    visit: Callable[..., Visit], state: Any, module_database: Database
) -> None:
    page = visit(state=state).go("/console/models")
    page.locator("summary", has_text="Stop it").first.click()
    page.get_by_label("Why version 1 of dropout is set back").fill("Alarms rose.")
    page.get_by_role("button", name="Back to the rule").click()
    page.get_by_text("Serving now: what was told before anything was learned.").wait_for()
    serving = "SELECT count(*) FROM model_versions WHERE promoted_at IS NOT NULL AND retired_at IS NULL"
    assert one(module_database, f"{serving} AND capability = 'dropout'") == 0
