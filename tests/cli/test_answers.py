"""What commands answer: words for people whose counts add up, JSON for programs, and nothing written in a rehearsal."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tactful.store.database import Database
from tests.cli.conftest import Typed
from tests.living import NOW, one, rows, settle_in

AT = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
WRITTEN = """
SELECT (SELECT count(*) FROM ticks) AS ticks, (SELECT count(*) FROM decisions) AS decisions,
       (SELECT count(*) FROM intervention_logs) AS interventions, (SELECT count(*) FROM attention) AS attention,
       (SELECT count(*) FROM dropout_risk_scores) AS risks, (SELECT count(*) FROM configurations) AS configurations
"""


def counts(told: str) -> dict[str, int]:
    """The counts a tick printed, by what they count."""
    found = re.findall(r"^ +([\d,]+) (.*)$", told, re.MULTILINE)
    return {what: int(count.replace(",", "")) for count, what in found}


def test_the_version_is_told(alone: Typed) -> None:
    told = alone("--version")
    assert (told.status, told.out) == (0, "tactful 0.1.0\n")


def test_a_rehearsed_tick_says_what_a_tick_would_do_and_writes_nothing(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database)
    before = rows(closed_database, WRITTEN)
    rehearsed = typed("tick", "--at", AT, "--dry-run")
    assert (rehearsed.status, rehearsed.err) == (0, "")
    assert "would have looked at 60 people" in rehearsed.out
    assert rehearsed.out.splitlines()[0].endswith("Nothing was written.")
    assert rows(closed_database, WRITTEN) == before
    assert sum(counts(rehearsed.out).values()) == 60
    summary = json.loads(typed("tick", "--at", AT, "--dry-run", "--json").out)
    happened = json.loads(typed("tick", "--at", AT, "--json").out)
    assert summary["reached"] == happened["reached"] > 0
    acted = [{row["chosen"]: row["people"] for row in each["decisions"] if row["result"] == "acted"}
             for each in (summary, happened)]  # fmt: skip
    assert acted[0] == acted[1]


def test_a_rehearsal_can_be_about_one_organisation(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('umbrella', 1)")
    told = {name: typed("tick", "--dry-run", "--organisation", name).out for name in ("acme", "umbrella")}
    assert "looked at 5 people" in told["acme"]
    assert "looked at 0 people" in told["umbrella"]


def test_the_counts_of_a_tick_add_up_to_the_people_it_looked_at(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database)
    told = typed("tick", "--at", AT, "--all").out
    assert "looked at 60 people" in told
    assert sum(counts(told).values()) == 60
    assert counts(told)["silent, with nothing new to write down"] > 0


def test_people_at_risk_are_listed_with_the_instant_of_the_figures(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database)
    nobody = typed("at-risk", "--organisation", "acme")
    assert nobody.out == "Nobody is at medium risk or higher, as far as ticks have looked.\n"
    typed("tick", "--at", AT, "--all")
    told = typed("at-risk", "--organisation", "acme", "--limit", 3).out.splitlines()
    assert told[0] == f"As of {NOW:%Y-%m-%d %H:%M} UTC:"
    assert len([line for line in told if "confidence" in line]) == 3


def test_pauses_are_told_in_words(typed: Typed, closed_database: Database) -> None:
    settle_in(closed_database, count=1)
    told = [typed(*each, "--organisation", "acme") for each in (["pause"], ["resume"])]
    assert [each.out for each in told] == [
        "The organisation acme is paused from now on.\n",
        "The organisation acme goes on.\n",
    ]


def test_an_import_says_clearly_what_was_not_taken(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("who,at\nana,1767225600\nana,soon\n")
    told = typed("import", log, "--person", "who", "--time", "at")
    assert told.status == 0
    assert re.search(r"^Read 2 rows in [\d.]+ s: 1 events are new\.$", told.out, re.MULTILINE)
    [rejected] = tmp_path.glob("log.csv.*.rejected.csv")
    assert f"NOT taken: 1 rows. Each stands with its reason in {rejected}." in told.out
    assert "None" not in told.out
    again = typed("import", log, "--person", "who", "--time", "at")
    assert again.out.startswith("All 2 rows were read before; nothing has changed.")
    assert json.loads(typed("import", log, "--person", "who", "--time", "at", "--json").out)["resumed_after"] == 2
    rejected.unlink()
    assert "no longer" in typed("import", log, "--person", "who", "--time", "at").out


def test_an_import_covers_days_that_are_told_in_words_and_in_json(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("who,at\nana,1082040961\nana,1098777142\n")
    words = ["import", log, "--person", "who", "--time", "at"]
    assert "They are from 2004-04-15 to 2004-10-26.\n" in typed(*words).out
    told = json.loads(typed(*words, "--organisation", "other", "--json").out)
    assert (told["earliest"], told["latest"]) == ("2004-04-15T14:56:01+00:00", "2004-10-26T07:52:22+00:00")


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("--organisation", "", "organisation"),
        ("--organisation", "a\nb", "organisation"),
        ("--organisation", "x" * 300, "organisation"),
        ("--kind", "bad kind!", "kind"),
        ("--person", "nope", "nope"),
        ("--topic", "nope", "nope"),
    ],
)
def test_an_import_that_does_not_fit_is_refused_before_anything_is_written(
    typed: Typed, closed_database: Database, tmp_path: Path, option: str, value: str, field: str
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("who,at\nana,1767225600\n")
    words = {"--person": "who", "--time": "at", "--organisation": "typo"} | {option: value}
    told = typed("import", log, *(word for pair in words.items() for word in pair))
    assert told.status == 2
    assert field in told.err
    assert len(told.err.splitlines()) == 1
    assert one(closed_database, "SELECT count(*) FROM organisations WHERE name <> 'default'") == 0
    assert list(tmp_path.iterdir()) == [log]


@pytest.mark.parametrize("command", ["up", "at-risk"])
def test_whoever_interrupts_at_once_sees_no_stack_trace(command: str, data_dir: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", f"import tactful.cli as c; print(1, flush=True); c.main(['{command}'])"],
        env={"TACTFUL_DATA_DIR": str(data_dir)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    started.stdout.readline()
    time.sleep(0.2)
    started.send_signal(signal.SIGINT)
    assert started.communicate()[1] == ""
    assert started.returncode == 130


# Each chunk takes its time, so that an interruption comes before the last one on any machine.
SLOWLY = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
CREATE TRIGGER slowly BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION slowly()
"""


