"""The demo's conversation: a visitor is linked, written to once at the best hour, answers, asks why, and stops."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tactful.api import auth
from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tests.browser.chromium import opened
from tests.browser.conftest import KEY, Visit, engine, operator_of
from tests.living import one, rows
from tests.stories.processes import wait_until_ticked

# As often as a test can wait for; what a busy machine begins later than that is passed over.
SOON = {"TACTFUL_WORKER_TICK_CRON": "* * * * * */10"}
# How each message to somebody stands, the hour of its sending by their own clock, and their best ones.
SENT = """
SELECT d.state, extract(hour FROM d.sent_at AT TIME ZONE p.zone)::int AS hour, t.peak_hours
  FROM deliveries d JOIN people p ON p.id = d.person_id JOIN user_timing_profiles t ON t.user_id = p.id
 WHERE p.external_id = %s AND d.channel = 'telegram'
"""


def ask(address: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the demo's organisation is answered."""
    shown = auth.issue(KEY, sub="backend", org="demo", scope=auth.SERVICE, now=SystemClock().now(), hours=1)
    headers = {"Authorization": f"Bearer {shown}", "Content-Type": "application/json"}
    request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def said(chat: Page) -> Locator:
    """What the bot has said, message by message."""
    return chat.locator("li.bot")


def quiet(seen: Visit) -> bool:
    """Nothing about the page is amiss, on a phone, light or dark."""
    seen.page.set_viewport_size({"width": 360, "height": 800})
    assert (seen.barriers_in_light_and_dark(), seen.refused(), seen.complaints) == ([], [], [])
    return seen.overflow() <= 0


def test_a_visitor_is_written_to_once_and_never_after_they_stopped(
    closed_database: Database, redis_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with engine(closed_database, redis_url, log, "up", "--demo", **SOON) as address, opened() as browser:
        who, link = becomes_somebody(Visit(browser.new_page(), address))
        chat = Visit(browser.new_page(), link.rpartition("/")[0])
        converses(chat, link)
        (sent,) = rows(closed_database, SENT, who)
        assert sent["state"] == "sent"
        assert sent["hour"] in sent["peak_hours"]
        more = {"user_id": who, "outreach_type": "mood_support", "priority_score": 1}
        assert ask(address, "/api/v1/outreach", more)["status"] == "scheduled"
        wait_until_ticked(closed_database.owner_url, since=SystemClock().now(), log=log)
        assert one(closed_database, "SELECT count(*) FROM deliveries WHERE channel = 'telegram'") == 1
        assert said(chat.page).count() == 5
        connects_in_the_widget(Visit(browser.new_page(), address), link)
        state = operator_of(browser, address, log)
        the_console_shows_it(Visit(browser.new_context(storage_state=state).new_page(), address), who)


def becomes_somebody(visitor: Visit) -> tuple[str, str]:
    """A visitor of the demo is somebody; who, and the link to their chat."""
    page = visitor.go("/demo/chat")
    page.get_by_role("button", name="Be somebody").click()
    link = page.get_by_role("link", name="Open the chat").get_attribute("href") or ""
    shown = page.get_by_role("link", name="in the console").get_attribute("href") or ""
    assert quiet(visitor)
    return shown.partition("id=")[2], link


def converses(seen: Visit, link: str) -> None:
    """They open their chat, answer what comes with a button, ask why, and stop."""
    chat = seen.go(link.removeprefix(seen.address))
    chat.get_by_role("button", name="Start").click()
    chat.get_by_role("button", name="Yes").click()
    expect(said(chat)).to_have_count(3)
    chat.get_by_role("button", name="/why").click()
    expect(said(chat).last).to_contain_text("Whoever runs this place would be glad to see you again.")
    chat.get_by_label("Message").fill("/stop")
    chat.get_by_role("button", name="Send").click()
    expect(said(chat).last).to_contain_text("Nothing is sent to you any more")
    assert quiet(seen)


def connects_in_the_widget(reader: Visit, link: str) -> None:
    """Whoever reads a lesson gets a link of their own in the preference centre."""
    page = reader.go("/demo/lesson?person=demo-3")
    page.get_by_role("button", name="Yes, help me").click()
    page.evaluate("tactful.open('preferences')")
    page.get_by_role("button", name="Connect: Telegram").click()
    theirs = page.get_by_role("link", name="Open Telegram").get_attribute("href") or ""
    assert theirs.partition("=")[0] == link.partition("=")[0]
    assert theirs != link
    assert (reader.refused(), reader.complaints) == ([], [])


def the_console_shows_it(desk: Visit, who: str) -> None:
    """What was sent when, by what way, what they answered, agreed to and took back; and what waits in vain."""
    told = desk.go(f"/console/person?id={who}").locator("main").inner_text()
    for each in ("took up re engagement", "was sent by telegram", "Agreed to outreach", "Said no to outreach"):
        assert each in told
    sent, answered = (
        desk.page.locator("section[aria-labelledby=addresses] tbody").first.locator("td.n").all_inner_texts()
    )
    assert (sent, answered) == ("1", "1")
    told = desk.go("/console/outreach").locator("table").inner_text()
    assert "by telegram" in told
    assert "waits for its moment" in told
    assert (desk.refused(), desk.complaints) == ([], [])
