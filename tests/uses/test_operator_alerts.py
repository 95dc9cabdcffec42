"""Operators are alerted once when something goes wrong, and hear when it is well again."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tactful.deliver.apprise import sayer
from tactful.deliver.webhook import Webhook
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import BadSetting
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided.webhooks import Patience
from tactful.store.learned import days
from tactful.testing.webhooks import Endpoint
from tactful.uses import operator_alerts, posting
from tactful.uses.operator_alerts.hysteresis import Limits, Reading, Standing, Step, step
from tactful.uses.operator_alerts.passing_on import pass_on
from tests.living import NOW, one, rows
from tests.uses.test_posting import SECRET, register

COMMON = Settings({"operator_alerts.high_risk_people": 3, "operator_alerts.high_risk_people_clear": 1})
DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
ORGANISATION = "INSERT INTO organisations (name, seed, zone) VALUES (%s, 7, 'Europe/Berlin')"
PEOPLE = """
INSERT INTO people (organisation_id, external_id, holdout_bucket)
SELECT o.id, n::text, n FROM organisations o, generate_series(1, 10) AS n WHERE o.name = %s
"""
RISKS = """
INSERT INTO dropout_risk_scores AS r (user_id, organization_id, risk_score, risk_level)
SELECT p.id, organisation_id, 0.8, CASE WHEN external_id::int <= %s THEN 'high' ELSE 'low' END
  FROM people p JOIN organisations o ON o.id = organisation_id WHERE o.name = %s
    ON CONFLICT (user_id) DO UPDATE SET risk_level = excluded.risk_level
"""
DELIVERED = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, triggered_at,
                               due_at, expires_at, shown_at, user_response)
SELECT p.id, p.organisation_id, 'gentle_nudge', 5, 'x', 'expired', %(at)s, %(at)s, %(at)s, %(at)s,
       CASE WHEN n <= %(engaged)s THEN 'engaged' END
  FROM generate_series(1, %(many)s) AS n JOIN people p ON p.external_id = (1 + n %% 10)::text
  JOIN organisations o ON o.id = p.organisation_id AND o.name = 'acme'
"""
RUNS = "INSERT INTO job_hours (hour, name, runs, failed) VALUES (date_trunc('hour', %s::timestamptz), 'x', %s, %s)"
ACCURACY = """
INSERT INTO reckonings (organisation_id, name, at, body) SELECT id, 'accuracy', %s, %s FROM organisations
    ON CONFLICT (organisation_id, name) DO UPDATE SET at = excluded.at, body = excluded.body
"""


def do(database: Database, statement: str, *values: Any, **named: Any) -> None:
    with database.batch() as connection:
        connection.execute(statement.encode(), named or values)


@pytest.fixture
def acme(closed_database: Database) -> Database:
    do(closed_database, ORGANISATION, "acme")
    do(closed_database, PEOPLE, "acme")
    return closed_database


def at_risk(database: Database, people: int, organisation: str = "acme") -> None:
    do(database, RISKS, people, organisation)


def check(database: Database, at: datetime = NOW, **changes: Any) -> tuple[int, int, int]:
    done = operator_alerts.check(database, COMMON.replace(**changes), at)
    return done["told"], done["held"], done["cleared"]


def post(database: Database, at: datetime) -> int:
    patience = Patience(3, timedelta(seconds=30), timedelta(hours=6))
    return posting.post_due(database, Webhook(timeout=2.0, private=True), patience, SetClock(at).now)


def raised(database: Database) -> list[tuple[str, str]]:
    return [
        (row["kind"], row["about"]) for row in rows(database, "SELECT kind, about FROM operator_alerts ORDER BY id")
    ]


