"""Channels: where messages go, and trying one out."""

from typing import Any

from tactful.console.pages import ADMIN, Act, Page
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import TactfulError


async def _show(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, *, secret: str = "", error: TactfulError | None = None) -> Shown:
    rows: list[dict[str, Any]] = await visit.engine.webhooks(visit.organisation)
    columns = ("url", "note", "created_by", "created_at", "last_sent_at", "waiting", "given_up", "disabled_because")
    table = Table("webhooks", columns, [[row[column] for column in columns] for row in rows])
    values = {"rows": rows, "secret": secret, "error": error, "form": visit.form}
    return Shown("channels.html", values, [table], status=error.status if error else 200)


async def _add(visit: Visit) -> Answer:
    try:
        row = await visit.engine.add_webhook(
            visit.organisation,
            visit.form.get("url", "").strip(),
            note=visit.form.get("note", "").strip(),
            actor=visit.operator.actor,
        )
    except MISTAKES as error:
        return await _shown(visit, error=error)
    # Shown this once.
    return await _shown(visit, secret=row["secret"])


async def _remove(visit: Visit) -> Answer:
    row = await visit.engine.remove_webhook(visit.organisation, visit.number("id"), actor=visit.operator.actor)
    return Gone("channels", f"{row['url']} is no longer told anything.")


async def _test(visit: Visit) -> Answer:
    row = await visit.engine.test_webhook(visit.organisation, visit.number("id"), actor=visit.operator.actor)
    return Gone("channels", f"{row['url']}: {row['told']}")


PARTS = (
    Page("channels", _show, ADMIN),
    Act("channels/add", _add, ADMIN),
    Act("channels/remove", _remove, ADMIN),
    Act("channels/test", _test, ADMIN),
)
