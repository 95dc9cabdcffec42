"""Who gets into the console, who does not, and what attackers try."""

from datetime import timedelta

import pytest

from tactful.bootstrap import Engine
from tactful.bootstrap.settings import TRY_MOST
from tests.console.conftest import ADDRESS, OURS, PASSWORD, Browser, Operators

WRONG = "The e-mail address or the password is not right."


async def test_the_first_operator_comes_in_by_a_link_that_works_once(engine: Engine, browser: Browser) -> None:
    link = await engine.first_link("first")
    # Looking at it does not use it up.
    for _ in range(2):
        assert "You become an <b>admin</b>" in (await browser.see(f"welcome/{link}")).text
    form = {"email": "Ana@First.example", "password": PASSWORD, "name": "Ana"}
    welcome = await browser.client.post(f"/console/welcome/{link}", data=form, headers=OURS)
    assert (welcome.status_code, welcome.headers["location"]) == (303, "/console/")
    assert "Ana" in (await browser.see("account")).text
    assert (await browser.see(f"welcome/{link}")).status_code == 404
    assert await engine.first_link("first") is None


async def test_a_new_link_ends_the_one_before(engine: Engine, browser: Browser) -> None:
    old = await engine.first_link("again")
    new = await engine.first_link("again")
    assert (await browser.see(f"welcome/{old}")).status_code == 404
    assert (await browser.see(f"welcome/{new}")).status_code == 200


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"email": "a@weak.example", "password": "short"}, "10 to 200"),
        ({"email": "somebody@weak.example", "password": "somebody@weak.example"}, "choose another"),
        ({"email": "nobody", "password": PASSWORD}, "e-mail address"),
        ({"email": "<script>@x.y z", "password": PASSWORD}, "e-mail address"),
    ],
)
async def test_what_does_not_fit_is_told_and_leaves_the_link(
    engine: Engine, browser: Browser, form: dict[str, str], told: str
) -> None:
    link = await engine.first_link("weak")
    answer = await browser.client.post(f"/console/welcome/{link}", data=form, headers=OURS)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<script>" not in answer.text
    assert (await browser.see(f"welcome/{link}")).status_code == 200


async def test_nobody_learns_from_a_refusal_who_there_is(browser: Browser, operator: Operators) -> None:
    await operator("quiet")
    for email in ("admin@quiet.example", "nobody@quiet.example"):
        answer = await browser.sign_in(email, "not the password")
        assert answer.status_code == 401
        assert WRONG in answer.text
    assert (await browser.see("account")).headers["location"].startswith("/console/sign-in")


async def test_whoever_keeps_guessing_is_held_up_even_with_the_right_password(
    engine: Engine, browser: Browser, operator: Operators
) -> None:
    await operator("guessed")
    most = engine.settings[TRY_MOST]
    answers = [(await browser.sign_in("admin@guessed.example", f"guess {n}")).status_code for n in range(most + 1)]
    assert answers == [401] * most + [429]
    assert (await browser.sign_in("admin@guessed.example")).status_code == 429
    # Others are not held up by that, from the same place neither.
    other = await operator("beside")
    assert (await other.see("account")).status_code == 200


async def test_a_session_given_beforehand_is_worth_nothing(browser: Browser, operator: Operators) -> None:
    await operator("fixed")
    browser.client.cookies.set("tactful", "chosen-by-somebody-else", domain="console.test")
    await browser.sign_in("admin@fixed.example")
    own = [each.value for each in browser.client.cookies.jar if each.name == "tactful"]
    assert "chosen-by-somebody-else" not in own
    assert own


async def test_the_session_cookie_is_out_of_reach(browser: Browser, operator: Operators) -> None:
    await operator("cookie")
    told = (await browser.sign_in("admin@cookie.example")).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told


async def test_signing_out_ends_the_session_itself(operator: Operators) -> None:
    one = await operator("leaving")
    kept = one.client.cookies.get("tactful")
    assert (await one.send("sign-out")).headers["location"] == "/console/sign-in"
    one.client.cookies.set("tactful", str(kept), domain="console.test")
    assert (await one.see("account")).status_code == 303


