"""The seed's own examples, as they stand, with a token of ours in place of theirs."""

import json
import re
import shlex

import httpx
import pytest

from tests.api.conftest import bearer

CURLS = {
    "presence": """
curl -X POST http://localhost:8000/ambient/presence/update \\
  -H "Authorization: Bearer YOUR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "page": "lesson",
    "topic": "calculus",
    "time_on_page": 35.5,
    "scroll_count": 4
  }'
""",
    "interventions": """
curl -X GET http://localhost:8000/proactive/interventions \\
  -H "Authorization: Bearer YOUR_TOKEN"
""",
    "preferences": """
curl -X GET http://localhost:8000/proactive/preferences \\
  -H "Authorization: Bearer YOUR_TOKEN"
""",
    "change": """
curl -X PUT http://localhost:8000/proactive/preferences \\
  -H "Authorization: Bearer YOUR_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "quiet_hours_start": "22:00:00",
    "quiet_hours_end": "08:00:00",
    "max_notifications_per_day": 3
  }'
""",
}


async def curl(client: httpx.AsyncClient, command: str) -> httpx.Response:
    words = shlex.split(command.replace("\\\n", " ").replace("YOUR_TOKEN", bearer()["Authorization"].split()[1]))
    options = dict(zip(words[1::2], words[2::2], strict=False))
    url = next(word for word in words if word.startswith("http"))
    headers = dict(re.split(r":\s*", words[n + 1], maxsplit=1) for n, word in enumerate(words) if word == "-H")
    body = next((words[n + 1] for n, word in enumerate(words) if word == "-d"), None)
    return await client.request(options["-X"], url, headers=headers, content=body)


@pytest.mark.parametrize("name", CURLS)
async def test_the_seeds_commands_work(name: str, client: httpx.AsyncClient) -> None:
    told = await curl(client, CURLS[name])
    assert told.status_code == 200
    assert isinstance(json.loads(told.text), dict)


async def test_the_seeds_widget_reads_what_it_expects(client: httpx.AsyncClient) -> None:
    await curl(client, CURLS["presence"])
    listed = (await curl(client, CURLS["interventions"])).json()
    assert (listed["count"], listed["interventions"]) == (0, [])
    changed = (await curl(client, CURLS["change"])).json()
    assert {
        "quiet_hours_start": "22:00:00", "quiet_hours_end": "08:00:00", "max_notifications_per_day": 3,
    }.items() <= changed.items()  # fmt: skip
    assert set(changed) >= {"dnd_enabled", "disabled_intervention_types"}


async def test_the_seeds_tracker_may_send_its_whole_body(client: httpx.AsyncClient) -> None:
    body = {
        "page": "lesson",
        "topic": "calculus",
        "content_id": "lesson_42",
        "time_on_page": 10.001,
        "scroll_count": 3,
        "mouse_hesitations": 0,
    }
    for sent in (body, body | {"topic": None, "content_id": None}, {"page": "home", "time_on_page": 0}):
        told = await client.post("/ambient/presence/update", json=sent, headers=bearer())
        assert told.status_code == 200


async def test_the_seeds_risk_has_every_field(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/predictive/dropout/risk", headers=bearer())).json()
    assert set(told) >= {
        "risk_score", "risk_level", "risk_factors", "session_frequency_trend", "avg_days_between_sessions",
        "sentiment_trend_7d", "days_since_last_completion", "performance_trend", "longest_streak", "current_streak",
        "reengagement_strategy", "calculated_at",
    }  # fmt: skip
    assert (told["risk_level"], told["risk_score"], told["probability"]) == ("unknown", None, None)
    assert told["confidence"] < 0.5


async def test_the_seeds_dashboard_finds_what_it_shows(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/predictive/insights", headers=bearer())).json()
    assert list(told) == [
        "user_id", "dropout_risk", "active_plateaus", "skill_regressions", "timing_profile", "is_good_time_now",
        "total_insights", "priority_actions", "generated_at",
    ]  # fmt: skip
    assert told["dropout_risk"]["risk_level"] not in ("high", "critical")
    assert "reengagement_strategy" in told["dropout_risk"]
    assert told["active_plateaus"] == told["skill_regressions"] == []
