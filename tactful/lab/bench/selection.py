"""How long it takes to select what to do in live sessions: for all rooms of a second together, and for one alone."""

import time
from typing import Any

import polars as pl

from tactful.decide.live import rules as live
from tactful.decide.live.choosing import LIVE_MOMENT, Known, choose
from tactful.decide.live.handlers import ANOMALIES
from tactful.decide.policies.thompson import exploring
from tactful.facts.rooms import PHASES, SIZES, context
from tactful.kernel.settings import Settings
from tactful.lab.bench import result

ROOMS = 1_000
ROUNDS = 40
TICK = 1_772_452_800
# What the seed states for its selector [microseconds].
SEED = 5_000.0
NOTHING: Known = {}


def run(size: float) -> dict[str, Any]:
    """Candidates, every guard rail, chances and the draw; nothing is read or written."""
    rules = live.rules(Settings({}), policy=exploring(Settings({})))
    rooms = [_room(number) for number in range(max(20, int(ROOMS * size)))]
    rounds = max(3, int(ROUNDS * size))

    def chosen(some: list[dict[str, Any]]) -> pl.DataFrame:
        return choose(pl.DataFrame(some, schema=LIVE_MOMENT), tick=TICK, rules=rules, known=NOTHING)

    together = _microseconds(lambda: chosen(rooms), rounds) / len(rooms)
    alone = _microseconds(lambda: [chosen([room]) for room in rooms[:50]], max(3, rounds // 10)) / len(rooms[:50])
    return result(
        "selection",
        value=together,
        unit="microseconds per room, all together",
        baseline="the same room by room",
        baseline_value=alone,
        ratio=together / alone,
        higher_is_better=False,
        seed_microseconds=SEED,
        rooms=len(rooms),
    )


def _room(number: int) -> dict[str, Any]:
    """A moment in a room, each unlike the next; in some of them something rests, waits or is paused."""
    anomaly = ANOMALIES[number % 4]
    return {
        "live_session_id": number, "organisation_id": 1, "seed": number, "mode": "automatic", "anomaly_type": anomaly,
        "side": "audience", "severity": "high", "engagement": 0.2 + number % 7 / 10, "viewers": 4 + number % 500,
        "on_agenda": "break" if number % 11 == 0 else "talk", "seconds_left": 60.0 * (number % 90),
        "last_by_kind": f'{{"POLL": {TICK - number % 200}}}', "acted_last_hour": number % 13,
        "open_kinds": ["CHAT_PROMPT"] if number % 5 == 0 else [], "paused_kinds": [], "paused_channels": [],
        "shadow_kinds": [], "context": context(anomaly, SIZES[number % len(SIZES)][1], PHASES[number % len(PHASES)][1]),
    }  # fmt: skip


def _microseconds(work: Any, rounds: int) -> float:
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2] * 1e6
