"""How long people wait for an address when a hundred of them ask at once, with the bare address beside it."""

from collections.abc import Sequence
from typing import Any

from tactful.lab.bench import result
from tactful.lab.bench.load import Measured, load, request
from tactful.lab.bench.serving import Served

CONCURRENT = 100
SECONDS = 15.0


def tokens(served: Served, people: int) -> list[str]:
    """Of the people 1, 2, 3 and so on."""
    return [served.token(str(number)) for number in range(1, people + 1)]


def wait(served: Served, people: Sequence[str], asked: Sequence[bytes], size: float) -> tuple[Measured, Measured]:
    """What came of the bare address, asked by these (their tokens), and of `asked`. size: share of the whole time."""
    seconds = max(2.0, SECONDS * size)
    bare = [request("POST", served.bare, token=token, body=b'{"page": "lesson"}') for token in people]
    # Connections and plans are made in the first second; that is not what people wait for.
    load(served.port, asked[:CONCURRENT], connections=CONCURRENT, seconds=1.0)
    before = load(served.port, bare, connections=CONCURRENT, seconds=seconds)
    return before, load(served.port, asked, connections=CONCURRENT, seconds=seconds)


def told(name: str, before: Measured, found: Measured, **details: Any) -> dict[str, Any]:
    """The result of a benchmark by this name."""
    return result(
        name,
        value=found.p95,
        unit="ms, 95th percentile",
        baseline="the bare address",
        baseline_value=before.p95,
        ratio=found.p95 / before.p95,
        higher_is_better=False,
        concurrent=CONCURRENT,
        p50_ms=found.p50,
        p99_ms=found.p99,
        per_second=round(found.per_second),
        bare_per_second=round(before.per_second),
        failures=found.failures + before.failures,
        **details,
    )
