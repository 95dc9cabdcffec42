"""Organisations that have set something for themselves, put straight into the tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.sense.own import differences
from tactful.store.database import Database
from tactful.store.described import own
from tactful.store.described.own import SETTINGS
from tactful.store.steps import run
from tests.living import NOW, settle_in


def set_own(database: Database, body: Mapping[str, Any], *, whose: str = "acme", at: datetime = NOW) -> int:
    """From now on this is all that the organisation has of its own; the version."""
    with database.batch() as connection:
        run(connection, own.hold())
        before = run(connection, own.version(whose, SETTINGS))
        changes = differences(before["body"], body)
        change = own.Change(at, "test", "", body, changes)
        return int(run(connection, own.write(whose, SETTINGS, before["version"] + 1, change))["version"])


def settle_two(database: Database, *, count: int = 40) -> None:
    """People of acme, and as many of bravo with the same past; what chance is drawn from is the same in every run."""
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 11), ('bravo', 12)")
    for whose in ("acme", "bravo"):
        settle_in(database, count=count, organisation=whose)
