"""The page of one live session: its course, its audience, and what an organiser does in it."""

import csv
import io
from datetime import timedelta

from tactful.bootstrap import Engine
from tactful.facts.audiences import Item, LiveSession, Signal
from tactful.store.described.people import Person
from tests.console.conftest import Operators
from tests.console.happenings import begin, came, heard, proposed

EVIL = "<b onclick=x>"
TOLD = "&lt;b onclick=x&gt;"


async def test_a_session_is_created_begun_switched_and_ended_from_the_console(
    engine: Engine, operator: Operators
) -> None:
    admin = await operator("making")
    assert (await admin.see("session/new")).status_code == 200
    form = {"session_id": "day 1/opening", "title": EVIL, "mode": "semi_automatic", "starts_at": "2026-03-01T10:00"}
    wrong = await admin.send("session/create", **form, ends_at="2026-03-01T09:00")
    assert wrong.status_code == 422
    assert "ends_at" in wrong.text
    assert 'value="day 1/opening"' in wrong.text
    made = await admin.send("session/create", **form)
    assert made.headers["location"] == "/console/session?id=day%201%2Fopening"
    assert (await admin.send("session/create", **form)).status_code == 409
    page = (await admin.see("session", id="day 1/opening")).text
    assert EVIL not in page
    assert "It has not begun." in page
    for what, told in (("start", "It runs: 0 people there, engagement unknown."), ("end", "It has ended")):
        assert (await admin.send("session/run", session="day 1/opening", what=what)).status_code == 303
        assert told in (await admin.see("session", id="day 1/opening")).text
    again = await admin.send("session/run", session="day 1/opening", what="start")
    assert again.status_code == 409
    assert "has ended" in again.text
    acts = [row["act"] for row in (await engine.acts("making"))[0]]
    assert acts[:3] == ["end live session", "start live session", "create live session"]


async def test_what_it_may_do_by_itself_is_switched_while_it_runs(engine: Engine, operator: Operators) -> None:
    admin = await operator("modes")
    item = Item("break", engine.clock.now(), engine.clock.now() + timedelta(minutes=10), "Coffee")
    await engine.add_live_session("modes", LiveSession("planned", "conference", topic="databases", agenda=[item]))
    await admin.send("session/mode", session="planned", mode="automatic")
    row = await engine.live_session("modes", "planned")
    assert (row["mode"], row["topic"], row["agenda"][0]["title"]) == ("automatic", "databases", "Coffee")
    assert "Coffee" in (await admin.see("session", id="planned")).text
    assert (await admin.send("session/mode", session="planned", mode="wild")).status_code == 422
    assert (await admin.send("session/mode", session="nowhere", mode="manual")).status_code == 404


async def test_polls_questions_hands_and_people_are_shown_as_they_are(engine: Engine, operator: Operators) -> None:
    admin = await operator("audience")
    await begin(engine, "audience", "full", audience=0)
    await came(engine, "audience", "full", "ana", "ben", "cleo")
    await engine.describe("audience", [Person("ben", name="Ben")])
    await heard(engine, "full", 0.5, 3, ago=20)
    await heard(engine, "full", 0.75, 3)
    poll = (await engine.open_poll("audience", "full", question=EVIL, options=["Yes", "No"]))["poll_id"]
    for who, choice in (("ana", 0), ("ben", 0), ("cleo", 1)):
        await engine.vote("audience", "full", poll, who, choice=choice)
    asked = (await engine.ask_room("audience", "full", "ben", f"Why {EVIL}?"))["question_id"]
    await engine.hear("audience", [Signal("h", "full", "hand_raised", engine.clock.now(), "cleo")])
    page = (await admin.see("session", id="full")).text
    # Who is known has a page of their own; names of others are just names.
    assert page.count('<a href="/console/person?id=ben">ben</a>') == 3
    assert "person?id=ana" not in page
    assert EVIL not in page
    assert "2 (67 %)" in page
    assert "No hand is up." not in page
    assert "engagement 75 %" in page
    # By points: a question and a vote, then a vote and a hand.
    places = page.partition('aria-label="Leaderboard"')[2]
    assert places.index("ben") < places.index("cleo") < places.index("ana")
    await admin.send("session/close-poll", session="full", poll=poll)
    assert (await engine.poll("audience", "full", poll))["open"] is False
    await admin.send("session/question", session="full", id=asked, what="answered")
    assert "<b>answered</b>" in (await admin.see("session", id="full")).text
    await admin.send("session/question", session="full", id=asked, what="hide")
    assert await engine.questions("audience", "full") == []
    assert (await admin.send("session/question", session="full", id=asked, what="shout")).status_code == 422


