"""Running a command's work with an open engine, and printing what came of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from tactful.bootstrap import Engine


def with_engine(run: Callable[[Engine], Awaitable[None]]) -> None:
    """Run something with an open engine."""

    async def go() -> None:
        async with Engine() as engine:
            await run(engine)

    asyncio.run(go())


def show(told: Any, words: str | Iterable[str], *, as_json: bool) -> None:
    """Print an answer: `told` as one JSON document, or `words` for people."""
    if as_json:
        print(json.dumps(told, default=str, ensure_ascii=False))
    else:
        print(words if isinstance(words, str) else "\n".join(words))


def some(count: int, one: str, many: str | None = None) -> str:
    """A count with its word.

    >>> some(1, "row"), some(2000, "row"), some(2, "person", "people")
    ('1 row', '2,000 rows', '2 people')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
