"""Errors as the log shows them: where they came from and what they were, without the people they were about."""

import traceback
from collections.abc import Iterator
from types import TracebackType

from tactful.store import failures

CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


def trace(error: BaseException) -> str:
    """The traceback of an error and of those that led to it, oldest first; database errors without their words."""
    return "".join(_parts(error)).rstrip()


def of_log(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """The same for what `logging` has of an error."""
    return trace(exc_info[1])


def _parts(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _parts(before)
        yield CAUSED if error.__cause__ else MEANWHILE
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    told = failures.said(error)
    yield from traceback.format_exception_only(error) if told is None else (f"{told}\n",)
    if isinstance(error, BaseExceptionGroup):
        for number, one in enumerate(error.exceptions, 1):
            yield f"Of these, {number}:\n"
            yield from _parts(one)
