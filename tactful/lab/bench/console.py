"""Operators who watch live sessions, beside a bare server that sends them the same bytes.

Publishing and the readers are in a process of their own. What is measured is the processor time of the server: with
nobody watching, while all the same is published, and with everybody watching; and how long it takes to stop then.
"""

import asyncio
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any

import psutil
import uvicorn
import uvloop

from tactful.bootstrap import Engine, place, read_settings
from tactful.facts.audiences import LiveSession
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import CannotStart
from tactful.lab.bench import result
from tactful.lab.bench.load import request
from tactful.lab.bench.serving import awaited, free_port, serving
from tactful.store import valkey
from tactful.store.running.rooms import ORGANISERS, body, tell_each
from tactful.store.settings import DATABASE_URL, REDIS_URL, ROLE_SECRET

READERS, SESSIONS, UPDATES = 50, 20, 10
# How long each part is measured [s], and how long everybody settles in before it.
SECONDS, SETTLING = 20.0, 3.0
PASSWORD, ORGANISATION = "a horse that is correct", "bench"
STREAM = "/console/now/stream"


def run(size: float) -> dict[str, Any]:
    """50 operators watch 20 sessions, each of which has new figures 10 times a second."""
    seconds = max(3.0, SECONDS * size)
    with serving() as served, place(read_settings()) as where:
        urls = {DATABASE_URL.name: served.database.owner_url, REDIS_URL.name: where.redis_url}
        settings = read_settings().replace(**urls, **{ROLE_SECRET.name: where.role_secret})
        secret, numbers = asyncio.run(_prepare(settings))
        head = f"Cookie: tactful={secret}\r\n"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            asked = (served.port, head, where.redis_url, numbers, served.pid, seconds)
            found = other.submit(_drive, *asked).result()
    with _bare() as (port, pid), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        bare = other.submit(_drive_bare, port, pid, found["bytes_per_tick"], seconds).result()
    more = found["watched"] - found["alone"]
    return result(
        "console",
        value=more,
        unit="% of a core more than with nobody watching",
        baseline="a bare server sending the same bytes to the same readers",
        baseline_value=bare,
        ratio=more / bare if bare else 0.0,
        higher_is_better=False,
        readers=READERS,
        sessions=SESSIONS,
        alone_percent=round(found["alone"], 2),
        watched_percent=round(found["watched"], 2),
        ticks_per_second=round(found["ticks"], 2),
        kb_per_second=round(found["bytes"] / 1024, 2),
        bytes_per_tick=found["bytes_per_tick"],
        stopped_in_seconds=round(found["stopped"], 2),
    )


async def _prepare(settings: Any) -> tuple[str, list[int]]:
    """An operator's session, and our numbers of sessions that run."""
    async with Engine(settings) as engine:
        link = await engine.first_link(ORGANISATION)
        assert link is not None
        secret = await engine.accept_offer(link, email="bench@bench.example", password=PASSWORD)
        numbers = []
        for number in range(SESSIONS):
            name = f"session-{number:02}"
            await engine.add_live_session(ORGANISATION, LiveSession(name, "bench", title=f"Session {number}"))
            await engine.start_live_session(ORGANISATION, name)
            numbers.append((await engine.room(ORGANISATION, name))["id"])
    return secret, numbers


