"""Why nothing was proposed: every trigger says so itself, with figures and the names of settings."""

from datetime import timedelta

import httpx

from tactful.bootstrap import Engine, rules_of
from tactful.decide.settings import REENGAGE_DAYS
from tactful.decide.triggers import NAMES
from tactful.kernel.records import Event
from tests.api.conftest import bearer

SERVICE = bearer("backend", "service")


async def came(engine: Engine, person: str, *days_ago: int) -> None:
    now = engine.clock.now()
    await engine.accept(
        "acme", [Event(f"{person}-{days}", person, "visit", now - timedelta(days=days)) for days in days_ago]
    )


async def explained(client: httpx.AsyncClient, person: str) -> list[str]:
    told = await client.get(f"/api/v1/people/{person}/explain", headers=SERVICE)
    words: list[str] = told.json()["words"]
    return words


def about(words: list[str], kind: str) -> str:
    [line] = [line for line in words if line.startswith(f"{kind} was not considered.")]
    return line


async def test_who_is_hardly_known_or_gone_too_long_learns_which_setting_held_back(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    await came(engine, "guest", 20, 21)
    await came(engine, "ghost", *range(60, 90))
    guest, ghost = await explained(client, "guest"), await explained(client, "ghost")
    assert sum("was not considered" in line for line in guest) == len(NAMES)
    assert "(decide.reengage_confidence)" in about(guest, "Emotional support")
    assert "decide.reengage_days" not in about(guest, "Emotional support")
    told = about(ghost, "Emotional support")
    assert "They were last active 60 days ago; the limit is 45 days (decide.reengage_days)." in told
    assert "decide.reengage_confidence" not in told


async def test_a_ledger_row_is_explained_by_the_settings_of_its_time(engine: Engine, client: httpx.AsyncClient) -> None:
    await came(engine, "ghost", *range(60, 90))
    await engine.ask("acme", "ghost")
    engine.rules = rules_of(engine.settings.replace(**{REENGAGE_DAYS.name: 50}))
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT id, at FROM decisions")).fetchone()
    assert row is not None
    told = (await client.get(f"/api/v1/decisions/{row['id']}", headers=SERVICE)).json()["words"]
    assert "the limit is 45 days (decide.reengage_days)" in about(told, "Emotional support")
    at = row["at"].isoformat()
    same = await client.get("/api/v1/people/ghost/explain", params={"at": at}, headers=SERVICE)
    assert same.json()["stored"]
    assert about(same.json()["words"], "Emotional support") == about(told, "Emotional support")
    assert "the limit is 50 days" in about(await explained(client, "ghost"), "Emotional support")
