"""Thousands of connected clients hear a message and vote, against a bare broadcast of the same bytes.

The clients are in a process of their own. The baseline is the same WebSocket server with nothing behind it but a list
of connections to which a text is sent in turn.
"""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from statistics import median
from typing import Any

import psutil
import uvicorn
import uvloop

from tactful.bootstrap import place, read_settings
from tactful.lab.bench import result
from tactful.lab.bench.crowd import Crowd
from tactful.lab.bench.load import request
from tactful.lab.bench.serving import Served, awaited, free_port, serving
from tactful.store import valkey
from tactful.store.running.rooms import Rooms

CLIENTS = 5_000
ROUNDS = 40
POLLS = 5
# Between two messages [s].
PAUSE = 0.2
BASE = "/api/v1/live/sessions"
SESSION = {"session_id": "bench", "event_id": "bench"}
POLL = {"question": "What shall we look at next?", "options": ["Joins", "Indexes", "Locks"], "duration": 300}
PROMPT = {"text": "What surprised you most so far? Say it in one sentence; we read the best ones aloud."}


def run(size: float) -> dict[str, Any]:
    """5,000 participants connect, hear 40 messages one after the other, and vote on 5 polls."""
    clients = max(10, int(CLIENTS * size))
    with serving({"TACTFUL_ROOM_FRAMES_AT_ONCE": "100"}) as served, place(read_settings()) as where:
        _post(served, BASE, SESSION)
        number = _number(served)
        _post(served, f"{BASE}/bench/start", {})
        before = _memory(served.pid)
        heads = [f"Authorization: Bearer {served.token(f'person-{each}')}\r\n" for each in range(clients)]
        token = served.token("bench", scope="service")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            found = other.submit(_ours, served.port, heads, token, where.redis_url, number, served.pid).result()
        counted = _votes(served)
    with _bare() as port, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        bare = other.submit(_theirs, port, clients).result()
    ours, baseline = median(found["last"]), median(bare["last"])
    return result(
        "room",
        value=ours,
        unit="ms from publishing to the last of all clients, median",
        baseline="the same server sending the same bytes to a bare list of connections",
        baseline_value=baseline,
        ratio=baseline / ours,
        higher_is_better=False,
        clients=clients,
        p50_ms=_quantile(found["each"], 0.5),
        p99_ms=_quantile(found["each"], 0.99),
        last_p99_ms=_quantile(found["last"], 0.99),
        bare_p50_ms=_quantile(bare["each"], 0.5),
        bare_p99_ms=_quantile(bare["each"], 0.99),
        votes_per_second=round(median(clients / seconds for seconds in found["votes"])),
        votes_counted=counted,
        votes_refused=found["refused"],
        lost=found["lost"],
        connects_per_second=round(clients / found["came"]),
        kb_per_client=round((found["memory"] - before) / clients / 1024, 1),
    )


def _ours(port: int, heads: list[str], token: str, redis_url: str, number: int, pid: int) -> dict[str, Any]:
    return uvloop.run(_drive(port, heads, token, redis_url, number, pid))


async def _drive(port: int, heads: list[str], token: str, redis_url: str, number: int, pid: int) -> dict[str, Any]:
    crowd = Crowd(port)
    came = await crowd.come(f"{BASE}/bench/socket", heads)
    # Everybody's coming is stored, and nothing else goes on.
    await asyncio.sleep(3)
    memory = _memory(pid)
    client = valkey.client(redis_url)
    rooms, rounds = Rooms(client), []
    for _ in range(ROUNDS):
        rounds.append(await crowd.times(b'"chat_prompt"', lambda: rooms.tell(number, "chat_prompt", PROMPT)))
        await asyncio.sleep(PAUSE)
    await client.aclose()
    polls = []
    for _ in range(POLLS):
        polls.append(await crowd.vote(lambda: _open_poll(port, token)))
        await asyncio.sleep(1)
    told = _rounds(rounds) | {"came": came, "memory": memory, "lost": crowd.lost}
    return told | {"votes": [seconds for seconds, _ in polls], "refused": sum(refused for _, refused in polls)}


def _theirs(port: int, clients: int) -> dict[str, Any]:
    return uvloop.run(_drive_bare(port, clients))


async def _drive_bare(port: int, clients: int) -> dict[str, Any]:
    crowd = Crowd(port)
    await crowd.come("/", [""] * clients)
    # As long as ours, with its id.
    text = json.dumps({"id": "12345678-123456", "type": "chat_prompt", "data": PROMPT}, separators=(",", ":")).encode()
    rounds = []
    for _ in range(ROUNDS):

        async def publish() -> None:
            crowd.members[0].say(text)

        rounds.append(await crowd.times(b'"chat_prompt"', publish))
        await asyncio.sleep(PAUSE)
    return _rounds(rounds)


def _rounds(rounds: list[list[float]]) -> dict[str, Any]:
    each = sorted(took * 1000 for one in rounds for took in one)
    return {"each": each, "last": sorted(max(one) * 1000 for one in rounds)}


async def _open_poll(port: int, token: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", f"{BASE}/bench/polls", token=token, body=json.dumps(POLL).encode()))
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


class Bare:
    """Connections to which every text that one of them says is sent."""

    def __init__(self) -> None:
        self._sends: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": '{"type":"welcome"}'})
        self._sends.append(send)
        while (message := await receive())["type"] != "websocket.disconnect":
            for each in self._sends:
                await each({"type": "websocket.send", "text": message["text"]})


def _serve_bare(port: int) -> None:
    more: Any = {"ws": "websockets-sansio", "ws_per_message_deflate": False, "lifespan": "off"}
    uvicorn.run(Bare(), port=port, log_level="critical", backlog=2048, timeout_graceful_shutdown=1, **more)


@contextmanager
def _bare() -> Iterator[int]:
    port = free_port()
    process = get_context("spawn").Process(target=_serve_bare, args=(port,), daemon=True)
    process.start()
    try:
        awaited(lambda: _answers(port), process.is_alive)
        yield port
    finally:
        process.terminate()
        process.join()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _post(served: Served, path: str, body: dict[str, Any]) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        token = served.token("bench", scope="service")
        connection.sendall(request("POST", path, token=token, body=json.dumps(body).encode()))
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def _number(served: Served) -> int:
    with served.database.batch() as connection:
        row = connection.execute("SELECT max(id) AS id FROM live_sessions").fetchone()
    return int(row["id"]) if row else 0


def _votes(served: Served) -> int:
    with served.database.batch() as connection:
        row = connection.execute("SELECT count(*) AS votes FROM poll_votes").fetchone()
    return int(row["votes"]) if row else 0


def _memory(pid: int) -> int:
    time.sleep(0.2)
    return int(psutil.Process(pid).memory_info().rss)


def _quantile(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
