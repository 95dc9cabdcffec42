"""How a person wants to be reached."""

from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.decide import Rules
from tactful.kernel.settings import Settings
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

PATH = "/proactive/preferences"
UNSAID = {
    "user_id": 42,
    "dnd_enabled": False,
    "quiet_hours_start": "22:00:00",
    "quiet_hours_end": "08:00:00",
    "disabled_intervention_types": [],
    "disabled_channels": [],
    "preferred_channel": None,
    "intervention_types": list(Rules.from_settings(Settings({})).switched_on),
    "channels": ["in_app"],
}


async def put(client: httpx.AsyncClient, body: dict[str, Any], **who: str) -> httpx.Response:
    return await client.put(PATH, json=body, headers=bearer(**who))


async def test_somebody_who_never_said_anything_has_the_defaults(client: httpx.AsyncClient) -> None:
    told = (await client.get(PATH, headers=bearer())).json()
    assert told == UNSAID | {"max_notifications_per_day": told["max_notifications_per_day"]}
    assert told["max_notifications_per_day"] > 0


async def test_what_can_be_switched_off_is_what_there_is(client: httpx.AsyncClient, engine: Engine) -> None:
    told = (await client.get(PATH, headers=bearer())).json()["intervention_types"]
    assert {"inline_help", "morning_ritual", "gentle_nudge"} < set(told)
    # Nobody is kept from what they ask for themselves.
    assert "quick_action" not in told
    await engine.change_settings("acme", {"decide.on_morning_ritual": False, "decide.in_context_per_day": 0})
    now = (await client.get(PATH, headers=bearer())).json()["intervention_types"]
    assert set(told) - set(now) == {"morning_ritual", "inline_help", "foreseen_help"}
    # What was said no to stays so, whether there is any or not.
    off = (await put(client, {"disabled_intervention_types": ["morning_ritual"]})).json()
    assert off["disabled_intervention_types"] == ["morning_ritual"]


async def test_a_partial_body_changes_what_it_names(client: httpx.AsyncClient) -> None:
    first = (await put(client, {"max_notifications_per_day": 1})).json()
    assert first == UNSAID | {"max_notifications_per_day": 1}
    second = (await put(client, {"dnd_enabled": True, "disabled_intervention_types": ["morning_ritual"]})).json()
    assert second == first | {"dnd_enabled": True, "disabled_intervention_types": ["morning_ritual"]}
    assert (await put(client, {})).json() == second
    assert (await client.get(PATH, headers=bearer())).json() == second


async def test_quiet_hours_can_be_moved_and_ended(client: httpx.AsyncClient) -> None:
    moved = (await put(client, {"quiet_hours_start": "23:30", "quiet_hours_end": "06:15:00"})).json()
    assert (moved["quiet_hours_start"], moved["quiet_hours_end"]) == ("23:30:00", "06:15:00")
    ended = (await put(client, {"quiet_hours_start": None, "quiet_hours_end": None})).json()
    assert (ended["quiet_hours_start"], ended["quiet_hours_end"]) == (None, None)
    half = await put(client, {"quiet_hours_start": "22:00:00"})
    assert shaped(half)["fields"] == ["quiet_hours_start", "quiet_hours_end"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"dnd_enabled": "yes"}, "dnd_enabled"),
        ({"dnd_enabled": None}, "dnd_enabled"),
        ({"quiet_hours_start": "25:00:00"}, "quiet_hours_start"),
        ({"quiet_hours_start": "00:00:30", "quiet_hours_end": "00:00:00"}, "quiet_hours_start"),
        ({"quiet_hours_start": "22:00:00Z"}, "quiet_hours_start"),
        ({"quiet_hours_start": 22}, "quiet_hours_start"),
        ({"max_notifications_per_day": -1}, "max_notifications_per_day"),
        ({"max_notifications_per_day": 101}, "max_notifications_per_day"),
        ({"max_notifications_per_day": 2.5}, "max_notifications_per_day"),
        ({"max_notifications_per_day": "3"}, "max_notifications_per_day"),
        ({"disabled_intervention_types": ["nonsense"]}, "disabled_intervention_types"),
        ({"disabled_intervention_types": "morning_ritual"}, "disabled_intervention_types"),
        ({"disabled_channels": ["pigeon"]}, "disabled_channels"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_bad_values_name_their_field_and_change_nothing(
    body: dict[str, Any], field: str, client: httpx.AsyncClient
) -> None:
    before = (await put(client, {"max_notifications_per_day": 2})).json()
    told = await put(client, body | ({"dnd_enabled": True} if field != "dnd_enabled" else {}))
    assert told.status_code == 422
    assert field in shaped(told)["fields"]
    assert (await client.get(PATH, headers=bearer())).json() == before


async def test_a_service_names_the_person_and_a_person_cannot(client: httpx.AsyncClient) -> None:
    await put(client, {"max_notifications_per_day": 9}, sub="43")
    service = {"sub": "backend", "scope": "service"}
    told = await client.get(PATH, params={"user_id": "43"}, headers=bearer(**service))
    assert (told.json()["user_id"], told.json()["max_notifications_per_day"]) == (43, 9)
    assert shaped(await client.get(PATH, headers=bearer(**service)))["fields"] == ["user_id"]
    changed = await put(client, {"user_id": 43, "dnd_enabled": True}, **service)
    assert changed.json()["dnd_enabled"] is True
    assert (await client.get(PATH, params={"user_id": "43"}, headers=bearer())).status_code == 403
    assert (await put(client, {"user_id": 43, "dnd_enabled": False})).status_code == 403


async def test_the_same_id_in_another_organisation_is_somebody_else(client: httpx.AsyncClient) -> None:
    await put(client, {"max_notifications_per_day": 7})
    told = await client.get(PATH, headers=bearer(org="umbrella"))
    assert told.json()["max_notifications_per_day"] != 7
