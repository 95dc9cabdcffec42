"""API, console and worker in one process; or any of them alone."""

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import APIRouter, FastAPI

from tactful.api import logs
from tactful.api.app import create_app
from tactful.api.room.protocol import Direct
from tactful.api.room.settings import FRAME_BYTES, PING_SECONDS
from tactful.api.settings import LOG_LEVEL
from tactful.bootstrap import Engine
from tactful.bootstrap.garbage import collect_seldom
from tactful.console import status
from tactful.console.console import console
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings
from tactful.worker.chats import chat
from tactful.worker.live import listen
from tactful.worker.runner import work as run_jobs
from tactful.worker.settings import LIVE

# How many callers may wait to be let in while others are.
BACKLOG = 2048
# How long a client may leave what is sent to it unread before its connection is broken off [ms].
UNREAD = 30_000


@asynccontextmanager
async def running(engine: Engine, *, worker: bool) -> AsyncIterator[None]:
    """The engine open, with a worker beside it if wanted, for the length of a block."""
    async with engine:
        stop = asyncio.Event()
        engine.worker = asyncio.create_task(run_jobs(engine, stop)) if worker else None
        listening = asyncio.create_task(listen(engine, stop)) if worker and engine.settings[LIVE] else None
        chatting = asyncio.create_task(chat(engine, stop)) if worker else None
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*(task for task in (engine.worker, listening, chatting) if task is not None))


def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    worker: bool,
    ready: Sequence[Callable[..., object]] = (),
    parting: Sequence[Callable[..., object]] = (),
    more: Sequence[Callable[[Engine], APIRouter]] = (),
) -> None:
    """Serve until interrupted.

    ready: coroutine functions that are given the open engine before the first request; parting: after the last one.
    more: makes further pages of the engine.
    raises: CannotStart when the address cannot be had; then nothing else has been started.
    """
    place = bound(host, port)
    _let_many_in()
    logs.configure(settings[LOG_LEVEL])
    engine = Engine(settings)
    pages: list[APIRouter] = [status.pages(engine), console(engine), *(each(engine) for each in more)]
    app = create_app(engine, pages=pages)
    collect_seldom()
    config = configured(app, settings)

    async def run() -> None:
        stop = _stopping()
        async with running(engine, worker=worker):
            for each in ready:
                await each(engine)  # type: ignore[misc]
            if not stop.is_set():
                # From here on uvicorn listens to signals; what it hears it tells us when it is done.
                await Server(config, engine).serve(sockets=[place])
            for each in parting:
                await each(engine)  # type: ignore[misc]

    with place, asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(run())


def configured(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How we serve."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        lifespan="off",
        ws=Direct,
        ws_max_size=settings[FRAME_BYTES],
        ws_ping_interval=settings[PING_SECONDS],
        ws_ping_timeout=settings[PING_SECONDS],
        # It would cost each client 60 KB of memory and every message its own work, for texts of a few hundred bytes.
        ws_per_message_deflate=False,
    )


class Server(uvicorn.Server):
    """A server that ends what goes on for ever as soon as it is asked to stop."""

    def __init__(self, config: uvicorn.Config, engine: Engine) -> None:
        super().__init__(config)
        self._engine = engine

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say good-bye to long connections, then wait for the others."""
        await self._engine.hang_up()
        await super().shutdown(sockets)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at an address already, so that nothing is announced that cannot be reached.

    raises: CannotStart naming the address and what to do.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        place = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotStart(f"{host} is not an address of this machine; choose another one with --host.") from None
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Connections have it from here. What nobody reads would else be kept for ever by those who just stop.
            place.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD)
        place.bind(address)
        place.listen(BACKLOG)
    except OSError as error:
        place.close()
        if error.errno == errno.EADDRINUSE:
            taken = f"Port {port} of {host} is taken, perhaps by another Tactful"
            told = f"{taken}; choose another one: --port, or `make up PORT=...`."
        else:
            told = f"{host} and port {port} cannot be listened at ({error.strerror}); choose with --host and --port."
        raise CannotStart(told) from None
    return place


def _let_many_in() -> None:
    """Allow this process as many connections as the system does."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stopping() -> asyncio.Event:
    """An event that is set when this process is asked to end."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    return stop


def work(settings: Settings) -> None:
    """Run scheduled jobs until interrupted."""
    logs.configure(settings[LOG_LEVEL])
    collect_seldom()

    async def run() -> None:
        stop = _stopping()
        async with Engine(settings) as engine:
            hearing = [listen(engine, stop)] if settings[LIVE] else []
            await asyncio.gather(run_jobs(engine, stop), chat(engine, stop), *hearing)

    with suppress(KeyboardInterrupt):
        asyncio.run(run())
