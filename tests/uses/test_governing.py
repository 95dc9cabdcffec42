"""Each organisation's people are decided about by its own settings, nobody else's, and the ledger says which."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.decide import Rules
from tactful.decide.settings import (
    ALERTS_PER_DAY,
    CONSENT_DEFAULT,
    COOLDOWN,
    EVENING_FROM,
    HOLDOUT,
    MAX_PER_DAY,
    QUIET_START,
    RITUAL_DAYS,
)
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import asking, story, ticking
from tests.conftest import copied
from tests.living import NOW, RULES, dies_in_batch, one, rows
from tests.owning import set_own, settle_two

MINUTE = timedelta(minutes=1)
LEDGER = """
SELECT d.id - min(d.id) OVER (PARTITION BY d.at) AS nth, p.external_id, d.at, d.result, d.policy, d.kinds, d.triggers,
       d.priorities, d.expected, d.verdicts, d.chosen, d.due_at, d.propensity, d.draw, d.facts, l.print
  FROM decisions d JOIN people p ON p.id = d.person_id JOIN organisations o ON o.id = d.organisation_id
  JOIN ledger_state l ON l.person_id = d.person_id
 WHERE o.name = %s ORDER BY d.at, d.person_id
"""
OTHERWISE: dict[str, Any] = {
    HOLDOUT.name: 0.5, MAX_PER_DAY.name: 1, QUIET_START.name: "17:00", EVENING_FROM.name: "17:00", RITUAL_DAYS.name: 60,
    CONSENT_DEFAULT.name: False, ALERTS_PER_DAY.name: 1, COOLDOWN["gentle_nudge"].name: 0.0,
    SWITCHES["streak_at_risk"].name: False,
}  # fmt: skip


def ledger(database: Database, whose: str) -> list[dict[str, Any]]:
    """All rows of an organisation, but for where in the table they lie."""
    return [{name: value for name, value in row.items() if name != "nth"} for row in rows(database, LEDGER, whose)]


def ticked(database: Database, rules: Rules = RULES, *, own: dict[str, Any] | None = None) -> Database:
    settle_two(database)
    if own is not None:
        set_own(database, own)
    for minutes in (0, 20):
        ticking.tick(database, rules, at=NOW + minutes * MINUTE, everybody=True)
    return database


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_one_setting_of_one_organisation_decides_about_nobody_elses_people(
    name: str, closed_database: Database, same: tuple[list[Any], list[Any]]
) -> None:
    ticked(closed_database, own={name: OTHERWISE[name]})
    assert ledger(closed_database, "bravo") == same[1]


def test_own_settings_decide_as_if_they_were_everybodys(
    closed_database: Database, database_url: str, template: str
) -> None:
    ticked(closed_database, own=OTHERWISE)
    everybodys = Rules.from_settings(Settings(OTHERWISE))
    with copied(database_url, template, f"{template}_other") as other:
        ticked(other, everybodys)
        assert ledger(closed_database, "acme") == ledger(other, "acme")
        assert ledger(closed_database, "bravo") != ledger(other, "bravo")


@pytest.fixture(scope="module")
def same(database_url: str, template: str) -> tuple[list[Any], list[Any]]:
    """What the ledger says of both where nobody has set anything."""
    with copied(database_url, template, f"{template}_same") as database:
        ticked(database)
        found = ledger(database, "acme"), ledger(database, "bravo")
    assert all(len(each) > 10 for each in found)
    return found


def test_nobodys_settings_change_nothing(closed_database: Database, same: tuple[list[Any], list[Any]]) -> None:
    ticked(closed_database, own={})
    assert (ledger(closed_database, "acme"), ledger(closed_database, "bravo")) == same


def told(database: Database, person: str, at: Any) -> list[str]:
    return story.at(database, RULES, "acme", person, at, past=True)["words"]  # type: ignore[no-any-return]


def test_moments_before_and_after_a_change_are_told_by_what_held_then(closed_database: Database) -> None:
    settle_two(closed_database)
    off = {switch.name: False for switch in SWITCHES.values()}
    first, between, second = NOW, NOW + 10 * MINUTE, NOW + 20 * MINUTE
    ticking.tick(closed_database, RULES, at=first, everybody=True)
    version = set_own(closed_database, off, at=between)
    ticking.tick(closed_database, RULES, at=second, everybody=True)
    everybody = [row["external_id"] for row in rows(closed_database, "SELECT external_id FROM people LIMIT 12")]
    switched = "It is switched off (decide.on_good_moment)."
    for person in everybody:
        before, after = ("\n".join(told(closed_database, person, at)) for at in (first, second))
        assert switched not in before
        assert switched in after
        assert switched not in "\n".join(told(closed_database, person, between - MINUTE))
        assert switched in "\n".join(told(closed_database, person, between + MINUTE))
    query = "SELECT id, at FROM decisions WHERE organisation_id = 1 AND kinds = '{}' AND at = %s"
    row = next(iter(rows(closed_database, query, second)))
    words = story.of(closed_database, "acme", row["id"])["words"]
    assert words[-1] == f"The organisation's own settings, version {version}, were in force."


def test_who_asks_is_decided_about_by_what_their_organisation_has_set(closed_database: Database) -> None:
    settle_two(closed_database)
    set_own(closed_database, {switch.name: False for switch in SWITCHES.values()})
    person = one(closed_database, "SELECT min(external_id) FROM people")
    assert asking.ask(closed_database, RULES, "acme", person, NOW).decisions["kinds"].to_list() == [[]]
    prints = "SELECT own_upto FROM ticks WHERE scope = 'ask'"
    assert one(closed_database, prints) == one(closed_database, "SELECT max(id) FROM own_settings")


def test_a_tick_that_died_goes_on_by_what_held_when_it_began(
    closed_database: Database, database_url: str, template: str
) -> None:
    settle_two(closed_database)
    set_own(closed_database, OTHERWISE)
    with pytest.raises(ConnectionError):
        ticking.tick(closed_database, dies_in_batch(3), at=NOW, everybody=True, batch=20)
    set_own(closed_database, {})
    ticking.tick(closed_database, RULES, at=NOW, everybody=True, batch=20)
    with copied(database_url, template, f"{template}_whole") as whole:
        settle_two(whole)
        set_own(whole, OTHERWISE)
        ticking.tick(whole, RULES, at=NOW, everybody=True)
        assert ledger(closed_database, "acme") == ledger(whole, "acme")


def test_a_change_wakes_the_people_of_its_organisation_at_the_next_tick_once(closed_database: Database) -> None:
    settle_two(closed_database)
    ticking.tick(closed_database, RULES, at=NOW)
    quiet = ticking.tick(closed_database, RULES, at=NOW + 2 * MINUTE)
    set_own(closed_database, {EVENING_FROM.name: "16:00"}, at=NOW + 3 * MINUTE)
    woken = ticking.tick(closed_database, RULES, at=NOW + 4 * MINUTE)
    after = ticking.tick(closed_database, RULES, at=NOW + 6 * MINUTE)
    assert quiet is not None
    assert woken is not None
    assert after is not None
    looked = {each.id: one(closed_database, "SELECT people FROM ticks WHERE id = %s", each.id)
              for each in (quiet, woken, after)}  # fmt: skip
    assert looked[quiet.id] < 40 <= looked[woken.id]
    assert looked[after.id] < 40


def test_what_waits_is_withdrawn_once_its_reason_is_switched_off(closed_database: Database) -> None:
    settle_two(closed_database)
    awake = Rules.from_settings(Settings({HOLDOUT.name: 0.0, QUIET_START.name: "17:00"}))
    ticking.tick(closed_database, awake, at=NOW, everybody=True)
    waiting = "SELECT count(*) FROM intervention_logs WHERE state = 'deferred' AND organization_id = %s"
    assert one(closed_database, waiting, 1) > 0
    set_own(closed_database, {switch.name: False for switch in SWITCHES.values()})
    ticking.tick(closed_database, awake, at=NOW + timedelta(hours=15))
    assert one(closed_database, waiting, 1) == 0
    why = "SELECT DISTINCT withdrawn_because FROM intervention_logs WHERE state = 'withdrawn' AND organization_id = 1"
    assert {row["withdrawn_because"].split("(")[0] for row in rows(closed_database, why)} == {"It is switched off "}


def test_a_rehearsal_tells_whom_other_settings_would_reach_and_writes_nothing(closed_database: Database) -> None:
    settle_two(closed_database)
    off = {switch.name: False for switch in SWITCHES.values()}
    now = ticking.rehearse(closed_database, RULES, at=NOW, organisation=1, instead={})
    then = ticking.rehearse(closed_database, RULES, at=NOW, organisation=1, instead=off)
    assert now["reached"] > 0
    assert then == {**now, "reached": 0, "decisions": [{"result": "silent", "chosen": None, "people": now["people"]}]}
    assert one(closed_database, "SELECT count(*) FROM decisions") == 0
