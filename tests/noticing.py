"""Something is noticed in a live session, for tests: what follows goes the way it goes when detectors notice it."""

from typing import Any

from tactful.bootstrap import Engine
from tactful.decide.live import rules as live
from tactful.kernel.settings import Settings
from tactful.uses.rooms.cases import NOTHING, Deciding
from tactful.uses.rooms.noticed import Noticed
from tactful.uses.rooms.turn import turn

DROP: dict[str, Any] = {
    "kind": "SUDDEN_DROP", "severity": "high", "probability": 0.98, "engagement": 0.3, "expected": 0.5, "change": 40.0,
    "reasoning": "Signals of each viewer fell from about 5 to 1.", "facts": {"lost": 40.0, "before": 200, "minutes": 1},
}  # fmt: skip


def notice(engine: Engine, session: str = "keynote", *, settings: Settings | None = None, **more: Any) -> list[Any]:
    """Notice something in a live session of acme now; the entries of the outbox that follow."""
    now = engine.clock.now()
    deciding = Deciding(live.rules(settings or engine.settings), NOTHING)
    with engine.database.batch() as connection:
        row = connection.execute("SELECT id FROM live_sessions WHERE session_id = %s", (session,)).fetchone()
        assert row is not None
        noticed = Noticed(live_session_id=row["id"], bin=30, at=now, **(DROP | more))
        return turn(connection, [noticed], at=now, deciding=deciding)
