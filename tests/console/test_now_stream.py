"""The stream of the page Now: what is told to whom, how soon, and how it ends."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.console.console import console
from tactful.console.now.frames import cursor
from tactful.embedded import running
from tactful.store.database import Database
from tactful.store.running.rooms import ORGANISERS
from tests.api.conftest import engine_settings
from tests.api.room.conftest import Served, serving
from tests.conftest import PREFIX, copied, embedded_settings
from tests.console.conftest import Browser, let_in
from tests.console.happenings import begin, heard, proposed
from tests.console.listening import Page, listening

# Longer than what a page is told again, and not as long as its curves.
LONG_AGO = """
UPDATE anomalies SET timestamp = timestamp - interval '10 minutes'
 WHERE live_session_id = (SELECT id FROM live_sessions WHERE session_id = %s)
"""
BAD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
async def served(engine: Engine, anyio_backend: str) -> AsyncIterator[Served]:
    """A server with the console, for all tests of the module."""
    async with serving(engine, pages=[console(engine)]) as served:
        yield served


async def signed_in(served: Served, organisation: str, role: str = "admin") -> Browser:
    return await let_in(served.engine, Browser(None, address=served.url), organisation, role)


async def told(engine: Engine, organisation: str, name: str, score: float | None, viewers: int = 9) -> None:
    """As whoever listens to rooms tells their organisers, once a second."""
    room = await engine.room(organisation, name)
    data: dict[str, Any] = {"at": engine.clock.now().isoformat(), "score": score, "viewers": viewers, "rate": 0.1}
    assert await engine.rooms.tell(room["id"], "engagement", data, to=ORGANISERS)


async def test_a_page_is_told_what_stands_then_figures_as_they_come(served: Served) -> None:
    browser = await signed_in(served, "told")
    await begin(served.engine, "told", "first", title=BAD)
    await heard(served.engine, "first", 0.5)
    async with aclosing(browser.client), listening(browser) as page:
        history = (await page.next("history")).json
        assert [value for _, value in history["first"]] == [0.5]
        assert (await page.next("sessions")).json == ["first"]
        row = (await page.next("session")).data
        assert BAD not in row
        assert "50 %" in row
        await told(served.engine, "told", "first", 0.25, 12)
        while (figures := (await page.next("tick")).json[0])[2] != 0.25:
            pass
        assert (figures[0], figures[3]) == ("first", 12)
        await told(served.engine, "told", "first", None)
        while (await page.next("tick")).json[0][2] is not None:
            pass


async def test_what_was_noticed_is_marked_as_far_back_as_the_curves_go(served: Served) -> None:
    browser = await signed_in(served, "marked")
    await begin(served.engine, "marked", "marks")
    await proposed(served.engine, "marks")
    async with served.engine.database.service() as connection:
        await connection.execute(LONG_AGO, ("marks",))
    now = str(cursor(served.engine.clock.now()))
    async with aclosing(browser.client), listening(browser, params={"since": now}) as page:
        assert (await page.next("anomaly")).json[0] == "marks"


async def test_many_figures_are_told_ten_times_a_second_at_most(served: Served) -> None:
    browser = await signed_in(served, "often")
    await begin(served.engine, "often", "busy")
    async with aclosing(browser.client), listening(browser) as page:
        await page.next("session")
        for number in range(200):
            await told(served.engine, "often", "busy", number / 1000)
            await asyncio.sleep(0.002)
        while (await page.next("tick")).json[0][2] != 0.199:
            pass
    # Of 200 within some half a second or more, few are told, and the last of them.
    assert 2 <= len([each for each in page.told if each.name == "tick"]) < 60


async def test_sessions_come_and_go_by_themselves(served: Served) -> None:
    browser = await signed_in(served, "coming")
    async with aclosing(browser.client), listening(browser) as page:
        assert (await page.next("sessions")).json == []
        await begin(served.engine, "coming", "late")
        assert (await page.next("sessions")).json == ["late"]
        assert "1 session runs" in (await page.next("answer")).data
        await served.engine.switch_live_session("coming", "late", "automatic")
        await page.next("session", having="<td>automatic</td>")
        await served.engine.end_live_session("coming", "late")
        assert (await page.next("sessions")).json == []


async def test_organisers_get_cards_with_buttons_and_viewers_without(served: Served) -> None:
    admin, viewer = await signed_in(served, "cards"), await signed_in(served, "cards", "viewer")
    await begin(served.engine, "cards", "show", title=BAD)
    async with aclosing(admin.client), aclosing(viewer.client), listening(admin) as one, listening(viewer) as two:
        for page in (one, two):
            await page.next("session")
        number = await proposed(served.engine, "show")
        for page, buttons in ((one, 2), (two, 0)):
            card = (await page.next("suggestion")).data
            assert card.count('action="now/approve"') == buttons
            assert f'data-key="suggestion {number}"' in card
            assert BAD not in card
            assert "sudden drop" in card
            await page.next("feed", having="proposed")
        await served.engine.approve("cards", number, actor="operator:admin ana@example.org")
        for page in (one, two):
            await page.next("suggestion", having="data-gone")
            assert "by ana@example.org" in (await page.next("feed", having="approved")).data


async def test_whoever_comes_back_is_told_what_they_missed(served: Served) -> None:
    browser = await signed_in(served, "missed")
    await begin(served.engine, "missed", "long")
    async with aclosing(browser.client):
        async with listening(browser) as page:
            await page.next("session")
            first = await proposed(served.engine, "long")
            last = (await page.next("feed", having="proposed")).id
        assert last.isdigit()
        await served.engine.dismiss("missed", first)
        other = await proposed(served.engine, "long", kind="MASS_EXIT")
        async with listening(browser, headers={"Last-Event-ID": last}) as page:
            mark = await page.next("anomaly", having="many are leaving")
            assert mark.json[0] == "long"
            await page.next("suggestion", having=f"suggestion {other}")
        # From whoever says nothing that can be, everything of the last hour is kept.
        async with listening(browser, headers={"Last-Event-ID": "x" * 50}) as page:
            await page.next("anomaly")


async def test_nothing_of_other_organisations_is_told(served: Served) -> None:
    browser = await signed_in(served, "apart")
    await begin(served.engine, "apart", "ours")
    await begin(served.engine, "elsewhere", "theirs")
    async with aclosing(browser.client), listening(browser) as page:
        await page.next("session")
        await proposed(served.engine, "theirs")
        await told(served.engine, "elsewhere", "theirs", 0.4)
        await proposed(served.engine, "ours")
        await page.next("feed", having="proposed")
        assert not [each for each in page.told if "theirs" in each.data.lower()]


@pytest.mark.parametrize("how", ["sign out", "shut out", "other role"])
async def test_whoever_may_not_look_on_any_more_is_told_good_bye(served: Served, how: str) -> None:
    name = how.replace(" ", "-")
    await (await signed_in(served, name)).client.aclose()
    browser = await signed_in(served, name, "organiser")
    engine = served.engine
    async with aclosing(browser.client), listening(browser) as page:
        await page.next("sessions")
        row = next(each for each in await engine.operators(name) if each["role"] == "organiser")
        if how == "sign out":
            await browser.send("sign-out")
        else:
            changes: dict[str, Any] = {"disabled": True} if how == "shut out" else {"role": "viewer"}
            await engine.change_operator(name, row["id"], **changes)
        await page.end()
        assert page.told[-1].data == '"out"'
        assert (await browser.see("now/stream")).status_code == 303


async def test_a_server_that_stops_ends_every_stream_and_waits_for_none(
    database_url: str, template: str, redis_url: str
) -> None:
    with copied(database_url, template, f"{template}_stopping") as database:
        settings = engine_settings(database, redis_url)
        async with Engine(settings) as engine, serving(engine, pages=[console(engine)]) as served:
            browser = await signed_in(served, "stopping")
            async with aclosing(browser.client), listening(browser) as one, listening(browser) as two:
                for page in (one, two):
                    await page.next("sessions")
                served.server.should_exit = True
                for page in (one, two):
                    await page.end()
                    assert page.told[-1].data == '"stop"'
                # It did not have to break anything off.
                await served.running
                assert not served.server.server_state.tasks


@pytest.fixture
async def alone(closed_database: Database) -> AsyncIterator[tuple[Served, int]]:
    """A server with a Valkey of its own, which may be harmed; and that one's process."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        with running(embedded_settings(folder), postgres=False) as parts:
            process = parts.valkey.running()
            assert process is not None
            async with (
                Engine(engine_settings(closed_database, parts.redis_url)) as engine,
                serving(engine, pages=[console(engine)]) as served,
            ):
                yield served, process
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_with_valkey_gone_it_says_so_and_goes_on_from_the_database(alone: tuple[Served, int]) -> None:
    served, process = alone
    browser = await signed_in(served, "gone")
    await begin(served.engine, "gone", "without")
    async with aclosing(browser.client), listening(browser) as page:
        assert (await page.next("state")).json == {"valkey": False, "database": False}
        await page.next("session")
        os.kill(process, signal.SIGKILL)
        await told_away(page)
        await proposed(served.engine, "without")
        await page.next("suggestion")
        await heard(served.engine, "without", 0.77, ago=0)
        while (await page.next("tick")).json[0][2] != 0.77:
            pass


async def told_away(page: Page) -> None:
    while not (await page.next("state", seconds=30)).json["valkey"]:
        pass
