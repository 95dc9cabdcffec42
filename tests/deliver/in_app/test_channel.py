"""In-app hands over by being read: the list says what the delivery said."""

from tactful.deliver.in_app import InApp
from tactful.store.database import Database
from tactful.store.decided import inbox
from tests.deliver.waiting import ANA, come_by, plan
from tests.living import NOW


async def test_the_receipt_names_what_the_list_shows_in_its_words(database: Database) -> None:
    number = plan(database, InApp.name)
    told = come_by(database)
    async with database.people() as connection:
        ((shown,),) = await inbox.due(connection, [inbox.Asked(*ANA, NOW)])
    assert told["reference"] == str(shown["id"]) == str(number)
    assert [shown[part] for part in ("title", "message", "action")] == [
        told[part] for part in ("title", "message", "action")
    ]


async def test_coming_by_hands_over_nothing_that_another_channel_is_to_push(database: Database) -> None:
    plan(database, "email")
    told = come_by(database)
    assert (told["state"], told["delivery"], told["attempts"]) == ("planned", "due", 0)
