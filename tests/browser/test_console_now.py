"""The page Now and a live session's page, in a real browser, while an audience is there."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tactful.bootstrap import Engine
from tactful.facts.audiences import LiveSession, Signal
from tactful.store.database import Database
from tactful.store.running.rooms import ORGANISERS
from tests.api.conftest import engine_settings
from tests.browser.conftest import Visit, engine, process
from tests.console.happenings import begin, heard, proposed

# What the browser itself says of a server that is gone; nobody can keep it from doing so.
NOTED = "Failed to load resource: net::ERR_"
EMAIL, PASSWORD = "ana@acme.example", "a horse that is correct"
# Of an organisation of which nothing runs.
OTHER = "ana@quiet.example"


@dataclass
class Beside:
    """An engine beside the one that serves, on the same database: what it does, that one shows."""

    database: Database
    redis_url: str

    def do(self, work: Callable[[Engine], Any]) -> Any:
        async def done() -> Any:
            async with Engine(engine_settings(self.database, self.redis_url)) as own:
                return await work(own)

        # In a thread of its own: the browser's loop runs in this one.
        with ThreadPoolExecutor(1) as other:
            return other.submit(asyncio.run, done()).result()


@pytest.fixture(scope="module")
def beside(module_database: Database, redis_url: str) -> Beside:
    return Beside(module_database, redis_url)


@pytest.fixture(scope="module")
def address(
    module_database: Database, redis_url: str, beside: Beside, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    async def prepare(own: Engine) -> None:
        for organisation, email in (("acme", EMAIL), ("quiet", OTHER)):
            link = await own.first_link(organisation)
            await own.accept_offer(str(link), email=email, name="Ana", password=PASSWORD)
        for place, name in enumerate(("keynote", "panel", "workshop", "seminar")):
            await begin(own, "acme", name, title=f"{name.capitalize()} <b>{place}</b>")
            for ago in (60, 30, 5):
                await heard(own, name, 0.3 + 0.15 * place, 40, ago=ago)

    beside.do(prepare)
    log: Path = tmp_path_factory.mktemp("now") / "log"
    with engine(module_database, redis_url, log, "api") as address:
        yield address


@pytest.fixture(scope="module")
def state(browser: Browser, address: str) -> Any:
    """What a browser keeps in which Ana is signed in."""
    return signed_in(browser, address, EMAIL)


def signed_in(browser: Browser, address: str, email: str) -> Any:
    """What a browser keeps in which somebody is signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/console/now")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("button.strong")
    page.wait_for_selector("#now")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def come_in(visit: Callable[..., Visit], state: Any) -> Callable[..., Visit]:
    """Looks at the page Now as Ana."""

    def entered(**more: Any) -> Visit:
        seen = visit(state=state, **more)
        seen.go("/console/now", until="#now")
        return seen

    return entered


def test_figures_cards_and_curves_come_by_themselves(come_in: Callable[..., Visit], beside: Beside) -> None:
    seen = come_in()
    page = seen.page
    expect(page.locator("#state")).to_have_text("live")
    expect(page.locator("#chart canvas")).to_have_count(1)
    first = page.locator("#sessions tr").first
    expect(first).to_contain_text("Keynote <b>0</b>")

    async def happen(own: Engine) -> int:
        for name, score in (("keynote", 0.9), ("seminar", 0.05)):
            room = await own.room("acme", name)
            data = {"at": own.clock.now().isoformat(), "score": score, "viewers": 7}
            await own.rooms.tell(room["id"], "engagement", data, to=ORGANISERS)
        return await proposed(own, "workshop")

    beside.do(happen)
    expect(page.locator("#sessions tr").first).to_contain_text("5 %")
    card = page.locator("#suggestions .suggestion", has_text="Workshop")
    expect(card).to_have_count(1)
    assert seen.barriers_in_light_and_dark() == []
    card.get_by_text("Edit", exact=True).focus()
    page.keyboard.press("Enter")
    card.get_by_label("Question").fill("Shall we <i>go</i> on?")
    card.get_by_role("button", name="Approve as edited").click()
    expect(page.locator("#feed")).to_contain_text("approved by ana@acme.example")
    expect(page.locator("#feed")).to_contain_text("Shall we <i>go</i> on?")
    expect(card).to_have_count(0)
    keys = page.locator("#feed > li").evaluate_all("rows => rows.map((each) => each.dataset.key)")
    assert len(keys) == len(set(keys))
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#state")).to_have_text("paused")
    assert (seen.complaints, seen.refused(), seen.strangers()) == ([], [], [])


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("path", ["/console/now", "/console/session?id=keynote", "/console/session/new"])
def test_pages_of_live_sessions_are_quiet_and_open_to_everybody(
    come_in: Callable[..., Visit], path: str, width: int
) -> None:
    seen = come_in(width=width)
    seen.go(path)
    if path == "/console/now":
        expect(seen.page.locator("#chart canvas")).to_have_count(1)
    assert seen.barriers_in_light_and_dark() == []
    assert seen.overflow() <= 0
    assert (seen.complaints, seen.refused(), seen.strangers()) == ([], [], [])


