"""Live sessions and their agenda, as organisations describe them; as service_role, the organisation always named."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.audiences import Item, LiveSession
from tactful.kernel import ids
from tactful.kernel.errors import Conflict, NotFound
from tactful.store.database import AsyncConnection, Connection

# Levels of earlier sessions -> mean and deviation of what is expected of the next one.
Usually = Callable[[Sequence[float]], tuple[float, float]]

COLUMNS = """s.id, s.session_id, s.event_id, s.title, s.topic, s.language, s.mode, s.state, s.starts_at, s.ends_at,
             s.started_at, s.ended_at, s.created_at"""
ADD = """
INSERT INTO live_sessions (organisation_id, session_id, event_id, title, topic, language, mode, starts_at, ends_at,
                           seed)
VALUES (%(organisation)s, %(id)s, %(event_id)s, %(title)s, %(topic)s, %(language)s, %(mode)s, %(starts_at)s,
        %(ends_at)s, %(seed)s) ON CONFLICT (organisation_id, session_id) DO NOTHING RETURNING id
"""
BESIDE = (
    "INSERT INTO live_counts (live_session_id, organisation_id) VALUES (%s, %s)",
    "INSERT INTO live_attention (live_session_id, organisation_id) VALUES (%s, %s)",
)
CHANGE = """
UPDATE live_sessions s SET event_id = %(event_id)s, title = %(title)s, topic = %(topic)s, language = %(language)s,
       mode = %(mode)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s, revision = s.revision + 1
 WHERE s.organisation_id = %(organisation)s AND s.session_id = %(id)s RETURNING s.id
"""
# What may be done without asking is read anew by every decision.
SWITCH = """
UPDATE live_sessions s SET mode = %(mode)s WHERE s.organisation_id = %(organisation)s AND s.session_id = %(id)s
RETURNING s.id
"""
AGENDA = """
INSERT INTO agenda_items (organisation_id, live_session_id, kind, title, starts_at, ends_at)
VALUES (%s, %s, %s, %s, %s, %s)
"""
READ = f"""
SELECT {COLUMNS}, c.viewers,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'title', a.title, 'starts_at', a.starts_at,
                                                     'ends_at', a.ends_at) ORDER BY a.starts_at, a.id), '[]')
          FROM agenda_items a WHERE a.live_session_id = s.id) AS agenda
  FROM live_sessions s JOIN live_counts c ON c.live_session_id = s.id
 WHERE s.organisation_id = %(organisation)s
"""
# What sessions of the organisation were like lately: where a new one starts from.
LEVELS = """
SELECT level FROM live_sessions WHERE organisation_id = %s AND level IS NOT NULL ORDER BY ended_at DESC LIMIT 20
"""
START = """
UPDATE live_sessions s SET state = 'live', started_at = %(at)s, prior_level = %(level)s, prior_spread = %(spread)s
 WHERE s.id = %(session)s
"""
END = "UPDATE live_sessions s SET state = 'ended', ended_at = %(at)s WHERE s.id = %(session)s"
# Sessions that run, of which there are few beside those that ended: by their own index. Looked at again by whoever has
# waited for one: it may have been ended, or planned for longer, meanwhile.
FORGOTTEN = "s.state = 'live' AND greatest(s.started_at, s.ends_at) <= %(before)s"
# So many at once; the others come a few seconds later.
MOST = 500
# What somebody counts for, or ends, just now is left for the next time.
END_FORGOTTEN = f"""
WITH over AS (
  SELECT c.live_session_id FROM live_sessions s JOIN live_counts c ON c.live_session_id = s.id
   WHERE {FORGOTTEN} ORDER BY s.id LIMIT {MOST} FOR UPDATE OF c SKIP LOCKED)
UPDATE live_sessions s SET state = 'ended', ended_at = %(at)s
  FROM over WHERE s.id = over.live_session_id AND {FORGOTTEN} RETURNING s.id
"""
# Whoever counts signals holds this; afterwards they see that it has ended.
LOCK = """
SELECT 1 FROM live_counts c JOIN live_sessions s ON s.id = c.live_session_id
 WHERE s.organisation_id = %s AND s.session_id = %s FOR UPDATE OF c
