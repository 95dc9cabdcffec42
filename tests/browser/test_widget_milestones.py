"""Milestones in the widget: told once by a card, looked at whenever somebody likes."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.browser.pages import ORGANISATION, Guest, waits
from tests.browser.planned import planned

Comes = Callable[..., Guest]


def came(database: Database, person: str, days: int) -> None:
    """Have somebody have come on each of so many days, up to today."""
    now = SystemClock().now() - timedelta(minutes=1)
    told = [Event(f"{person}-{day}", person, "visit", now - timedelta(days=day)) for day in range(days)]
    with database.batch() as connection:
        run(connection, count_rows([(ORGANISATION, each) for each in told], now=now))


def test_a_card_that_celebrates_leads_to_what_was_reached_and_what_is_next(
    module_database: Database, comes: Comes
) -> None:
    came(module_database, "ana", 8)
    planned(module_database, "ana", kind="milestone_celebration", title="A week in a row", action="milestones")
    seen = comes().open("ana")
    waits(seen.card)
    expect(seen.card.locator(".seal.glad")).to_be_visible()
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.card.get_by_role("button", name="Show me").click()
    shown = seen.page.get_by_role("dialog", name="Your milestones")
    waits(shown.get_by_role("heading", name="Reached"))
    expect(shown.locator("dd")).to_have_text(["1", "55", "8"])
    expect(shown.locator("dt")).to_have_text(["Level", "Points", "days in a row"])
    expect(shown.get_by_text("45 more points to level 2")).to_be_visible()
    expect(shown.locator(".had .name")).to_have_count(4)
    expect(shown.locator("section", has_text="Next").first.get_by_role("progressbar").first).to_be_visible()
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    assert seen.is_quiet()


def test_it_is_found_among_quick_actions_and_reads_from_right_to_left_without_motion(
    module_database: Database, comes: Comes
) -> None:
    came(module_database, "ben", 1)
    seen = comes(color_scheme="dark", reduced_motion="reduce").open("ben", dir="rtl", lang="de")
    seen.hears("ready")
    seen.page.keyboard.press("Control+k")
    seen.page.keyboard.type("Meilen")
    # What is pressed is what stands first by then.
    waits(seen.page.get_by_role("option").first.filter(has_text="Meilen"))
    seen.page.keyboard.press("Enter")
    shown = seen.page.get_by_role("dialog", name="Ihre Meilensteine")
    waits(shown.get_by_text("Noch 90 Punkte bis Stufe 2"))
    expect(shown.locator(".had .seal")).to_have_count(1)
    expect(shown.locator(".glad")).to_have_count(0)
    cross, title = shown.get_by_role("button", name="Schließen").bounding_box(), shown.get_by_role("heading").first
    box = title.bounding_box()
    assert cross is not None
    assert box is not None
    assert cross["x"] < box["x"] + box["width"] / 2
    assert seen.visit.barriers_in_light_and_dark() == []
    assert seen.is_quiet()
