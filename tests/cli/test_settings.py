"""`tactful settings`: shown, set, reset, listed and undone."""

import json

import pytest

from tactful.store.database import Database
from tests.cli.conftest import Typed

ACME = ("--organisation", "acme")


@pytest.fixture(autouse=True)
def acme(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")


def test_what_is_set_is_shown_and_taken_back(typed: Typed) -> None:
    assert typed("settings", "set", "decide.holdout=0.1", "decide.on_risk_high=off", *ACME, "--note", "try").status == 0
    shown = typed("settings", "show", "decide.holdout", "decide.on_risk_high", *ACME).out.splitlines()
    assert shown == [
        "Version 1.", "decide.holdout = 0.1 (own, since version 1)", "decide.on_risk_high = off (own, since version 1)"
    ]  # fmt: skip
    assert "decide.holdout: 0.1 -> as everybody" in typed("settings", "reset", "decide.holdout", *ACME).out
    assert "undoing version 1" not in typed("settings", "history", *ACME).out
    told = typed("settings", "undo", "2", *ACME)
    assert "undoing version 2" in told.out
    assert json.loads(typed("settings", "show", *ACME, "--json").out)["version"] == 3


@pytest.mark.parametrize(
    "words",
    [("set", "decide.holdout"), ("set", "decide.holdout=2"), ("set", "decide.typo=1"), ("undo", "x"), ("set",)],
)
def test_what_cannot_be_is_refused_in_one_sentence(words: tuple[str, ...], typed: Typed) -> None:
    told = typed("settings", *words, *ACME)
    assert (told.status, told.out) == (2, "")
    assert len(told.err.splitlines()) == 1
