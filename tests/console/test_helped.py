"""Did it help? The page's figures, held against the database and against the monitoring queries of old."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.learned import days
from tests.console.conftest import Browser, Operators
from tests.console.looking import asked, interventions, people
from tests.store.test_monitoring_queries import DAILY, HELPED, PRESENCE, SHOWN


async def table(browser: Browser, name: str, **more: Any) -> list[dict[str, str]]:
    """A table of the page as it is saved."""
    answer = await browser.see("helped", csv=name, **more)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_the_figures_of_a_day_are_those_of_the_monitoring_query(engine: Engine, operator: Operators) -> None:
    one = await operator("daily")
    await people(engine, "daily")
    await interventions(engine, "daily")
    told = {row["kind"]: row for row in await table(one, "kinds", span="day")}
    counted = await asked(engine, "daily", DAILY)
    assert len(counted) == len(told) == 3
    for row in counted:
        mine = told[row["intervention_type"]]
        assert int(mine["decided"]) == row["total_sent"]
        assert int(mine["engaged"]) == row["engaged"]
        assert int(mine["dismissed"]) == row["dismissed"]
        assert int(mine["silent"]) == row["ignored"]


async def test_inline_help_is_told_as_the_monitoring_query_tells_it(engine: Engine, operator: Operators) -> None:
    one = await operator("inline")
    await people(engine, "inline", 3)
    async with engine.database.service() as connection:
        await connection.execute(SHOWN.encode())
    told = {
        row["help_type"]: [int(row[name]) for name in ("shown", "accepted", "dismissed")]
        for row in await table(one, "inline_help")
    }
    counted = await asked(engine, "inline", HELPED)
    assert told == {row["help_type"]: [row["shown"], row["accepted"], row["dismissed"]] for row in counted}
    assert told


async def test_who_was_here_is_told_as_the_monitoring_query_tells_it(engine: Engine, operator: Operators) -> None:
    one = await operator("presence")
    await people(engine, "presence")
    async with engine.database.service() as connection:
        await connection.execute(
            """INSERT INTO ambient_presence_states (user_id, organization_id, current_page, last_seen_at,
                                                    quick_access_count_today, inline_help_count_today)
               SELECT p.id, organisation_id, 'lesson', now() - make_interval(hours => 11 * p.external_id::int),
                      p.external_id::int, 2 FROM people p JOIN organisations o ON o.id = organisation_id
                WHERE o.name = 'presence'"""
        )
    told = [
        (row["date"], int(row["active_users"]), float(row["avg_quick_access"]), float(row["avg_inline_help"]))
        for row in await table(one, "presence")
    ]
    counted = [
        (str(row["date"]), row["active_users"], float(row["avg_quick_access"]), float(row["avg_inline_help"]))
        for row in await asked(engine, "presence", PRESENCE)
    ]
    assert told == counted
    assert len(told) > 3


async def test_figures_stay_the_same_once_days_are_summed_up(engine: Engine, operator: Operators) -> None:
    one = await operator("summed")
    await people(engine, "summed")
    await interventions(engine, "summed", 1500)
    spans = ("month", "quarter")
    names = ("kinds", "channels", "wordings", "over_time")
    before = [await table(one, name, span=span) for span in spans for name in names]
    await engine.reckon()
    counted = await asked(engine, "summed", "SELECT count(*) AS days FROM counted_days WHERE what = 'interventions'")
    assert counted[0]["days"] > 50
    after = [await table(one, name, span=span) for span in spans for name in names]
    assert after == before


async def test_a_day_with_something_open_is_not_summed_up(engine: Engine) -> None:
    await people(engine, "open")
    await interventions(engine, "open", 72)
    async with engine.database.service() as connection:
        await connection.execute(
            "UPDATE intervention_logs SET state = 'shown' WHERE id = (SELECT max(l.id) FROM intervention_logs l "
            "JOIN organisations o ON o.id = l.organization_id WHERE o.name = 'open')"
        )
    oldest = await asked(engine, "open", "SELECT min(triggered_at)::date AS day FROM intervention_logs")
    await engine.reckon()
    counted = {row["day"] for row in await asked(engine, "open", "SELECT day FROM counted_days")}
    assert counted
    assert oldest[0]["day"] not in counted


async def test_days_that_are_decided_about_anew_are_counted_anew(engine: Engine) -> None:
    await people(engine, "anew")
    await interventions(engine, "anew", 72)
    await engine.reckon()
    before = await engine.done("anew", hours=24 * 30)
    await interventions(engine, "anew", 72)
    async with engine.database.service() as connection:
        await connection.execute(
            """INSERT INTO ticks (at, scope, policy, configuration, started_at, finished_at)
               SELECT now() - make_interval(days => n), 'all', 'ranked-1', 'made', now(), now() + interval '1 second'
                 FROM generate_series(0, 4) AS n"""
        )
    await engine.reckon()
    after = await engine.done("anew", hours=24 * 30)
    assert [row["decided"] for row in after["people"]["kinds"]] == [
        2 * row["decided"] for row in before["people"]["kinds"]
    ]


async def test_every_chart_has_its_table_and_its_file(engine: Engine, operator: Operators) -> None:
    one = await operator("charts")
    await people(engine, "charts")
    await interventions(engine, "charts")
    page = (await one.see("helped", span="month")).text
    for name in ("kinds", "over_time", "channels", "wordings", "effects", "rooms", "presence"):
        assert f"csv={name}" in page
        assert (await one.see("helped", csv=name)).status_code == 200
    assert page.count('<svg role="img"') >= 3
    assert "Day {next_day} &lt;b&gt;1" in page
    assert "<b>1" not in page


async def test_effects_are_refused_while_too_few_people_tell_of_them(engine: Engine, operator: Operators) -> None:
    one = await operator("thin")
    await people(engine, "thin")
    page = (await one.see("helped")).text
    assert "Nobody was reached or left alone in this time" in page
    assert "decide.holdout" in page


async def test_nothing_of_other_organisations_is_counted(engine: Engine, operator: Operators) -> None:
    await people(engine, "counted-not")
    await interventions(engine, "counted-not")
    await engine.reckon()
    other = await operator("another")
    for span in ("day", "quarter"):
        assert await table(other, "kinds", span=span) == []
        assert "No intervention was decided" in (await other.see("helped", span=span)).text


async def test_a_span_that_nobody_offers_is_named(operator: Operators) -> None:
    answer = await (await operator("spans")).see("helped", span="year")
    assert answer.status_code == 422
    assert "span must be one of" in answer.text


def test_what_is_not_summed_up_is_counted_as_it_lies() -> None:
    day, whole = timedelta(days=1), datetime(2026, 3, 5, tzinfo=UTC)
    told = days.uncounted(whole - day / 2, whole + 3 * day, {(whole + day).date()})
    assert told.days == [(whole + day).date()]
    assert told.ranges == [(whole - day / 2, whole + day), (whole + 2 * day, whole + 3 * day + days.INSTANT)]