"""


async def add(connection: AsyncConnection, organisation_id: int, told: LiveSession) -> dict[str, Any]:
    """A new live session, not started yet. raises: Conflict where there is one of that name."""
    values = _values(organisation_id, told) | {"seed": ids.seed()}
    made = await (await connection.execute(ADD, values)).fetchone()
    if made is None:
        raise Conflict(
            f"There is a live session {told.id} already; change that one, or take another name.", fields=["session_id"]
        )
    for statement in BESIDE:
        await connection.execute(statement, (made["id"], organisation_id))
    await _plan(connection, organisation_id, made["id"], told.agenda)
    return await read(connection, organisation_id, told.id)


async def change(connection: AsyncConnection, organisation_id: int, told: LiveSession) -> dict[str, Any]:
    """Replace what is said of a live session, its agenda too. raises: NotFound."""
    made = await (await connection.execute(CHANGE, _values(organisation_id, told))).fetchone()
    if made is None:
        raise _unknown(told.id)
    await connection.execute("DELETE FROM agenda_items WHERE live_session_id = %s", (made["id"],))
    await _plan(connection, organisation_id, made["id"], told.agenda)
    return await read(connection, organisation_id, told.id)


async def switch(connection: AsyncConnection, organisation_id: int, session_id: str, mode: str) -> dict[str, Any]:
    """Change the mode of a live session alone. raises: NotFound."""
    values = {"organisation": organisation_id, "id": session_id, "mode": mode}
    if await (await connection.execute(SWITCH, values)).fetchone() is None:
        raise _unknown(session_id)
    return await read(connection, organisation_id, session_id)


async def start(
    connection: AsyncConnection, organisation_id: int, session_id: str, *, at: datetime, usual: Usually
) -> dict[str, Any]:
    """Begin to listen; starting twice is one start. raises: NotFound; Conflict where it has ended.

    usual: what levels of earlier sessions say of a new one [log per viewer and 10 s].
    """
    row = await _locked(connection, organisation_id, session_id)
    if row["state"] == "ended":
        raise Conflict(f"The live session {session_id} has ended; create another one.", fields=["session_id"])
    if row["state"] == "planned":
        known = await (await connection.execute(LEVELS, (organisation_id,))).fetchall()
        level, spread = usual([row["level"] for row in known])
        values = {"at": at, "level": level, "spread": spread, "session": row["id"]}
        await connection.execute(START, values)
    return await read(connection, organisation_id, session_id)


async def end(connection: AsyncConnection, organisation_id: int, session_id: str, *, at: datetime) -> dict[str, Any]:
    """Stop listening; ending twice is one end. raises: NotFound; Conflict where it never started."""
    row = await _locked(connection, organisation_id, session_id)
    if row["state"] == "planned":
        raise Conflict(f"The live session {session_id} has not started.", fields=["session_id"])
    if row["state"] == "live":
        await connection.execute(END, {"at": at, "session": row["id"]})
    return await read(connection, organisation_id, session_id)


def end_forgotten(connection: Connection, *, at: datetime, longest: timedelta) -> list[int]:
    """End what nobody ended `longest` after it began, or after its planned end if that is later; our numbers of them.

    At most MOST, each once with any number of processes; under the lock that ending by hand takes.
    """
    found = connection.execute(END_FORGOTTEN, {"at": at, "before": at - longest}).fetchall()
    return sorted(row["id"] for row in found)


async def read(connection: AsyncConnection, organisation_id: int, session_id: str) -> dict[str, Any]:
    """A live session as known now, with its agenda and how many are there. raises: NotFound."""
    found = await connection.execute(
        f"{READ} AND s.session_id = %(id)s", {"organisation": organisation_id, "id": session_id}
    )
    row = await found.fetchone()
    if row is None:
        raise _unknown(session_id)
    return row


async def several(
    connection: AsyncConnection,
    organisation_id: int,
    *,
    event_id: str | None,
    state: str | None,
    limit: int,
    offset: int,
) -> list[dict[str, Any]]:
    """Live sessions of an organisation, newest first; those of an event, or in a state."""
    found = await connection.execute(
        f"""{READ} AND (%(event)s::text IS NULL OR s.event_id = %(event)s)
            AND (%(state)s::text IS NULL OR s.state = %(state)s)
            ORDER BY s.id DESC LIMIT %(limit)s OFFSET %(offset)s""",
        {"organisation": organisation_id, "event": event_id, "state": state, "limit": limit, "offset": offset},
    )
    return await found.fetchall()


def _values(organisation_id: int, told: LiveSession) -> dict[str, Any]:
    named = ("id", "event_id", "title", "topic", "language", "mode", "starts_at", "ends_at")
    return {"organisation": organisation_id} | {name: getattr(told, name) for name in named}


async def _plan(connection: AsyncConnection, organisation_id: int, session: int, agenda: Sequence[Item]) -> None:
    for item in agenda:
        values = (organisation_id, session, item.kind, item.title, item.starts_at, item.ends_at)
        await connection.execute(AGENDA, values)


async def _locked(connection: AsyncConnection, organisation_id: int, session_id: str) -> dict[str, Any]:
    await connection.execute(LOCK, (organisation_id, session_id))
    return await read(connection, organisation_id, session_id)


def _unknown(session_id: str) -> NotFound:
    return NotFound(f"There is no live session {session_id}; create it first.", fields=["session_id"])
