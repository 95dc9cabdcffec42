"""All that is believed about one person in one answer: in the seed's shape, equal to the single ones, and quick."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.records import Event
from tactful.uses import insights
from tests.api.conftest import bearer
from tests.api.test_plateaus import tried
from tests.api.test_risk import fell_silent
from tests.api.test_shapes import shaped
from tests.lost import answered
from tests.store.test_foresight import round_trips

INSIGHTS, RISK, PLATEAUS, REGRESSIONS, TIMING = (
    f"/api/v1/predictive/{name}" for name in ("insights", "dropout/risk", "plateaus", "regressions", "timing/profile")
)
SERVICE = bearer("backend", "service")


async def lived(engine: Engine) -> None:
    """Somebody stuck on one skill, who is losing another."""
    now = engine.clock.now()
    await engine.accept("acme", answered("42", (-94, -91, -90), at=now))
    await tried(engine, "42")


async def told(client: httpx.AsyncClient, address: str = INSIGHTS, **who: Any) -> Any:
    answer = await client.get(address, headers=bearer(**who))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_has_the_seeds_shape_and_says_what_single_answers_say(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await lived(engine)
    answer = await told(client)
    assert list(answer) == [
        "user_id", "dropout_risk", "active_plateaus", "skill_regressions", "timing_profile", "is_good_time_now",
        "total_insights", "priority_actions", "generated_at",
    ]  # fmt: skip
    assert answer["user_id"] == 42
    risk, (stuck,), (lost,) = await told(client, RISK), await told(client, PLATEAUS), await told(client, REGRESSIONS)
    for name in ("risk_level", "risk_factors", "reengagement_strategy", "reasons"):
        assert answer["dropout_risk"][name] == risk[name]
    assert answer["active_plateaus"] == [stuck]
    assert [each["regression_id"] for each in answer["skill_regressions"]] == [lost["regression_id"]]
    assert answer["skill_regressions"][0]["reasons"] == lost["reasons"] != []
    assert answer["timing_profile"] == await told(client, TIMING)
    check = await client.post("/api/v1/predictive/timing/check", json={}, headers=bearer())
    assert answer["is_good_time_now"] == check.json()["is_good_time"]
    assert answer["total_insights"] == 2 + (answer["timing_profile"]["confidence"] > 0)
    assert all(set(each) == {"type", "message", "action"} for each in answer["priority_actions"])
    assert "learning_plateau" in [each["type"] for each in answer["priority_actions"]]


async def test_who_took_what_was_suggested_is_still_stuck_but_not_offered_it_again(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await lived(engine)
    before = await told(client)
    async with engine.database.service() as connection:
        await connection.execute("UPDATE learning_plateaus SET intervention_taken = true")
    await engine.accept("acme", [Event("new", "42", "visit", engine.clock.now())])
    after = await told(client)
    assert [each["intervention_taken"] for each in after["active_plateaus"]] == [True]
    kinds = [[each["type"] for each in answer["priority_actions"]] for answer in (before, after)]
    assert ["learning_plateau" in each for each in kinds] == [True, False]


async def test_of_somebody_nobody_knows_nothing_is_said(engine: Engine, client: httpx.AsyncClient) -> None:
    answer = await told(client, sub="nobody")
    assert (answer["user_id"], answer["dropout_risk"]["risk_level"]) == ("nobody", "unknown")
    assert (answer["active_plateaus"], answer["skill_regressions"], answer["priority_actions"]) == ([], [], [])
    assert (answer["timing_profile"], answer["is_good_time_now"], answer["total_insights"]) == (None, None, 0)


async def test_nobody_sees_anybody_elses(engine: Engine, client: httpx.AsyncClient) -> None:
    await lived(engine)
    mine = await told(client)
    for stranger in ({"sub": "43"}, {"sub": "42", "org": "umbrella"}):
        assert (await told(client, **stranger))["total_insights"] == 0
    service = await client.get(INSIGHTS, params={"user_id": "42"}, headers=SERVICE)
    assert service.json() == mine
    refused = await client.get(INSIGHTS, params={"user_id": "42"}, headers=bearer("43"))
    assert (refused.status_code, shaped(refused)["error"]) == (403, "NotAllowed")
    assert (await client.get(INSIGHTS, headers=bearer("v", VIEWER))).status_code == 403
    assert (await client.get(INSIGHTS)).status_code == 401


@pytest.mark.parametrize(("asked", "field"), [({}, "user_id"), ({"user_id": ""}, "user_id"), ({"at": "1"}, "at")])
async def test_what_cannot_be_is_refused_with_its_field(
    engine: Engine, client: httpx.AsyncClient, asked: dict[str, str], field: str
) -> None:
    refused = await client.get(INSIGHTS, params=asked, headers=SERVICE)
    assert refused.status_code == 422
    assert shaped(refused)["fields"] == [field]


async def test_who_is_leaving_counts_and_comes_first(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    answer = await told(client)
    assert answer["total_insights"] == 1 + (answer["timing_profile"]["confidence"] > 0)
    (first, *_) = answer["priority_actions"]
    assert first["type"] == "dropout_risk"
    assert answer["dropout_risk"]["risk_level"] in first["message"]


async def test_of_who_came_once_what_is_known_is_said_and_nothing_is_to_be_done(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await engine.accept("acme", [Event("once", "42", "visit", engine.clock.now() - timedelta(days=2))])
    known = ["Little is known of them yet: first seen 2 days ago."]
    answer = await told(client)
    for risk in (answer["dropout_risk"], await told(client, RISK)):
        assert (risk["risk_level"], risk["risk_factors"], risk["reasons"]) == ("high", [], known)
    assert (answer["total_insights"], answer["priority_actions"]) == (1, [])
    await engine.tick(everybody=True)
    (listed,) = await engine.at_risk("acme")
    assert listed["reasons"] == known


async def test_of_who_is_unknown_no_number_is_told(engine: Engine, client: httpx.AsyncClient) -> None:
    await engine.accept("acme", [Event("first", "42", "visit", engine.clock.now())])
    risk = await told(client, RISK)
    assert (risk["risk_level"], risk["avg_days_between_sessions"], risk["contributions"]) == ("unknown", None, {})


async def test_an_attempt_that_was_counted_is_known(engine: Engine, client: httpx.AsyncClient) -> None:
    await lived(engine)
    await engine.carry_out("plateaus")
    await engine.carry_out("regressions")
    before = await told(client)
    assert (len(before["active_plateaus"]), len(before["skill_regressions"])) == (1, 1)
    now = engine.clock.now()
    await engine.accept("acme", answered("42", (0,), at=now - timedelta(minutes=10)))
    await engine.accept("acme", [Event(f"right {n}", "42", "answer", now - timedelta(minutes=60 - n), None,
                                       "calc_derivatives", "Calculus", {"score": 1.0}) for n in range(40)])  # fmt: skip
    after = await told(client)
    assert (after["active_plateaus"], after["skill_regressions"]) == ([], [])


async def test_it_waits_for_two_queries_and_the_ends_of_a_transaction(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await lived(engine)
    # Long ago, as far as passes are concerned: what was counted then, they have seen.
    async with engine.database.service() as connection:
        await connection.execute("UPDATE skill_curve SET changed_at = changed_at - interval '2 days'")
    await engine.carry_out("plateaus")
    await engine.carry_out("regressions")
    await engine.carry_out("timing")
    whom, at = ("acme", "42"), engine.clock.now()

    def ask() -> dict[str, Any]:
        return insights.of(engine.database, engine.settings, engine.rules, whom, at, most=500)

    counted: list[dict[str, Any]] = []
    # The pool has one connection that was used last, and hands it out again.
    with engine.database.batch() as last:
        same = last
    trips = round_trips(same, lambda: counted.append(ask()))
    assert counted[0]["total_insights"] == 3
    assert trips == len(("BEGIN", "who it is", "all the rest", "COMMIT"))
