"""Commands that start something and keep it running."""

import json

from tactful import server
from tactful.api import auth
from tactful.bootstrap import Engine, read_settings
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine
from tactful.cli.tokens import minted, signing_key
from tactful.kernel import ids
from tactful.testing import demo

TOKENS = """Tokens for the organisation {organisation}, good for a day:
  OPERATOR={operator}
  SERVICE={service}
"""
OWN_ISSUER = """Tokens come from your own issuer (api.jwks); put them into OPERATOR and SERVICE.
"""


def up(arguments: Arguments) -> None:
    """Start everything: API, worker, console, and our own PostgreSQL and Valkey unless yours are set."""

    async def welcome(engine: Engine) -> None:
        if arguments.demo:
            await demo.fill(engine)
        print(greeting(engine, f"http://{_shown(arguments.host)}:{arguments.port}", demo=arguments.demo), flush=True)

    server.serve(read_settings(), host=arguments.host, port=arguments.port, worker=True, ready=[welcome])


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def greeting(engine: Engine, address: str, *, demo: bool) -> str:
    """Where to look, a token, and three commands to try, each of which works when the one before has run."""
    organisation, person = ("demo", "demo-1") if demo else ("default", "1")
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
    operator, service = (
        minted(engine, sub="you", org=organisation, scope=scope, hours=24) for scope in (auth.ADMIN, auth.SERVICE)
    )
    return TOKENS.format(organisation=organisation, operator=operator, service=service)


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
