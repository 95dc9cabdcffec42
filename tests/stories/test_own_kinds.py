"""A school writes kinds of its own: tried out on the past, put live, said to whom they fit, explained, taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.described import people
from tactful.store.described.people import Person
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.api.conftest import engine_settings
from tests.living import NOW, one, rows

EXAMPLE = Path("docs/examples/kinds.yaml").read_text(encoding="utf-8")
SENT = """
SELECT p.external_id AS name, i.trigger, i.intervention_type AS kind, i.title, i.state FROM intervention_logs i
  JOIN people p ON p.id = i.user_id ORDER BY 1, 2
"""


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str, clock: SetClock) -> AsyncIterator[Engine]:
    # Nothing else has reason to write to anybody, so that what is seen is what was made here.
    quiet = {f"decide__on_risk_{level}": False for level in ("medium", "high", "critical")}
    async with Engine(engine_settings(closed_database, redis_url, **quiet), clock=clock) as engine:
        yield engine


def come(database: Database, name: str, *days: int, organisation: str = "acme") -> None:
    """Somebody was there so many days ago, each time for one question."""
    seen = [(organisation, Event(f"{name}-{day}", name, "visit", NOW - timedelta(days=day))) for day in days]
    with database.batch() as connection:
        run(connection, count_rows(seen, now=NOW))


def come_all(database: Database) -> None:
    come(database, "quiet", 8, 9, 10)
    come(database, "here", 0, 1, 2, 3)
    come(database, "gone", 40, 41, 42)
    come(database, "new", 8)
    come(database, "quiet", 8, 9, 10, organisation="other")


def sent(database: Database) -> dict[str, str]:
    return {row["name"]: row["kind"] for row in rows(database, SENT) if row["trigger"] == "quiet_week"}


async def put_live(engine: Engine, file: str = EXAMPLE) -> dict[str, Any]:
    row = await engine.save_own_kinds("acme", file, note="for the autumn", actor="cleo")
    return await engine.put_own_kinds_live("acme", row["version"], untried=True, actor="cleo")


async def test_the_worked_example_reaches_who_fits_and_nobody_else(engine: Engine, closed_database: Database) -> None:
    come_all(closed_database)
    await put_live(engine)
    await engine.tick(everybody=True)
    assert sent(closed_database) == {"quiet": "quiet_week"}


async def test_it_explains_itself_to_operators_and_to_who_got_it(engine: Engine, closed_database: Database) -> None:
    come_all(closed_database)
    await put_live(engine)
    await engine.tick(everybody=True)
    told = " ".join((await engine.explain("acme", "quiet"))["words"])
    assert "Quiet week was considered. It holds for them: days since they were last active: at least 7" in told
    why = " ".join((await engine.explain("acme", "here"))["words"])
    assert "days since they were last active: at least 7. Of them is known: days since they were last active: 0" in why
    (shown,) = await engine.interventions("acme", "quiet")
    why_they = await engine.why("acme", "quiet", shown["id"])
    assert why_they["because"] == "You have not been here for a week, and had come often before."


async def test_what_was_decided_by_it_is_explained_by_it_after_it_has_gone(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    come_all(closed_database)
    await put_live(engine)
    await engine.tick(everybody=True)
    number = one(closed_database, "SELECT id FROM decisions WHERE chosen = 'quiet_week'")
    clock.advance(timedelta(hours=1))
    await engine.put_own_kinds_live("acme", 0)
    told = " ".join((await engine.explain_decision("acme", number))["words"])
    assert "It holds for them: days since they were last active: at least 7" in told


SPOKEN = {"de-AT": ("Eine ruhige Woche", "Wo du warst", "Etwas Kurzes", "Vier"),
          "fr": ("A quiet week", "Where you stopped", "Something short", "Four")}  # fmt: skip


@pytest.mark.parametrize("locale", SPOKEN)
async def test_it_is_said_in_their_language_where_it_has_words_in_it(
    engine: Engine, closed_database: Database, locale: str
) -> None:
    come_all(closed_database)
    async with engine.database.service() as connection:
        await people.write(connection, "acme", [Person("quiet", locale=locale)], now=NOW)
    plain = EXAMPLE.replace('"{days_away} days later"', "Four").replace('"{days_away} Tage später"', "Vier")
    await put_live(engine, plain)
    await engine.tick(everybody=True)
    (shown,) = await engine.interventions("acme", "quiet")
    assert shown["title"] in SPOKEN[locale]


async def test_a_rehearsal_on_the_past_says_who_when_how_often_and_what_withheld_it(
    engine: Engine, closed_database: Database
) -> None:
    come_all(closed_database)
    await engine.change_preferences("acme", "quiet", {"quiet_hours_start": None, "quiet_hours_end": None})
    await engine.save_own_kinds("acme", EXAMPLE, actor="cleo")
    told = await engine.try_own_kinds("acme", days=4, every_hours=6, actor="cleo")
    quiet = next(row for row in told["triggers"] if row["trigger"] == "quiet_week")
    assert (quiet["fitting"], quiet["reached"], quiet["sent"], quiet["examples"]) == (1, 1, 1, ["quiet"])
    assert sum(quiet["by_hour"]) == quiet["sent"]
    assert [row["rail"] for row in quiet["withheld"]][:1] in ([], ["cooldown"])
    assert told["people"] == 4
    assert one(closed_database, "SELECT count(*) FROM intervention_logs") == 0
    assert one(closed_database, "SELECT count(*) FROM own_kind_trials") == 1


async def test_a_version_goes_live_only_once_it_was_tried_or_somebody_says_that_it_was_not(
    engine: Engine, closed_database: Database
) -> None:
    come_all(closed_database)
    await engine.save_own_kinds("acme", EXAMPLE)
    with pytest.raises(Conflict, match="never tried out"):
        await engine.put_own_kinds_live("acme", 1)
    await engine.try_own_kinds("acme", days=1, every_hours=24)
    assert (await engine.put_own_kinds_live("acme", 1))["live"] == 1
    kept = rows(closed_database, "SELECT detail FROM audit_log WHERE act = 'put own kinds live'")
    assert [row["detail"]["tried"] for row in kept] == [True]


async def test_versions_are_kept_and_one_may_go_back_and_forth(engine: Engine, closed_database: Database) -> None:
    come_all(closed_database)
    await put_live(engine)
    await put_live(engine, EXAMPLE.replace("days_quiet >= 7", "days_quiet >= 9"))
    assert (await engine.own_kinds("acme"))["live"] == 2
    assert (await engine.take_own_kinds_back("acme"))["live"] == 1
    told = await engine.own_kinds("acme")
    assert [(row["version"], row["live"], row["changes"]) for row in told["versions"]] == [
        (2, False, ["triggers.quiet_week"]),
        (1, True, ["kinds.friday_round", "kinds.quiet_week", "triggers.friday_round",
                   "triggers.long_silence_after_talk", "triggers.quiet_week"]),
    ]  # fmt: skip
    assert (await engine.own_kinds_file("acme", 1))["file"] == EXAMPLE
    await engine.tick(everybody=True)
    assert sent(closed_database) == {"quiet": "quiet_week"}


async def test_one_that_is_switched_off_proposes_nothing_and_what_waits_is_withdrawn(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    come_all(closed_database)
    await put_live(engine)
    await engine.tick(everybody=True)
    await engine.switch_own_kind("acme", "quiet_week", False, actor="cleo")
    assert await engine.interventions("acme", "quiet") == []
    (row,) = [row for row in rows(closed_database, SENT) if row["trigger"] == "quiet_week"]
    assert row["state"] == "withdrawn"
    clock.advance(timedelta(days=5))
    told = " ".join((await engine.explain("acme", "quiet"))["words"])
    assert "It is switched off (own_kinds: quiet_week)." in told
    await engine.switch_own_kind("acme", "quiet_week", True)
    assert all(each["on"] for each in (await engine.own_kinds("acme"))["triggers"])


async def test_people_can_switch_it_off_and_operators_can_pause_it(engine: Engine, closed_database: Database) -> None:
    come_all(closed_database)
    await put_live(engine)
    assert "quiet_week" in (await engine.choices("acme"))["intervention_types"]
    await engine.change_preferences("acme", "quiet", {"disabled_intervention_types": ["quiet_week"]})
    await engine.pause("acme", scope="kind", name="quiet_week")
    with pytest.raises(BadInput, match="quiet_week"):
        await engine.change_preferences("other", "quiet", {"disabled_intervention_types": ["quiet_week"]})
    await engine.tick(everybody=True)
    assert sent(closed_database) == {}


async def test_a_bad_file_changes_nothing(engine: Engine, closed_database: Database) -> None:
    come_all(closed_database)
    with pytest.raises(BadInput, match=r"Line 5, kinds\.quiet_week\.when: days_quite at letter 1 is no fact") as error:
        await engine.save_own_kinds("acme", EXAMPLE.replace("days_quiet >= 7", "days_quite >= 7"))
    assert error.value.fields == ["kinds.quiet_week.when"]
    assert one(closed_database, "SELECT count(*) FROM own_settings") == 0
    with pytest.raises(NotFound):
        await engine.put_own_kinds_live("acme", 1)


async def test_no_trial_and_no_version_outlives_its_organisation_or_names_anybody(
    engine: Engine, closed_database: Database
) -> None:
    come_all(closed_database)
    await engine.save_own_kinds("acme", EXAMPLE)
    await engine.try_own_kinds("acme", days=2, every_hours=12)
    assert "examples" not in str(rows(closed_database, "SELECT result FROM own_kind_trials"))
    await engine.erase("acme", "quiet")
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM organisations WHERE name = 'acme'")
    assert (
        one(closed_database, "SELECT (SELECT count(*) FROM own_kind_trials) + (SELECT count(*) FROM own_settings)") == 0
    )
