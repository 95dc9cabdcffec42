"""A small HTTP load: many keep-alive connections, prepared requests, latencies measured at the client.

It runs in a process of its own, so that its work does not slow the server it measures.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import uvloop

from tactful.kernel.errors import CannotStart


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a load. per_second: answers; latencies in milliseconds; failures: answers that were not 2xx."""

    per_second: float
    p50: float
    p95: float
    p99: float
    failures: int


def request(method: str, path: str, *, token: str = "", body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as bytes.

    >>> request("GET", "/healthz").splitlines()[0]
    b'GET /healthz HTTP/1.1'
    """
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: bench",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def load(port: int, requests: Sequence[bytes], *, connections: int, seconds: float, once: bool = False) -> Measured:
    """Send `requests` in turn over `connections` connections for `seconds`, each waiting for its answer.

    once: send none of them twice, and stop when all are answered.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(_run, port, list(requests), connections, seconds, once).result()


def _run(port: int, requests: list[bytes], connections: int, seconds: float, once: bool) -> Measured:
    return uvloop.run(_drive(port, requests, connections, seconds, once))


async def _drive(port: int, requests: list[bytes], connections: int, seconds: float, once: bool) -> Measured:
    start = time.perf_counter()
    stop = start + seconds
    share = [requests[start::connections] or requests for start in range(connections)]
    found = await asyncio.gather(*(_one(port, each, stop, once) for each in share))
    spent = time.perf_counter() - start
    took = sorted(latency for latencies, _ in found for latency in latencies)
    if not took:
        raise CannotStart("The server answered nothing during the measurement.")

    def quantile(share: float) -> float:
        return round(took[min(len(took) - 1, int(share * len(took)))] * 1000, 3)

    failures = sum(failed for _, failed in found)
    return Measured(len(took) / spent, quantile(0.5), quantile(0.95), quantile(0.99), failures)


async def _one(port: int, requests: list[bytes], stop: float, once: bool) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took: list[float] = []
    failed, number = 0, 0
    while (start := time.perf_counter()) < stop and not (once and number == len(requests)):
        writer.write(requests[number % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        took.append(time.perf_counter() - start)
        failed += head[9:10] != b"2"
        number += 1
    writer.close()
    return took, failed


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    return int(lower[at : lower.index(b"\r\n", at)])
