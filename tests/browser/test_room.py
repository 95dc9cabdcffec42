"""The example page of a live room, in a real browser, against a running engine."""

import functools
import http.server
import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tactful.api import auth
from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tests.browser.conftest import KEY, PATIENCE, Visit, engine
from tests.house.tree import ROOT

ROOMS = "/api/v1/live/sessions"
ROOM, GAMES, PHONE = (f"{ROOMS}/{name}" for name in ("keynote", "games", "phone"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files, without a word about it."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The address under which somebody serves the example."""
    handler = functools.partial(Quiet, directory=str(ROOT / "docs/examples"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, pages: str, tmp_path_factory: Any) -> Iterator[str]:
    """An engine that lets that page in, at which the keynote runs."""
    log: Path = tmp_path_factory.mktemp("room") / "log"
    with engine(module_database, redis_url, log, "api", TACTFUL_API_ORIGINS=pages) as address:
        # Of its own for each test, for what happened in a room stays.
        for name in ("keynote", "games", "phone"):
            ask(address, ROOMS, {"session_id": name, "event_id": "conference"})
            ask(address, f"{ROOMS}/{name}/start", {})
        yield address


def token(sub: str, scope: str) -> str:
    return auth.issue(KEY, sub=sub, org="acme", scope=scope, now=SystemClock().now(), hours=1)


def ask(
    address: str, path: str, body: dict[str, Any], *, scope: str = "service", sub: str = "backend"
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token('stage', scope)}", "Content-Type": "application/json"}
    request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def come_in(browser: Browser, pages: str, address: str, session: str = "keynote") -> Visit:
    visit = Visit(browser.new_context().new_page(), pages)
    page = visit.go("/room.html")
    page.fill("[name=address]", address)
    page.fill("[name=session]", session)
    page.fill("[name=token]", token("ana", "person"))
    page.click("text=Come in")
    expect(page.get_by_role("status")).to_have_text("Connected as ana.")
    return visit


def test_a_participant_votes_asks_and_sees_counts(browser: Browser, pages: str, address: str) -> None:
    visit = come_in(browser, pages, address)
    page = visit.page
    asked = "What shall we look at <b>next</b>?"
    told = {"question": asked, "options": ["Joins", "<i>Indexes</i>"], "duration": 300}
    poll = ask(address, f"{ROOM}/polls", told)["poll_id"]
    expect(page.locator("#poll p").first).to_have_text(asked)
    ask(address, f"{ROOM}/polls/{poll}/vote", {"choice": 0, "user_id": 7})
    # How many have voted is not told before; "0 votes" would be wrong.
    expect(page.locator("#poll")).not_to_contain_text("vote")
    page.get_by_role("button", name="<i>Indexes</i>").click()
    expect(page.locator("#poll")).to_contain_text("2 votes")
    assert page.locator("#poll span").all_inner_texts() == ["1", "1"]
    expect(page.locator("#said")).to_contain_text("Voted for the first time")
    page.fill("[name=words]", "How does it behave under load?")
    page.click("text=Ask")
    expect(page.locator("#questions")).to_contain_text("under load? (0)")
    ask(address, f"{ROOM}/questions", {"words": "<script>alert(1)</script>", "user_id": 7})
    page.get_by_role("button", name="I want to know, too").click(timeout=PATIENCE)
    expect(page.get_by_role("button", name="No longer")).to_be_visible()
    assert visit.barriers_in_light_and_dark() == []
    ask(address, f"{ROOM}/polls/{poll}/close", {}, scope="operator:organiser")
    expect(page.locator("#poll")).to_contain_text("closed")
    assert (visit.complaints, visit.refused()) == ([], [])
    assert [url for url in visit.asked if not url.startswith((pages, address, "data:"))] == []
    assert visit.overflow() <= 0
    page.context.close()


def test_what_may_be_achieved_is_not_said_to_be_achieved_and_places_are_shown(
    browser: Browser, pages: str, address: str
) -> None:
    visit = come_in(browser, pages, address, "games")
    page = visit.page
    poll = ask(address, f"{GAMES}/polls", {"question": "Too fast?", "options": ["Yes", "No"]})["poll_id"]
    for number in range(7):
        ask(address, f"{GAMES}/polls/{poll}/vote", {"choice": 0, "user_id": f"guest-{number}"})
    told = {"session_id": "games", "event_id": "conference", "intervention_type": "GAMIFICATION", "reason": "By hand"}
    for type, title in (("achievement", "Decided"), ("leaderboard", "Look who leads")):
        words = {"type": type, "title": title, "body": "Have a look."}
        ask(address, "/api/v1/interventions/manual", told | {"context": words, "override": True})
    expect(page.locator("#said")).to_contain_text("To be achieved: Decided. Have a look.")
    expect(page.locator("#said")).to_contain_text("Look who leads: Have a look.")
    expect(page.locator("#said")).not_to_contain_text("Achieved: Decided")
    expect(page.locator("#places li")).to_have_count(5)
    asker = ask(address, f"{GAMES}/questions", {"words": "Why?", "user_id": "ana"})["question_id"]
    for number in range(5):
        ask(address, f"{GAMES}/questions/{asker}/vote", {"user_id": f"guest-{number}"})
    expect(page.locator("#said")).to_contain_text("Achieved: Asked what 5 others want to know")
    assert (visit.complaints, visit.refused()) == ([], [])
    assert visit.overflow() <= 0
    page.context.close()


def test_what_somebody_types_outlives_the_votes_of_others_and_polls_stand_beside_each_other(
    browser: Browser, pages: str, address: str
) -> None:
    visit = come_in(browser, pages, address, "phone")
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    long = "Joins, once more, with everything that went wrong the first time"
    choice = ask(address, f"{PHONE}/polls", {"question": "What next?", "options": [long, "Locks"], "duration": 300})
    words = ask(address, f"{PHONE}/polls", {"question": "What would help?", "type": "open_ended", "duration": 300})
    answer = page.get_by_label("Your answer")
    answer.fill("more about lo")
    answer.focus()
    page.get_by_role("button", name="Locks").click()
    answer.focus()
    for user in (1, 2):
        ask(address, f"{PHONE}/polls/{words['poll_id']}/vote", {"words": "slower", "user_id": user})
        ask(address, f"{PHONE}/polls/{choice['poll_id']}/vote", {"choice": 0, "user_id": user})
    expect(page.locator("#poll")).to_contain_text("3 votes")
    page.keyboard.type("cks\n")
    expect(page.locator("#poll")).to_contain_text("your answer: more about locks")
    bar = page.get_by_role("progressbar", name=long).bounding_box()
    assert bar is not None
    assert bar["width"] > 200
    assert visit.overflow() <= 0
    for each in (choice, words):
        ask(address, f"{PHONE}/polls/{each['poll_id']}/close", {}, scope="operator:organiser")
    expect(page.get_by_text("3 votes; closed")).to_have_count(1)
    assert visit.complaints == []
    page.context.close()
