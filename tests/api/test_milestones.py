"""Milestones over HTTP: what somebody reached; and how they are added, changed and removed."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.facts.milestones import METRICS
from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.sense.milestones import defaults
from tests.api.conftest import bearer
from tests.api.test_widget_tokens import of_a_page
from tests.living import one

BASE = "/api/v1/milestones"
SERVICE = bearer("backend", "service")
WEEK: dict[str, Any] = {
    "milestone_name": "power_user_week", "display_name": "Power User Week", "description": "Every day for a week",
    "metric_name": "consecutive_active_days", "target_value": 7.0, "metric_type": "streak", "category": "engagement",
    "difficulty_level": 3,
}  # fmt: skip


async def come(engine: Engine, person: str, days: int) -> None:
    now = SystemClock().now()
    told = [Event(f"{person}-{day}", person, "visit", now - timedelta(days=day)) for day in range(days)]
    await engine.accept("acme", told)


async def of(client: httpx.AsyncClient, who: str = "42") -> dict[str, Any]:
    answered = await client.get(BASE, headers=bearer(who))
    assert answered.status_code == 200
    return dict(answered.json())


async def test_somebody_sees_what_they_reached_and_what_comes_next(client: httpx.AsyncClient, engine: Engine) -> None:
    assert len((await of(client))["in_progress"]) == len(defaults()) >= 24
    await come(engine, "42", 5)
    told = await of(client)
    assert {each["milestone_name"] for each in told["reached"]} == {"first_step", "three_in_a_row"}
    assert (told["points"], told["level"], told["next_level_at"], told["points_to_next_level"]) == (20, 1, 100, 80)
    assert told["streak"] == {"days": 5, "longest": 5, "rest_days": 0, "ends_tonight": False}
    nearest = told["in_progress"][0]
    assert (nearest["milestone_name"], nearest["progress"], nearest["left"]) == (
        "one_week_of_days", 0.7143, "2 more days",
    )  # fmt: skip
    assert all(0 <= each["progress"] < 1 for each in told["in_progress"])
    assert (await of(client, "43"))["reached"] == []


async def test_a_page_may_ask_for_its_person_in_their_language(client: httpx.AsyncClient, engine: Engine) -> None:
    await come(engine, "42", 1)
    await client.put("/api/v1/people/42", headers=SERVICE, json={"locale": "de-AT"})
    told = (await client.get(BASE, headers=of_a_page("42"))).json()
    assert told["reached"][0]["display_name"] == "Erster Schritt"
    assert told["in_progress"][0]["left"].startswith("noch ")


async def test_a_milestone_is_tried_out_and_added_and_those_who_have_it_get_it_in_silence(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    for person, days in (("has", 7), ("half", 4), ("new", 1)):
        await come(engine, person, days)
    tried = (await client.post(f"{BASE}/preview", headers=SERVICE, json=WEEK)).json()
    assert (tried["people"], tried["have"], tried["half_way"]) == (3, 1, 2)
    added = await client.post(f"{BASE}/definitions", headers=SERVICE, json=WEEK)
    assert added.status_code == 200, added.text
    assert (added.json()["points"], added.json()["version"], added.json()["earlier"]) == (50, 1, 1)
    said = one(
        engine.database, "SELECT celebration FROM user_milestone_progress WHERE milestone_name = 'power_user_week'"
    )
    assert said == "silent"
    again = await client.post(f"{BASE}/definitions", headers=SERVICE, json=WEEK)
    assert (again.status_code, again.json()["fields"]) == (409, ["milestone_name"])
    assert "power_user_week" in {each["milestone_name"] for each in (await of(client, "has"))["reached"]}


async def test_those_who_have_it_already_are_told_if_that_is_wanted(client: httpx.AsyncClient, engine: Engine) -> None:
    await come(engine, "42", 7)
    await client.post(f"{BASE}/definitions", headers=SERVICE, json=WEEK | {"celebrate_earlier": True})
    said = one(
        engine.database, "SELECT celebration FROM user_milestone_progress WHERE milestone_name = 'power_user_week'"
    )
    assert said == "waiting"


async def test_one_that_everybody_has_is_changed_switched_off_and_taken_back_for_one_organisation_alone(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    await come(engine, "42", 2)
    there = f"{BASE}/definitions/three_in_a_row"
    changed = (await client.patch(there, headers=SERVICE, json={"target_value": 2.0})).json()
    assert (changed["source"], changed["target_value"], changed["earlier"]) == ("changed", 2.0, 1)
    off = (await client.patch(there, headers=SERVICE, json={"is_active": False})).json()
    assert (off["version"], off["is_active"]) == (2, False)
    assert "three_in_a_row" in {each["milestone_name"] for each in (await of(client))["reached"]}
    assert "three_in_a_row" not in {each["milestone_name"] for each in (await of(client, "43"))["in_progress"]}
    # Of another organisation nothing has changed.
    elsewhere = await client.get(BASE, headers=bearer("43", org="other"))
    assert "three_in_a_row" in {each["milestone_name"] for each in elsewhere.json()["in_progress"]}
    back = (await client.delete(there, headers=SERVICE)).json()
    assert back == {"milestone_name": "three_in_a_row", "removed": False}
    assert (await client.delete(there, headers=SERVICE)).status_code == 409
    noted = [row["act"] for row in (await engine.acts("acme"))[0] if "milestone" in row["act"]]
    assert noted == ["remove milestone", "change milestone", "change milestone"]


async def test_what_was_reached_outlives_the_milestone(client: httpx.AsyncClient, engine: Engine) -> None:
    await come(engine, "42", 7)
    await client.post(f"{BASE}/definitions", headers=SERVICE, json=WEEK)
    gone = await client.delete(f"{BASE}/definitions/power_user_week", headers=SERVICE)
    assert gone.json()["removed"] is True
    kept = next(each for each in (await of(client))["reached"] if each["milestone_name"] == "power_user_week")
    assert (kept["display_name"], kept["points"], kept["category"]) == ("Power User Week", 50, None)


@pytest.mark.parametrize(("changes", "field"), [
    ({"metric_name": "steps_on_the_moon"}, "metric_name"), ({"metric_type": "count"}, "metric_type"),
    ({"target_value": 0.0}, "target_value"), ({"target_value": -1.0}, "target_value"),
    ({"target_value": 6.5}, "target_value"), ({"target_value": 1e300}, "target_value"),
    ({"milestone_name": "Power User"}, "milestone_name"), ({"milestone_name": ""}, "milestone_name"),
    ({"display_name": "  "}, "display_name"), ({"display_name": "two\nlines"}, "display_name"),
    ({"display_name": "{streak}"}, "display_name"), ({"display_name": "x" * 61}, "display_name"),
    ({"description": "x" * 301}, "description"), ({"category": "fun"}, "category"),
    ({"difficulty_level": 6}, "difficulty_level"), ({"points": -1}, "points"), ({"points": 10_001}, "points"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    client: httpx.AsyncClient, engine: Engine, changes: dict[str, Any], field: str
) -> None:
    await come(engine, "42", 1)
    for path in ("definitions", "preview"):
        answered = await client.post(f"{BASE}/{path}", headers=SERVICE, json=WEEK | changes)
        assert (answered.status_code, answered.json()["fields"]) == (422, [field]), answered.text
    assert one(engine.database, "SELECT count(*) FROM engagement_milestones") == 0


async def test_only_those_who_run_the_place_may_change_milestones(client: httpx.AsyncClient, engine: Engine) -> None:
    await come(engine, "42", 1)
    for who, scope in (("42", "person"), ("eve", "operator:viewer")):
        refused = await client.post(f"{BASE}/definitions", headers=bearer(who, scope), json=WEEK)
        assert refused.status_code == 403
    seen = await client.get(f"{BASE}/definitions", headers=bearer("eve", "operator:viewer"))
    assert len(seen.json()["milestones"]) == len(defaults())
    assert (await client.get(f"{BASE}/statistics", headers=bearer("42"))).status_code == 403
    assert (await client.patch(f"{BASE}/definitions/none", headers=SERVICE, json={"points": 1})).status_code == 404


async def test_statistics_say_how_many_reached_each_and_how_long_it_took(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    for person, days in (("a", 3), ("b", 5), ("c", 1)):
        await come(engine, person, days)
        await of(client, person)
    told = (await client.get(f"{BASE}/statistics", headers=SERVICE)).json()
    assert (told["active_milestones"], told["people"], told["points"]) == (len(defaults()), 3, 50)
    three = next(each for each in told["milestones"] if each["milestone_name"] == "three_in_a_row")
    assert (three["reached"], three["share"], three["median_days"]) == (2, 0.6667, 3.0)


def test_every_metric_of_the_defaults_is_known_and_every_metric_is_worked_out() -> None:
    from tactful.store.sensed.metrics import EXPRESSIONS

    assert EXPRESSIONS.keys() == METRICS.keys()
    assert {each.metric_name for each in defaults().values()} == set(METRICS)
