"""Pictures of the widget in the demo's lesson: each thing it shows, in light and dark."""

import json
import urllib.request
from collections.abc import Callable
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late

# Among so many of the demo's people is one for whom a card waits.
PEOPLE = 200
SIZE = {"width": 1100, "height": 760}
# How long what comes by itself is waited for, and how long a fade takes [ms].
PATIENCE, FADE = 15_000, 500
CARD = "section.card:popover-open"


def take_all(browser: Browser, address: str, folder: Path) -> list[str]:
    """Every picture of the widget of a running demo. Answers those of which nothing came."""
    # One for each: who was just helped is left alone for minutes.
    people, missing = dict(zip(("light", "dark"), somebody(address), strict=True)), []
    for (name, show), scheme in product(SCENES.items(), ("light", "dark")):
        context = browser.new_context(viewport=SIZE, color_scheme="dark" if scheme == "dark" else "light")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{address}/demo/lesson?person={people[scheme]}&session=keynote")
        try:
            show(page)
            page.wait_for_timeout(FADE)
            page.screenshot(path=folder / f"widget-{name}-{scheme}.png")
        except Late:
            missing.append(f"widget-{name}-{scheme}")
        context.close()
    return missing


def somebody(address: str) -> list[str]:
    """Two of the demo's people for whom a card waits."""
    found: list[str] = []
    for number in range(1, PEOPLE + 1):
        person = f"demo-{number}"
        token = ask(f"{address}/demo/lesson/token?person={person}")["token"]
        if ask(f"{address}/proactive/interventions", str(token))["count"]:
            found.append(person)
        if len(found) == 2:
            return found
    return ["demo-1", "demo-2"]


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
    # Where a card waits, it goes first.
    page.wait_for_timeout(4_000)
    if page.get_by_role("button", name="Later").is_visible():
        page.get_by_role("button", name="Later").click()
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
    page.locator(f"{CARD} form.poll").wait_for(timeout=4 * PATIENCE)


SCENES: dict[str, Callable[[Page], None]] = {
    "consent": _consent,
    "card": _card,
    "why": _why,
    "palette": _palette,
    "preferences": _preferences,
    "poll": _poll,
    # Last: it puts the card off.
    "help": _help,
}
