"""The page Now: what runs, what is proposed and what happened, to those who may see it."""

import csv
import io

import pytest

from tactful.bootstrap import Engine
from tests.console.conftest import Operators
from tests.console.happenings import begin, came, heard, proposed, suggested

EVIL = "<script>alert(1)</script>"
TOLD = "&lt;script&gt;alert(1)&lt;/script&gt;"


async def test_where_nothing_runs_it_says_how_to_begin(operator: Operators) -> None:
    admin, viewer = await operator("silent"), await operator("silent", "viewer")
    page = (await admin.see("now")).text
    assert "No live session runs." in page
    assert "/console/session/new" in page
    assert "POST /api/v1/live/sessions" in page
    assert "/console/session/new" not in (await viewer.see("now")).text


async def test_it_says_that_everything_is_paused(engine: Engine, operator: Operators) -> None:
    viewer = await operator("asleep", "viewer")
    await engine.pause("asleep", scope="kind", name="gentle_nudge")
    assert "Everything is paused" not in (await viewer.see("now")).text
    await engine.pause("asleep")
    assert "Everything is paused" in (await viewer.see("now")).text


async def test_the_least_engaged_come_first_with_their_figures(engine: Engine, operator: Operators) -> None:
    admin = await operator("figures")
    for name, score in (("lively", 0.81), ("tired", 0.234), ("unheard", None)):
        await begin(engine, "figures", name, audience=0)
        await heard(engine, name, score)
    await came(engine, "figures", "tired", "ana", "ben")
    page = (await admin.see("now")).text
    rows = page.partition('id="sessions"')[2].partition("</tbody>")[0]
    assert [rows.index(name) for name in ("Tired", "Lively", "Unheard")] == sorted(
        rows.index(name) for name in ("Tired", "Lively", "Unheard")
    )
    assert ">23 %<" in rows
    assert '<td class="n" data-viewers>2</td>' in rows
    assert ">unknown<" in rows
    assert "3 sessions run, with 82 people in them. Tired is the least engaged, at 23 %." in page


async def test_organisers_answer_what_is_proposed_and_viewers_only_see_it(engine: Engine, operator: Operators) -> None:
    await operator("roles")
    organiser = await operator("roles", "organiser")
    viewer = await operator("roles", "viewer")
    await begin(engine, "roles", "talk")
    number = await proposed(engine, "talk")
    for browser, buttons in ((viewer, 0), (organiser, 2)):
        page = (await browser.see("now")).text
        assert page.count('action="/console/now/approve"') == buttons
        assert "Signals of each viewer fell" in page
        assert "sudden drop" in page
    assert (await viewer.send("now/approve", id=number)).status_code == 403
    assert (await organiser.send("now/approve", id=number)).status_code == 303
    assert (await organiser.send("now/approve", id=number)).status_code == 409
    assert "approved</b> by organiser@roles.example" in (await viewer.see("now")).text
    acts = (await engine.acts("roles", act="approve suggestion"))[0]
    assert [act["actor"] for act in acts] == ["operator:organiser organiser@roles.example"]


async def test_what_is_approved_in_other_words_is_said_in_them(engine: Engine, operator: Operators) -> None:
    admin = await operator("edited")
    number = None
    for name in (f"reworded-{each}" for each in range(40)):
        await begin(engine, "edited", name)
        told = suggested(engine, name)
        # Some polls are answered in words, and have no options to edit.
        if told["content"]["poll"]["options"]:
            number = told["id"]
            break
    assert number is not None
    wrong = {"id": number, "edited": "on", "kind": "POLL", "question": EVIL, "options": "Yes"}
    assert (await admin.send("now/approve", **wrong)).status_code == 422
    told = wrong | {"options": "Yes\r\n\r\n No \r\n", "duration": "30"}
    answer = await admin.send("now/approve", **told)
    assert answer.status_code == 303, answer.text
    (poll,) = await engine.polls("edited", name)
    assert (poll["question"], poll["options"]) == (EVIL, ["Yes", "No"])
    page = (await admin.see("now")).text
    assert EVIL not in page
    assert TOLD in page