def test_many_at_high_risk_are_told_once_by_signed_webhook_and_so_is_the_end_of_it(acme: Database) -> None:
    with Endpoint() as endpoint:
        register(acme, endpoint.url)
        at_risk(acme, 3)
        assert check(acme) == (0, 0, 0)
        at_risk(acme, 5)
        assert check(acme) == (1, 0, 0)
        # Neither again while it lasts, nor between the limits.
        at_risk(acme, 2)
        assert check(acme, NOW + QUARTER) == (0, 0, 0)
        at_risk(acme, 1)
        assert check(acme, NOW + 2 * QUARTER) == (0, 0, 1)
        assert post(acme, NOW + 3 * QUARTER) == 2
    assert all(each.proves(SECRET) for each in endpoint.posted)
    first, last = (each.told for each in endpoint.posted)
    assert (first["type"], last["type"]) == ("operator_alert.raised", "operator_alert.cleared")
    said = {"kind": "high_risk_people", "value": 5.0, "limit": 3.0,
            "sentence": "5 people are at high or critical risk of leaving."}  # fmt: skip
    assert said.items() <= first["data"].items()
    assert last["data"]["cleared_because"] == "1 people are at high or critical risk of leaving."


def test_beyond_the_cap_it_is_held_and_told_when_the_next_day_of_the_zone_begins(acme: Database) -> None:
    counts = []
    for number, people in enumerate((5, 0, 5, 5)):
        at_risk(acme, people)
        counts.append(check(acme, NOW + number * QUARTER))
    assert counts == [(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 0)]
    # Half past five in the evening in UTC; in Berlin the day ends at eleven.
    assert check(acme, NOW + timedelta(hours=5)) == (0, 0, 0)
    assert check(acme, NOW + timedelta(hours=6)) == (1, 0, 0)
    assert check(acme, NOW + timedelta(hours=7)) == (0, 0, 0)


def test_what_was_held_ends_in_silence(acme: Database) -> None:
    with Endpoint() as endpoint:
        register(acme, endpoint.url)
        at_risk(acme, 5)
        assert check(acme, operator_alerts__per_day=0) == (0, 1, 0)
        at_risk(acme, 0)
        assert check(acme, NOW + QUARTER, operator_alerts__per_day=0) == (0, 0, 1)
        assert post(acme, NOW + QUARTER) == 0


def deliver(database: Database, *, ago: float, many: int, engaged: int) -> None:
    do(database, DELIVERED, at=NOW - timedelta(days=ago), many=many, engaged=engaged)


def test_a_response_rate_that_fell_by_more_than_chance_is_told(acme: Database) -> None:
    deliver(acme, ago=20, many=400, engaged=160)
    deliver(acme, ago=2, many=90, engaged=9)
    assert check(acme) == (0, 0, 0)
    # Enough of them; but a fall from 40 to 35 in a hundred may be chance.
    deliver(acme, ago=1, many=110, engaged=61)
    assert check(acme) == (0, 0, 0)
    deliver(acme, ago=1, many=200, engaged=40)
    assert check(acme) == (1, 0, 0)
    (row,) = rows(acme, "SELECT * FROM operator_alerts")
    assert row["kind"] == "response_rate"
    assert row["value"] == pytest.approx(1 - (110 / 400) / 0.4)
    assert row["sentence"] == (
        "27.5% of what was delivered in the last 7 days was engaged with, 40.0% in the 28 before."
    )


def test_rates_are_the_same_where_days_are_summed_up(acme: Database) -> None:
    deliver(acme, ago=20, many=400, engaged=160)
    deliver(acme, ago=2, many=400, engaged=80)
    with acme.batch() as connection:
        whose = one(acme, "SELECT id FROM organisations")
        for day in days.waiting(connection, whose, days.INTERVENTIONS, NOW):
            days.count(connection, whose, days.INTERVENTIONS, day)
    do(acme, "DELETE FROM intervention_logs")
    assert check(acme) == (1, 0, 0)
    assert one(acme, "SELECT value FROM operator_alerts") == pytest.approx(0.5)


def test_jobs_that_fail_are_told_to_every_organisation_and_passed_on_once(acme: Database) -> None:
    do(acme, ORGANISATION, "zenith")
    do(acme, RUNS, NOW - timedelta(hours=30), 100, 100)
    do(acme, RUNS, NOW - timedelta(hours=2), 19, 19)
    assert check(acme) == (0, 0, 0)
    do(acme, RUNS, NOW - timedelta(hours=3), 81, 0)
    assert check(acme) == (2, 0, 0)
    with Endpoint() as endpoint:
        say = sayer(endpoint.url.replace("http://", "json://"))
        assert say is not None
        assert [pass_on(acme, say, NOW) for _ in range(2)] == [1, 0]
        do(acme, "UPDATE job_hours SET failed = 0")
        assert check(acme, NOW + QUARTER) == (0, 0, 2)
        assert pass_on(acme, say, NOW + QUARTER) == 1
    first, last = (json.loads(each.body) for each in endpoint.posted)
    assert (first["title"], last["title"]) == ("Tactful: failed jobs", "Tactful: failed jobs: over")
    assert first["message"] == "19 of 100 jobs failed in the last 24 hours. (acme, zenith)"


