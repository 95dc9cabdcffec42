"""Help at the place where somebody hesitates, and quick actions found by typing."""

from collections.abc import Callable

from playwright.sync_api import expect

from tactful.store.database import Database
from tests.browser.pages import Guest, until, waits
from tests.living import one

Comes = Callable[..., Guest]


def hesitate(seen: Guest, times: int = 3) -> None:
    """Rest with the pointer on a control and away from it."""
    for _ in range(times):
        seen.page.get_by_role("button", name="Check").hover()
        seen.page.wait_for_timeout(1300)
        seen.page.mouse.move(5, 5)


def answer(database: Database, number: int) -> str | None:
    """What is stored of the answer to help."""
    return one(database, "SELECT user_response FROM inline_help_logs WHERE id = %s", number)  # type: ignore[no-any-return]


def test_help_comes_where_somebody_hesitates_and_is_taken(module_database: Database, comes: Comes) -> None:
    seen = comes().open("vera", topic="calculus")
    seen.hears("ready")
    hesitate(seen)
    waits(seen.card)
    [told] = seen.hears("help")
    assert (told["help_type"], told["concept"]) == ("hesitation", "slope")
    control, shown = seen.page.get_by_role("button", name="Check").bounding_box(), seen.card.bounding_box()
    assert control is not None
    assert shown is not None
    assert 0 <= shown["y"] - (control["y"] + control["height"]) < 20
    assert seen.card.get_attribute("data-side") == "below"
    expect(seen.page.locator("body")).to_be_focused()
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.card.get_by_role("button", name="Show me").click()
    [action] = seen.hears("action")
    assert (action["from"], action["action"], action["concept"]) == ("help", told["action"], "slope")
    until(lambda: answer(module_database, told["help_id"]) == "accepted")
    assert seen.is_quiet()


def test_escape_sends_help_away_from_wherever_one_is(module_database: Database, comes: Comes) -> None:
    seen = comes(viewport={"width": 900, "height": 420}).open("walt", dir="rtl")
    seen.hears("ready")
    seen.page.get_by_label("Your answer").focus()
    hesitate(seen)
    waits(seen.card)
    [told] = seen.hears("help")
    box = seen.card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 900
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 420
    seen.page.keyboard.press("Escape")
    expect(seen.card).to_have_count(0)
    until(lambda: answer(module_database, told["help_id"]) == "dismissed")
    assert seen.is_quiet()


def test_help_follows_its_control_and_stays_in_the_window(comes: Comes) -> None:
    seen = comes(viewport={"width": 900, "height": 500}).open("xena")
    seen.hears("ready")
    hesitate(seen)
    waits(seen.card)
    for by in (60, 400, 1200):
        seen.page.evaluate("by => scrollTo(0, by)", by)
        seen.page.wait_for_timeout(100)
        box = seen.card.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 500
    seen.page.evaluate("document.querySelector('tactful-widget').setAttribute('page', 'another')")
    expect(seen.card).to_have_count(0)


def keyed(seen: Guest, *keys: str) -> None:
    """Press these one after the other, as quickly as somebody who looks for something."""
    for key in keys:
        seen.page.keyboard.press(key)
        seen.page.wait_for_timeout(60)


def to_check(seen: Guest) -> None:
    """Go to the control by keyboard."""
    control = seen.page.get_by_role("button", name="Check")
    while not control.evaluate("it => it === document.activeElement"):
        keyed(seen, "Tab")


def hesitations(seen: Guest) -> int:
    """What is told of them when the page is left."""
    seen.page.evaluate("dispatchEvent(new Event('pagehide'))")
    return int(seen.hears("presence")[-1]["mouse_hesitations"])


def test_who_comes_back_to_a_control_by_keyboard_and_does_nothing_hesitates(comes: Comes) -> None:
    seen = comes().open("yuri", topic="calculus")
    seen.hears("ready")
    to_check(seen)
    keyed(seen, *("Tab", "Shift+Tab") * 5)
    waits(seen.card)
    [told] = seen.hears("help")
    assert (told["help_type"], told["concept"]) == ("hesitation", "slope")
    expect(seen.page.get_by_role("button", name="Check")).to_be_focused()
    assert seen.is_quiet()


def test_resting_on_a_control_by_keyboard_counts_once_and_acting_does_not(comes: Comes) -> None:
    seen = comes().open("zora", topic="calculus")
    seen.hears("ready")
    to_check(seen)
    seen.page.wait_for_timeout(1300)
    # Whoever presses it each time knows what they want, and whoever writes does not hesitate.
    keyed(seen, *("Tab", "Shift+Tab", "Enter") * 4)
    seen.page.get_by_label("Your answer").click()
    seen.page.wait_for_timeout(1300)
    assert hesitations(seen) == 1
    assert seen.is_quiet()