async def test_a_changed_password_ends_other_sessions_and_keeps_this_one(operator: Operators, browser: Browser) -> None:
    one = await operator("changing")
    await browser.sign_in("admin@changing.example")
    assert "old password" in (await one.send("account/password", old="wrong", password="another good one")).text
    assert (await one.send("account/password", old=PASSWORD, password="another good one")).status_code == 303
    assert (await one.see("account")).status_code == 200
    assert (await browser.see("account")).status_code == 303
    assert (await browser.sign_in("admin@changing.example")).status_code == 401
    assert (await browser.sign_in("admin@changing.example", "another good one")).status_code == 303


async def test_an_operator_who_is_shut_out_is_out_at_once(engine: Engine, operator: Operators) -> None:
    admin, viewer = await operator("strict"), await operator("strict", "viewer")
    row = next(each for each in await engine.operators("strict") if each["role"] == "viewer")
    await admin.send("operators/change", id=row["id"], what="disable")
    assert (await viewer.see("account")).status_code == 303
    assert (await viewer.sign_in("viewer@strict.example")).status_code == 401


async def test_the_last_admin_stays(engine: Engine, operator: Operators) -> None:
    admin = await operator("lonely")
    (row,) = await engine.operators("lonely")
    for change in ({"what": "disable"}, {"what": "role", "role": "viewer"}):
        answer = await admin.send("operators/change", id=row["id"], **change)
        assert answer.status_code == 409
    assert (await admin.see("operators")).status_code == 200


async def test_operators_of_others_are_neither_seen_nor_changed(engine: Engine, operator: Operators) -> None:
    ours, _ = await operator("ours"), await operator("theirs")
    (row,) = await engine.operators("theirs")
    assert "theirs.example" not in (await ours.see("operators")).text
    assert (await ours.send("operators/change", id=row["id"], what="link")).status_code == 404
    assert (await ours.send("operators/change", id=row["id"], what="disable")).status_code == 404


async def test_the_link_for_a_newcomer_is_an_address_that_can_be_sent_to_them(
    operator: Operators, browser: Browser
) -> None:
    admin = await operator("handing")
    page = (await admin.send("operators/invite", email="new@handing.example", role="viewer")).text
    link = page.partition('<code class="link">')[2].partition("<")[0]
    assert link.startswith(f"{ADDRESS}/console/welcome/")
    assert "You become a <b>viewer</b>" in (await browser.client.get(link)).text


async def test_an_address_that_leads_nowhere_is_told_as_a_page(operator: Operators, browser: Browser) -> None:
    one = await operator("nowhere", "viewer")
    for path in ("sessions", "person/42", "operators/invite"):
        answer = await one.see(path)
        assert answer.status_code == 404
        assert "There is no such page." in answer.text
        assert "Who needs us?" in answer.text
    assert "next=" in (await browser.see("sessions")).headers["location"]


@pytest.mark.parametrize("role", ["viewer", "organiser"])
async def test_what_is_for_admins_is_for_nobody_else(operator: Operators, role: str) -> None:
    await operator(f"roles-{role}")
    one = await operator(f"roles-{role}", role)
    assert (await one.see("operators")).status_code == 403
    assert (await one.see("acts")).status_code == 403
    assert (await one.send("operators/invite", email="x@y.example", role="admin")).status_code == 403
    assert "Who did what?" not in (await one.see("account")).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
async def test_forms_of_other_pages_do_nothing(engine: Engine, operator: Operators, headers: dict[str, str]) -> None:
    name = f"forged-{len(str(headers))}"
    one = await operator(name)
    page = (await one.see("account")).text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": csrf, "email": "evil@evil.example", "role": "admin"}
    answer = await one.client.post("/console/operators/invite", data=form, headers=headers)
    assert answer.status_code == 403
    assert [each["act"] for each in (await engine.acts(name))[0]] == ["sign in", "become operator"]


