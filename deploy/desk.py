"""Pictures of the console of a running demo: every page, on a desk and in a hand, in light and dark."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

PASSWORD = "pictures of the console"
# Whose page is shown, and what each picture is of.
PAGES = {
    "now": "now",
    "sessions": "now/sessions",
    "session": "session?id=keynote",
    "new-session": "session/new",
    "people": "people",
    "person": "person?id=demo-1",
    "decision": "decision?id=1",
    "helped": "helped",
    "why-not": "why_not",
    "models": "models",
    "running": "running",
    "settings": "settings",
    "wordings": "wordings?name=people.gentle_nudge",
    "channels": "channels",
    "operators": "operators",
    "acts": "acts",
    "account": "account",
}
SIZES = {"wide": (1280, 860), "narrow": (390, 844)}
# How long curves and fades take to settle [ms].
SETTLE = 2500


def missing(address: str) -> str | None:
    """What is missing before anybody can look at the demo there; nothing where it answers."""
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
    except (urllib.error.URLError, OSError):
        return f"Nothing answers at {address}; run make demo first."
    return None


def take_all(browser: Browser, address: str, folder: Path, state: Any) -> None:
    """Every picture. state: of a browser in which an administrator is signed in, as `let_in` answers it."""
    for (name, path), (size, (width, height)), scheme in product(PAGES.items(), SIZES.items(), ("light", "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=size == "narrow",
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=state,
        )
        page = context.new_page()
        page.goto(f"{address}/console/{path}")
        page.wait_for_selector("main h1")
        page.wait_for_timeout(SETTLE)
        page.screenshot(path=folder / f"console-{name}-{size}-{scheme}.png")
        context.close()


def let_in(browser: Browser, address: str) -> Any:
    """What a browser keeps in which an administrator of the demo is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + _link())
    for field in page.get_by_label("E-mail address").all():
        field.fill("pictures@localhost")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("navigation", name="Questions").wait_for()
    state = context.storage_state()
    context.close()
    return state


def _link() -> str:
    """The path of a link that lets somebody in, for the first time or again."""
    command = [sys.executable, "-m", "tactful", "operators", "--organisation", "demo", "--json"]
    for more in (["--invite", "pictures@localhost", "--role", "admin"], ["--reset", "pictures@localhost"]):
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return "/console/" + str(json.loads(done.stdout)["link"]).partition("/console/")[2]
    raise RuntimeError(done.stderr)
