"""One person: their story in order, what is believed of them, and what would be decided, without deciding it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from tactful.bootstrap import Engine
from tactful.console.people.deciding import next_friday
from tactful.facts.here import Asked
from tactful.facts.interactions import Interaction
from tactful.kernel.records import Event
from tactful.store.described.people import Person
from tactful.store.overseen.chapters import TOPICS
from tactful.store.overseen.timeline import Mark
from tactful.uses import asking
from tests.console.conftest import PASSWORD, Browser, Operators
from tests.living import one, rows, settle_in

EVIL = "<b>bold</b>"
# What a preview must leave as it is.
PRINT = """
SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM (
  SELECT 'i', i.xmin, i.id FROM intervention_logs i UNION ALL SELECT 'd', xmin, id FROM decisions
   UNION ALL SELECT 'a', xmin, person_id FROM attention UNION ALL SELECT 's', xmin, person_id FROM person_state
   UNION ALL SELECT 'r', xmin, user_id FROM dropout_risk_scores UNION ALL SELECT 't', xmin, id FROM ticks) t
"""

ANA = "operator:admin ana@acme.example"


@pytest.fixture(scope="module")
async def console(app: FastAPI, engine: Engine) -> AsyncIterator[Browser]:
    """An admin of an organisation with people with a past; one of them has had dealings with the engine."""
    settle_in(engine.database, count=30, now=engine.clock.now())
    await engine.tick(everybody=True)
    link = await engine.first_link("acme")
    assert link is not None
    await engine.accept_offer(link, email="ana@acme.example", password=PASSWORD)
    browser = Browser(app)
    async with browser.client:
        await browser.sign_in("ana@acme.example")
        yield browser


@pytest.fixture(scope="module")
async def whom(engine: Engine, console: Browser) -> str:
    """Somebody who was shown something, dismissed it, and then wanted quiet."""
    found = rows(
        engine.database,
        """SELECT p.external_id, i.id FROM intervention_logs i JOIN people p ON p.id = i.user_id
            WHERE i.state = 'planned' ORDER BY i.id LIMIT 1""",
    )
    person = str(found[0]["external_id"])
    shown = await engine.interventions("acme", person)
    await engine.answer("acme", person, shown[0]["id"], "dismissed")
    await engine.change_preferences("acme", person, {"dnd_enabled": True, "max_notifications_per_day": 2})
    await engine.ask("acme", person)
    return person


def ids(engine: Engine, query: str) -> list[str]:
    return [row["external_id"] for row in rows(engine.database, query)]


def story(page: str) -> list[str]:
    """The sentences of the time line, as they are shown."""
    return re.findall(r'<li class="entry [^"]*">.*?<p>(.*?)(?: <a|</p>)', page, re.DOTALL)


async def test_their_story_is_told_newest_first(console: Browser, whom: str) -> None:
    told = story((await console.see("person", id=whom)).text)
    wanted = ("Decided: nothing", "Changed how they want", "They dismissed", "Saw ", "Decided: ")
    places = [next(n for n, text in enumerate(told) if text.startswith(each)) for each in wanted[:-1]]
    places.append(max(n for n, text in enumerate(told) if text.startswith("Decided: ")))
    assert places == sorted(places)
    assert any(text.startswith("A day with") for text in told)
    assert any(text.startswith("Session from") for text in told)


async def test_a_change_of_wishes_is_told_from_what_to_what(console: Browser, whom: str) -> None:
    page = (await console.see("person", id=whom, topic="wishes")).text
    assert "dnd enabled: off to on; max notifications per day: 5 to 2" in page
    assert len(story(page)) == 1


async def test_what_was_withheld_says_by_which_guard_rail(engine: Engine, console: Browser, whom: str) -> None:
    page = (await console.see("person", id=whom, topic="decisions")).text
    assert "withheld by do not disturb" in page
    number = max(int(found) for found in re.findall(r"decision\?id=(\d+)", page))
    decision = (await console.see("decision", id=number)).text
    for told in ("To allow it:", "ranked/1", "because somebody asked", "Every guard rail's verdict"):
        assert told in decision
    table = (await console.see("decision", id=number, csv="verdicts")).text
    assert ",do_not_disturb,forbids," in table


@pytest.mark.parametrize("limit", [1, 3, 7])
async def test_a_story_read_page_by_page_is_the_whole_story(engine: Engine, whom: str, limit: int) -> None:
    whole = await engine.timeline("acme", whom, limit=1000)
    after, pages = None, list[dict[str, Any]]()
    while found := await engine.timeline("acme", whom, after=after, limit=limit):
        pages += found
        after = Mark(found[-1]["at"], found[-1]["kind"], found[-1]["key"])
    assert pages == whole
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)


async def test_every_topic_is_a_part_of_the_whole_story(engine: Engine, whom: str) -> None:
    whole = await engine.timeline("acme", whom, limit=1000)
    parts = [each for topic in TOPICS for each in await engine.timeline("acme", whom, topics=[topic], limit=1000)]
    assert len(parts) == len(whole)


async def test_how_they_may_be_reached_is_what_counts_today(engine: Engine, console: Browser, whom: str) -> None:
    page = (await console.see("person", id=whom)).text
    sent = one(engine.database, "SELECT sent_today FROM attention a JOIN people p ON p.id = a.person_id "
               "WHERE p.external_id = %s", whom)  # fmt: skip
    assert f"{max(0, 2 - sent)} of 2" in page
    assert "their own, of" in page


async def test_the_week_is_the_one_that_was_counted(engine: Engine, console: Browser, whom: str) -> None:
    table = (await console.see("person", id=whom, csv="hours")).text
    told = sum(int(line.split(",")[2]) for line in table.splitlines()[1:])
    assert told == one(
        engine.database,
        "SELECT sum(events)::int FROM person_hour h JOIN people p ON p.id = h.person_id WHERE p.external_id = %s",
        whom,
    )
    assert 'class="heat"' in (await console.see("person", id=whom)).text


async def test_curves_of_forgetting_fall_from_the_last_practice_on(engine: Engine, whom: str) -> None:
    kept = await engine.remembering("acme", whom)
    last = {row["skill_id"]: row["last_at"] for row in rows(
        engine.database, "SELECT skill_id, last_at FROM person_memory m JOIN people p ON p.id = m.person_id "
        "WHERE p.external_id = %s", whom)}  # fmt: skip
    assert kept["curves"]
    for skill, curve in kept["curves"].items():
        known = [chance for chance in curve if chance is not None]
        assert known[-1] < known[0]
        assert all(0 <= chance <= 1 for chance in known)
        begins = [at >= last[skill] for at in kept["instants"]]
        assert [chance is not None for chance in curve] == begins


async def test_a_preview_changes_nothing(engine: Engine, console: Browser) -> None:
    before = one(engine.database, PRINT)
    at = next_friday(engine.clock.now(), "Europe/Berlin").astimezone(UTC)
    for number in range(1, 13):
        assert await engine.preview("acme", f"demo-{number}", at) is not None
    assert one(engine.database, PRINT) == before


async def test_what_a_preview_says_is_what_is_then_decided(engine: Engine, console: Browser) -> None:
    at = next_friday(engine.clock.now(), "Europe/Berlin").astimezone(UTC) + timedelta(hours=4)
    # What waits for somebody is handed over first, and the next decision knows of it.
    waits = "SELECT user_id FROM intervention_logs WHERE state = 'deferred'"
    free = ids(engine, f"SELECT external_id FROM people WHERE id NOT IN ({waits}) AND name IS NULL ORDER BY id DESC")
    for person in free[:8]:
        preview = await engine.preview("acme", person, at)
        assert preview is not None
        done = asking.ask(engine.database, engine.rules, "acme", person, at)
        (row,) = done.decisions.to_dicts()
        same = ("kinds", "verdicts", "result", "chosen", "priorities", "draw", "propensity", "due_at")
        assert {name: preview.decision[name] for name in same} == {name: row[name] for name in same}


async def test_the_next_best_action_is_what_is_decided_when_somebody_asks(engine: Engine, console: Browser) -> None:
    waits = "SELECT user_id FROM intervention_logs WHERE state IN ('deferred', 'planned')"
    free = ids(engine, f"SELECT external_id FROM people WHERE id NOT IN ({waits}) AND name IS NULL ORDER BY id")
    before = one(engine.database, PRINT)
    for person in free[:6]:
        now = engine.clock.now()
        best = await engine.next_best_action("acme", person)
        told = [(each["kind"], each["expected"]) for each in best["actions"] if each["kind"] != "nothing"]
        assert before == one(engine.database, PRINT)
        (row,) = asking.ask(engine.database, engine.rules, "acme", person, now).decisions.to_dicts()
        before = one(engine.database, PRINT)
        assert best["next_best_action"] == (row["chosen"] or "nothing")
        assert (best["result"], best["propensity"]) == (row["result"], row["propensity"])
        assert sorted(told) == sorted(zip(row["kinds"], row["expected"], strict=True))
        (first, *_) = [each for each in best["actions"] if each["chosen"]]
        assert first == best["actions"][0]


async def test_the_page_says_what_would_be_best_now_and_why(engine: Engine, console: Browser, whom: str) -> None:
    best = await engine.next_best_action("acme", whom)
    page = (await console.see("person", id=whom)).text
    assert "What would be best now?" in page
    # They want quiet, so nothing is best, whatever else could be done.
    assert best["next_best_action"] == "nothing"
    assert best["reasons"][0] in page
    assert all(each["against"] for each in best["actions"][1:])


async def test_a_preview_in_quiet_hours_says_so_by_their_clock(engine: Engine, console: Browser) -> None:
    person = one(
        engine.database,
        """SELECT p.external_id FROM people p JOIN dropout_risk_scores r ON r.user_id = p.id
            WHERE r.risk_level = 'critical' ORDER BY p.id DESC LIMIT 1""",
    )
    row = await engine.about("acme", person)
    day = next_friday(engine.clock.now(), row["zone"])
    page = (await console.see("person", id=person, preview=f"{day:%Y-%m-%d}T23:30")).text
    assert "It is 23:30 in" in page
    assert "Their quiet hours end at 08:00." in page
    assert re.search(r"On Friday .*, 23:30 in", page)


async def test_somebody_new_has_empty_states_and_unknowns(engine: Engine, console: Browser) -> None:
    await engine.describe("acme", [Person("new", name=EVIL, consent={"engagement": False})])
    page = (await console.see("person", id="new", preview="")).text
    for told in ("no consent", "Nothing is known that would say", "No skill of theirs is known", "are not known yet"):
        assert told in page
    assert EVIL not in page
    assert "The engine first heard of them." in story(page)


async def test_who_is_held_out_is_said_plainly(engine: Engine, console: Browser) -> None:
    await engine.accept("acme", [Event(id="h", person="held", kind="visit", occurred_at=engine.clock.now())])
    async with engine.database.service() as connection:
        await connection.execute("UPDATE people SET holdout_bucket = 0 WHERE external_id = 'held'")
    page = (await console.see("person", id="held")).text
    assert ("left alone for comparison" in page) == (engine.rules.holdout > 0)


def test_next_friday_is_the_next_one_by_their_own_clock() -> None:
    at = datetime.fromisoformat("2026-03-06T12:00+00:00")
    assert next_friday(at, "America/New_York").isoformat() == "2026-03-06T08:00:00-05:00"
    assert next_friday(at, "Europe/Berlin").isoformat() == "2026-03-13T08:00:00+01:00"


async def test_what_is_stored_can_be_saved_and_forgotten_by_admins_alone(
    engine: Engine, console: Browser, operator: Operators
) -> None:
    await engine.accept("acme", [Event(id="g", person="going/1", kind="visit", occurred_at=engine.clock.now())])
    saved = (await console.see("person/export", id="going/1")).json()
    assert saved["user_id"] == "going/1"
    assert len(saved["tables"]["events"]) == 1
    taken = (await engine.acts("acme", act="export person"))[0]
    assert [(row["actor"], row["detail"]) for row in taken] == [(ANA, {"user_id": "going/1"})]
    organiser = await operator("acme", "organiser")
    assert (await organiser.see("person/export", id="going/1")).status_code == 403
    assert (await organiser.send("person/forget", person="going/1", confirm="going/1")).status_code == 403
    assert "Forget them" not in (await organiser.see("person", id="going/1")).text
    assert (await console.send("person/forget", person="going/1", confirm="going")).status_code == 422
    assert (await console.send("person/forget", person="going/1", confirm="going/1")).status_code == 303
    assert (await console.see("person", id="going/1")).status_code == 404
    # That somebody was told stays; of whom does not.
    acts = (await engine.acts("acme", actor="admin"))[0]
    assert [(row["act"], row["actor"]) for row in acts[:2]] == [("erase person", ANA), ("export person", ANA)]
    assert "going/1" not in str(acts)


async def test_help_where_they_are_is_part_of_their_story(engine: Engine, console: Browser) -> None:
    asked = Asked("acme", "demo-30", "lesson", concept="limits", time_on_section=400.0, scroll_count=50)
    told = await engine.check_help("acme", "demo-30", asked)
    assert told["should_show"], told
    await engine.answer_inline_help("acme", "demo-30", told["help_id"], "dismissed")
    again = await engine.check_help("acme", "demo-30", asked)
    assert not again["should_show"]
    page = (await console.see("person", id="demo-30")).text
    entries = story(page)
    assert "They dismissed the help." in entries
    assert any(entry.startswith("Saw help on lesson") for entry in entries)
    decision = (await console.see("decision", id=told["decision_id"])).text
    assert "Inline help" in decision
    assert "dismissed" in decision


async def test_what_they_say_is_told_with_its_mood_and_topics(console: Browser, engine: Engine, whom: str) -> None:
    assert "They have not said anything yet" in (await console.see("person", id=whom)).text
    now = engine.clock.now()
    said = ("I hate this <b>homework</b>.", "Geometry is fine.", "Geometry is great!")
    told = [Interaction(whom, text, now - timedelta(days=2 * days)) for days, text in enumerate(said)]
    await engine.interact("acme", told)
    await engine.carry_out("patterns")
    page = (await console.see("person", id=whom)).text
    assert "Mood now" in page
    assert "declining" in page
    assert "3 messages" in page
    assert "geometry" in page
    assert "homework" not in page.replace('<span class="badge plain">homework</span>', "")
    table = (await console.see("person", id=whom, csv="mood")).text.splitlines()
    assert table[0].endswith("at,mood")
    # The heading, and the days from the first message on, today's included.
    assert len(table) == 1 + 5
