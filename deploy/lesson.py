"""Pictures of the widget in the demo's lesson: each thing it shows, in light and dark."""

import json
import urllib.request
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late

# Among so many of the demo's people are some for whom a card waits, and some for whom none does.
PEOPLE = 200
# Who was just helped is left alone for minutes, and so is who gets no more today: then somebody else is tried.
TRIES = 3
SIZE = {"width": 1100, "height": 760}
# How long what comes by itself is waited for, and how long a fade takes [ms].
PATIENCE, FADE = 15_000, 500
CARD = "section.card:popover-open"
# The live session that is asked something, what it is asked, and for how long: for both pictures of it [s].
ROOM, QUESTION, OPTIONS, OPEN = "keynote", "Is the pace right for you?", ("Just right", "Too fast", "Too slow"), 240


class Scene(NamedTuple):
    """What is shown, to whom, and where. carded: to somebody for whom a card waits; room: in a live session."""

    show: Callable[[Page], None]
    carded: bool = True
    room: bool = False


def take_all(browser: Browser, address: str, folder: Path, state: Any) -> list[str]:
    """Every picture of the widget of a running demo. Answers those of which nothing came.

    state: of a browser in which an organiser is signed in.
    """
    carded, free = somebody(address)
    missing = []
    for (name, scene), scheme in product(SCENES.items(), ("light", "dark")):
        if scene.room and scheme == "light":
            open_poll(browser, address, state)
        people = carded if scene.carded else free
        # One for each: the card that was answered in one picture would be missing in the other.
        own = people[(scheme == "dark") :: 2][:TRIES]
        if not any(take(browser, address, name, scheme, who, folder) for who in own):
            missing.append(f"widget-{name}-{scheme}")
    return missing


def take(browser: Browser, address: str, name: str, scheme: str, person: str, folder: Path) -> bool:
    """One picture, as one of the demo's people. Answers whether there was anything to be seen."""
    scene = SCENES[name]
    context = browser.new_context(viewport=SIZE, color_scheme="dark" if scheme == "dark" else "light")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/demo/lesson?person={person}{f'&session={ROOM}' if scene.room else ''}")
    try:
        scene.show(page)
        page.wait_for_timeout(FADE)
        page.screenshot(path=folder / f"widget-{name}-{scheme}.png")
    except Late:
        return False
    finally:
        context.close()
    return True


def somebody(address: str) -> tuple[list[str], list[str]]:
    """The demo's people for whom a card waits, and those for whom none does; as many of each as may be tried."""
    carded, free = list[str](), list[str]()
    for number in range(1, PEOPLE + 1):
        person = f"demo-{number}"
        token = ask(f"{address}/demo/lesson/token?person={person}")["token"]
        waits = ask(f"{address}/proactive/interventions", str(token))["count"]
        (carded if waits else free).append(person)
        if min(len(carded), len(free)) >= 2 * TRIES:
            break
    return carded, free


def open_poll(browser: Browser, address: str, state: Any) -> None:
    """Ask the audience of a live session something, as an organiser does."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{address}/console/session?id={ROOM}")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.locator(".hand [name=options]").fill("\n".join(OPTIONS))
    page.locator(".hand [name=duration]").fill(str(OPEN))
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Do it now").click()
    page.wait_for_load_state()
    context.close()


def ask(url: str, token: str = "") -> dict[str, object]:
    """What is answered there."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def _consent(page: Page) -> None:
    page.wait_for_selector(CARD, timeout=PATIENCE)


def _begin(page: Page) -> None:
    page.get_by_role("button", name="Yes, help me").click(timeout=PATIENCE)


def _card(page: Page) -> None:
    _begin(page)
    page.get_by_role("button", name="Why this?").wait_for(timeout=PATIENCE)


def _why(page: Page) -> None:
    _card(page)
    page.get_by_role("button", name="Why this?").click()
    page.locator("dialog.why li").nth(1).wait_for(timeout=PATIENCE)


def _palette(page: Page) -> None:
    _begin(page)
    page.keyboard.press("Control+k")
    page.get_by_role("option").nth(3).wait_for(timeout=PATIENCE)


def _help(page: Page) -> None:
    _begin(page)
    for _ in range(4):
        page.get_by_role("button", name="Check my answer").hover()
        page.wait_for_timeout(1_400)
        page.mouse.move(5, 5)
    page.locator(f"{CARD}.help").wait_for(timeout=PATIENCE)


def _preferences(page: Page) -> None:
    _begin(page)
    page.evaluate("tactful.open('preferences')")
    page.get_by_role("switch", name="Do not disturb").wait_for(timeout=PATIENCE)


def _poll(page: Page) -> None:
    _begin(page)
    page.locator(f"{CARD} form.poll").wait_for(timeout=PATIENCE)
    page.get_by_label(OPTIONS[0]).check()
    page.get_by_role("button", name="Vote").click()
    page.locator(f"{CARD} .many:not(:empty)").first.wait_for(timeout=PATIENCE)


SCENES: dict[str, Scene] = {
    "consent": Scene(_consent),
    "card": Scene(_card),
    "why": Scene(_why),
    "palette": Scene(_palette, carded=False),
    "preferences": Scene(_preferences, carded=False),
    "help": Scene(_help, carded=False),
    "poll": Scene(_poll, carded=False, room=True),
}
