"""Operators at the command line."""

import json

import pytest

from tactful.store.database import Database
from tests.cli.conftest import Typed


def test_somebody_is_invited_and_whoever_does_not_exist_is_told(
    typed: Typed, closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACTFUL_CONSOLE_ADDRESS", "https://tactful.example.org/")
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('default', 1)")
    assert typed("operators").out == "default has no operators yet.\n"
    invited = typed("operators", "--invite", "Ben@Example.org", "--json")
    assert json.loads(invited.out)["link"].startswith("https://tactful.example.org/console/welcome/")
    nobody = typed("operators", "--reset", "nobody@example.org")
    assert (nobody.status, "no operator nobody@example.org" in nobody.err) == (1, True)
    assert typed("operators", "--invite", "not an address").status == 2
