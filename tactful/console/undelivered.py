"""What did not get through: deliveries that were refused or are in doubt, and sending them again."""

from tactful.console.pages import ADMIN, Act, Page
from tactful.console.tables import Table
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.deliver import PUSHED
from tactful.kernel.errors import NotFound

COLUMNS = ("id", "user_id", "channel", "state", "refusal", "error", "attempts", "tried_at", "expires_at",
           "intervention_type", "title")  # fmt: skip
NAMES = tuple(each.name for each in PUSHED)
# Sent again at once; the rest by pressing once more.
AT_ONCE, MOST = 200, 200
# What each refusal means to somebody who looks at it.
MEANS = {
    "gone": "the address is no more",
    "blocked": "they do not want it there",
    "retry": "tried often enough in vain",
    "invalid": "the message did not fit",
    None: "nobody knows whether it arrived",
}


async def _show(visit: Visit) -> Shown:
    channel = visit.choice("channel", ("", *NAMES))
    told = await visit.engine.undelivered(
        visit.organisation,
        limit=min(visit.rows, MOST),
        before=visit.whole("before", 0) or None,
        channel=channel or None,
    )
    rows = [row | {"can_again": row["expires_at"] > visit.at} for row in told["deliveries"]]
    values = {
        "rows": rows,
        "channel": channel,
        "channels": NAMES,
        "means": MEANS,
        "older": visit.with_(before=told["next"]) if told["next"] else None,
        "some": any(row["can_again"] for row in rows),
        "path": "outreach",
    }
    table = Table("undelivered", COLUMNS, [[row[column] for column in COLUMNS] for row in rows])
    return Shown("undelivered.html", values, [table])


async def _again(visit: Visit) -> Answer:
    """One again."""
    return await _replay(visit, [visit.number("id")], "undelivered")


async def _all(visit: Visit) -> Answer:
    """All of a channel that are worth it still."""
    channel = visit.form.get("channel", "")
    told = await visit.engine.undelivered(visit.organisation, limit=AT_ONCE, channel=channel or None)
    ids = [row["id"] for row in told["deliveries"] if row["expires_at"] > visit.at]
    return await _replay(visit, ids, f"undelivered?channel={channel}" if channel in NAMES else "undelivered")


async def _replay(visit: Visit, ids: list[int], back: str) -> Gone:
    if not ids:
        return Gone(back, "Nothing of these is worth sending any more.")
    try:
        done = await visit.engine.replay_deliveries(visit.organisation, ids, actor=visit.operator.actor)
    except NotFound:
        return Gone(back, "It was sent again already.")
    over = f" For {len(done['over'])} it is too late, or they were answered." if done["over"] else ""
    return Gone(back, f"Sent again: {len(done['replayed'])}.{over}")


PARTS = (
    Page("undelivered", _show),
    Act("undelivered/again", _again, ADMIN),
    Act("undelivered/all", _all, ADMIN),
)