def test_a_session_s_page_shows_what_its_audience_does(come_in: Callable[..., Visit], beside: Beside) -> None:
    seen = come_in()
    page = seen.go("/console/session?id=panel")
    expect(page.locator("#questions + *, [data-live=questions]").last).to_contain_text("Nobody asked anything yet.")

    async def ask(own: Engine) -> None:
        await own.ask_room("acme", "panel", "ben", "Is <b>this</b> recorded?")
        await own.hear("acme", [Signal("hand", "panel", "hand_raised", own.clock.now(), "cleo")])

    beside.do(ask)
    expect(page.locator("[data-live=questions]")).to_contain_text("Is <b>this</b> recorded?")
    expect(page.locator("[data-live=hands]")).to_contain_text("cleo")
    page.get_by_label("Question", exact=True).fill("Which one?")
    page.locator(".hand [name=options]").fill("This\nThat")
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Do it now").click()
    expect(page.locator("[data-live=polls]")).to_contain_text("Which one?")
    assert (seen.complaints, seen.refused()) == ([], [])


def test_where_nothing_runs_it_says_how_to_begin(
    browser: Browser, address: str, visit: Callable[..., Visit], beside: Beside
) -> None:
    async def start(own: Engine) -> None:
        await own.add_live_session("quiet", LiveSession("late", "conference", title="Late"))
        await own.start_live_session("quiet", "late", started_at=own.clock.now() - timedelta(minutes=1))

    seen = visit(state=signed_in(browser, address, OTHER))
    page = seen.go("/console/now", until="#now")
    expect(page.locator("#sessions tr")).to_have_count(0)
    expect(page.locator("#none")).to_contain_text("No live session runs")
    beside.do(start)
    expect(page.locator("#sessions tr")).to_have_count(1)
    assert seen.complaints == []


def test_whatever_happens_while_the_server_is_away_is_there_once_it_is_back(
    browser: Browser,
    state: Any,
    beside: Beside,
    module_database: Database,
    redis_url: str,
    tmp_path: Path,
) -> None:
    async def start(own: Engine) -> int:
        await begin(own, "acme", "meanwhile", title="Meanwhile")
        return await proposed(own, "meanwhile")

    with process(module_database, redis_url, tmp_path / "log", "api") as (address, server):
        context = browser.new_context(storage_state=state)
        seen = Visit(context.new_page(), address)
        page = seen.go("/console/now", until="#now")
        expect(page.locator("#state")).to_have_text("live")
        server.kill()
        expect(page.locator("#state")).to_have_text("coming back")
        beside.do(start)
        server.start()
        expect(page.locator("#sessions")).to_contain_text("Meanwhile")
        expect(page.locator("#suggestions .suggestion", has_text="Meanwhile")).to_have_count(1)
        expect(page.locator("#state")).to_have_text("live")
        for rows in ("#sessions tr", "#feed > li"):
            keys = page.locator(rows).evaluate_all("rows => rows.map((each) => each.dataset.key)")
            assert len(keys) == len(set(keys)) > 0
        assert [each for each in seen.complaints if not each.startswith(NOTED)] == []
        assert seen.refused() == []
        context.close()
