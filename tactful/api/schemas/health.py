"""Whether it runs."""

from typing import Any

from tactful.api.schemas.wire import Told


class Alive(Told):
    """The process answers."""

    status: str = "ok"


class Ready(Told):
    """Requests can be served."""

    status: str = "ready"


class Part(Told):
    """One part and what it says of itself."""

    ok: bool
    detail: dict[str, Any]


class Detailed(Told):
    """Every part. status: ok, or degraded when one does not answer or no worker is at work."""

    status: str
    version: str
    last_tick: dict[str, Any] | None
    parts: dict[str, Part]