async def test_a_form_without_its_own_mark_does_nothing(operator: Operators) -> None:
    one, other = await operator("marked"), await operator("elsewhere")
    theirs = (await other.see("account")).text.partition('name="csrf" value="')[2].partition('"')[0]
    for csrf in ("", "x", theirs):
        form = {"csrf": csrf, "email": "evil@evil.example", "role": "admin"}
        assert (await one.client.post("/console/operators/invite", data=form, headers=OURS)).status_code == 403


@pytest.mark.parametrize(
    "after",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/console/../..//evil.example", "/console//x", "/"],
)
async def test_nobody_is_sent_away_after_signing_in(browser: Browser, operator: Operators, after: str) -> None:
    name = f"sent-{abs(hash(after)) % 10_000}"
    await operator(name)
    form = {"email": f"admin@{name}.example", "password": PASSWORD, "next": after}
    answer = await browser.client.post("/console/sign-in", data=form, headers=OURS)
    assert answer.headers["location"] == "/console/"


async def test_whoever_was_on_the_way_somewhere_gets_there(browser: Browser, operator: Operators) -> None:
    await operator("onway")
    asked = await browser.see("acts", actor="a b")
    assert asked.headers["location"] == "/console/sign-in?next=%2Fconsole%2Facts%3Factor%3Da%2Bb"
    page = await browser.client.get(asked.headers["location"])
    assert 'value="/console/acts?actor=a+b"' in page.text
    form = {"email": "admin@onway.example", "password": PASSWORD, "next": "/console/acts?actor=a+b"}
    answer = await browser.client.post("/console/sign-in", data=form, headers=OURS)
    assert answer.headers["location"] == "/console/acts?actor=a+b"


async def test_no_page_can_be_framed_or_kept_or_run_others_scripts(operator: Operators) -> None:
    headers = (await (await operator("framed")).see("account")).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


async def test_sessions_end_by_themselves(engine: Engine, operator: Operators) -> None:
    one = await operator("idle")
    secret = str(one.client.cookies.get("tactful"))
    assert await engine.signed_in(secret) is not None
    async with engine.database.service() as connection:
        await connection.execute("UPDATE operator_sessions SET seen_at = seen_at - %s", (timedelta(hours=3),))
    assert await engine.signed_in(secret) is None
    assert (await one.see("account")).status_code == 303


async def test_whoever_looks_on_is_not_idle_but_their_session_ends_all_the_same(
    engine: Engine, operator: Operators
) -> None:
    one = await operator("watching")
    whom = await engine.signed_in(str(one.client.cookies.get("tactful")))
    assert whom is not None
    # Four hours by the clock, of which each two alone would be too many.
    for _ in range(3):
        async with engine.database.service() as connection:
            await connection.execute(
                "UPDATE operator_sessions SET seen_at = seen_at - %s WHERE hash = %s",
                (timedelta(minutes=80), whom.session),
            )
        assert await engine.still_signed_in([whom]) == {whom}
    async with engine.database.service() as connection:
        await connection.execute("UPDATE operator_sessions SET expires_at = seen_at WHERE hash = %s", (whom.session,))
    assert await engine.still_signed_in([whom]) == set()


async def test_texts_stay_texts(engine: Engine, operator: Operators) -> None:
    one = await operator("texts")
    evil = "<script>alert(1)</script>"
    await engine.pause("texts", reason=evil, actor=f"service {evil}")
    page = (await one.see("acts")).text
    assert evil not in page
    assert "&lt;script&gt;" in page


async def test_a_table_is_saved_as_a_file_that_spreadsheets_do_not_run(engine: Engine, operator: Operators) -> None:
    one = await operator("saved")
    await engine.pause("saved", reason="break", actor="=cmd()")
    answer = await one.see("acts", csv="acts")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "'=cmd()" in answer.text
    assert (await one.see("acts", csv="nothing")).status_code == 404
