"""Durable presence beats a second, against the same checks without a store."""

import json
from typing import Any

from tactful.lab.bench import result
from tactful.lab.bench.load import load, request
from tactful.lab.bench.serving import serving

CONNECTIONS = 64
PEOPLE = 2_000
SECONDS = 12.0
ROUNDS = 3

BEAT = {"page": "lesson", "topic": "calculus", "content_id": "lesson_42", "time_on_page": 35.5, "scroll_count": 4}


def run(size: float) -> dict[str, Any]:
    """POST /ambient/presence/update against the bare address of the same server, in turns."""
    seconds = max(1.0, SECONDS * size / ROUNDS)
    with serving() as served:
        body = json.dumps(BEAT).encode()
        tokens = [served.token(f"person-{number}") for number in range(PEOPLE)]
        bare = [request("POST", served.bare, token=token, body=body) for token in tokens]
        beats = [request("POST", "/ambient/presence/update", token=token, body=body) for token in tokens]
        # Everybody once, so that nobody is created and no token is met for the first time while it counts.
        load(served.port, beats, connections=CONNECTIONS, seconds=seconds)
        pairs = []
        for _ in range(ROUNDS):
            without = load(served.port, bare, connections=CONNECTIONS, seconds=seconds)
            stored = load(served.port, beats, connections=CONNECTIONS, seconds=seconds)
            pairs.append((stored, without))
        with served.database.batch() as connection:
            row = connection.execute("SELECT count(*) AS people FROM ambient_presence_states").fetchone()
    stored, without = sorted(pairs, key=lambda pair: pair[0].per_second / pair[1].per_second)[ROUNDS // 2]
    return result(
        "beat",
        value=stored.per_second,
        unit="beats/s",
        baseline="the same server's bare address",
        baseline_value=without.per_second,
        ratio=stored.per_second / without.per_second,
        p50_ms=stored.p50,
        p95_ms=stored.p95,
        people=row["people"] if row else 0,
        failures=sum(one.failures for pair in pairs for one in pair),
    )
