"""Long work that is asked for on a page: the button, how far it is, and what came of it."""

from typing import Any

from tactful.console.visit import Gone, Shown, Visit

PART = "errand"


async def errand(visit: Visit, name: str) -> dict[str, Any] | None:
    """The errand of this name that was asked for last, with `open`: whether it is not finished."""
    found = await visit.engine.errand(visit.organisation, name)
    return None if found is None else found | {"open": found["finished_at"] is None}


async def part(visit: Visit, name: str) -> Shown | None:
    """How far the errand is, where only that is asked for."""
    if visit.asked.get("part") != PART:
        return None
    return Shown("errand.html", {"errand": await errand(visit, name)})


async def ask(visit: Visit, name: str, back: str) -> Gone:
    """Have it done, and go back to the page."""
    new = await visit.engine.send_for(visit.organisation, name, actor=visit.operator.actor)
    return Gone(back, "A worker takes it on within seconds." if new else "It is asked for already.")
