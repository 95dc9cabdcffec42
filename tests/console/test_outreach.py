"""What goes out, what did not get through, how channels do, and links that operators make for people."""

from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.console.channels import RESTING
from tactful.store.described.people import Person
from tactful.store.running.pacing import Pacing
from tactful.testing.telegram import TelegramPeer
from tests.console.conftest import Operators

# A message to everybody of an organisation that came to nothing, or of which nobody can tell.
LOST = """
WITH told AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel, title,
                                 triggered_at, due_at, expires_at)
  SELECT p.id, p.organisation_id, 'check_in', 5, 'test', 'planned', 'telegram', '<b>Hello</b>', now(), now(),
         now() + %(keeps)s * interval '1 hour'
    FROM people p JOIN organisations o ON o.id = p.organisation_id WHERE o.name = %(organisation)s RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, state, refusal, error, attempts, due_at,
                        claimed_at, expires_at, address_id)
SELECT t.organization_id, t.user_id, t.id, 'telegram', %(state)s, %(refusal)s, 'Telegram <said> no.', 3, now(), now(),
       t.expires_at, a.id
  FROM told t LEFT JOIN addresses a ON a.person_id = t.user_id RETURNING id
"""


@pytest.fixture(scope="module")
def settings() -> Any:
    with TelegramPeer(wait=0) as peer:
        yield {name.replace(".", "__"): value for name, value in peer.settings().items()}


async def lost(engine: Engine, organisation: str, *, state: str = "refused", keeps: int = 5) -> int:
    """Somebody whom a message did not reach; the number of its delivery."""
    await engine.describe(organisation, [Person("ana", addresses={"telegram": "1001"})])
    values = {"organisation": organisation, "state": state, "keeps": keeps}
    values |= {"refusal": "gone" if state == "refused" else None}
    async with engine.database.service() as connection:
        row = await (await connection.execute(LOST, values)).fetchone()
    assert row is not None
    return int(row["id"])


async def state_of(engine: Engine, number: int) -> str:
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT state FROM deliveries WHERE id = %s", (number,))).fetchone()
    assert row is not None
    return str(row["state"])


async def test_what_was_lost_says_why_and_is_sent_again_by_an_admin(engine: Engine, operator: Operators) -> None:
    admin, viewer = await operator("losing"), await operator("losing", "viewer")
    number = await lost(engine, "losing")
    page = (await viewer.see("undelivered", channel="telegram")).text
    for told in ("gone", "the address is no more", "Telegram &lt;said&gt; no.", "&lt;b&gt;Hello", "an admin can"):
        assert told in page
    assert "ana" not in (await viewer.see("undelivered", channel="email")).text.partition("<main")[2]
    assert (await viewer.send("undelivered/again", id=number)).status_code == 403
    assert (await admin.send("undelivered/again", id=number)).status_code == 303
    assert await state_of(engine, number) == "due"
    # Pressed twice, it goes once.
    await admin.send("undelivered/again", id=number)
    assert "sent again already" in (await admin.see("undelivered")).text
    assert [each["act"] for each in (await engine.acts("losing"))[0]].count("replay deliveries") == 1


async def test_what_was_given_up_is_sent_again_from_there_too(engine: Engine, operator: Operators) -> None:
    admin, theirs = await operator("giving"), await operator("greedy")
    number = await lost(engine, "giving")
    await theirs.send("running/again", kind="delivery", id=number)
    assert await state_of(engine, number) == "refused"
    await admin.send("running/again", kind="delivery", id=number)
    assert await state_of(engine, number) == "due"


async def test_all_of_a_channel_are_sent_again_at_once(engine: Engine, operator: Operators) -> None:
    admin = await operator("all")
    number = await lost(engine, "all", state="unknown")
    assert "nobody knows whether it arrived" in (await admin.see("undelivered")).text
    await admin.send("undelivered/all", channel="email")
    assert await state_of(engine, number) == "unknown"
    await admin.send("undelivered/all", channel="telegram")
    assert "Sent again: 1." in (await admin.see("undelivered")).text
    assert await state_of(engine, number) == "due"


