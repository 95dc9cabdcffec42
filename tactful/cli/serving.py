"""Commands that start something and keep it running."""

import json
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import Any

from tactful import server
from tactful.api import auth
from tactful.api.demo import conversation, lesson
from tactful.api.settings import LOG_LEVEL
from tactful.bootstrap import Engine, read_settings
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine
from tactful.cli.tokens import minted, signing_key
from tactful.decide.live.settings import EXPIRY
from tactful.deliver.telegram import Telegram
from tactful.deliver.telegram.settings import TOKEN
from tactful.kernel import ids
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import NotReady, TactfulError
from tactful.kernel.settings import Setting, Settings
from tactful.lab.demo import Feeder, described
from tactful.testing import demo
from tactful.testing.guests import Guests
from tactful.testing.telegram import TelegramPeer
from tactful.worker.settings import TICK

TOKENS = """Tokens for the organisation {organisation}, good for a day:
  OPERATOR={operator}
  SERVICE={service}
"""
OWN_ISSUER = """Tokens come from your own issuer (api.jwks); put them into OPERATOR and SERVICE.
"""
CONSOLE = """The console: {address}/console/
"""
FIRST = """The console, for its first operator; this link works once, within two days:
  {address}/console/welcome/{link}
"""
DEFAULT = "default"
LESSON = """A lesson with the widget in it: {address}/demo/lesson
"""
CHAT = """One message at a good hour, by Telegram (its other side is on this machine): {address}/demo/chat
"""
# How long the bot's other side is asked for news at a time [s]; whoever stops the demo waits no longer.
WAIT = 1.0
# What is shown of a demo's live audiences.
AUDIENCES = """Live sessions with made-up audiences, who speak, fade, vote and react; the numbers come in over HTTP:
{sessions}
They have gone on for ten minutes when they begin. The keynote falls silent at once and people leave the workshop, which
takes a minute and a half to be sure of. What is noticed, done and proposed is shown here; one moment in ten is left
alone on purpose, to tell what would have come of it. Where a demo ran before, they have a number behind their names.
"""
NO_AUDIENCES = """The demo's live audiences are left out, for they need tokens of this installation (api.jwt_secret).
"""
Work = Callable[[Engine], Awaitable[None]]


def up(arguments: Arguments) -> None:
    """Start everything: API, worker, console, and our own PostgreSQL and Valkey unless yours are set."""

    address = f"http://{_shown(arguments.host)}:{arguments.port}"

    async def welcome(engine: Engine) -> None:
        print(greeting(engine, address, demo=False), flush=True)
        await tell_of_console(engine, address, DEFAULT)

    settings, where = read_settings(), {"host": arguments.host, "port": arguments.port}
    if not arguments.demo:
        server.serve(settings, **where, worker=True, ready=[welcome])
        return
    with ExitStack() as stack:
        settings = _chatty(_patient(settings), stack)
        guests = Visited()
        ready, parting = showing(address, guests)
        more = [lambda engine: lesson(engine, demo.ORGANISATION), lambda _: conversation(guests.begin)]
        server.serve(settings, **where, worker=True, ready=ready, parting=parting, more=more)


class Visited:
    """Those whom a demo's visitors are, once its engine is open."""

    def __init__(self) -> None:
        self._guests: Guests | None = None

    def open(self, engine: Engine) -> None:
        """Let visitors in."""
        self._guests = Guests(engine, Telegram.name)

    async def begin(self) -> dict[str, str]:
        """Be somebody new. raises: NotReady before the engine is open."""
        if self._guests is None:
            raise NotReady("The demo begins in a moment.")
        return await self._guests.begin()

    async def close(self) -> None:
        """Let nobody in any more."""
        if self._guests is not None:
            await self._guests.close()


def _chatty(settings: Settings, stack: ExitStack) -> Settings:
    """With Telegram: yours where it is set up, else its other side on this machine, for as long as the demo runs."""
    if settings[TOKEN]:
        return settings
    peer = TelegramPeer(wait=WAIT, first=int(SystemClock().now().timestamp()))
    return settings.replace(**stack.enter_context(peer).settings())


