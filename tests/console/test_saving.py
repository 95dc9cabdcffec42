"""Every table of every page is saved by the link that stands beside it, as the page was asked for."""

import html
import re

from tactful.bootstrap import Engine
from tests.console.conftest import Browser, Operators
from tests.console.happenings import begin
from tests.console.looking import decisions, interventions, people

PAGES = ("people", "why_not", "models", "running", "acts", "settings", "now", "now/sessions", "operators")
SAVE = re.compile(r'<a class="save" href="([^"]+)"')


async def saved(browser: Browser, path: str, **asked: str) -> list[str]:
    """What the links of a page lead to: the kind of each answer."""
    page = await browser.see(path, **asked)
    assert page.status_code == 200, path
    links = [page.request.url.join(html.unescape(link)) for link in SAVE.findall(page.text)]
    assert all(dict(link.params).items() >= asked.items() for link in links), path
    return [(await browser.client.get(link)).headers["content-type"] for link in links]


async def test_every_table_is_saved_by_its_link(engine: Engine, operator: Operators) -> None:
    one = await operator("linked")
    await people(engine, "linked")
    await decisions(engine, "linked", 20)
    await begin(engine, "linked", "first")
    kinds = {path: await saved(one, path) for path in PAGES}
    for path, asked in (
        ("why_not", {"span": "day"}),
        ("now/sessions", {"state": "live"}),
        ("people", {"sort": "person"}),
    ):
        kinds[f"{path} asked"] = await saved(one, path, **asked)
    await interventions(engine, "linked", 20)
    kinds["helped"] = await saved(one, "helped")
    assert {path for path, found in kinds.items() if set(found) - {"text/csv; charset=utf-8"}} == set()
    assert sum(map(len, kinds.values())) > 12
