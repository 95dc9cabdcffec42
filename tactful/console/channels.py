"""Channels: how each does, which endpoints programs are told by, and trying one out."""

from collections.abc import Mapping
from typing import Any

from tactful.console.pages import ADMIN, Act, Page
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import TactfulError

WAY = ("name", "set_up", "pace", "sent", "undelivered", "waiting", "again", "rest", "last_sent_at", "last_error_at",
       "last_error")  # fmt: skip
HOOK = ("url", "note", "created_by", "created_at", "last_sent_at", "waiting", "given_up", "disabled_because")
# A provider that is left alone for so long is not just slow [s].
RESTING = 1.0


async def _show(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(visit: Visit, *, secret: str = "", error: TactfulError | None = None) -> Shown:
    ways = await visit.engine.channels(visit.organisation)
    admin = visit.operator.may(ADMIN)
    rows: list[dict[str, Any]] = await visit.engine.webhooks(visit.organisation) if admin else []
    tables = [Table("channels", WAY, [[row[column] for column in WAY] for row in ways])]
    if admin:
        tables.append(Table("webhooks", HOOK, [[row[column] for column in HOOK] for row in rows]))
    values = {
        "ways": [row | {"state": _state(row)} for row in ways],
        "rows": rows,
        "secret": secret,
        "error": error,
        "form": visit.form,
        "path": "outreach",
    }
    return Shown("channels.html", values, tables, status=error.status if error else 200)


def _state(way: Mapping[str, Any]) -> tuple[str, str, str]:
    """How a channel does: a word, its tone, and what more there is to say.

    >>> _state({"set_up": True, "rest": 40.0, "again": 3, "undelivered": 0, "sent": 9})[0]
    'away'
    """
    if not way["set_up"]:
        return "not set up", "plain", "its settings are missing"
    if way["rest"] >= RESTING:
        return "away", "bad", f"its provider does not answer, or asked for a pause; tried again in {way['rest']:.0f} s"
    if way["again"]:
        return "trouble", "warn", f"{way['again']} tried in vain so far, and again by themselves"
    if way["undelivered"]:
        return "works", "good", "some could not be delivered"
    return ("works", "good", "") if way["sent"] else ("ready", "plain", "nothing was sent in the last 24 hours")


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
    Page("channels", _show),
    Act("channels/add", _add, ADMIN),
    Act("channels/remove", _remove, ADMIN),
    Act("channels/test", _test, ADMIN),
)
