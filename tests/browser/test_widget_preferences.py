"""The preference centre and the palette of the widget, by hand and by keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tactful.store.database import Database
from tests.browser.pages import Guest, Site, ask, waits

Comes = Callable[..., Guest]


def kept(site: Site, person: str) -> dict[str, object]:
    """The preferences that the engine holds of somebody."""
    return dict(ask(site.engine, f"/proactive/preferences?user_id={person}"))


def opened(seen: Guest) -> Page:
    """The preference centre, by the keyboard alone."""
    seen.page.keyboard.press("Control+k")
    waits(seen.page.get_by_role("combobox"))
    seen.page.keyboard.type("preferences")
    seen.page.keyboard.press("Enter")
    waits(seen.page.get_by_role("switch", name="Do not disturb"))
    return seen.page


def test_preferences_are_changed_with_the_keyboard_alone(lessons: Site, comes: Comes) -> None:
    seen = comes().open("quin")
    seen.hears("ready")
    page = opened(seen)
    assert seen.visit.barriers_in_light_and_dark() == []
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    page.get_by_role("switch", name="Do not disturb").press("Space")
    page.get_by_role("spinbutton", name="At most a day").fill("1")
    page.get_by_role("button", name="More").press("Enter")
    page.get_by_role("switch", name="A start to the day").press("Space")
    page.get_by_label("Quiet hours, from").fill("21:30")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    held = kept(lessons, "quin")
    assert (held["dnd_enabled"], held["max_notifications_per_day"]) == (True, 2)
    assert (held["quiet_hours_start"], held["quiet_hours_end"]) == ("21:30:00", "08:00:00")
    assert held["disabled_intervention_types"] == ["morning_ritual"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert seen.is_quiet()


def test_what_is_there_to_be_switched_off_comes_from_the_engine(lessons: Site, comes: Comes) -> None:
    seen = comes().open("uma")
    seen.hears("ready")
    page = opened(seen)
    told = kept(lessons, "uma")
    names = "form => [...form.elements].filter(it => it.name === '{}').map(it => it.value)"
    form = page.locator("form#prefs")
    assert form.evaluate(names.format("kind")) == told["intervention_types"]
    assert form.evaluate(names.format("channel")) == told["channels"]
    expect(page.get_by_role("switch", name="Help where you hesitate")).to_be_checked()
    assert seen.is_quiet()


def test_what_does_not_fit_is_said_and_nothing_is_changed(lessons: Site, comes: Comes) -> None:
    seen = comes(viewport={"width": 360, "height": 700}).open("rosa", lang="de")
    seen.hears("ready")
    seen.page.evaluate("tactful.open('preferences')")
    most = seen.page.get_by_role("spinbutton", name="Höchstens am Tag")
    waits(most)
    most.fill("1000")
    seen.page.get_by_role("button", name="Speichern").click()
    expect(seen.page.get_by_text("Bitte prüfen Sie diese Angabe.")).to_be_visible()
    expect(most).to_be_focused()
    assert kept(lessons, "rosa")["max_notifications_per_day"] != 1000
    assert seen.visit.overflow() <= 0
    assert seen.is_quiet()


def test_the_data_of_a_person_are_theirs_to_take_along(lessons: Site, comes: Comes) -> None:
    seen = comes().open("sam")
    seen.hears("ready")
    seen.page.evaluate("tactful.open('preferences')")
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Download my data").click()
    assert download.value.suggested_filename == "my-data.json"
    assert "sam" in download.value.path().read_text()
    assert seen.is_quiet()


def test_who_wants_to_be_forgotten_is_asked_once_more_and_then_forgotten(
    module_database: Database, lessons: Site, comes: Comes
) -> None:
    seen = comes().open("tess")
    seen.hears("ready")
    seen.page.evaluate("tactful.open('preferences')")
    seen.page.get_by_role("button", name="Forget me").click()
    seen.page.get_by_role("button", name="Keep everything").click()
    expect(seen.page.get_by_role("button", name="Forget me")).to_be_focused()
    seen.page.keyboard.press("Enter")
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.page.get_by_role("button", name="Forget me for good").click()
    assert seen.hears("forgotten")
    assert seen.hears("stopped")
    before = seen.to_engine()
    seen.page.reload()
    seen.page.wait_for_timeout(300)
    assert seen.to_engine() == before
    # Whoever was erased is not told of again, and the page hears of no error.
    assert seen.heard("error") == []
    assert seen.is_quiet()


def test_what_was_changed_is_kept_where_somebody_then_wants_not_to_be_noticed(lessons: Site, comes: Comes) -> None:
    seen = comes().open("vera")
    seen.hears("ready")
    page = opened(seen)
    page.get_by_role("spinbutton", name="At most a day").fill("1000")
    page.get_by_role("switch", name="Notice what I do").press("Space")
    expect(page.get_by_role("switch", name="Notice what I do")).to_be_checked()
    page.get_by_role("spinbutton", name="At most a day").fill("3")
    page.get_by_role("switch", name="Notice what I do").press("Space")
    assert seen.hears("stopped")
    assert kept(lessons, "vera")["max_notifications_per_day"] == 3
    assert seen.is_quiet()


def test_a_plan_is_shown_once_the_page_has_one(comes: Comes) -> None:
    seen = comes().open("uli", slots='<p slot="plan" id="plan"></p>')
    seen.hears("ready")
    seen.page.keyboard.press("Control+k")
    waits(seen.page.get_by_role("combobox"))
    expect(seen.page.get_by_role("option", name="Your plan for today")).to_have_count(0)
    seen.page.keyboard.press("Escape")
    expect(seen.page.get_by_role("dialog")).to_have_count(0)
    seen.page.evaluate("document.getElementById('plan').textContent = 'Two short reviews'")
    seen.page.keyboard.press("Control+k")
    seen.page.get_by_role("option", name="Your plan for today").click()
    expect(seen.page.get_by_role("dialog", name="Today")).to_contain_text("Your plan")
    waits(seen.page.get_by_text("Two short reviews"))
    assert seen.visit.barriers_in_light_and_dark() == []
    assert seen.is_quiet()
