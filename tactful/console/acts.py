"""Who did what to the engine? The audit log."""

from tactful.console.pages import ADMIN, Page, Question
from tactful.console.tables import Table
from tactful.console.visit import Shown, Visit

QUESTION = Question("acts", "Who did what?", "list", ADMIN)


async def _show(visit: Visit) -> Shown:
    act, actor = visit.text("act"), visit.text("actor")
    before = visit.whole("before", 0) or None
    rows, acts = await visit.engine.acts(visit.organisation, act=act, actor=actor, before=before, limit=visit.rows + 1)
    shown = rows[: visit.rows]
    older = visit.with_(before=shown[-1]["id"]) if len(rows) > len(shown) else None
    table = Table("acts", ("at", "actor", "act", "detail"), [list(row.values())[1:] for row in shown])
    return Shown("acts.html", {"rows": shown, "acts": acts, "act": act, "actor": actor, "older": older}, [table])


PARTS = (Page("acts", _show, ADMIN),)