async def test_what_is_set_off_by_hand_is_looked_at_first(engine: Engine, operator: Operators) -> None:
    admin = await operator("byhand")
    await begin(engine, "byhand", "stage")
    asked = {"id": "stage", "kind": "POLL", "preview": "1", "question": EVIL, "options": "Yes\nNo", "duration": "30"}
    page = (await admin.see("session", **asked)).text
    assert f"<p>{TOLD}</p>" in page
    assert "for 30 seconds" in page
    assert await engine.polls("byhand", "stage") == []
    # Without words a template says it.
    assert "everybody in the room" in (await admin.see("session", id="stage", kind="CHAT_PROMPT", preview="1")).text
    wrong = await admin.see("session", **(asked | {"options": "Yes"}))
    assert wrong.status_code == 422
    form = {"session": "stage", "kind": "POLL", "question": EVIL, "options": "Yes\r\nNo", "duration": "30"}
    assert (await admin.send("session/set-off", **form, reason="They asked")).status_code == 303
    (poll,) = await engine.polls("byhand", "stage")
    assert (poll["question"], poll["options"]) == (EVIL, ["Yes", "No"])
    again = await admin.send("session/set-off", **form)
    assert again.status_code == 409
    assert "too short a while ago" in again.text
    assert 'name="override"' in again.text
    assert (await admin.send("session/set-off", **form, override="on")).status_code == 303
    told = (await engine.live_history("byhand", "stage"))["interventions"]
    assert [row["reasoning"] for row in told] == ["Set off from the console.", "They asked"]
    assert {row["actor"] for row in told} == {"operator:admin admin@byhand.example"}


async def test_viewers_see_a_session_and_change_nothing_in_it(engine: Engine, operator: Operators) -> None:
    await operator("watching")
    viewer = await operator("watching", "viewer")
    await begin(engine, "watching", "seen")
    await engine.ask_room("watching", "seen", "ana", "Why?")
    await proposed(engine, "seen")
    page = (await viewer.see("session", id="seen", kind="POLL", preview="1")).text
    assert "Why?" in page
    assert "<form" not in page.partition("<main")[2]
    for act in ("run", "mode", "question", "close-poll", "set-off", "create"):
        assert (await viewer.send(f"session/{act}", session="seen")).status_code == 403
    assert (await viewer.see("session/new")).status_code == 403


async def test_people_are_sorted_and_paged_by_the_database(engine: Engine, operator: Operators) -> None:
    admin = await operator("crowd")
    await begin(engine, "crowd", "hall", audience=0)
    await came(engine, "crowd", "hall", *(f"guest-{number:03}" for number in range(70)))
    await engine.hear("crowd", [Signal(f"c{n}", "hall", "chat", engine.clock.now(), "guest-042") for n in range(3)])
    page = (await admin.see("session", id="hall", sort="-chats")).text
    rows = page.partition('aria-label="People"')[2]
    assert rows.index("guest-042") < rows.index("guest-000")
    assert rows.count('<th scope="row">') == 50
    more = (await admin.see("session", id="hall", sort="participant", after="50")).text.partition(
        'aria-label="People"'
    )[2]
    assert more.count('<th scope="row">') == 20
    told = (await admin.see("session", id="hall", csv="people")).text
    assert len(list(csv.reader(io.StringIO(told)))) == 71


async def test_the_course_is_a_file_too(engine: Engine, operator: Operators) -> None:
    admin = await operator("course")
    await begin(engine, "course", "drawn")
    at = await heard(engine, "drawn", None, 3, ago=15)
    await heard(engine, "drawn", 0.5, 4, ago=1)
    told = (await admin.see("session", id="drawn", csv="course")).text.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0] == ["until", "people", "signals", "engagement", "noticed", "done"]
    # Unknown is empty, never nothing.
    assert rows[2] == [at.isoformat(), "3", "12.0", "", "", ""]
    assert "unknown" in (await admin.see("session", id="drawn")).text


async def test_sessions_are_listed_by_state_and_page(engine: Engine, operator: Operators) -> None:
    admin = await operator("listed")
    for number in range(55):
        await engine.add_live_session("listed", LiveSession(f"talk-{number:02}", "conference"))
    await begin(engine, "listed", "running")
    page = (await admin.see("now/sessions")).text
    assert page.count('<th scope="row">') == 50
    assert "after=50" in page
    assert (await admin.see("now/sessions", after="50")).text.count('<th scope="row">') == 6
    live = (await admin.see("now/sessions", state="live")).text
    assert live.count('<th scope="row">') == 1
    assert "Running" in live
