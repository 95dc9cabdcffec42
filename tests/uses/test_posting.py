"""Alerts reach an organisation's endpoints: once each, later where they fail, and never those of others."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.deliver.webhook import Webhook
from tactful.facts.allowances import Telling
from tactful.kernel.clock import SetClock
from tactful.kernel.records import Delivery, Receipt
from tactful.store.database import Database
from tactful.store.decided.webhooks import LEASE, Patience
from tactful.testing.webhooks import Endpoint, Posted
from tactful.uses import posting
from tests.living import NOW, one, rows
from tests.stories.test_races import at_once
from tests.teaching import become, school

SECRET = "whsec_bm90IG11Y2ggb2YgYSBzZWNyZXQsIGJ1dCBvbmU="
OPEN = Webhook(timeout=2.0, private=True)
PATIENCE = Patience(3, timedelta(seconds=30), timedelta(hours=6))
MEMBERS = [f"m{number}" for number in range(6)]


def register(database: Database, url: str, organisation: str = "acme") -> None:
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO webhooks (organisation_id, url, secret, created_by, created_at)
               SELECT id, %s, %s, 'test', %s FROM organisations WHERE name = %s""",
            (url, SECRET, NOW, organisation),
        )


def alarm(database: Database, *, per_day: int = 10) -> dict[str, int]:
    """Six people of one educator become critical at once; answers their numbers."""
    people = school(database, {"a": (["eva"], MEMBERS)})
    risks = {people[name]: 0.75 + number / 100 for number, name in enumerate(MEMBERS)}
    telling = Telling(per_day=per_day, again_days=14)
    become(database, dict.fromkeys(risks, "critical"), NOW, scores=risks, telling=telling)
    return people


def post(database: Database, at: datetime = NOW, channel: posting.Posts = OPEN) -> int:
    return posting.post_due(database, channel, PATIENCE, SetClock(at).now)


def state(database: Database) -> Counter[str]:
    return Counter(row["state"] for row in rows(database, "SELECT state FROM webhook_posts"))


def prepared(database: Database, url: str) -> None:
    """An endpoint, and six alerts for it."""
    school(database, {"b": ([], [])})
    register(database, url)
    alarm(database)


