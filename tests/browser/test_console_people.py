"""The pages about people in a browser: no barriers, no overflow, and a name is found while it is typed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tactful.decide import Rules
from tactful.facts.interactions import Interaction
from tactful.kernel.clock import SystemClock
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import passing, ticking
from tactful.uses.talking import Talking
from tests.browser.conftest import Visit, engine, operator_of
from tests.living import one, settle_in

RULES = Rules.from_settings(Settings({}))
SAID = ("I hate these fractions.", "Why is geometry so hard?", "That was fine.", "Great, I love geometry now!")
CRITICAL = """
SELECT p.external_id FROM people p JOIN dropout_risk_scores r ON r.user_id = p.id
 WHERE r.risk_level = 'critical' ORDER BY p.id LIMIT 1
"""
# Who was critical, and then said something.
TALKED = """
SELECT p.external_id FROM people p JOIN user_behavior_patterns b ON b.user_id = p.id
 ORDER BY b.total_interactions DESC LIMIT 1
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "log"


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, log: Path) -> Iterator[str]:
    now = SystemClock().now()
    settle_in(module_database, now=now)
    with module_database.batch() as connection:
        # The one whose first operator is let in.
        connection.execute("UPDATE organisations SET name = 'default' WHERE name = 'acme'")
    ticking.tick(module_database, RULES, at=now, everybody=True)
    whom = str(one(module_database, CRITICAL))
    said = [
        ("default", Interaction(whom, text, now - timedelta(days=days, hours=3)))
        for days, text in enumerate((*SAID, *SAID[::-1], *SAID))
    ]
    Talking(module_database, Settings({})).write(said, now)
    passing.go(module_database, "patterns", Settings({}), at=now)
    with engine(module_database, redis_url, log, "up") as address:
        yield address


@pytest.fixture(scope="module")
def state(browser: Browser, address: str, log: Path) -> Any:
    return operator_of(browser, address, log)


@pytest.fixture
def pages(module_database: Database) -> dict[str, str]:
    whom = one(module_database, TALKED)
    return {
        "people": "people",
        "person": f"person?id={whom}",
        "decision": f"decision?id={one(module_database, 'SELECT min(id) FROM decisions')}",
    }


@pytest.mark.parametrize("page", ["people", "person", "decision"])
@pytest.mark.parametrize("width", [360, 1400])
def test_pages_about_people_are_quiet_and_have_no_barriers(
    visit: Callable[..., Visit], state: Any, pages: dict[str, str], page: str, width: int
) -> None:
    seen = visit(width=width, state=state)
    seen.go(f"/console/{pages[page]}")
    # What is folded away is on the page, too.
    seen.page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints, seen.strangers()) == ([], [], [])
    assert seen.overflow() <= 0


def test_somebody_is_proposed_while_their_id_is_typed_and_found_without_a_mouse(
    visit: Callable[..., Visit], state: Any
) -> None:
    seen = visit(state=state)
    page = seen.go("/console/people")
    field = page.get_by_role("search").get_by_label("Find a person")
    field.focus()
    page.keyboard.type("demo-12")
    page.locator("#found option[value='demo-12']").wait_for(state="attached")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="demo-12").wait_for()
    assert (seen.refused(), seen.complaints) == ([], [])


def test_a_preview_is_asked_for_and_read_without_a_mouse(
    visit: Callable[..., Visit], state: Any, pages: dict[str, str]
) -> None:
    seen = visit(width=360, state=state)
    page = seen.go(f"/console/{pages['person']}")
    page.get_by_role("button", name="Try it").press("Enter")
    page.locator(".outcome", has_text="08:00 in").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    assert seen.barriers_in_light_and_dark() == []
    assert (seen.refused(), seen.complaints) == ([], [])
    assert seen.overflow() <= 0


def test_a_topic_of_their_story_is_chosen_and_shown_alone(
    visit: Callable[..., Visit], state: Any, pages: dict[str, str]
) -> None:
    page = visit(state=state).go(f"/console/{pages['person']}")
    page.get_by_role("navigation", name="What of it").get_by_role("link", name="Decisions").click()
    page.get_by_role("link", name="Decisions").and_(page.locator("[aria-current]")).wait_for()
    assert set(page.locator(".entry .topic").all_inner_texts()) == {"Decisions"}
    page.get_by_role("link", name="Why?").first.click()
    page.get_by_role("heading", level=1, name="Why was this decided?").wait_for()