def _patient(settings: Settings) -> Settings:
    """As it suits a demo, where nothing else was wished for."""
    # What is shown of the sessions would drown in the requests that feed them; and whoever tries it out has to read.
    wishes: tuple[tuple[Setting[Any], Any], ...] = ((LOG_LEVEL, "warning"), (EXPIRY, 600), (TICK, "* * * * *"))
    return settings.replace(**{each.name: wish for each, wish in wishes if settings[each] == each.default})


def showing(address: str, guests: Visited) -> tuple[list[Work], list[Work]]:
    """What a demo does before the first request, and after the last: people with a past, and live audiences."""
    feeders: list[Feeder] = []

    async def welcome(engine: Engine) -> None:
        await demo.fill(engine)
        guests.open(engine)
        print(greeting(engine, address, demo=True), flush=True)
        await tell_of_console(engine, address, demo.ORGANISATION)
        if not signing_key(engine):
            print(NO_AUDIENCES, flush=True)
            return
        print(LESSON.format(address=address), flush=True)
        print(CHAT.format(address=address), flush=True)
        operator, service = _of(engine, demo.ORGANISATION)
        feeder = Feeder(address, operator=operator, service=service, clock=engine.clock, say=_line)
        print(AUDIENCES.format(sessions=described(), address=address), flush=True)
        feeders.append(feeder)
        feeder.start()

    async def good_bye(engine: Engine) -> None:
        await guests.close()
        for feeder in feeders:
            feeder.stop()
            for name in feeder.names:
                # One that has not begun need not end.
                with suppress(TactfulError):
                    await engine.end_live_session(demo.ORGANISATION, name)

    return [welcome], [good_bye]


async def tell_of_console(engine: Engine, address: str, organisation: str) -> None:
    """Where the console is; and while the organisation has no operator, a link that lets the first one in."""
    link = await engine.first_link(organisation)
    print(CONSOLE.format(address=address) if link is None else FIRST.format(address=address, link=link), flush=True)


def _line(line: str) -> None:
    print(line, flush=True)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def greeting(engine: Engine, address: str, *, demo: bool) -> str:
    """Where to look, a token, and three commands to try, each of which works when the one before has run."""
    organisation, person = ("demo", "demo-1") if demo else (DEFAULT, "1")
    seen = {"id": ids.token()[:12], "user_id": person, "kind": "visit"}
    event = json.dumps({"events": [seen | {"occurred_at": f"{engine.clock.now():%Y-%m-%dT%H:%M:%SZ}"}]})
    return f"""
Tactful runs at {address} (documentation of the API: {address}/docs)

{_tokens(engine, organisation)}
Three commands to try, after setting these two in your shell:
  curl {address}/api/v1/events -H "Authorization: Bearer $SERVICE" -H "Content-Type: application/json" -d '{event}'
  curl "{address}/api/v1/people/{person}/explain" -H "Authorization: Bearer $OPERATOR"
  curl "{address}/api/v1/people/at-risk?limit=5" -H "Authorization: Bearer $OPERATOR"

Stop with Ctrl+C.
"""


def _tokens(engine: Engine, organisation: str) -> str:
    if not signing_key(engine):
        return OWN_ISSUER
    operator, service = _of(engine, organisation)
    return TOKENS.format(organisation=organisation, operator=operator, service=service)


def _of(engine: Engine, organisation: str) -> tuple[str, str]:
    """Tokens of an operator and of a service."""
    return (
        minted(engine, sub="you", org=organisation, scope=auth.ADMIN, hours=24),
        minted(engine, sub="you", org=organisation, scope=auth.SERVICE, hours=24),
    )


def api(arguments: Arguments) -> None:
    """Serve HTTP only."""
    server.serve(read_settings(), host=arguments.host, port=arguments.port, worker=False)


def worker(_: Arguments) -> None:
    """Run scheduled jobs only."""
    server.work(read_settings())


def migrate(_: Arguments) -> None:
    """Bring the database's tables up to date and stop."""

    async def run(engine: Engine) -> None:
        reached = (await engine.status())["migration"]
        show(reached, f"The tables are those of migration {reached}.", as_json=False)

    with_engine(run)