def test_an_alert_is_posted_once_and_says_who_and_why(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        prepared(closed_database, endpoint.url)
        assert (post(closed_database), post(closed_database)) == (6, 0)
    assert len({posted.key for posted in endpoint.posted}) == 6
    assert all(posted.proves(SECRET) for posted in endpoint.posted)
    told = endpoint.posted[0].told
    assert (told["type"], told["timestamp"]) == ("alert.raised", f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
    expected = {"educator_id": "eva", "user_id": "m5", "name": "M5", "group_id": "a", "risk_score": 0.8}
    assert expected.items() <= told["data"].items()
    assert (
        told["data"]["reasons"] == ["0 sessions in the last seven days, 3 in the seven days before."]
        or told["data"]["reasons"]
    )
    assert state(closed_database) == {"sent": 6}
    assert (
        one(closed_database, "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tactful.post_webhooks'") == 1
    )


def test_nobody_hears_of_other_organisations(closed_database: Database) -> None:
    school(closed_database, {"z": (["zoe"], ["zac"])}, organisation="zenith")
    with Endpoint() as theirs:
        register(closed_database, theirs.url, "zenith")
        alarm(closed_database)
        assert post(closed_database) == 0
    assert theirs.posted == []


def test_several_workers_post_each_alert_once(closed_database: Database) -> None:
    with Endpoint() as first, Endpoint() as second:
        school(closed_database, {"b": ([], [])})
        register(closed_database, first.url)
        register(closed_database, second.url)
        alarm(closed_database)
        at_once(*[lambda: post(closed_database)] * 4)
    for endpoint in (first, second):
        assert set(Counter(posted.key for posted in endpoint.posted).values()) == {1}
        assert len(endpoint.posted) == 6


def test_what_fails_is_sent_again_later_and_later_under_the_same_key(closed_database: Database) -> None:
    statuses = iter([503, 500, *[204] * 6])
    with Endpoint(lambda _: next(statuses)) as endpoint:
        prepared(closed_database, endpoint.url)
        posted = []
        for seconds in (0, 29, 30, 89, 90):
            post(closed_database, NOW + timedelta(seconds=seconds))
            posted.append(len(endpoint.posted))
        # Once, and then the endpoint rests: 30 s, then 60 s.
        assert posted == [1, 1, 2, 2, 8]
    assert len({each.key for each in endpoint.posted[:3]}) == 1
    assert state(closed_database) == {"sent": 6}
    assert rows(closed_database, "SELECT failures, resting_until FROM webhooks") == [
        {"failures": 0, "resting_until": None}
    ]


def test_what_fails_too_often_is_given_up(closed_database: Database) -> None:
    first: list[str] = []

    def answer(posted: Posted) -> int:
        first.append(posted.key)
        return 503 if posted.key == first[0] else 200

    with Endpoint(answer) as endpoint:
        prepared(closed_database, endpoint.url)
        for hours in range(4):
            post(closed_database, NOW + timedelta(hours=hours))
    assert state(closed_database) == {"given_up": 1, "sent": 5}
    assert one(closed_database, "SELECT attempts FROM webhook_posts WHERE state = 'given_up'") == 3
    assert one(closed_database, "SELECT max(attempts) FROM webhook_posts WHERE state = 'sent'") == 1


@pytest.mark.parametrize("status", [410, 404, 302])
def test_an_endpoint_that_refuses_for_good_is_switched_off_and_it_is_said(
    closed_database: Database, status: int
) -> None:
    with Endpoint(lambda _: status) as endpoint:
        prepared(closed_database, endpoint.url)
        post(closed_database)
        post(closed_database, NOW + timedelta(days=1))
        assert len(endpoint.posted) == 1
    assert state(closed_database) == {"refused": 6}
    (webhook,) = rows(closed_database, "SELECT disabled_at, disabled_because FROM webhooks")
    assert webhook["disabled_at"] == NOW
    assert str(status) in webhook["disabled_because"]
    (act,) = rows(closed_database, "SELECT actor, act, detail FROM audit_log")
    assert (act["actor"], act["act"], act["detail"]["url"]) == ("engine", "switch off webhook", endpoint.url)


class Dies:
    """A channel whose process dies right after the other side took the message."""

    def post(self, delivery: Delivery, at: datetime) -> Receipt:
        OPEN.post(delivery, at)
        raise ConnectionError("the power went")


def test_what_died_half_way_is_sent_again_under_the_same_key(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        prepared(closed_database, endpoint.url)
        with pytest.raises(ConnectionError):
            posting.post_due(closed_database, Dies(), PATIENCE, SetClock(NOW).now)
        assert post(closed_database, NOW + timedelta(minutes=1)) == 0
        assert post(closed_database, NOW + LEASE) == 6
    keys = [posted.key for posted in endpoint.posted]
    assert (len(keys), len(set(keys))) == (7, 6)


def test_what_is_over_before_it_was_posted_is_withdrawn(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        school(closed_database, {"b": ([], [])})
        register(closed_database, endpoint.url)
        people = alarm(closed_database)
        become(closed_database, {people["m1"]: "high"}, NOW + timedelta(minutes=1))
        assert post(closed_database, NOW + timedelta(minutes=2)) == 5
    assert state(closed_database) == {"sent": 5, "withdrawn": 1}


def test_what_is_held_is_told_as_one_summary_that_names_them(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        school(closed_database, {"b": ([], [])})
        register(closed_database, endpoint.url)
        alarm(closed_database, per_day=2)
        assert post(closed_database) == 2
        assert post(closed_database, NOW + timedelta(hours=1)) == 1
    told = endpoint.posted[-1].told
    assert told["type"] == "alert.held"
    expected = {"educator_id": "eva", "day": f"{NOW:%Y-%m-%d}", "held": 4, "user_ids": ["m3", "m2", "m1", "m0"]}
    assert told["data"] == expected


PAUSES: dict[str, tuple[Any, ...]] = {"the channel": ("channel", "webhook"), "the organisation": ("organisation", "")}


@pytest.mark.parametrize("paused", PAUSES)
def test_a_pause_keeps_posts_waiting_and_its_end_lets_them_go(closed_database: Database, paused: str) -> None:
    with Endpoint() as endpoint:
        prepared(closed_database, endpoint.url)
        with closed_database.batch() as connection:
            connection.execute(
                "INSERT INTO pauses (organisation_id, scope, name, actor) SELECT id, %s, %s, 'test' FROM organisations",
                PAUSES[paused],
            )
        assert post(closed_database) == 0
        with closed_database.batch() as connection:
            connection.execute("DELETE FROM pauses")
        assert post(closed_database) == 6


def test_an_educator_who_switched_the_channel_off_is_told_nothing_through_it(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        school(closed_database, {"b": (["eva"], [])})
        register(closed_database, endpoint.url)
        switch_off(closed_database)
        alarm(closed_database, per_day=2)
        assert post(closed_database, NOW + timedelta(hours=2)) == 0
    assert one(closed_database, "SELECT count(*) FROM webhook_posts") == 0


def switch_off(database: Database) -> None:
    """Eva wants to be told nothing more through webhooks."""
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO user_notification_preferences
                 (user_id, organization_id, max_notifications_per_day, disabled_channels)
               SELECT id, organisation_id, 5, ARRAY['webhook'] FROM people WHERE external_id = 'eva'"""
        )


def test_what_was_planned_before_the_channel_was_switched_off_is_withdrawn(closed_database: Database) -> None:
    with Endpoint() as endpoint:
        school(closed_database, {"b": ([], [])})
        register(closed_database, endpoint.url)
        alarm(closed_database, per_day=2)
        switch_off(closed_database)
        assert post(closed_database, NOW + timedelta(hours=2)) == 0
        assert endpoint.posted == []
    assert state(closed_database) == {"withdrawn": 3}, "two alerts and the summary of the others"


class Meanwhile:
    """A channel that takes everything, and something happens while it does."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens
        self.keys: list[str | None] = []

    def post(self, delivery: Delivery, at: datetime) -> Receipt:
        self.keys.append(delivery.key)
        self.happens()
        return Receipt(reference="200")


def test_the_channel_is_asked_for_again_right_before_each_post(closed_database: Database) -> None:
    prepared(closed_database, "https://example.org/hook")
    channel = Meanwhile(lambda: switch_off(closed_database))
    assert posting.post_due(closed_database, channel, PATIENCE, SetClock(NOW).now) == 1
    assert len(channel.keys) == 1
    assert state(closed_database) == {"sent": 1, "withdrawn": 5}


def test_what_takes_longer_than_a_lease_is_not_posted_by_another_meanwhile(closed_database: Database) -> None:
    prepared(closed_database, "https://example.org/hook")
    clock = SetClock(NOW)
    other = Meanwhile(lambda: None)

    def slowly() -> None:
        clock.advance(LEASE * 0.9)
        assert posting.post_due(closed_database, other, PATIENCE, clock.now) == 0

    first = Meanwhile(slowly)
    assert posting.post_due(closed_database, first, PATIENCE, clock.now) == 6
    assert (len(set(first.keys)), other.keys) == (6, [])


def test_who_fell_asleep_sends_nothing_that_another_took_over(closed_database: Database) -> None:
    prepared(closed_database, "https://example.org/hook")
    clock = SetClock(NOW)
    other = Meanwhile(lambda: None)

    def asleep() -> None:
        clock.advance(LEASE)
        posting.post_due(closed_database, other, PATIENCE, clock.now)

    first = Meanwhile(asleep)
    posting.post_due(closed_database, first, PATIENCE, clock.now)
    assert (len(first.keys), len(set(other.keys)), len(other.keys)) == (1, 6, 6)


def test_one_endpoint_that_is_away_keeps_no_other_waiting(closed_database: Database) -> None:
    with Endpoint(lambda _: 503) as first, Endpoint() as second:
        school(closed_database, {"b": ([], [])})
        register(closed_database, first.url)
        register(closed_database, second.url)
        alarm(closed_database)
        assert post(closed_database) == 6
    assert (len(first.posted), len(second.posted)) == (1, 6)
