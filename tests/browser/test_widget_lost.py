"""The widget where the network or the engine goes away and comes back: quiet meanwhile, and nothing counted twice."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tactful.store.database import Database
from tests.browser.conftest import KEY
from tests.browser.pages import Guest, Site, guest, site, until, waits
from tests.browser.planned import planned, presence, response
from tests.browser.test_widget_presence import hide
from tests.conftest import ROLE_SECRET
from tests.living import rows
from tests.stories.processes import Part, free_port, wait_until_ready

VISITS = """SELECT v.seconds, v.time_on_page FROM visits v JOIN people p ON p.id = v.person_id
             WHERE p.external_id = %s ORDER BY v.last_beat_at"""
# What the browser itself notes of a request that failed; nobody can keep it from doing so.
NOTED = "Failed to load resource: net::ERR_"


@dataclass
class Mortal:
    """A site, and an engine behind it that can be stopped and started at the same address."""

    site: Site
    part: Part

    def start(self) -> None:
        """Until it answers."""
        self.part.start()
        wait_until_ready(self.site.engine, self.part)


@pytest.fixture(scope="module")
def mortal(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    with site() as found:
        port = free_port()
        found.engine = f"http://127.0.0.1:{port}"
        environ = {
            "DATABASE_URL": module_database.owner_url,
            "REDIS_URL": redis_url,
            "TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET,
            "TACTFUL_API_JWT_SECRET": KEY,
            "TACTFUL_CONFIG": "",
            "TACTFUL_API_ORIGINS": found.address,
        }
        log = tmp_path_factory.mktemp("mortal") / "log"
        made = Mortal(found, Part(["api", "--port", str(port)], environ, log))
        made.start()
        yield made
        made.part.stop()


@pytest.fixture
def seen(browser: Browser, mortal: Mortal) -> Iterator[Guest]:
    made = guest(browser, mortal.site)
    yield made
    made.page.context.close()


def counted(database: Database, person: str) -> float:
    """Seconds of somebody's time that were counted."""
    return float(sum(row["seconds"] for row in rows(database, VISITS, person)))


def is_as_quiet_as_can_be(seen: Guest) -> bool:
    """Nothing was complained about but by the browser itself."""
    assert [each for each in seen.visit.complaints if not each.startswith(NOTED)] == []
    assert seen.visit.refused() == []
    return True


def test_beats_of_a_page_that_was_offline_count_once_when_it_is_back(module_database: Database, seen: Guest) -> None:
    seen.open("noa")
    until(lambda: presence(module_database, "noa") is not None)
    seen.page.context.set_offline(True)
    for hidden in (True, False, True, False):
        seen.page.wait_for_timeout(600)
        hide(seen.page, hidden)
    assert len(seen.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('beats'))")) == 1
    assert counted(module_database, "noa") < 0.6
    seen.page.context.set_offline(False)
    assert seen.asks("/ambient/presence/beats")
    until(lambda: counted(module_database, "noa") > 1)
    until(lambda: seen.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('beats'))") == [])
    hide(seen.page)
    last = seen.heard("presence")[-1]["time_on_page"]
    # Twice hidden for .6 s, which is nobody's time.
    assert counted(module_database, "noa") <= last + 1.0
    assert len(rows(module_database, VISITS, "noa")) == 1
    assert is_as_quiet_as_can_be(seen)


def test_the_engine_may_be_started_anew_in_the_middle(module_database: Database, mortal: Mortal, seen: Guest) -> None:
    number = planned(module_database, "pau")
    seen.open("pau")
    waits(seen.card)
    mortal.part.stop()
    seen.card.get_by_role("button", name="Dismiss").click()
    expect(seen.card).to_have_count(0)
    seen.page.keyboard.press("Control+k")
    # The palette was never loaded; the page goes on without it.
    expect(seen.page.get_by_role("heading", name="Derivatives")).to_be_visible()
    hide(seen.page)
    hide(seen.page, hidden=False)
    mortal.start()
    until(lambda: response(module_database, number) == "dismissed")
    seen.page.keyboard.press("Control+k")
    waits(seen.page.get_by_role("option", name="Preferences"))
    expect(seen.page.get_by_role("status").filter(has_text="actions")).to_be_visible()
    assert is_as_quiet_as_can_be(seen)
