"""A live room in the widget: polls are voted on in time, and lost connections come back."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.pages import Guest, Site, ask, waits

ROOMS = "/api/v1/live/sessions"
Comes = Callable[..., Guest]


def room(site: Site, name: str) -> str:
    """The address of a live session that has just begun."""
    ask(site.engine, ROOMS, {"session_id": name, "event_id": "conference"})
    ask(site.engine, f"{ROOMS}/{name}/start", {})
    return f"{ROOMS}/{name}"


def poll(site: Site, place: str, **more: Any) -> str:
    """The id of a poll that has just been opened."""
    told = {"question": "What <b>next</b>?", "options": ["Joins", "<i>Indexes</i>"], "duration": 300}
    return str(ask(site.engine, f"{place}/polls", told | more)["poll_id"])


def vote(site: Site, place: str, number: str, choice: int, who: str) -> None:
    """Somebody else votes."""
    ask(site.engine, f"{place}/polls/{number}/vote", {"choice": choice, "user_id": who})


def test_a_poll_is_voted_on_with_the_keyboard_and_its_results_come_in(lessons: Site, comes: Comes) -> None:
    place = room(lessons, "keynote")
    seen = comes().open("yan", session="keynote")
    assert seen.asks(f"{place}/stream")
    number = poll(lessons, place)
    waits(seen.card)
    expect(seen.card.locator(".title")).to_have_text("What <b>next</b>?")
    expect(seen.card).to_contain_text("s left")
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.page.keyboard.press("Alt+t")
    expect(seen.card.get_by_role("radio", name="Joins")).to_be_focused()
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    expect(seen.card).to_contain_text("1 vote")
    vote(lessons, place, number, 0, "others")
    expect(seen.card).to_contain_text("2 votes")
    assert seen.card.locator(".many").all_inner_texts() == ["50 %", "50 %"]
    expect(seen.card.get_by_role("radio", name="<i>Indexes</i>")).to_be_checked()
    assert seen.visit.barriers_in_light_and_dark() == []
    ask(lessons.engine, f"{place}/polls/{number}/close", {}, scope="operator:organiser")
    expect(seen.card).to_contain_text("Closed")
    assert seen.heard("response") == [{"kind": "poll", "id": number, "choice": 1}]
    assert seen.is_quiet()


def test_a_poll_goes_before_a_card_and_an_open_palette_before_both(lessons: Site, comes: Comes) -> None:
    place = room(lessons, "panel")
    seen = comes().open("zoe", session="panel")
    assert seen.asks(f"{place}/stream")
    seen.page.keyboard.press("Control+k")
    waits(seen.page.get_by_role("combobox"))
    poll(lessons, place, question="Slower?")
    seen.page.wait_for_timeout(700)
    assert seen.card.count() == 0
    seen.page.keyboard.press("Escape")
    expect(seen.card).to_contain_text("Slower?")


def test_words_are_sent_where_words_are_asked_for(lessons: Site, comes: Comes) -> None:
    place = room(lessons, "workshop")
    number = poll(lessons, place, question="What would help?", type="open_ended", options=[])
    seen = comes(color_scheme="dark").open("abe", session="workshop", lang="de")
    waits(seen.card)
    seen.card.get_by_label("Ihre Antwort").fill("more examples")
    seen.card.get_by_role("button", name="Senden").click()
    expect(seen.card).to_contain_text("Ihre Stimme zählt.")
    told = ask(lessons.engine, f"{place}/polls/{number}")
    assert told["answers"] == ["more examples"]
    assert seen.is_quiet()


def test_of_two_tabs_one_listens_and_shows(lessons: Site, comes: Comes) -> None:
    place = room(lessons, "seminar")
    one = comes().open("bea", session="seminar")
    assert one.asks(f"{place}/stream")
    two = one.one_more_tab().open("bea", session="seminar")
    two.hears("ready")
    poll(lessons, place)
    waits(one.card)
    assert (two.card.count(), two.to_engine(f"{place}/stream")) == (0, [])
    one.page.close()
    waits(two.card)
