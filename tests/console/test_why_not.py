"""Why not? What held what back, and the ledger, searched and paged in the database."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

from tactful.bootstrap import Engine
from tactful.console.looking_back.rails import RAILS as MEANT
from tactful.console.looking_back.rails import RESULTS
from tactful.decide.guardrails import HERE_RAILS, LIVE_RAILS, RAILS
from tactful.kernel.records import Event
from tests.console.conftest import Browser, Operators
from tests.console.looking import asked, decisions, people


async def table(browser: Browser, name: str, **more: Any) -> list[dict[str, str]]:
    """A table of the page as it is saved."""
    answer = await browser.see("why_not", csv=name, **more)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_guard_rails_are_counted_as_the_ledger_has_them(engine: Engine, operator: Operators) -> None:
    one = await operator("rails")
    await people(engine, "rails")
    await decisions(engine, "rails", 40)
    told = {(row["kind"], row["rail"]): row for row in await table(one, "rails")}
    # Of four rows each: one has verdicts 3 and 1, one 0 and 2.
    assert {key: (int(row["candidates"]), int(row["alone"])) for key, row in told.items()} == {
        ("gentle_nudge", "do_not_disturb"): (10, 0),
        ("gentle_nudge", "quiet_hours"): (10, 0),
        ("skill_refresh", "do_not_disturb"): (10, 10),
        ("skill_refresh", "quiet_hours"): (10, 10),
    }
    weighed = {row["kind"]: (int(row["candidates"]), int(row["allowed"])) for row in await table(one, "candidates")}
    assert weighed == {"gentle_nudge": (30, 20), "skill_refresh": (30, 10)}


async def test_having_nothing_to_say_is_not_being_held_back(engine: Engine, operator: Operators) -> None:
    one = await operator("silence")
    await people(engine, "silence")
    await decisions(engine, "silence", 40)
    told: Counter[str] = Counter()
    for row in await table(one, "results"):
        told[row["result"]] += int(row["decisions"])
    assert told == {"silent": 10, "withheld": 10, "acted": 10, "lost": 10}
    assert len(await table(one, "ledger", result="withheld")) == 10
    assert len(await table(one, "ledger", result="silent")) == 10


async def test_sums_of_days_tell_the_same_as_their_rows(engine: Engine, operator: Operators) -> None:
    one = await operator("same")
    await people(engine, "same")
    await decisions(engine, "same", 1000)
    names = ("rails", "candidates", "results", "over_time")
    before = [await table(one, name, span="quarter") for name in names]
    await engine.reckon()
    counted = await asked(engine, "same", "SELECT count(*) AS days FROM counted_days WHERE what = 'decisions'")
    assert counted[0]["days"] > 35
    assert [await table(one, name, span="quarter") for name in names] == before


async def test_the_ledger_is_paged_without_gaps_and_twice(engine: Engine, operator: Operators) -> None:
    one = await operator("paged")
    await people(engine, "paged")
    await decisions(engine, "paged", 130)
    seen, after = list[int](), None
    for _ in range(5):
        rows = await engine.ledger("paged", limit=30, after=after)
        seen += [row["id"] for row in rows]
        if not rows:
            break
        after = (rows[-1]["at"], rows[-1]["id"])
    assert len(seen) == len(set(seen)) == 130
    first = (await one.see("why_not")).text
    older = first.partition('<p class="pager">')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    following = await one.client.get(f"/console/why_not{older}")
    assert following.status_code == 200
    assert f'decision?id={seen[49]}"' in first
    assert f'decision?id={seen[50]}"' in following.text
    assert f'decision?id={seen[49]}"' not in following.text


SEARCHES: tuple[tuple[dict[str, str], int], ...] = (
    ({"person": "5"}, 2),
    ({"person": "nobody"}, 0),
    ({"kind": "skill_refresh"}, 30),
    ({"kind": "morning_ritual"}, 0),
    ({"result": "acted"}, 10),
    ({"rail": "quiet_hours"}, 20),
    ({"rail": "quiet_hours", "kind": "gentle_nudge"}, 10),
    ({"rail": "agenda"}, 0),
    ({"from": "2020-01-01T00:00", "to": "2020-02-01T00:00"}, 0),
    ({"tick": "999999"}, 0),
)


async def test_the_ledger_is_searched_by_all_that_was_asked(engine: Engine, operator: Operators) -> None:
    one = await operator("searched")
    await people(engine, "searched")
    await decisions(engine, "searched", 40)
    assert [(search, len(await table(one, "ledger", **search))) for search, _ in SEARCHES] == list(SEARCHES)
    assert [(await one.see("why_not", **search)).status_code for search, _ in SEARCHES] == [200] * len(SEARCHES)


async def test_sums_of_days_hide_nothing_from_whoever_searches(engine: Engine, operator: Operators) -> None:
    one = await operator("summed")
    await people(engine, "summed")
    await decisions(engine, "summed", 130)
    rare = {"result": "acted", "kind": "skill_refresh"}
    searches = [search for search, _ in SEARCHES] + [{"result": "withheld"}, {"result": "silent"}, rare]
    before = [await table(one, "ledger", **search) for search in searches]
    await engine.reckon()
    summed = await asked(engine, "summed", "SELECT count(DISTINCT day) AS days FROM verdict_days")
    assert summed[0]["days"] >= 4
    assert [await table(one, "ledger", **search) for search in searches] == before


async def test_what_a_tick_decided_is_found_at_its_moment(engine: Engine) -> None:
    await people(engine, "ticked", 7)
    await engine.accept("ticked", [Event(id="t", person="3", kind="visit", occurred_at=engine.clock.now())])
    await engine.ask("ticked", "3")
    (row,) = await engine.ledger("ticked")
    assert [each["id"] for each in await engine.ledger("ticked", tick=row["tick_id"])] == [row["id"]]
    later = row["at"] + timedelta(seconds=1)
    assert await engine.ledger("ticked", tick=row["tick_id"], since=later, until=later) == []


async def test_help_in_context_has_guard_rails_of_its_own(engine: Engine, operator: Operators) -> None:
    one = await operator("here")
    await people(engine, "here")
    await decisions(engine, "here", 2)
    async with engine.database.service() as connection:
        await connection.execute(
            """UPDATE decisions d SET kinds = ARRAY['inline_help'], verdicts = ARRAY[256], result = 'silent'
                 FROM organisations o WHERE o.id = d.organisation_id AND o.name = 'here'"""
        )
    told = {row["kind"]: row["rail"] for row in await table(one, "rails")}
    assert told == {"inline_help": "dismissed"}
    assert len(await table(one, "ledger", rail="dismissed")) == 2
    assert await table(one, "ledger", rail="consent") == []


async def test_a_live_session_has_guard_rails_of_its_own(engine: Engine, operator: Operators) -> None:
    one = await operator("rooms")
    await people(engine, "rooms")
    await decisions(engine, "rooms", 4)
    async with engine.database.service() as connection:
        await connection.execute(
            """WITH room AS (
                 INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, state, seed)
                 SELECT id, 'keynote/<i>', 'summit', 'automatic', 'live', 1 FROM organisations WHERE name = 'rooms'
                 RETURNING id, organisation_id)
               INSERT INTO decisions (organisation_id, live_session_id, tick_id, at, result, policy, kinds, triggers,
                                      priorities, expected, verdicts, propensity, draw)
               SELECT organisation_id, id, (SELECT min(id) FROM ticks), now() - interval '5 minutes', 'silent',
                      'ranked-1', ARRAY['POLL'], ARRAY['drop'], ARRAY[1], '{}', ARRAY[8 + 16], 1, 0.5 FROM room"""
        )
    told = {row["rail"]: row["about"] for row in await table(one, "rails") if row["about"] == "session"}
    assert told == {"agenda": "session", "audience": "session"}
    page = (await one.see("why_not", rail="agenda")).text
    assert "keynote/&lt;i&gt;" in page
    assert page.count("decision?id=") == 1
    assert len(await table(one, "ledger", session="keynote/<i>")) == 1


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"kind": "nothing"}, "kind"),
    ({"result": "x"}, "result"),
    ({"rail": "x"}, "rail"),
    ({"from": "yesterday"}, "from"),
    ({"from": "2026-03-02T00:00", "to": "2026-03-01T00:00"}, "from"),
    ({"from": "1890-01-01T00:00"}, "from must lie"),
    ({"to": "1890-01-01T00:00"}, "to must lie"),
    ({"tick": "-1"}, "tick"),
    ({"before": "x"}, "before"),
    ({"before": "2026-03-02T00:00_5"}, "before"),
    ({"before": "2026-03-02T00:00+00:00_99999999999999999999"}, "before"),
    ({"person": "a\0b"}, "person"),
)


async def test_what_cannot_be_searched_for_is_named(operator: Operators) -> None:
    one = await operator("wrong")
    for query, field in WRONG:
        answer = await one.see("why_not", **query)
        assert (query, answer.status_code) == (query, 422)
        assert field in answer.text


async def test_another_organisation_sees_nothing_of_it(engine: Engine, operator: Operators) -> None:
    await people(engine, "secretive")
    await decisions(engine, "secretive", 40)
    other = await operator("curious")
    assert await table(other, "ledger") == []
    assert "Nothing was written to the ledger" in (await other.see("why_not")).text


async def test_silence_is_counted_where_ticks_looked(engine: Engine, operator: Operators) -> None:
    one = await operator("looked")
    await people(engine, "looked", 7)
    async with engine.database.service() as connection:
        await connection.execute(
            "INSERT INTO person_state (person_id, organisation_id, first_seen_at, last_seen_at, next_due_at) "
            "SELECT p.id, p.organisation_id, now(), now(), now() FROM people p "
            "JOIN organisations o ON o.id = p.organisation_id WHERE o.name = 'looked'"
        )
    await engine.tick(everybody=True)
    assert (await engine.withheld("looked"))["looked"] == 7
    assert "looked at 7 times" in (await one.see("why_not")).text


def test_every_guard_rail_and_result_has_words() -> None:
    assert {rail.name for rail in (*RAILS, *LIVE_RAILS, *HERE_RAILS)} == set(MEANT)
    assert {"acted", "deferred", "silent", "shadow", "lost", "suggested", "control", "withheld"} == set(RESULTS)
