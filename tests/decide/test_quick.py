"""Quick actions in order: what is due, what fits, what one chooses, what others choose; alone as in a batch."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.decide import quick
from tactful.decide.quick.settings import ACTIONS
from tactful.facts.quick import ITEM, Action
from tactful.kernel.errors import BadSetting
from tactful.kernel.settings import Settings

COUNT = st.floats(0, 1000)
COUNTS = ("own", "own_here", "own_now", "others", "others_here")
LISTS = st.lists(st.fixed_dictionaries(dict.fromkeys(COUNTS, COUNT)), min_size=2, max_size=8)


def items(*rows: dict[str, Any], number: int = 0) -> pl.DataFrame:
    """A line for each of `rows`, called a, b, c."""
    blank = {"number": number, "due": 0.0, "fits": 0.0, **dict.fromkeys(COUNTS, 0.0)}
    told = [{**blank, "place": place, "id": "abcdefgh"[place], **row} for place, row in enumerate(rows)]
    return pl.DataFrame(told, ITEM, orient="row")


def order(*rows: dict[str, Any]) -> str:
    return "".join(quick.rank(items(*rows))["id"])


def test_where_nothing_is_known_the_registrys_order_counts() -> None:
    assert order({}, {}, {}) == "abc"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (({}, {"fits": 0.2}, {"due": 0.5}), "cba"),
        (({}, {"others": 3}, {"others": 9}), "cba"),
        (({}, {"others": 9}, {"own": 9}), "cba"),
        # On this page, and at this time of the day, they choose something else than elsewhere.
        (({"own": 9}, {"own": 9, "own_here": 9}, {}), "bac"),
        (({"own": 9}, {"own": 9, "own_now": 9}, {}), "bac"),
        # One choice is not yet a habit; many are.
        (({"others": 50}, {"own": 1}), "ab"),
        (({"others": 50}, {"own": 20, "own_here": 20, "own_now": 20}), "ba"),
        # What is due stands above what is chosen now and then, and below what is always chosen.
        (({"due": 0.5}, {"own": 1, "own_here": 1}, {}), "abc"),
        (({"due": 0.5}, {"own": 90, "own_here": 90, "own_now": 90}), "ba"),
    ],
)
def test_golden_orders_of_actions_stay(rows: tuple[dict[str, Any], ...], found: str) -> None:
    assert order(*rows) == found


@given(LISTS, st.data())
def test_what_is_chosen_once_more_never_falls(rows: list[dict[str, float]], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(rows) - 1))
    name = "abcdefgh"[which]
    more = [dict(row) for row in rows]
    for column in ("own", "own_here", "own_now"):
        more[which][column] += data.draw(st.floats(1, 50))
    assert order(*more).index(name) <= order(*rows).index(name)


@given(LISTS)
def test_strangers_get_the_organisations_order(rows: list[dict[str, float]]) -> None:
    stranger = [{"others": round(row["others"]), "others_here": round(row["others"])} for row in rows]
    places = sorted(range(len(rows)), key=lambda place: (-stranger[place]["others"], place))
    assert order(*stranger) == "".join("abcdefgh"[place] for place in places)


@given(LISTS, LISTS)
def test_a_batch_changes_nobodys_order(mine: list[dict[str, float]], theirs: list[dict[str, float]]) -> None:
    alone = quick.rank(items(*mine))
    together = quick.rank(pl.concat([items(*theirs, number=1), items(*mine)])).filter(pl.col("number") == 0)
    assert together.equals(alone)
    assert alone["share"].sum() == pytest.approx(1)


def test_a_page_may_say_where_ours_leads_to() -> None:
    found = quick.registry(Settings({}), [Action("see_progress", "My marks", "host", "/marks")])
    assert [each.id for each in found] == [each.id for each in quick.OURS]
    assert next(each.url for each in found if each.id == "see_progress") == "/marks"


def test_actions_of_the_settings_come_after_ours() -> None:
    text = '[{"id": "forum", "label": "Ask the forum", "url": "/forum", "keywords": ["limits"], "pages": ["lesson"]}]'
    settings = Settings({ACTIONS.name: ACTIONS.parse(text, source="a test")})
    *_, forum = quick.registry(settings)
    assert (forum.kind, forum.url) == ("settings", "/forum")
    assert quick.fits(forum, "lesson", "One-sided limits") == pytest.approx(0.5)
    assert quick.fits(forum, "home", None) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not JSON"),
        ('{"id": 1}', "is not a list"),
        ('[{"id": "a"}]', "is not a list of objects with id and label"),
        ('[{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]', "two actions with the same id"),
        ('[{"id": "a", "label": "A", "colour": "red"}]', "has an action with colour"),
        ('[{"id": "a", "label": ""}]', "is not text of"),
        ('[{"id": "a", "label": "A", "pages": "lesson"}]', "are not a list"),
        ('[{"id": "a", "label": "A", "url": "javascript:alert(1)"}]', "neither a path nor https"),
        ('[{"id": "a", "label": "A", "url": "//evil.example"}]', "neither a path nor https"),
    ],
)
def test_what_the_setting_cannot_be_stops_the_start(text: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        ACTIONS.parse(text, source="a test")