def test_an_import_that_is_interrupted_goes_on_behind_what_it_had_counted(
    typed: Typed, closed_database: Database, tmp_path: Path
) -> None:
    log, count = tmp_path / "log.csv", 120_000
    log.write_text("who,at,note\n" + "".join(f"{i % 50},{1767225600 + i},{'x' * 150}\n" for i in range(count)))
    words = ["import", str(log), "--person", "who", "--time", "at", "--property", "note", "--chunk", "2"]
    with psycopg.connect(closed_database.owner_url) as owner:
        owner.execute(SLOWLY)
    begun = subprocess.Popen([sys.executable, "-m", "tactful", *words], stderr=subprocess.PIPE, text=True)
    while not one(closed_database, "SELECT coalesce(max(rows_done), 0) FROM imports"):
        assert begun.poll() is None
        time.sleep(0.05)
    begun.send_signal(signal.SIGINT)
    said = begun.communicate()[1]
    done = one(closed_database, "SELECT rows_done FROM imports")
    assert begun.returncode == 130
    assert f"interrupted after {done:,} rows; run again to go on" in said
    assert "Traceback" not in said
    assert 0 < done < count
    with psycopg.connect(closed_database.owner_url) as owner:
        owner.execute("DROP FUNCTION slowly CASCADE")
    tally = json.loads(typed(*words, "--json").out)
    assert tally["resumed_after"] == done
    assert tally["accepted"] == count - done
    assert one(closed_database, "SELECT count(*) FROM events") == count
