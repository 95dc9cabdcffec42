"""Letting operators in to the console from the command line."""

from tactful.bootstrap import Engine
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine
from tactful.console.settings import ADDRESS
from tactful.kernel.errors import NotFound

# Who acts, for the audit log.
BY = "at the command line"


def operators(arguments: Arguments) -> None:
    """List who may sign in to the console; --invite lets somebody new in, --reset gives a new password."""

    async def run(engine: Engine) -> None:
        if arguments.invite:
            secret = await engine.invite(arguments.organisation, arguments.invite, role=arguments.role, actor=BY)
        elif arguments.reset:
            rows = await engine.operators(arguments.organisation)
            found = next((row for row in rows if row["email"] == arguments.reset.strip().lower()), None)
            if found is None:
                raise NotFound(f"{arguments.organisation} has no operator {arguments.reset}.")
            secret = await engine.reset_password(arguments.organisation, found["id"], actor=BY)
        else:
            await _list(engine, arguments)
            return
        link = f"{engine.settings[ADDRESS].rstrip('/')}/console/welcome/{secret}"
        where = "" if engine.settings[ADDRESS] else "Below the address of your server: "
        show({"link": link}, f"{where}{link}", as_json=arguments.json)

    with_engine(run)


async def _list(engine: Engine, arguments: Arguments) -> None:
    rows = await engine.operators(arguments.organisation)
    lines = [
        f"{row['email']:<40} {row['role']:<10} {'shut out' if row['disabled_at'] else _seen(row)}".rstrip()
        for row in rows
    ]
    show(rows, lines or f"{arguments.organisation} has no operators yet.", as_json=arguments.json)


def _seen(row: dict[str, object]) -> str:
    at = row["last_seen_at"]
    return "never signed in" if at is None else f"last here {at:%Y-%m-%d %H:%M} UTC"
