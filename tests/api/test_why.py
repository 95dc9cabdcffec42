"""Why somebody got what they got, said to themselves."""

from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.compose import whys
from tactful.decide.triggers import NAMES
from tests.api.conftest import bearer
from tests.api.test_interventions import planned
from tests.api.test_widget_tokens import of_a_page

# Nothing of how we believe and weigh things, and nothing of anybody else.
UNSAID = ("risk", "score", "probab", "propens", "holdout", "policy", "trigger", "guard", "draw", "they")


async def why(client: httpx.AsyncClient, number: int, who: dict[str, str], **more: Any) -> httpx.Response:
    return await client.get(f"/proactive/interventions/{number}/why", headers=who, params=more)


def test_every_reason_has_words_for_who_it_is_about() -> None:
    assert whys.REASONS.keys() == set(NAMES)
    said = [*whys.REASONS.values(), whys.OTHERWISE]
    assert [one for one in said if any(word in one.lower() for word in UNSAID)] == []


async def test_who_got_something_is_told_why_and_how_to_stop_it(client: httpx.AsyncClient, engine: Engine) -> None:
    number = await planned(engine)
    # Before it is shown there is nothing to ask about.
    assert (await why(client, number, of_a_page())).status_code == 404
    [shown] = await engine.interventions("acme", "42")
    told = (await why(client, number, of_a_page())).json()
    assert told["because"] == whys.because(shown["trigger"])
    assert told["limits"][0].startswith("You get at most ")
    for way in told["stop"]:
        changed = await client.put("/proactive/preferences", json=way["change"], headers=of_a_page())
        assert changed.status_code == 200, changed.text
    after = (await why(client, number, of_a_page())).json()
    assert "Do not disturb is on: you get none." in after["limits"]
    words = [*told["facts"], *told["limits"], told["because"], *(way["words"] for way in told["stop"])]
    assert [one for one in words if any(word in one.lower() for word in UNSAID)] == []


async def test_nobody_is_told_of_what_others_got(client: httpx.AsyncClient, engine: Engine) -> None:
    number = await planned(engine)
    await engine.interventions("acme", "42")
    for other in (of_a_page("43"), bearer("42", org="zenith")):
        assert (await why(client, number, other)).status_code == 404
    assert (await why(client, number, bearer("backend", "service"), user_id=43)).status_code == 404
    assert (await why(client, number, bearer("backend", "service"), user_id=42)).status_code == 200
    assert (await why(client, number, bearer("olga", "operator:admin"))).status_code == 403


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, []),
        ({"current_streak": 1, "risk_score": 0.9, "risk_factors": ["x"], "sent_today": 2}, []),
        ({"current_streak": 5}, ["You had come 5 days in a row."]),
        ({"last_seen_at": "2026-03-01T08:00:00Z"}, ["You had last been here on 1 March 2026."]),
        ({"plateau_skill": "Limits", "plateau_days": 1}, ["You had been at Limits for 1 day."]),
        ({"fading_skill": "Verbs", "fading_days": 12}, ["You had last practised Verbs 12 days before."]),
    ],
)
def test_it_is_made_from_what_the_person_can_check(facts: dict[str, Any], said: list[str]) -> None:
    assert whys.made_from(facts) == said
