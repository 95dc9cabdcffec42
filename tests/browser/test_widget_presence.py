"""What the widget tells of where somebody is: with their consent alone, as it was, and each second once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tactful.store.database import Database
from tests.browser.pages import Guest, token, until, waits
from tests.browser.planned import known, presence

Comes = Callable[..., Guest]
SIGNALS = {
    "doNotTrack": "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })",
    "globalPrivacyControl": "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })",
}
HIDE = """hidden => { Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    Object.defineProperty(document, "visibilityState", { configurable: true, value: hidden ? "hidden" : "visible" });
    document.dispatchEvent(new Event("visibilitychange")); }"""


def hide(page: Page, hidden: bool = True) -> None:
    """Have the page be out of sight, as the browser tells it."""
    page.evaluate(HIDE, hidden)


def test_nothing_is_asked_of_the_engine_before_somebody_says_yes(module_database: Database, comes: Comes) -> None:
    seen = comes().open("ida", consent="required")
    waits(seen.card)
    expect(seen.card).to_contain_text("A little help here?")
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.page.keyboard.press("Control+k")
    seen.page.wait_for_timeout(300)
    assert [url for url in seen.visit.asked if url.startswith(seen.site.engine)] == [f"{seen.site.engine}/widget.js"]
    assert presence(module_database, "ida") is None
    seen.card.get_by_role("button", name="Yes, help me").click()
    until(lambda: presence(module_database, "ida") is not None)
    seen.page.reload()
    assert seen.hears("ready")
    assert seen.card.count() == 0
    assert seen.is_quiet()


def test_who_says_no_is_left_alone_for_good(comes: Comes) -> None:
    seen = comes().open("jon", consent="required")
    waits(seen.card)
    # What listeners are told leads there.
    expect(seen.page.locator("tactful-widget [role=status]")).to_contain_text("Press Alt+T to get there.")
    seen.page.keyboard.press("Alt+t")
    expect(seen.card.get_by_role("button", name="Yes, help me")).to_be_focused()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    expect(seen.card).to_have_count(0)
    seen.page.reload()
    seen.page.wait_for_timeout(500)
    assert (seen.card.count(), seen.to_engine()) == (0, [])
    assert seen.is_quiet()


@pytest.mark.parametrize("signal", SIGNALS)
def test_who_does_not_wish_to_be_tracked_is_neither_tracked_nor_asked(comes: Comes, signal: str) -> None:
    seen = comes()
    seen.page.add_init_script(SIGNALS[signal])
    seen.open("kim", consent="given")
    hide(seen.page)
    seen.page.wait_for_timeout(500)
    assert (seen.card.count(), seen.to_engine()) == (0, [])
    # What they say themselves counts for more than the signal.
    seen.page.evaluate("tactful.consent(true)")
    assert seen.hears("ready")
    assert seen.is_quiet()


def test_consent_that_is_taken_back_ends_everything_in_every_tab(module_database: Database, comes: Comes) -> None:
    one = comes().open("lea")
    two = one.one_more_tab().open("lea")
    for each in (one, two):
        assert each.hears("ready")
    one.page.evaluate("tactful.consent(false)")
    for each in (one, two):
        assert each.hears("stopped")
        before = each.to_engine()
        hide(each.page)
        each.page.wait_for_timeout(200)
        assert each.to_engine() == before


def test_what_somebody_does_is_counted_while_the_page_is_in_sight(module_database: Database, comes: Comes) -> None:
    seen = comes().open("max", topic="calculus", content_id="slope-1")
    assert seen.hears("ready")
    for by in (30, -30):
        for _ in range(2):
            seen.page.mouse.wheel(0, by)
        seen.page.wait_for_timeout(900)
    seen.page.get_by_role("button", name="Check").hover()
    seen.page.wait_for_timeout(1400)
    hide(seen.page)
    told = seen.heard("presence")[-1]
    until(lambda: (presence(module_database, "max") or {}).get("seq") == told["seq"])
    stored = presence(module_database, "max")
    assert stored is not None
    assert told["final"] is True
    assert 2 <= told["scroll_count"] == stored["scroll_count"]
    assert (stored["current_page"], stored["current_topic"], stored["current_content_id"]) == (
        "lesson",
        "calculus",
        "slope-1",
    )
    assert stored["mouse_hesitations"] == 1
    seconds = stored["time_on_page"]
    assert seconds > 2
    seen.page.wait_for_timeout(1500)
    hide(seen.page, hidden=False)
    seen.page.wait_for_timeout(100)
    last = seen.heard("presence")[-1]
    assert last["time_on_page"] < seconds + 1
    assert seen.is_quiet()


def test_another_page_without_loading_is_another_visit(module_database: Database, comes: Comes) -> None:
    seen = comes().open("nia")
    assert seen.hears("ready")
    seen.page.wait_for_timeout(700)
    seen.page.evaluate("document.querySelector('tactful-widget').setAttribute('page', 'exercise')")
    until(lambda: (presence(module_database, "nia") or {}).get("current_page") == "exercise")
    told = seen.heard("presence")
    assert [*dict.fromkeys(each["page"] for each in told)] == ["lesson", "exercise"]
    assert len({each["visit_id"] for each in told}) == 2
    last = next(each for each in told if each["page"] == "exercise")
    assert (last["seq"], told[told.index(last) - 1]["final"]) == (0, True)
    assert last["time_on_page"] < 0.5


def test_of_two_tabs_one_leads_and_the_other_takes_over_when_it_is_closed(
    module_database: Database, comes: Comes
) -> None:
    known(module_database, "oli")
    one = comes().open("oli")
    assert one.asks("/proactive/interventions")
    two = one.one_more_tab().open("oli")
    assert two.asks("/ambient/presence")
    two.page.evaluate("tactful.refresh()")
    two.page.wait_for_timeout(500)
    assert two.to_engine("/proactive/interventions") == []
    one.page.close()
    assert two.asks("/proactive/interventions")


def test_tokens_are_replaced_before_they_end_and_once_they_are_refused(module_database: Database, comes: Comes) -> None:
    seen = comes()
    given: list[str] = []

    def mint() -> str:
        # The first is soon too old; the second is of somebody else's making.
        given.append([token("pia", seconds=2), "not.a.token", token("pia")][min(len(given), 2)])
        return given[-1]

    seen.page.expose_function("mint", mint)
    seen.open(None, none="")
    seen.page.evaluate("tactful.start({ token: () => mint(), consent: 'given', page: 'lesson' })")
    until(lambda: presence(module_database, "pia") is not None)
    seen.page.wait_for_timeout(2200)
    seen.page.evaluate("tactful.refresh()")
    seen.until(lambda: len(given) == 3)
    seen.page.evaluate("tactful.open('preferences')")
    waits(seen.page.get_by_role("switch", name="Do not disturb"))


def test_without_a_token_nothing_is_tried(comes: Comes) -> None:
    seen = comes().open(None)
    hide(seen.page)
    seen.page.wait_for_timeout(300)
    assert seen.to_engine() == []
    assert seen.is_quiet()
