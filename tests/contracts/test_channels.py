"""What every channel must keep; a new one is found by its folder and held to this without a line of its own."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules

import psycopg
import pytest
from psycopg.errors import CheckViolation

from tactful import deliver
from tactful.bootstrap.reaching import CHANNEL_NAMES
from tactful.deliver import CHANNELS, FETCHED
from tactful.kernel.ports import Channel, Fetched, Promise
from tactful.kernel.records import Delivery, Message
from tactful.store.database import Database
from tests.deliver.waiting import come_by, plan, standing
from tests.living import NOW, one

# Adapters of other ports: no person is reached through them.
ADAPTERS = {"apprise", "language_model"}
FOLDERS = sorted({module.name for module in iter_modules(deliver.__path__) if module.ispkg} - ADAPTERS)
CARD = {"reaches", "promise", "way", "address", "receipt", "limits"}

each_channel = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
each_fetched = pytest.mark.parametrize("channel", FETCHED.values(), ids=lambda channel: channel.name)


def card(channel: Channel) -> dict[str, str]:
    """What the folder's first lines say of its channel, by field."""
    told = getdoc(import_module(f"tactful.deliver.{channel.name}")) or ""
    return dict(re.findall(r"^(\w+): (.+)$", told, re.MULTILINE))


def test_every_folder_is_a_channel_in_the_list() -> None:
    assert sorted(channel.name for channel in CHANNELS) == FOLDERS


@each_channel
def test_its_card_says_what_the_code_declares(channel: Channel) -> None:
    told = card(channel)
    assert told.keys() >= CARD
    assert told["promise"].startswith(Promise(channel.promise).value.replace("_", " "))
    assert told["way"].startswith("fetched" if channel.name in FETCHED else "pushed")


@each_channel
def test_people_can_switch_it_off(channel: Channel) -> None:
    assert channel.name in CHANNEL_NAMES


@each_fetched
def test_what_is_fetched_may_be_sent_again(channel: Fetched) -> None:
    # Sending and noting are one transaction: what dies before its end is sent anew.
    assert channel.promise is Promise.IDEMPOTENT
    delivery = Delivery(7, channel.name, None, Message("Hello", "You are back.", "/"), NOW + timedelta(hours=1))
    first = channel.hand_over(delivery, NOW)
    assert first.reference
    assert channel.hand_over(delivery, NOW + timedelta(minutes=5)) == first


@each_fetched
def test_who_comes_by_is_handed_what_waits(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    told = come_by(closed_database)
    assert (told["state"], told["shown_at"]) == ("shown", NOW)
    assert (told["delivery"], told["sent_at"], told["attempts"]) == ("sent", NOW, 1)
    assert all(told[part] for part in ("title", "message", "action", "reference"))


@each_fetched
def test_coming_by_again_is_no_second_delivery(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    first = come_by(closed_database)
    assert come_by(closed_database, minutes=5) == first


@each_fetched
def test_ten_at_the_same_moment_are_one_delivery(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    with ThreadPoolExecutor(10) as pool:
        told = list(pool.map(lambda minutes: come_by(closed_database, minutes), range(10)))
    assert {(row["attempts"], row["shown_at"], row["sent_at"]) for row in told} == {
        (1, told[0]["shown_at"], told[0]["sent_at"])
    }


@each_fetched
def test_what_comes_back_is_the_same_delivery_in_the_same_words(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    first = come_by(closed_database)
    with closed_database.batch() as connection:
        # Snoozed, and awake again. What is known has changed since.
        connection.execute("""UPDATE intervention_logs SET state = 'planned', context = '{"current_streak": 70}'""")
    assert come_by(closed_database, minutes=30) == first


@each_fetched
def test_what_dies_before_its_receipt_is_kept_still_waits(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    before = standing(closed_database)
    with psycopg.connect(closed_database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE deliveries ADD CONSTRAINT no_receipt CHECK (state <> 'sent')")
        with pytest.raises(CheckViolation):
            come_by(closed_database)
        assert standing(closed_database) == before
        owner.execute("ALTER TABLE deliveries DROP CONSTRAINT no_receipt")
    assert come_by(closed_database, minutes=1)["attempts"] == 1


@each_fetched
def test_what_is_over_is_not_handed_over(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    told = come_by(closed_database, minutes=60)
    assert (told["delivery"], told["attempts"], told["title"]) == ("due", 0, "")


@each_fetched
def test_what_quiet_hours_put_off_is_handed_over_when_they_end(channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name, "proactive_checkin")
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO user_notification_preferences
                 (user_id, organization_id, max_notifications_per_day, quiet_hours_start, quiet_hours_end)
               SELECT id, organisation_id, 5, '17:00', '18:00' FROM people"""
        )
    quiet, over = come_by(closed_database), come_by(closed_database, minutes=31)
    assert (quiet["state"], quiet["delivery"], quiet["attempts"], quiet["title"]) == ("planned", "due", 0, "")
    assert (over["state"], over["delivery"], over["attempts"]) == ("shown", "sent", 1)


FORBIDDEN = {
    "paused": "INSERT INTO pauses (organisation_id, scope, name, actor) SELECT 1, 'channel', %s, 'test'",
    "on record only": """INSERT INTO pauses (organisation_id, scope, name, mode, actor)
                         SELECT 1, 'channel', %s, 'shadow', 'test'""",
    "switched off": """INSERT INTO user_notification_preferences
                         (user_id, organization_id, max_notifications_per_day, disabled_channels)
                       SELECT id, organisation_id, 5, ARRAY[%s] FROM people""",
}


@each_fetched
@pytest.mark.parametrize("why", FORBIDDEN)
def test_what_is_forbidden_meanwhile_is_withdrawn(why: str, channel: Channel, closed_database: Database) -> None:
    plan(closed_database, channel.name)
    with closed_database.batch() as connection:
        connection.execute(FORBIDDEN[why], (channel.name,))
    told = come_by(closed_database)
    assert (told["state"], told["delivery"], told["attempts"], told["title"]) == ("withdrawn", "withdrawn", 0, "")
    assert one(closed_database, "SELECT count(*) FROM deliveries WHERE sent_at IS NOT NULL") == 0