class Ears:
    """Readers of a stream, and what they heard."""

    def __init__(self) -> None:
        self.ticks = self.bytes = 0
        self._tasks: list[asyncio.Task[None]] = []
        # Whoever forgets a writer hangs up.
        self._writers: list[asyncio.StreamWriter] = []

    async def listen(self, port: int, path: str, head: str) -> None:
        """Let all of them come."""
        for _ in range(READERS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("GET", path).replace(b"Host: bench\r\n", f"Host: bench\r\n{head}".encode()))
            answer = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in answer.split(b"\r\n")[0], answer
            self._writers.append(writer)
            self._tasks.append(asyncio.create_task(self._hear(reader)))

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while part := await reader.read(65_536):
            self.ticks += part.count(b"event: tick")
            self.bytes += len(part)

    async def leave(self) -> None:
        """Let them go."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await task
        for writer in self._writers:
            writer.close()


def _drive(port: int, head: str, redis_url: str, numbers: list[int], pid: int, seconds: float) -> dict[str, Any]:
    return uvloop.run(_measure(port, head, redis_url, numbers, pid, seconds))


async def _measure(
    port: int, head: str, redis_url: str, numbers: list[int], pid: int, seconds: float
) -> dict[str, Any]:
    client, server, ears = valkey.client(redis_url), psutil.Process(pid), Ears()
    publishing = asyncio.create_task(_publish(client, numbers))
    await asyncio.sleep(SETTLING)
    alone = await _share(server, seconds)
    await ears.listen(port, STREAM, head)
    await asyncio.sleep(SETTLING)
    ticks, bytes = ears.ticks, ears.bytes
    watched = await _share(server, seconds)
    ticks, bytes = ears.ticks - ticks, ears.bytes - bytes
    if publishing.done():
        # It says why.
        publishing.result()
    publishing.cancel()
    stopped = await _stop(server)
    await ears.leave()
    await client.aclose()
    if not ticks:
        raise CannotStart("Nobody heard any figures, so nothing was measured.")
    return {
        "alone": alone,
        "watched": watched,
        "ticks": ticks / READERS / seconds,
        "bytes": bytes / seconds,
        "bytes_per_tick": round(bytes / max(ticks, 1)),
        "stopped": stopped,
    }


async def _publish(client: Any, numbers: list[int]) -> None:
    """New figures of every session, so many times a second."""
    clock, began, many = SystemClock(), time.perf_counter(), 0
    while True:
        at = clock.now().isoformat()
        data = [{"at": at, "score": (many * 7 + each) % 97 / 97, "viewers": 40, "rate": 0.05} for each in numbers]
        told = [(number, body("engagement", each, to=ORGANISERS)) for number, each in zip(numbers, data, strict=True)]
        await tell_each(client, told)
        many += 1
        await asyncio.sleep(max(0.0, began + many / UPDATES - time.perf_counter()))


async def _share(process: psutil.Process, seconds: float) -> float:
    """Processor time it takes meanwhile [% of a core]."""
    before, start = process.cpu_times(), time.perf_counter()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return float(100 * spent / (time.perf_counter() - start))


async def _stop(server: psutil.Process) -> float:
    """Stop it while everybody looks on; how long that takes [s]."""
    start = time.perf_counter()
    server.terminate()
    # It is somebody else's child, who asks for it later.
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        await asyncio.sleep(0.01)
    return time.perf_counter() - start


def _drive_bare(port: int, pid: int, size: int, seconds: float) -> float:
    return uvloop.run(_measure_bare(port, pid, size, seconds))


async def _measure_bare(port: int, pid: int, size: int, seconds: float) -> float:
    server, ears = psutil.Process(pid), Ears()
    alone = await _share(server, seconds / 2)
    await ears.listen(port, f"/{size}", "")
    await asyncio.sleep(SETTLING)
    watched = await _share(server, seconds)
    await ears.leave()
    return watched - alone


async def _endless(scope: Any, receive: Any, send: Any) -> None:
    """So many bytes ten times a second, to whoever asks."""
    if scope["type"] != "http":
        return
    part = b"event: tick\ndata: " + bytes(max(0, int(scope["path"][1:]) - 20)).replace(b"\0", b"x") + b"\n\n"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    while True:
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(1 / UPDATES)


def _serve_bare(port: int) -> None:
    more: Any = {"lifespan": "off", "access_log": False}
    uvicorn.run(_endless, port=port, log_level="critical", timeout_graceful_shutdown=1, **more)


@contextmanager
def _bare() -> Iterator[tuple[int, int]]:
    port = free_port()
    process = get_context("spawn").Process(target=_serve_bare, args=(port,), daemon=True)
    process.start()
    try:
        awaited(lambda: _answers(port), process.is_alive)
        yield port, int(process.pid or 0)
    finally:
        process.terminate()
        process.join()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
