"""What an operator sets reaches what beliefs are weighed by."""

import pytest

from tactful.bootstrap import rules_of, setting_rows
from tactful.kernel.settings import Settings

WEIGHED = [row.name for row in setting_rows() if row.name.split(".")[0] in
           ("dropout", "forgetting", "learn", "plateau", "struggle", "timing")]  # fmt: skip


@pytest.mark.parametrize("name", WEIGHED)
def test_every_setting_of_beliefs_and_of_learning_reaches_the_rules(name: str) -> None:
    assert name in rules_of(Settings({})).values


def test_what_was_set_is_what_is_weighed_by() -> None:
    rules = rules_of(Settings({"learn.across_organisations": True, "timing.good_from": 0.75}))
    assert rules.values["learn.across_organisations"] is True
    assert rules.values["timing.good_from"] == 0.75