def test_what_apprise_does_not_take_is_said_again(acme: Database) -> None:
    at_risk(acme, 5)
    check(acme)
    assert pass_on(acme, lambda title, text: False, NOW) == 0
    assert pass_on(acme, lambda title, text: True, NOW + DAY / 2) == 1
    with pytest.raises(BadSetting, match="address 2"):
        sayer("json://127.0.0.1 strange://x")
    assert sayer(" ") is None


def test_accuracy_that_fell_surely_is_told_of_each_belief(acme: Database) -> None:
    fell = {"before": 0.8, "now": 0.65, "share": 0.1875, "sure": True, "since": "2026-03-01"}
    for body in ({"dropout": fell | {"sure": False}}, {"dropout": fell | {"share": 0.09}}):
        do(acme, ACCURACY, NOW, Jsonb(body))
        assert check(acme) == (0, 0, 0)
    do(acme, ACCURACY, NOW, Jsonb({"dropout": fell, "timing": fell}))
    # What was worked out days ago says nothing of now.
    assert check(acme, NOW + 3 * DAY) == (0, 0, 0)
    assert check(acme, NOW + QUARTER) == (2, 0, 0)
    assert sorted(raised(acme)) == [("model_accuracy", "dropout"), ("model_accuracy", "timing")]


def test_an_organisation_has_limits_of_its_own_and_may_want_none(acme: Database) -> None:
    own = """INSERT INTO own_settings (organisation_id, area, version, at, actor, note, body, changes)
             SELECT id, 'settings', %s, now(), 'x', '', %s, '{}' FROM organisations"""
    do(acme, own, 1, Jsonb({"operator_alerts.high_risk_people": 8}))
    at_risk(acme, 5)
    assert check(acme) == (0, 0, 0)
    do(acme, own, 2, Jsonb({"operator_alerts.high_risk_people": 4}))
    assert check(acme) == (1, 0, 0)
    do(acme, own, 3, Jsonb({"operator_alerts.on": False}))
    assert check(acme) == (0, 0, 1)
    assert one(acme, "SELECT cleared_because FROM operator_alerts") == "Alerts to operators were switched off."


VALUES = st.lists(st.tuples(st.one_of(st.none(), st.floats(0, 1)), st.booleans(), st.booleans()), max_size=60)


def followed(values: Any, limits: Limits) -> Iterator[tuple[Step, Standing, Any]]:
    """Each step with how it stood before; a true third part begins a day."""
    standing = Standing()
    for value, sure, day in values:
        if day:
            standing = Standing(standing.open, standing.told)
        taken = step(standing, Reading(value, sure), limits)
        yield taken, standing, value
        tells = taken in (Step.TELL, Step.TELL_NOW)
        still = taken in (Step.TELL, Step.HOLD) or (standing.open and taken is not Step.CLEAR)
        standing = Standing(still, still and (tells or standing.told), standing.told_today + tells)


@given(VALUES, st.floats(0, 1), st.floats(0, 1), st.integers(0, 3))
def test_whatever_comes_it_is_raised_above_cleared_below_and_told_within_the_cap(
    values: Any, one: float, other: float, per_day: int
) -> None:
    limits = Limits(above=max(one, other), below=min(one, other), per_day=per_day)
    for taken, before, value in followed(values, limits):
        if value is None or limits.below < value <= limits.above:
            assert taken in (Step.NOTHING, Step.TELL_NOW)
        if taken in (Step.TELL, Step.HOLD):
            assert not before.open
            assert value > limits.above
        if taken is Step.CLEAR:
            assert before.open
            assert value <= limits.below
        if taken in (Step.TELL, Step.TELL_NOW):
            assert before.told_today < per_day
            assert not before.told
