"""Candidates of live rooms are those that the triggers propose, with the same verdicts."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from tactful.decide.candidates import propose, shadowed
from tactful.decide.live.candidates import ASKED, candidates
from tactful.decide.live.choosing import LIVE_MOMENT
from tactful.decide.live.handlers import ANOMALIES
from tactful.decide.live.kinds import NAMES
from tactful.decide.live.rules import rules
from tactful.kernel.chance import draw
from tactful.kernel.settings import Settings

TICK = 1_700_000_000
RULES = rules(Settings({}))
NAMED = ["row", "kind", "trigger", "priority", "expected", "shadow", "verdict"]


class Lots:
    """Chance of a number: the same at every run."""

    def __init__(self, number: int) -> None:
        self.number, self.drawn = number, 0

    def of(self, *options: Any) -> Any:
        self.drawn += 1
        return options[int(draw(self.number, self.drawn, 0, 0) * len(options))]

    def some(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if self.of(True, False, False, False)]


def room(number: int) -> dict[str, Any]:
    lots, named = Lots(number), ["", *NAMES]
    ago = (0, 59, 60, 119, 120, 179, 180, 299, 300, 4000)
    return {
        "live_session_id": number, "organisation_id": 1, "seed": 7, "mode": "automatic",
        "anomaly_type": lots.of(*ANOMALIES), "side": lots.of("audience", "organisers"), "severity": "medium",
        "engagement": 0.4, "viewers": lots.of(None, 4, 5, 400),
        "on_agenda": lots.of("talk", "talk", "break", "questions"),
        "seconds_left": lots.of(None, -5.0, 119.0, 120.0, 4000.0),
        "last_by_kind": json.dumps({kind: TICK - lots.of(*ago) for kind in lots.some(NAMES)}),
        "acted_last_hour": lots.of(0, 11, 12, 13), "open_kinds": lots.some(NAMES), "paused_kinds": lots.some(named),
        "paused_channels": lots.of([], ["in_app"]), "shadow_kinds": lots.some(named), "context": "any",
    }  # fmt: skip


def test_they_are_those_of_the_triggers_with_the_same_verdicts() -> None:
    rooms = [room(number) for number in range(2_000)]
    found = pl.DataFrame(candidates(rooms, tick=TICK, rules=RULES))
    asked = propose(pl.DataFrame(rooms, schema=LIVE_MOMENT), datetime.fromtimestamp(TICK, UTC), RULES)
    wanted = asked.with_columns(shadowed().alias("shadow")).select(NAMED)
    assert found.select(NAMED).rows() == wanted.rows()
    assert 20 < found.filter(pl.col("verdict") == 0).height < found.height


def test_guard_rails_are_told_all_that_they_ask_for() -> None:
    assert RULES.asked <= ASKED.keys()


@pytest.mark.parametrize("side", ["audience", "organisers"])
def test_what_is_no_reason_proposes_nothing(side: str) -> None:
    assert candidates([room(1) | {"anomaly_type": "CALM", "side": side}], tick=TICK, rules=RULES) == []
