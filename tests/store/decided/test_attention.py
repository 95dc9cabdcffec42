"""Caps hold however many servers decide for the same person at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tactful.facts.allowances import Limits
from tactful.store.database import Database
from tactful.store.decided import attention

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = AT.date()
LIMITS = Limits(outreach_per_day=1, hours_between=12, in_context_per_day=5, critical_per_day=1)
PEOPLE = 5


@pytest.fixture
def people(closed_database: Database) -> Database:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        connection.execute(
            """INSERT INTO people (organisation_id, external_id, holdout_bucket)
               SELECT 1, n::text, 0 FROM generate_series(1, %s) n""",
            (PEOPLE,),
        )
    return closed_database


def wanted(kind: str, initiative: str = "nudge", *, critical: bool = False, cooldown: float = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person_id": range(1, PEOPLE + 1),
            "organisation_id": [1] * PEOPLE,
            "kind": kind,
            "initiative": initiative,
            "critical": critical,
            "cooldown": float(cooldown),
        }
    )


def seen(day: date = TODAY, most: int = 3) -> pl.DataFrame:
    return pl.DataFrame({"person_id": range(1, PEOPLE + 1), "local_day": day, "max_per_day": most})


def claim(
    database: Database,
    rows: pl.DataFrame,
    who: pl.DataFrame | None = None,
    *,
    at: datetime = AT,
    limits: Limits = LIMITS,
) -> list[int]:
    with database.batch() as connection:
        return attention.claim(connection, rows, seen() if who is None else who, at=at, limits=limits)


def test_ten_deciders_at_once_never_exceed_the_daily_maximum(people: Database) -> None:
    kinds = [f"kind_{n}" for n in range(10)]
    with ThreadPoolExecutor(10) as servers:
        granted = list(servers.map(lambda kind: claim(people, wanted(kind)), kinds))
    got = [person for some in granted for person in some]
    assert [got.count(person) for person in range(1, PEOPLE + 1)] == [3] * PEOPLE


def test_ten_deciders_at_once_send_one_outreach(people: Database) -> None:
    kinds = [f"kind_{n}" for n in range(10)]
    with ThreadPoolExecutor(10) as servers:
        granted = list(servers.map(lambda kind: claim(people, wanted(kind, "outreach")), kinds))
    got = [person for some in granted for person in some]
    assert sorted(got) == list(range(1, PEOPLE + 1))


def test_the_same_kind_waits_for_its_cooldown(people: Database) -> None:
    day = wanted("check", cooldown=3600)
    assert len(claim(people, day)) == PEOPLE
    assert claim(people, day, at=AT + timedelta(minutes=59)) == []
    assert len(claim(people, day, at=AT + timedelta(minutes=61))) == PEOPLE


def test_a_new_local_day_gives_attention_back(people: Database) -> None:
    assert len(claim(people, wanted("a"), seen(most=1))) == PEOPLE
    assert claim(people, wanted("b"), seen(most=1)) == []
    assert len(claim(people, wanted("b"), seen(AT.date() + timedelta(days=1), most=1))) == PEOPLE


def test_flying_west_does_not_give_attention_back(people: Database) -> None:
    assert len(claim(people, wanted("a"), seen(most=1))) == PEOPLE
    assert claim(people, wanted("b"), seen(AT.date() - timedelta(days=1), most=1)) == []


def test_outreaches_are_half_a_day_apart_over_midnight(people: Database) -> None:
    late, tomorrow = AT.replace(hour=23), seen(AT.date() + timedelta(days=1))
    assert len(claim(people, wanted("a", "outreach"), at=late)) == PEOPLE
    assert claim(people, wanted("b", "outreach"), tomorrow, at=late + timedelta(hours=11, minutes=59)) == []
    assert len(claim(people, wanted("b", "outreach"), tomorrow, at=late + timedelta(hours=12))) == PEOPLE


def test_critical_ones_have_a_cap_of_their_own(people: Database) -> None:
    assert len(claim(people, wanted("a", critical=True))) == PEOPLE
    assert claim(people, wanted("b", critical=True)) == []


def test_what_is_open_is_not_claimed_again(people: Database) -> None:
    with people.batch() as connection:
        connection.execute(
            """INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state,
                                              triggered_at, due_at, expires_at)
               VALUES (1, 1, 'a', 5, 't', 'deferred', %(at)s, %(at)s, %(at)s)""",
            {"at": AT},
        )
    assert claim(people, wanted("a")) == [2, 3, 4, 5]


def test_a_claim_that_is_rolled_back_costs_nothing(people: Database) -> None:
    with pytest.raises(ZeroDivisionError), people.batch() as connection:
        attention.claim(connection, wanted("a"), seen(most=1), at=AT, limits=LIMITS)
        raise ZeroDivisionError
    assert len(claim(people, wanted("a"), seen(most=1))) == PEOPLE
