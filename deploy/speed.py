"""How soon every page of a running demo is seen, and how long its scripts take: `make speed`."""

import sys
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from deploy import desk
from deploy.screenshots import ADDRESS
from tests.browser.chromium import opened

# Each page is opened so often, by a browser that has never been there; the median is told.
TIMES = 7
# How long after it is loaded a page may go on by itself [ms].
SETTLE = 1000
PAGES = {
    "status": "/",
    "lesson with widget": "/demo/lesson?person=demo-1&session=keynote",
    **{name: f"/console/{path}" for name, path in desk.PAGES.items()},
}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
BYTES = """[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, each) => sum + each.transferSize, 0)"""


def main(address: str = ADDRESS) -> str | None:
    """Print a row for every page. Answers what is missing, or nothing."""
    if away := desk.missing(address):
        return away
    with opened() as browser:
        state = desk.let_in(browser, address)
        tell("| page | first contentful paint [ms] | scripts [ms] | transferred [kB] |\n|---|---|---|---|")
        for name, path in PAGES.items():
            loads = [load(browser, address + path, state) for _ in range(TIMES)]
            painted, scripts, size = (median(each) for each in zip(*loads, strict=True))
            tell(f"| {name} | {painted:.0f} | {scripts:.0f} | {size / 1000:.0f} |")
    return None


def tell(line: str) -> None:
    """Say it at once: the whole takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def load(browser: Browser, url: str, state: Any) -> tuple[float, float, float]:
    """First contentful paint [ms], time in scripts [ms] and bytes on the wire of one first visit."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable")
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLE)
    metrics = {each["name"]: each["value"] for each in meter.send("Performance.getMetrics")["metrics"]}
    painted, size = page.evaluate(PAINTED), page.evaluate(BYTES)
    context.close()
    return float(painted), 1000 * float(metrics["ScriptDuration"]), float(size)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
