"""`tactful kinds`: checked, tried, saved, put live, taken back."""

import json
from pathlib import Path

import pytest

from tactful.store.database import Database
from tests.cli.conftest import Typed
from tests.living import settle_in

ACME = ("--organisation", "acme")
EXAMPLE = Path("docs/examples/kinds.yaml")


@pytest.fixture(autouse=True)
def acme(closed_database: Database) -> None:
    settle_in(closed_database, count=8)


def test_a_file_becomes_what_decides_and_is_taken_back(typed: Typed) -> None:
    assert typed("kinds", "check", EXAMPLE, *ACME).out.startswith("Fine: quiet_week, friday_round")
    assert "version 1. It decides nothing yet" in typed("kinds", "save", EXAMPLE, *ACME, "--note", "autumn").out
    refused = typed("kinds", "live", "1", *ACME)
    assert refused.status != 0
    assert "never tried out" in refused.err
    told = typed("kinds", "try", "1", *ACME, "--days", "1", "--every", "24").out
    assert "8 people of 8, every 24 hours for 1 day up to" in told
    assert "quiet_week fits" in told
    assert typed("kinds", "live", "1", *ACME).out == "Version 1 of your own kinds decides from now on.\n"
    assert typed("kinds", "off", "quiet_week", *ACME).status == 0
    shown = typed("kinds", "list", *ACME).out
    assert "quiet_week (off) proposes quiet_week when days_quiet >= 7" in shown
    assert "by command line, tried" in shown
    assert json.loads(typed("kinds", "back", *ACME, "--json").out)["live"] == 1
    assert typed("kinds", "live", "0", *ACME).out.startswith("No kinds of your own decide")
    assert "a text of" in typed("settings", "history", *ACME).out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check", "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("check",), "Say which file"),
        (("live", "x"), "by its number"),
        (("live", "7"), "There is no version 7"),
        (("off",), "Say which trigger"),
        (("off", "x"), "No trigger x of your own is live"),
        (("back",), "were ever live"),
        (("try",), "None was saved"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(words: tuple[str, ...], sentence: str, typed: Typed) -> None:
    told = typed("kinds", *words, *ACME)
    assert (told.status != 0, told.out) == (True, "")
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1


def test_faults_are_told_with_their_lines(typed: Typed, tmp_path: Path) -> None:
    wrong = tmp_path / "kinds.yaml"
    wrong.write_text(EXAMPLE.read_text(encoding="utf-8").replace("active_days", "days_active"), encoding="utf-8")
    told = typed("kinds", "check", wrong, *ACME)
    assert told.status == 2
    assert "line 5, kinds.quiet_week.when: days_active at letter" in told.err
