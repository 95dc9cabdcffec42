"""Who needs us: the list agrees with the database, whatever is asked of it, and what is answered there counts."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI

from tactful.bootstrap import Engine
from tactful.store.described.memberships import Membership
from tactful.store.described.people import Person
from tests.console.conftest import PASSWORD, Browser, Operators
from tests.living import one, rows, settle_in

EVIL = "<script>alert(1)</script>"
LINK = re.compile(r'<th scope="row"><a href="/console/person\?id=([^"]+)">')


@pytest.fixture(scope="module")
async def console(app: FastAPI, engine: Engine) -> AsyncIterator[Browser]:
    """An admin of an organisation with sixty people with a past, a third of them taught by somebody."""
    settle_in(engine.database, now=engine.clock.now())
    teacher = Person("teacher", name="Ms Okafor", groups=[Membership("maths", "Maths", "educator")])
    pupils = [Person(f"demo-{n}", groups=[Membership("maths")]) for n in range(1, 21)]
    await engine.describe("acme", [teacher, *pupils, Person("a/b?c&d", name=f"Zoë {EVIL} d'Arc")])
    await engine.tick(everybody=True)
    link = await engine.first_link("acme")
    assert link is not None
    await engine.accept_offer(link, email="ana@acme.example", password=PASSWORD)
    browser = Browser(app)
    async with browser.client:
        await browser.sign_in("ana@acme.example")
        yield browser


def listed(page: str) -> list[str]:
    """The ids of the people on a page, in its order."""
    return [dict(parse_qsl(f"id={found}"))["id"] for found in LINK.findall(page)]


def ids(engine: Engine, query: str, *values: Any) -> list[str]:
    return [row["external_id"] for row in rows(engine.database, query, *values)]


RISKS = "SELECT p.external_id FROM people p JOIN dropout_risk_scores r ON r.user_id = p.id WHERE "


async def test_people_come_by_risk_and_a_page_after_the_other(engine: Engine, console: Browser) -> None:
    first = await console.see("people")
    after = re.search(r'class="pager"><a href="\?([^"]+)"', first.text)
    assert after is not None
    second = await console.see("people", **dict(parse_qsl(after[1].replace("&amp;", "&"))))
    told = [*listed(first.text), *listed(second.text)]
    assert len(listed(first.text)) == 50
    assert told == ids(engine, RISKS + "true ORDER BY coalesce(r.risk_score, -1) DESC, r.user_id DESC")
    assert "Next page" not in second.text


@pytest.mark.parametrize(
    ("asked", "truth"),
    [
        ({"level": "critical"}, "r.risk_level = 'critical'"),
        ({"factor": "no_progress"}, "'no_progress' = ANY(r.risk_factors)"),
        ({"alerts": "1"}, "p.id IN (SELECT person_id FROM educator_alerts WHERE state <> 'closed')"),
        ({"unreached": "1"}, "p.id NOT IN (SELECT user_id FROM intervention_logs WHERE shown_at IS NOT NULL)"),
        ({"level": "unknown"}, "r.risk_level = 'unknown'"),
        ({"level": "medium", "factor": "declining_engagement", "sort": "seen"},
         "r.risk_level = 'medium' AND 'declining_engagement' = ANY(r.risk_factors)"),
    ],
)  # fmt: skip
async def test_filters_keep_whom_the_database_keeps(
    engine: Engine, console: Browser, asked: dict[str, str], truth: str
) -> None:
    page = await console.see("people", csv="people", **asked)
    told = [line.split(",")[0] for line in page.text.splitlines()[1:]]
    assert sorted(told) == sorted(ids(engine, RISKS + truth))
    assert told


async def test_a_group_shows_its_members_and_not_who_teaches_it(engine: Engine, console: Browser) -> None:
    group = one(engine.database, "SELECT id FROM groups WHERE external_id = 'maths'")
    page = (await console.see("people", group=group)).text
    assert sorted(listed(page)) == sorted(f"demo-{n}" for n in range(1, 21))
    assert "20 people by level of risk in this group" in page


async def test_levels_add_up_to_everybody_who_was_judged(engine: Engine, console: Browser) -> None:
    table = (await console.see("people", csv="levels")).text
    told = dict(line.split(",") for line in table.splitlines()[1:])
    found = rows(engine.database, "SELECT risk_level, count(*) AS n FROM dropout_risk_scores GROUP BY 1")
    assert {level: int(many) for level, many in told.items() if many != "0"} == {
        row["risk_level"]: row["n"] for row in found
    }


async def test_of_whom_nothing_is_known_nothing_is_claimed(console: Browser) -> None:
    page = (await console.see("people", level="unknown")).text
    assert "nothing is known" in page
    assert "0.00" not in page


async def test_somebody_is_found_by_how_their_name_or_id_begins(console: Browser) -> None:
    for text in ("zoë", "d'arc zo", "a/b"):
        assert listed((await console.see("people", find=text)).text) == ["a/b?c&d"]
    assert (await console.see("people/find", find="demo-1")).headers["location"] == "/console/person?id=demo-1"
    assert (await console.see("people/find", find="demo")).headers["location"] == "/console/people?find=demo"
    assert '<option value="a/b?c&amp;d">' in (await console.see("people/proposed", find="zo")).text
    assert "Nobody fits" in (await console.see("people", find="nobody of that name")).text


async def test_names_stay_names_and_strange_ids_lead_somewhere(console: Browser) -> None:
    page = (await console.see("people", find="zoë")).text
    assert EVIL not in page
    assert (await console.see("person", id="a/b?c&d")).status_code == 200


async def test_an_educators_alert_is_told_and_can_be_dealt_with(engine: Engine, console: Browser) -> None:
    page = (await console.see("people", alerts="1")).text
    assert "to Ms Okafor is open" in page
    alert = re.search(r'name="alert" value="(\d+)"', page)
    assert alert is not None
    answer = await console.send("people/close-alert", alert=alert[1], because=f"Called them {EVIL}", list="?alerts=1")
    assert answer.headers["location"] == "/console/people?alerts=1"
    (row,) = rows(engine.database, "SELECT * FROM educator_alerts WHERE id = %s", int(alert[1]))
    assert (row["state"], row["closed_because"]) == ("closed", f"Called them {EVIL}")
    assert row["closed_by"] == "operator:admin ana@acme.example"


async def test_somebody_wrongly_flagged_is_below_critical_at_once(engine: Engine, console: Browser) -> None:
    (whom, *_) = listed((await console.see("people", level="critical")).text)
    answer = await console.send("people/not-leaving", person=whom, note=f"On leave {EVIL}")
    assert answer.headers["location"] == f"/console/person?id={whom}"
    level = one(engine.database, RISKS.replace("p.external_id", "r.risk_level") + "p.external_id = %s", whom)
    assert level == "high"
    page = (await console.see("person", id=whom)).text
    assert "says they are not leaving: On leave &lt;script&gt;" in page
    assert "went down from critical to high" in page
    assert EVIL not in page


async def test_who_is_not_flagged_cannot_be_flagged_wrongly(engine: Engine, console: Browser) -> None:
    whom = ids(engine, RISKS + "r.risk_level = 'low' LIMIT 1")[0]
    assert (await console.send("people/not-leaving", person=whom, note="x")).status_code == 409
    assert (await console.send("people/not-leaving", person="nobody", note="x")).status_code == 404


async def test_viewers_look_and_change_nothing(console: Browser, operator: Operators) -> None:
    viewer = await operator("acme", "viewer")
    page = (await viewer.see("people", level="critical")).text
    assert "Wrongly flagged" not in page
    assert (await viewer.send("people/not-leaving", person="demo-1", note="x")).status_code == 403
    assert (await viewer.send("people/close-alert", alert=1)).status_code == 403


async def test_other_organisations_see_nothing_of_it(console: Browser, operator: Operators) -> None:
    other = await operator("beside")
    assert "Nobody is known yet" in (await other.see("people")).text
    assert listed((await other.see("people", find="demo-1")).text) == []
    assert (await other.see("person", id="demo-1")).status_code == 404
    assert (await other.see("decision", id=1)).status_code == 404
    assert "<option" not in (await other.see("people/proposed", find="demo")).text


@pytest.mark.parametrize(
    ("page", "asked", "field"),
    [
        ("people", {"sort": "name; DROP TABLE people"}, "sort"),
        ("people", {"level": "dreadful"}, "level"),
        ("people", {"factor": "weather"}, "factor"),
        ("people", {"group": "maths"}, "group"),
        ("people", {"alerts": "yes"}, "alerts"),
        ("people", {"after": "W10="}, "after"),
        ("people", {"after": "%%%"}, "after"),
        ("people", {"sort": "seen", "after": "WyIiLCAieCIsIDFd"}, "after"),
        ("people", {"find": "x" * 501}, "find"),
        ("person", {}, "id"),
        ("person", {"id": "demo-1", "topic": "weather"}, "topic"),
        ("person", {"id": "demo-1", "before": "bm8="}, "before"),
        ("person", {"id": "demo-1", "preview": "on friday"}, "preview"),
        ("person", {"id": "demo-1", "preview": "1999-01-01T08:00"}, "at"),
        ("person", {"id": "demo-1", "preview": "2999-01-01T08:00"}, "at"),
        ("decision", {"id": "one"}, "id"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_its_name(
    console: Browser, page: str, asked: dict[str, str], field: str
) -> None:
    answer = await console.see(page, **asked)
    assert answer.status_code == 422
    assert re.search(rf"\b{field}\b", answer.text)
