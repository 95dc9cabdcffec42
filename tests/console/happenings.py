"""Live sessions that tests look at: described, started, heard of, and something noticed in them."""

from datetime import datetime, timedelta
from typing import Any

from tactful.bootstrap import Engine
from tactful.decide.live.settings import CONTROL
from tactful.facts.audiences import LiveSession, Signal
from tests.noticing import notice

# As whoever listens writes it.
STRETCH = """
INSERT INTO engagement (live_session_id, organisation_id, at, bin, viewers, signals, score, parts)
SELECT id, organisation_id, %s, 0, %s, 12, %s, '{}' FROM live_sessions WHERE session_id = %s
"""


async def begin(engine: Engine, organisation: str, name: str, *, audience: int = 40, **more: Any) -> None:
    """A live session that runs, with so many people in it who are told as a number."""
    told = LiveSession(name, "conference", **({"title": name.capitalize()} | more))
    await engine.add_live_session(organisation, told)
    await engine.start_live_session(organisation, name, started_at=engine.clock.now() - timedelta(minutes=10))
    if audience:
        await engine.hear(organisation, [Signal("audience", name, "join", engine.clock.now(), count=audience)])


async def heard(engine: Engine, name: str, score: float | None, viewers: int = 40, *, ago: float = 5) -> datetime:
    """It was as engaged in a stretch that ended so many seconds ago; when that was."""
    at = engine.clock.now() - timedelta(seconds=ago)
    async with engine.database.service() as connection:
        await connection.execute("SELECT ensure_partition('engagement', %s)", (at.date(),))
        await connection.execute(STRETCH, (at, viewers, score, name))
    return at


async def came(engine: Engine, organisation: str, name: str, *people: str) -> None:
    """These are there now."""
    now = engine.clock.now()
    await engine.hear(organisation, [Signal(f"join {each}", name, "join", now, each) for each in people])


async def proposed(engine: Engine, name: str, **more: Any) -> int:
    """Something is noticed in it, and a poll is proposed, for it is manual: the number of the suggestion."""
    return int(suggested(engine, name, **more)["id"])


def suggested(engine: Engine, name: str, **more: Any) -> dict[str, Any]:
    """The same, and what its organisers are told of the suggestion."""
    entries = notice(engine, name, settings=engine.settings.replace(**{CONTROL.name: 0.0}), **more)
    found: list[dict[str, Any]] = [each["body"]["data"] for each in entries if each["body"].get("type") == "suggestion"]
    return found[-1]
