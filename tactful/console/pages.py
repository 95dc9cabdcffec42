"""What the console is made of: pages that show something, acts that change something, streams that go on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from tactful.console.visit import Answer, Visit

VIEWER, ORGANISER, ADMIN = "viewer", "organiser", "admin"


@dataclass(frozen=True, slots=True)
class Page:
    """A page at `/console/PATH`. role: who may see it, at least. Showing a page changes nothing."""

    path: str
    show: Callable[[Visit], Awaitable[Answer]]
    role: str = VIEWER


@dataclass(frozen=True, slots=True)
class Act:
    """What a form sent to `/console/PATH` does. role: who may, at least. The engine notes it in the audit log."""

    path: str
    do: Callable[[Visit], Awaitable[Answer]]
    role: str = ORGANISER


@dataclass(frozen=True, slots=True)
class Stream:
    """Something at `/console/PATH` that goes on for as long as somebody listens."""

    path: str
    open: Callable[[Visit], Awaitable[Response]]
    role: str = VIEWER


@dataclass(frozen=True, slots=True)
class Question:
    """A question that operators have, as the menu shows it. path: of the page that answers it; icon: in icons.html."""

    path: str
    label: str
    icon: str
    role: str = VIEWER


Part = Page | Act | Stream
