"""Commands about what is stored of a person: all of it, and none of it any more."""

import shutil
import sys

from tactful.bootstrap import Engine
from tactful.cli.arguments import Arguments
from tactful.cli.deciding import hinted
from tactful.cli.running import show, with_engine
from tactful.kernel.errors import BadInput

ACTOR = "command line"


def export(arguments: Arguments) -> None:
    """Print everything that is stored about a person, as one JSON document."""

    async def run(engine: Engine) -> None:
        with hinted(arguments.organisation):
            await engine.require(arguments.organisation)
        with await engine.export(arguments.organisation, arguments.person, actor=ACTOR) as file:
            sys.stdout.flush()
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()

    with_engine(run)


def erase(arguments: Arguments) -> None:
    """Delete everything that is about a person, for good (--yes)."""
    if not arguments.yes:
        told = f"This deletes everything about {arguments.person}, and nothing brings it back; add --yes to do it."
        raise BadInput(told, fields=["yes"])

    async def run(engine: Engine) -> None:
        with hinted(arguments.organisation):
            await engine.require(arguments.organisation)
        done = await engine.erase(arguments.organisation, arguments.person, actor=ACTOR)
        words = f"{arguments.person} is erased." if done else f"{arguments.person} had been erased before."
        show({"user_id": arguments.person, "erased": True, "already": not done}, words, as_json=arguments.json)

    with_engine(run)
