"""Telling an answer once more while what it was made from stands."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from tactful.api.call import Call

T = TypeVar("T")

# Rows of a list at most, unless asked otherwise. Only the usual question is answered from what is kept, so that what
# is kept of a person is bounded.
USUAL = 100


async def again(call: Call, question: str, person: str, kind: type[T], work: Callable[[], Awaitable[T]]) -> T:
    """The answer that is kept of `question` about `person`, else what `work` answers, which is kept then.

    kind: what is answered; from JSON it comes back equal. See `store.running.answers`.
    """
    known: TypeAdapter[T] = _adapter(kind)
    kept = await call.engine.kept(call.organisation, person, question)
    if kept.answer is not None:
        return known.validate_json(kept.answer)
    answer = await work()
    await call.engine.keep(kept, known.dump_json(answer))
    return answer


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
