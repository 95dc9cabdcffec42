"""Every live session of the organisation, newest first, and making a new one."""

from datetime import timedelta

from tactful.console.now import shown
from tactful.console.pages import ORGANISER, Act, Page
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.facts.audiences import LiveSession
from tactful.kernel.errors import TactfulError

STATES = ("", "live", "planned", "ended")
MODES = tuple(shown.MODES.items())
COLUMNS = ("session_id", "title", "event_id", "mode", "state", "viewers", "starts_at", "started_at", "ended_at")
# One more than a page, so that it is known whether there is another; never more than the engine tells at once.
MOST = 200


async def _list(visit: Visit) -> Shown:
    state = visit.choice("state", STATES)
    offset = visit.whole("after", 0, high=1_000_000)
    rows = await visit.engine.live_sessions(
        visit.organisation, state=state or None, limit=min(visit.rows + 1, MOST), offset=offset
    )
    listed = rows[: visit.rows]
    older = visit.with_(after=offset + len(listed)) if len(rows) > len(listed) else None
    table = Table("sessions", COLUMNS, [[row[column] for column in COLUMNS] for row in listed])
    values = {"rows": listed, "state": state, "states": STATES, "older": older, "modes": shown.MODES}
    return Shown("now_sessions.html", values | {"may": visit.operator.may(ORGANISER)}, [table])


async def _new(visit: Visit) -> Shown:
    return _form(visit)


def _form(visit: Visit, error: TactfulError | None = None) -> Shown:
    now = visit.at.replace(second=0, microsecond=0)
    values = {"form": visit.form, "error": error, "modes": MODES}
    usual = {"starts_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    return Shown("session_new.html", values | {"usual": usual}, status=error.status if error else 200)


async def _create(visit: Visit) -> Answer:
    try:
        told = _told(visit)
        await visit.engine.add_live_session(visit.organisation, told, actor=visit.operator.actor)
        if visit.form.get("begin"):
            await visit.engine.start_live_session(visit.organisation, told.id, actor=visit.operator.actor)
    except MISTAKES as error:
        return _form(visit, error)
    return Gone(shown.address(told.id), f"Created {told.title or told.id}.")


def _told(visit: Visit) -> LiveSession:
    given = {name: visit.form.get(name, "").strip() for name in ("session_id", "event_id", "title", "topic")}
    return LiveSession(
        given["session_id"],
        given["event_id"] or given["session_id"],
        given["title"],
        given["topic"],
        visit.form.get("language") or "en",
        visit.form.get("mode", "manual"),
        visit.time("starts_at"),
        visit.time("ends_at"),
    )


PARTS = (Page("now/sessions", _list), Page("session/new", _new, ORGANISER), Act("session/create", _create))
