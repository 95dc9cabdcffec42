"""The system's Chromium; Playwright brings the hands, not the browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing but the pages under test may speak to anybody.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def program() -> str:
    """Where the browser is. raises: RuntimeError saying what to install."""
    named = (os.environ.get("CHROMIUM", ""), *NAMES)
    found = next((path for path in map(shutil.which, filter(None, named)) if path), None)
    if found is None:
        raise RuntimeError("No Chromium found; install it (on Debian: apt install chromium), or name it: CHROMIUM=...")
    return found


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser without a window, for the length of a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
