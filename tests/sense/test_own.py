"""What an organisation sets is held to what the start holds settings to, and undoing it restores what stood before."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.bootstrap.owning import own_rows
from tactful.bootstrap.where import agreements, setting_rows
from tactful.kernel.errors import BadInput, Conflict
from tactful.kernel.settings import Setting, Settings
from tactful.sense.own import changed, differences, undone

COMMON = Settings({})
ROWS = {row.name: row for row in own_rows()}
# What no setting of that type can be, besides what lies out of its range.
NEVER: dict[type, list[Any]] = {
    bool: [1, 0, "true", 1.0], int: [1.5, "1", True, 10**400, float("nan")], str: [7, True, 1.5, ["x"]],
    float: ["0.1", True, float("inf"), float("nan"), -float("inf"), [0.1]],
}  # fmt: skip


def after(wanted: Any, body: dict[str, Any] | None = None) -> dict[str, Any]:
    return changed(own_rows(), agreements(), COMMON, body or {}, wanted)


def wrong(row: Setting[Any]) -> list[Any]:
    beyond = [value for bound, step in ((row.low, -1), (row.high, 1)) if bound is not None
              for value in [type(row.default)(bound + step)]]  # fmt: skip
    return [*NEVER[type(row.default)], *beyond, *(["never"] if row.choices or ":" in str(row.default) else []), {}, []]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_value_that_cannot_be_is_taken_and_the_setting_is_named(name: str) -> None:
    for value in wrong(ROWS[name]):
        with pytest.raises(BadInput) as refused:
            after({name: value})
        assert refused.value.fields == [name], value
        assert name in refused.value.detail


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_everybody_has_may_be_an_organisations_own_too(name: str) -> None:
    assert after({name: ROWS[name].default}) == {name: ROWS[name].default}


def test_servers_secrets_sizes_and_what_nobody_knows_are_nobodys_own() -> None:
    for name in ("store.database_url", "api.jwt_secret", "api.page", "dropout.horizon_days", "decide.typo", ""):
        with pytest.raises(BadInput) as refused:
            after({name: 1})
        assert refused.value.fields == [name]


def test_which_settings_organisations_may_have_is_meant() -> None:
    heads = {name.split(".")[0] for name in ROWS}
    assert heads == {
        "alerts",
        "api",
        "decide",
        "deliver",
        "learn",
        "live",
        "llm",
        "operator_alerts",
        "sense",
        "struggle",
    }
    assert {name for name in ROWS if name.startswith(("api.", "struggle."))} == {
        "api.snooze_minutes", "struggle.offer_confidence", "struggle.offer_from"
    }  # fmt: skip
    assert all(row.own for row in setting_rows() if row.name.startswith(("decide.", "alerts.")))
    assert not any(row.secret or row.never_in_file or row.env == ("DATABASE_URL",) for row in ROWS.values())


@pytest.mark.parametrize("wanted", [None, {}, [], "x", 3])
def test_nothing_is_no_change(wanted: Any) -> None:
    with pytest.raises(BadInput) as refused:
        after(wanted)
    assert refused.value.fields == ["settings"]


def test_what_does_not_agree_with_what_everybody_has_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        after({"decide.quiet_start": ""})
    assert refused.value.fields == ["decide.quiet_start", "decide.quiet_end"]
    assert after({"decide.quiet_start": "", "decide.quiet_end": ""}) == {
        "decide.quiet_start": "", "decide.quiet_end": ""
    }  # fmt: skip


def test_a_whole_number_does_for_a_number() -> None:
    (value,) = after({"decide.holdout": 0}).values()
    assert (value, type(value)) == (0.0, float)


BODIES = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3))


@given(BODIES, BODIES)
def test_undoing_the_last_change_restores_what_stood_before(before: dict[str, int], later: dict[str, int]) -> None:
    assert undone(later, differences(before, later)) == before


@given(BODIES, BODIES, BODIES)
def test_undoing_an_earlier_change_leaves_the_others_or_says_what_moved(
    first: dict[str, int], second: dict[str, int], third: dict[str, int]
) -> None:
    mine, others = differences(first, second), differences(second, third)
    if mine.keys() & others.keys():
        with pytest.raises(Conflict) as refused:
            undone(third, mine)
        assert set(refused.value.fields) == mine.keys() & others.keys()
    else:
        assert differences(undone(third, mine), third) == mine
