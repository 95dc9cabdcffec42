"""Takes pictures of the running engine's pages into docs/screenshots: `make screenshots`."""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from deploy import desk, lesson
from tests.browser.chromium import opened

ADDRESS = "http://127.0.0.1:8000"
# Each page, and the part of it that shows that it is ready.
PAGES = {"status": ("/", "main"), "api": ("/docs", ".opblock")}
SIZES = {"wide": (1200, 760), "narrow": (390, 844)}
PICTURES = Path(__file__).parents[1] / "docs" / "screenshots"


def main(address: str = ADDRESS) -> str | None:
    """Take every picture. Answers what is missing, or nothing."""
    if away := desk.missing(address):
        return away
    PICTURES.mkdir(exist_ok=True)
    with opened() as browser:
        for page, size, scheme in product(PAGES, SIZES, ("light", "dark")):
            take(browser, address, page, size, scheme)
        state = desk.let_in(browser, address)
        # The live session that is asked something here has more to show on its own page afterwards.
        missing = lesson.take_all(browser, address, PICTURES, state)
        desk.take_all(browser, address, PICTURES, state)
    return f"Nothing was shown for {', '.join(missing)}; wait a minute and try again." if missing else None


def take(browser: Browser, address: str, name: str, size: str, scheme: str) -> None:
    """One picture of one page, in its window's size."""
    path, ready = PAGES[name]
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, is_mobile=size == "narrow")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path)
    page.wait_for_selector(ready)
    page.screenshot(path=PICTURES / f"{name}-{size}-{scheme}.png")
    page.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
