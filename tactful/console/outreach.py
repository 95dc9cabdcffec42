"""What goes out? All that was asked to be said to people, by whom, and what became of it."""

from tactful.bootstrap.outreach import MOST, STATUSES
from tactful.console.pages import Act, Page, Question
from tactful.console.tables import Table
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.kernel.errors import Conflict

QUESTION = Question("outreach", "What goes out?", "send")
COLUMNS = ("id", "external_id", "user_id", "outreach_type", "priority_score", "status", "trigger", "scheduled_time",
           "expires_at", "created_at", "closed_at", "channel", "sent_at", "user_response", "responded_at")  # fmt: skip
# What has come so far, in words, and its tone.
SO_FAR = {
    "scheduled": ("waits for its moment", "calm"),
    "chosen": ("chosen", "good"),
    "folded": ("in a digest", "good"),
    "expired": ("had no moment", "warn"),
    "cancelled": ("taken back", "plain"),
}


async def _show(visit: Visit) -> Shown:
    status, person = visit.choice("status", ("", *STATUSES)), visit.text("person")
    told = await visit.engine.outreach(
        visit.organisation,
        person=person or None,
        status=status or None,
        limit=min(visit.rows, MOST),
        before=visit.whole("before", 0) or None,
    )
    values = {
        "rows": told["outreach"],
        "status": status,
        "person": person,
        "statuses": SO_FAR,
        "older": visit.with_(before=told["next"]) if told["next"] else None,
    }
    table = Table("outreach", COLUMNS, [[row[column] for column in COLUMNS] for row in told["outreach"]])
    return Shown("outreach.html", values, [table])


async def _cancel(visit: Visit) -> Answer:
    try:
        row = await visit.engine.cancel_outreach(visit.organisation, visit.number("id"), actor=visit.operator.actor)
    except Conflict as error:
        return Gone("outreach", error.detail)
    return Gone("outreach", f"{row['outreach_type'].replace('_', ' ').capitalize()} to {row['user_id']} is taken back.")


PARTS = (Page("outreach", _show), Act("outreach/cancel", _cancel))