async def test_what_it_is_too_late_for_cannot_be_sent_again(engine: Engine, operator: Operators) -> None:
    admin = await operator("late")
    await lost(engine, "late", keeps=-1)
    page = (await admin.see("undelivered")).text
    assert "too late" in page
    assert "Send again" not in page


async def test_what_others_lost_is_neither_seen_nor_sent(engine: Engine, operator: Operators) -> None:
    theirs = await operator("nosy")
    number = await lost(engine, "private")
    assert "Hello" not in (await theirs.see("undelivered")).text
    await theirs.send("undelivered/again", id=number)
    assert await state_of(engine, number) == "refused"


async def test_an_outage_of_a_channel_is_seen_with_what_it_said_last(engine: Engine, operator: Operators) -> None:
    viewer = await operator("outage", "viewer")
    await lost(engine, "outage")
    page = (await viewer.see("channels")).text
    assert "some could not be delivered" in page
    assert "Telegram &lt;said&gt; no." in page
    assert "Tell another endpoint" not in page
    await Pacing(engine.valkey).rest("telegram", 60 * RESTING)
    page = (await viewer.see("channels")).text
    assert "does not answer, or asked for a pause" in page
    assert "not set up" in page
    await engine.valkey.flushdb()
    rows = {row["name"]: row for row in await engine.channels("outage")}
    assert (rows["telegram"]["undelivered"], rows["telegram"]["rest"], rows["email"]["set_up"]) == (1, 0.0, False)
    assert "name,set_up,pace" in (await viewer.see("channels", csv="channels")).text


async def test_what_was_asked_for_is_listed_and_taken_back(engine: Engine, operator: Operators) -> None:
    organiser, viewer = await operator("asking", "organiser"), await operator("asking", "viewer")
    await engine.describe("asking", [Person("ana")])
    row = await engine.request_outreach("asking", "ana", "check_in", context_data={"topic": "<i>x"}, trigger="backend")
    page = (await viewer.see("outreach", status="scheduled", person="ana")).text
    for told in ("Check in", "backend", "&lt;i&gt;x", "waits for its moment"):
        assert told in page
    assert (await viewer.send("outreach/cancel", id=row["id"])).status_code == 403
    assert (await organiser.send("outreach/cancel", id=row["id"])).status_code == 303
    assert "taken back" in (await organiser.see("outreach", status="cancelled")).text
    await organiser.send("outreach/cancel", id=row["id"])
    assert "It waits no more" in (await organiser.see("outreach")).text
    assert "Nothing that fits" in (await organiser.see("outreach", status="expired")).text


async def test_an_operator_makes_a_link_that_is_shown_once_and_works(engine: Engine, operator: Operators) -> None:
    organiser, viewer = await operator("linking", "organiser"), await operator("linking", "viewer")
    await engine.describe("linking", [Person("ana")])
    assert "Make a link for telegram" not in (await viewer.see("person", id="ana")).text
    assert (await viewer.send("person/link", person="ana", channel="telegram")).status_code == 403
    page = (await organiser.send("person/link", person="ana", channel="telegram")).text
    link = page.partition('<code class="link">')[2].partition("<")[0]
    assert "/tactful_test_bot?start=" in link
    assert await engine.linked("telegram", link.partition("start=")[2], "1001", wording="<u>Yes") is not None
    await engine.stop("linking", "ana", source="telegram")
    page = (await viewer.see("person", id="ana")).text
    for told in ("1001", "&lt;u&gt;Yes", "by themselves", "stopped", "Said no to outreach, by telegram."):
        assert told in page
    assert "make link" in [each["act"] for each in (await engine.acts("linking"))[0]]


async def test_links_cannot_be_made_for_nobody_nor_for_what_is_not_set_up(operator: Operators) -> None:
    admin = await operator("nobody")
    assert (await admin.send("person/link", person="ghost", channel="telegram")).status_code == 404
    assert (await admin.send("person/link", person="ghost", channel="pigeon")).status_code == 404
