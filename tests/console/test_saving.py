"""Every table can be saved: the link beside it leads to the file, from wherever the page stands."""

import html
import re

from tactful.bootstrap import Engine
from tests.console.conftest import Operators
from tests.console.happenings import begin

SAVE = re.compile(r'class="save" href="([^"]+)"')
PAGES = (
    "now",
    "now/sessions",
    "people",
    "helped",
    "why_not",
    "models",
    "running",
    "settings",
    "channels",
    "operators",
    "acts",
)


async def test_every_link_to_a_table_leads_to_its_file(operator: Operators) -> None:
    admin = await operator("saving")
    for path in PAGES:
        for asked in ({}, {"actor": "a&b"}):
            page = await admin.see(path, **asked)
            links = SAVE.findall(page.text)
            assert links, path
            for link in links:
                saved = await admin.client.get(page.url.join(html.unescape(link)))
                assert (saved.status_code, saved.headers["content-type"]) == (200, "text/csv; charset=utf-8"), link
                assert dict(asked).items() <= dict(saved.url.params).items()


async def test_a_session_can_be_saved_too(engine: Engine, operator: Operators) -> None:
    admin = await operator("one-saved")
    await begin(engine, "one-saved", "keynote-saved", audience=0)
    page = await admin.see("session", id="keynote-saved")
    links = SAVE.findall(page.text)
    assert links
    for link in links:
        assert link.count("csv=") == 1
        assert (await admin.client.get(page.url.join(html.unescape(link)))).status_code == 200
