"""What guard rails say where an organiser asks for something in a live session, instead of the engine.

All of them are asked and the ledger has what they said. A pause and shadow mode hold for organisers too, and the
cooldown of the kind unless they override it. Whether the audience is large enough, and whether it is the moment, is for
somebody to judge who is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide.candidates import about, judge, shadowed
from tactful.decide.guardrails import cooldown
from tactful.decide.live.choosing import LIVE_MOMENT
from tactful.decide.rules import Rules
from tactful.kernel.records import IN_APP

COOLDOWN, PAUSED = "cooldown", "paused"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for one kind in one session. bits: as in the ledger. left: of its cooldown [s], 0 when over."""

    bits: int
    left: float
    paused: bool
    shadow: bool


def standing(room: Mapping[str, Any], kind: str, *, at: datetime, rules: Rules) -> Standing:
    """What all guard rails say of a kind at `at`. room: LIVE_MOMENT as far as it is known of the session."""
    known = {name: room[name] for name in LIVE_MOMENT if name in room} | {"seconds_left": _left(room, at)}
    moment = pl.DataFrame([known], schema=LIVE_MOMENT).with_columns(
        pl.lit(IN_APP).alias("channel"), *about(rules.kinds[kind])
    )
    told = judge(moment, at, rules).select(
        "verdict", shadowed().alias("shadow"), cooldown.ends(rules.bounds(at)).fill_null(0.0).alias("left")
    )
    bits, shadow, left = told.row(0)
    forbids = {rail.name for number, rail in enumerate(rules.rails) if bits >> number & 1}
    rest = min(max(left, 0.0), rules.kinds[kind].cooldown.total_seconds()) if COOLDOWN in forbids else 0.0
    return Standing(bits, rest, PAUSED in forbids, shadow)


def _left(room: Mapping[str, Any], at: datetime) -> float | None:
    ends = room.get("ends_at")
    return None if ends is None else float((ends - at).total_seconds())
