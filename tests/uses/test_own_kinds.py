"""Files of own kinds are checked to the line; trying them on the past counts what each guard rail and kind did."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tactful.decide.own import OWN_KINDS, kept, read
from tactful.kernel.errors import BadInput
from tactful.store.database import Database
from tactful.uses.own_kinds import check, checked, simulate
from tactful.uses.own_kinds.simulating import Trial
from tests.living import NOW, RULES, one, rows, settle_in
from tests.owning import set_own

EXAMPLE = Path("docs/examples/kinds.yaml").read_text(encoding="utf-8")
HELLO = "{title: Hello, body: Come back when you like., action: resume}"
WORDS = "\n".join(f"        - {{title: Hello {n}, body: Come back when you like., action: resume}}" for n in "abcd")
GOOD = f"""kinds:
  quiet_week:
    when: days_quiet >= 7
    initiative: outreach
    expires: 2d
    words:
      en:
{WORDS}
"""


def test_the_worked_example_is_fine() -> None:
    found = checked(EXAMPLE)
    assert list(found.kinds) == ["quiet_week", "friday_round"]
    made = read(kept(found.kinds, found.triggers, version=1))
    assert [each.kind for each in made.triggers] == ["friday_round", "check_in", "quiet_week"]
    assert made.kinds["quiet_week"].deferrable
    assert made.kinds["quiet_week"].lifetime == timedelta(days=2)


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("days_quiet >= 7", "days_quiet >= 7h", 3, "kinds.quiet_week.when", "told in days, not in h"),
        ("days_quiet >= 7", "[1, 2]", 3, "kinds.quiet_week.when", "it must be a condition"),
        ("initiative: outreach", "initiative: offer", 4, "kinds.quiet_week.initiative", "nudge or outreach"),
        ("initiative: outreach\n", "\n", 2, "kinds.quiet_week.initiative", "it is left out"),
        ("expires: 2d", "expires: 2", 5, "kinds.quiet_week.expires", "a time like 90m, 36h or 2d, from 15m to 30d"),
        ("expires: 2d", "expires: 90d", 5, "kinds.quiet_week.expires", "from 15m to 30d"),
        ("expires: 2d", "expires: 2d\n    cooldown: 5m", 6, "kinds.quiet_week.cooldown", "from 1h to 365d"),
        ("expires: 2d", "expires: 2d\n    priority: 11", 6, "kinds.quiet_week.priority", "from 1 (may wait) to 10"),
        ("expires: 2d", "expires: 2d\n    priority: true", 6, "kinds.quiet_week.priority", "from 1 (may wait)"),
        ("expires: 2d", "expires: 2d\n    expected: 2", 6, "kinds.quiet_week.expected", "from 0 (no good) to 1"),
        ("expires: 2d", "expires: 2d\n    share: 3", 6, "kinds.quiet_week.share", "from 0 (nobody) to 1 (everybody)"),
        ("expires: 2d", "expires: 2d\n    today: 1", 6, "kinds.quiet_week.today", "yes or no"),
        ("expires: 2d", "expires: 2d\n    colour: red", 6, "kinds.quiet_week.colour", "it is not known"),
        ("quiet_week:", "check_in:", 2, "kinds.check_in", "everybody has something of that name"),
        ("quiet_week:", "long_stay:", 2, "kinds.long_stay", "everybody has something of that name"),
        ("quiet_week:", "Quiet-Week:", 2, "kinds.Quiet-Week", "small letters, digits and underscores"),
        ("      en:", "      english_words:", 7, "kinds.quiet_week.words.english_words", "no language like en"),
        ("title: Hello c", 'title: "{weather}"', 10, "kinds.quiet_week.words.en.2.title", "{weather} is no variable"),
        ("title: Hello c", f"title: {'x' * 61}", 10, "kinds.quiet_week.words.en.2.title", "must have 1 to 60"),
        ("Hello d, body: Come back when you like., action: resume", "Hello d, body: x, action: dance", 11,
         "kinds.quiet_week.words.en.3.action", "must be one of"),
        ("title: Hello d", "title: Hello a", 7, "kinds.quiet_week.words.en", "two wordings say the same"),
        (f"{WORDS}\n", f"        - {HELLO}\n", 7, "kinds.quiet_week.words.en", "a list of 4 to 20 wordings"),
        ("when: days_quiet >= 7", "waits: no", 2, "kinds.quiet_week", "nobody would ever get it"),
        ("kinds:\n", "kinds: {}\nkind:\n", 2, "file.kind", "it is not known; known are kinds, triggers"),
        ("kinds:", "triggers:\n  extra_one:\n    kind: quick_action\n    when: active_today\nkinds:", 3,
         "triggers.extra_one.kind", "one of your own or one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_field(
    old: str, new: str, line: int, field: str, problem: str
) -> None:
    assert old in GOOD
    faults = check(GOOD.replace(old, new, 1)).faults
    assert [(each.line, each.field) for each in faults][:1] == [(line, field)]
    assert problem in faults[0].problem


def test_every_fault_is_told_and_they_refuse_the_file_together() -> None:
    with pytest.raises(BadInput) as error:
        checked(GOOD.replace("days_quiet", "days_quite").replace("2d", "soon"))
    assert error.value.fields == ["kinds.quiet_week.expires", "kinds.quiet_week.when"]


def test_words_without_variables_are_asked_for() -> None:
    every = GOOD.replace("Come back when you like.", '"Come back, {topic} calls."')
    faults = check(every).faults
    assert "one at least must do without variables" in faults[0].problem


def test_what_can_be_read_no_more_proposes_nothing_and_stops_nothing_else() -> None:
    found = checked(EXAMPLE)
    found.triggers["quiet_week"]["when"] = "days_of_yore >= 7"
    made = read(kept(found.kinds, found.triggers, version=1))
    assert [each.name for each in made.triggers] == ["friday_round", "long_silence_after_talk"]
    assert "days_of_yore" in made.broken["quiet_week"]


def trial(file: str, **more: Any) -> Trial:
    found = checked(file)
    return Trial(1, kept(found.kinds, found.triggers, version=1), NOW, **({"days": 2, "every": 6} | more))


def test_trying_on_the_past_tells_what_withheld_it_and_what_it_came_instead_of(closed_database: Database) -> None:
    settle_in(closed_database, count=40)
    with closed_database.batch() as connection:
        connection.execute("UPDATE people SET holdout_bucket = 0 WHERE id % 4 = 0")
        connection.execute("UPDATE people SET holdout_bucket = 9999 WHERE id % 4 > 0")
    everybody = GOOD.replace("days_quiet >= 7", "active_days >= 1").replace(
        "expires: 2d", "expires: 2d\n    priority: 10"
    )
    everybody = everybody.replace("outreach", "nudge")
    told = simulate(closed_database, RULES, trial(everybody))
    (row,) = told["triggers"]
    assert row["fitting"] == told["people"] == 40
    held = {each["rail"]: each["people"] for each in row["withheld"]}
    assert held["holdout"] == one(closed_database, "SELECT count(*) FROM people WHERE holdout_bucket = 0")
    # Once in its week of rest, whoever is not left alone for comparison.
    assert row["reached"] == row["sent"] == 40 - held["holdout"]
    assert sum(day["sent"] for day in row["by_day"]) == sum(row["by_hour"]) == row["sent"]
    changed = {each["kind"]: (each["now"], each["then"]) for each in told["instead"]}
    assert changed["quiet_week"] == (0, row["sent"])
    assert any(now > then for now, then in changed.values())
    assert rows(closed_database, "SELECT id FROM decisions") == []


def test_a_kind_may_go_to_a_share_of_people_first(closed_database: Database) -> None:
    settle_in(closed_database, count=30)
    few = GOOD.replace("days_quiet >= 7", "active_days >= 1").replace("expires: 2d", "expires: 2d\n    share: 0.3")
    (row,) = simulate(closed_database, RULES, trial(few, days=1))["triggers"]
    beyond = {each["rail"]: each["people"] for each in row["withheld"]}["rollout"]
    assert 0 < beyond < row["fitting"]
    assert row["reached"] <= row["fitting"] - beyond


def test_a_sample_by_lot_is_the_same_each_time_and_leaves_other_organisations_out(closed_database: Database) -> None:
    settle_in(closed_database, count=12)
    settle_in(closed_database, count=5, organisation="other")
    told, again = (simulate(closed_database, RULES, trial(GOOD, people=6, days=1)) for _ in range(2))
    assert told == again
    assert (told["people"], told["everybody"]) == (6, 12)


def test_what_is_live_already_is_what_the_new_file_is_held_against(closed_database: Database) -> None:
    settle_in(closed_database, count=20)
    found = checked(GOOD)
    set_own(closed_database, {OWN_KINDS: kept(found.kinds, found.triggers, version=1)})
    assert simulate(closed_database, RULES, trial(GOOD))["instead"] == []


def test_nobody_at_all_is_told_as_nobody(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
    told = simulate(closed_database, RULES, trial(GOOD))
    assert (told["people"], told["triggers"][0]["fitting"], told["instead"]) == (0, 0, [])
