"""`tactful pause` and `tactful resume`: what they say is what they do."""

import pytest

from tactful.store.database import Database
from tests.cli.conftest import Typed


def standing(database: Database) -> list[tuple[str, str, str]]:
    with database.batch() as connection:
        rows = connection.execute("SELECT scope, name, mode FROM pauses ORDER BY id").fetchall()
    return [(row["scope"], row["name"], row["mode"]) for row in rows]


@pytest.fixture(autouse=True)
def acme(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")


def test_what_is_paused_is_what_was_named(typed: Typed, closed_database: Database) -> None:
    for named in ((), ("--kind", "gentle_nudge"), ("--channel", "in_app", "--shadow")):
        assert typed("pause", "--organisation", "acme", *named).status == 0
    stand = [("organisation", "", "pause"), ("kind", "gentle_nudge", "pause"), ("channel", "in_app", "shadow")]
    assert standing(closed_database) == stand
    assert typed("resume", "--organisation", "acme", "--kind", "gentle_nudge").status == 0
    assert standing(closed_database) == [stand[0], stand[2]]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (("--kind", "TYPO"), "gentle_nudge"),
        (("--channel", "pigeon"), "in_app"),
        (("--kind", "gentle_nudge", "--channel", "in_app"), "not both"),
        (("--kind", ""), "say which kind"),
    ],
)
@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_pause_of_nothing_is_refused(
    command: str, named: tuple[str, ...], said: str, typed: Typed, closed_database: Database
) -> None:
    told = typed(command, "--organisation", "acme", *named)
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("tactful: ")
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert standing(closed_database) == []
