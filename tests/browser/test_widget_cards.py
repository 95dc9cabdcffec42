"""Cards of the widget on somebody else's page: one at a time, answered by hand or keyboard, never in the way."""

from collections.abc import Callable

from playwright.sync_api import expect

from tactful.store.database import Database
from tests.browser.pages import Guest, Site, ask, until, waits
from tests.browser.planned import planned, response

Comes = Callable[..., Guest]


def test_a_card_is_taken_up_and_the_page_is_told_what_to_do(module_database: Database, comes: Comes) -> None:
    number = planned(module_database, "ana")
    seen = comes().open("ana")
    waits(seen.card)
    assert seen.card.get_attribute("aria-labelledby") == f"card-{number}-title"
    assert seen.visit.barriers_in_light_and_dark() == []
    seen.card.get_by_role("button", name="Carry on").click()
    expect(seen.card).to_have_count(0)
    [told] = seen.hears("action")
    assert (told["action"], told["from"], told["intervention"]["id"]) == ("resume", "card", number)
    assert seen.heard("response") == [{"kind": "card", "id": number, "response": "engaged"}]
    until(lambda: response(module_database, number) == "engaged")
    assert seen.is_quiet()


def test_the_keyboard_goes_to_a_card_and_back_and_nothing_else_takes_the_focus(
    module_database: Database, comes: Comes
) -> None:
    number = planned(module_database, "ben")
    seen = comes().open("ben")
    answer = seen.page.get_by_label("Your answer")
    answer.focus()
    waits(seen.card)
    seen.page.keyboard.type("from outs")
    seen.page.keyboard.press("Alt+t")
    expect(seen.card.get_by_role("button", name="Carry on")).to_be_focused()
    seen.page.keyboard.press("F6")
    expect(answer).to_be_focused()
    seen.page.keyboard.type("ide")
    assert answer.input_value() == "from outside"
    seen.page.keyboard.press("F6")
    seen.page.keyboard.press("Escape")
    expect(seen.card).to_have_count(0)
    expect(answer).to_be_focused()
    until(lambda: response(module_database, number) == "dismissed")
    assert seen.is_quiet()


def test_cards_come_one_at_a_time_and_wait_for_each_other(module_database: Database, comes: Comes) -> None:
    first = planned(module_database, "cleo", priority=8, title="First of all")
    second = planned(module_database, "cleo", kind="skill_refresh", title="And then", action="review")
    seen = comes().open("cleo")
    waits(seen.card)
    assert seen.card.count() == 1
    expect(seen.card).to_contain_text("First of all")
    seen.card.get_by_role("button", name="Later").click()
    expect(seen.card).to_contain_text("And then")
    seen.card.get_by_role("button", name="Dismiss").click()
    until(lambda: (response(module_database, first), response(module_database, second)) == ("snoozed", "dismissed"))
    assert seen.is_quiet()


def test_a_card_that_nobody_answers_goes_by_itself_and_is_told_as_ignored(
    module_database: Database, comes: Comes
) -> None:
    number = planned(module_database, "dora")
    seen = comes().open("dora", ignore_after="1")
    waits(seen.card)
    until(lambda: response(module_database, number) == "ignored")
    expect(seen.card).to_have_count(0)


def test_words_that_look_like_code_are_words(module_database: Database, comes: Comes) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}</p>"
    planned(module_database, "eve", title=attack, message=attack, action='javascript:alert("1")')
    seen = comes().open("eve", topic=attack)
    waits(seen.card)
    assert seen.card.locator(".title, .text").all_inner_texts() == [attack, attack]
    seen.card.get_by_role("button", name="Open").click()
    assert seen.hears("action")
    assert seen.page.url.startswith(seen.site.address)
    assert seen.is_quiet()


STYLES = [
    *("color", "backgroundColor", "font", "letterSpacing", "textTransform", "margin", "border", "float", "opacity"),
    *("filter", "cursor", "textAlign", "lineHeight", "inlineSize"),
]
LOOK = """(card, styles) => [card, ...card.querySelectorAll("*")].map((each) => { const style = getComputedStyle(each);
    return [each.localName, ...styles.map((name) => style[name])]; })"""


def test_hostile_styles_of_the_page_change_nothing(module_database: Database, comes: Comes) -> None:
    planned(module_database, "finn")
    looks = []
    for style in ("calm", "hostile"):
        seen = comes(reduced_motion="reduce").open("finn", style=style)
        waits(seen.card)
        looks.append((seen.card.evaluate(LOOK, STYLES), seen.card.bounding_box()))
        assert seen.is_quiet()
    assert looks[0] == looks[1]


def test_what_a_page_may_set_is_taken_and_who_wants_calm_gets_it(module_database: Database, comes: Comes) -> None:
    planned(module_database, "gus")
    seen = comes(color_scheme="dark", reduced_motion="reduce").open("gus", dir="rtl", lang="de", theme="light")
    waits(seen.card)
    box = seen.card.bounding_box()
    assert box is not None
    assert box["x"] < 100
    style = """each => { const { transitionDuration, backgroundColor } = getComputedStyle(each);
        return [transitionDuration, backgroundColor]; }"""
    assert seen.card.evaluate(style) == ["0s", "rgb(255, 254, 252)"]
    expect(seen.card.get_by_role("button", name="Weitermachen")).to_be_visible()
    seen.page.evaluate("document.documentElement.style.setProperty('--tactful-background', 'rgb(1, 2, 3)')")
    assert seen.card.evaluate(style)[1] == "rgb(1, 2, 3)"
    assert seen.is_quiet()


def test_a_card_leaves_the_page_as_wide_as_it_is(module_database: Database, comes: Comes) -> None:
    planned(
        module_database, "hana", title="Averyveryverylongwordthatgoesonandonandonwithoutanyend", message="word " * 90
    )
    seen = comes(viewport={"width": 360, "height": 640}).open("hana")
    waits(seen.card)
    assert seen.visit.overflow() <= 0
    box = seen.card.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert seen.visit.barriers_in_light_and_dark() == []


def test_who_got_a_card_is_told_why_and_hears_less_with_one_press(
    module_database: Database, lessons: Site, comes: Comes
) -> None:
    number = planned(module_database, "ines", trigger="streak_at_risk")
    seen = comes().open("ines")
    waits(seen.card)
    seen.card.get_by_role("button", name="Why this?").click()
    told = seen.page.get_by_role("dialog", name="Why you see this")
    waits(told)
    expect(seen.card).to_have_count(0)
    reasons = ask(lessons.engine, f"/proactive/interventions/{number}/why?user_id=ines")
    expect(told.get_by_role("listitem")).to_have_count(1 + len(reasons["facts"]) + len(reasons["limits"]))
    expect(told).to_contain_text(reasons["because"])
    assert seen.visit.barriers_in_light_and_dark() == []
    told.get_by_role("button", name=reasons["stop"][0]["words"]).click()
    expect(told).to_contain_text("Done.")
    held = ask(lessons.engine, "/proactive/preferences?user_id=ines")
    for name, value in reasons["stop"][0]["change"].items():
        assert held[name] == value
    assert seen.is_quiet()