async def test_what_is_dismissed_goes_and_the_reason_stays_in_the_log(engine: Engine, operator: Operators) -> None:
    admin = await operator("dismissed")
    await begin(engine, "dismissed", "quiet")
    number = await proposed(engine, "quiet")
    answer = await admin.send("now/dismiss", id=number, reason=EVIL)
    assert answer.headers["location"] == "/console/now"
    page = (await admin.see("now")).text
    assert "data-until" not in page.partition('id="suggestions"')[2].partition("</section>")[0]
    assert "dismissed</b> by admin@dismissed.example" in page
    assert (await engine.acts("dismissed", act="dismiss suggestion"))[0][0]["detail"]["reason"] == EVIL
    assert TOLD in (await admin.see("acts")).text


async def test_a_page_that_keeps_up_gets_the_answer_alone(engine: Engine, operator: Operators) -> None:
    admin = await operator("alone")
    await begin(engine, "alone", "part")
    number = await proposed(engine, "part")
    admin.client.headers["HX-Target"] = "answer"
    answer = await admin.send("now/dismiss", id=number)
    assert (answer.status_code, answer.text.strip()) == (200, "<p>Dismissed.</p>")


async def test_other_organisations_see_and_answer_nothing(engine: Engine, operator: Operators) -> None:
    other = await operator("stranger")
    await begin(engine, "owner", "secret", title="Secret")
    number = await proposed(engine, "secret")
    await heard(engine, "secret", 0.5)
    assert "Secret" not in (await other.see("now")).text
    assert "Secret" not in (await other.see("now/sessions")).text
    assert (await other.see("session", id="secret")).status_code == 404
    for act in ("now/approve", "now/dismiss"):
        assert (await other.send(act, id=number)).status_code == 404
    for act, form in {"run": {"what": "end"}, "mode": {"mode": "automatic"}, "set-off": {"kind": "POLL"}}.items():
        assert (await other.send(f"session/{act}", session="secret", **form)).status_code == 404
    assert (await engine.live_session("owner", "secret"))["state"] == "live"


async def test_titles_are_text_and_what_ended_waits_no_more(engine: Engine, operator: Operators) -> None:
    admin = await operator("escaped")
    await begin(engine, "escaped", "a/b?c=<i>", title=EVIL)
    await proposed(engine, "a/b?c=<i>")
    page = (await admin.see("now")).text
    assert EVIL not in page
    assert page.count('href="/console/session?id=a/b%3Fc%3D%3Ci%3E"') >= 3
    assert (await admin.see("session", id="a/b?c=<i>")).status_code == 200
    assert "now/approve" in page
    await engine.end_live_session("escaped", "a/b?c=<i>")
    page = (await admin.see("now")).text
    assert "now/approve" not in page
    assert "not answered in time" in page


async def test_every_chart_and_list_is_a_file_too(engine: Engine, operator: Operators) -> None:
    admin = await operator("files")
    await begin(engine, "files", "saved", title="=1+1")
    at = await heard(engine, "saved", 0.25, 7)
    await proposed(engine, "saved")
    told = (await admin.see("now", csv="engagement")).text
    rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))
    assert rows == [["session", "until", "engagement", "people"], ["saved", at.isoformat(), "0.25", "7"]]
    happened = (await admin.see("now", csv="happened")).text
    assert "anomaly" in happened
    assert "suggestion" in happened
    assert (await admin.see("now", csv="outcomes")).status_code == 200
    assert (await admin.see("now", csv="nothing")).status_code == 404


@pytest.mark.parametrize(
    ("path", "asked", "field"),
    [
        ("now/sessions", {"state": "asleep"}, "state"),
        ("now/sessions", {"after": "-1"}, "after"),
        ("session", {}, "id"),
        ("session", {"id": "x", "sort": "height"}, "sort"),
        ("session", {"id": "x\0"}, "id"),
    ],
)
async def test_a_question_that_does_not_fit_is_answered_by_the_field(
    operator: Operators, path: str, asked: dict[str, str], field: str
) -> None:
    browser = await operator("-".join(("fields", path.replace("/", ""), *asked)))
    page = await browser.see(path, **asked)
    assert page.status_code == 422
    assert f"{field} " in page.text or f"{field}:" in page.text


async def test_strange_numbers_of_suggestions_are_refused(operator: Operators) -> None:
    admin = await operator("numbers")
    for told in ("", "x", "-1", "9" * 30):
        assert (await admin.send("now/approve", id=told)).status_code == 422
    assert (await admin.send("now/approve", id=987654)).status_code == 404
