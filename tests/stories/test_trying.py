"""Every chat can be tried without a provider: linked, written to once, answered, told why, stopped for good."""

from typing import Any

import pytest

from tactful import cli
from tactful.store.database import Database
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET
from tactful.testing.trying import NOTE, PERSON, US, trial, words
from tests.conftest import ROLE_SECRET as SECRET

pytestmark = pytest.mark.anyio


@pytest.fixture
def servers(closed_database: Database, redis_url: str) -> dict[str, Any]:
    owner = closed_database.owner_url
    return {DATABASE_URL.name: owner, REDIS_URL.name: redis_url, ROLE_SECRET.name: SECRET}


@pytest.mark.parametrize("channel", ["telegram", "reddit"])
async def test_a_conversation_goes_from_its_link_to_its_end(channel: str, servers: dict[str, Any]) -> None:
    told = await trial(channel, say=["This was really helpful"], servers=servers)
    assert (told["sent"], told["sent_after"]) == (1, 0)
    spoken = [(each["who"], each["text"].split()[0]) for each in told["lines"] if each["who"] != NOTE]
    theirs = [first for who, first in spoken if who == PERSON]
    assert theirs == ["/start", "This", "/why", "/stop"]
    assert spoken[-1] == (US, "Done.")
    written = "\n".join(words(told))
    assert "You have been away for long" in written
    assert "nothing more has come" in written


async def test_who_does_not_stop_is_written_to_again(servers: dict[str, Any]) -> None:
    told = await trial("telegram", stop=False, servers=servers)
    assert told["sent_after"] > 0


@pytest.mark.parametrize("words", [["channel"], ["channel", "pigeon"], ["live", "telegram"], ["live", "--say", "x"]])
def test_what_cannot_be_tried_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", *words]) == 2
    assert capsys.readouterr().err.startswith("tactful: ")
