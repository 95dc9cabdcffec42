"""Commands about messages: what came back."""

import sys

from tactful.bootstrap import Engine
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine


def bounced(arguments: Arguments) -> None:
    """Take a letter that came back, from standard input."""
    raw = sys.stdin.buffer.read()

    async def run(engine: Engine) -> None:
        told = await engine.bounced(raw, organisation=arguments.organisation)
        if not told["known"]:
            words = "It is about no letter of ours."
        elif told["off"]:
            words = (
                f"{told['refusal'].capitalize()}: nothing goes there any more. Stopped on its way: {told['stopped']}."
            )
        else:
            words = f"{told['refusal'].capitalize()}: noted."
        show(told, words, as_json=arguments.json)

    with_engine(run)
