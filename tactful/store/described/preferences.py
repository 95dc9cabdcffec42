"""What people said about being reached: user_notification_preferences, one row for each who said anything."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from psycopg.types.json import Jsonb

from tactful.facts.allowances import Defaults
from tactful.store.database import AsyncConnection

COLUMNS = (
    "dnd_enabled",
    "quiet_hours_start",
    "quiet_hours_end",
    "max_notifications_per_day",
    "disabled_intervention_types",
    "disabled_channels",
    "preferred_channel",
)
NAMES = ", ".join(COLUMNS)


def of_defaults(defaults: Defaults) -> dict[str, Any]:
    """What holds for somebody who never said anything."""
    return {
        "dnd_enabled": False,
        "quiet_hours_start": _time(defaults.quiet_start),
        "quiet_hours_end": _time(defaults.quiet_end),
        "max_notifications_per_day": defaults.max_per_day,
        "disabled_intervention_types": [],
        "disabled_channels": [],
        "preferred_channel": None,
    }


async def read(connection: AsyncConnection) -> dict[str, Any] | None:
    """The row of the identity's person; None when they never said anything."""
    found = await connection.execute(
        f"SELECT {NAMES} FROM user_notification_preferences WHERE user_id = (SELECT current_person())"
    )
    return await found.fetchone()


async def consent(connection: AsyncConnection) -> dict[str, bool]:
    """What the identity's person said, purpose by purpose; nothing of somebody nobody knows."""
    found = await connection.execute("SELECT consent FROM people WHERE id = (SELECT current_person())")
    row = await found.fetchone()
    return dict(row["consent"]) if row is not None else {}


async def write(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Replace the row of the identity's person. values: all of COLUMNS."""
    places = ", ".join(f"%({name})s" for name in COLUMNS)
    await connection.execute(
        f"""INSERT INTO user_notification_preferences (user_id, organization_id, {NAMES})
            VALUES (current_person(), current_organisation(), {places})
            ON CONFLICT (user_id) DO UPDATE SET ({NAMES}, updated_at) = ({places}, now())""",
        dict(values),
    )


async def note(
    connection: AsyncConnection, before: Mapping[str, Any], after: Mapping[str, Any], *, at: datetime
) -> None:
    """Keep what the identity's person has changed, and from what; nothing where nothing changed."""
    changes = {name: [_plain(before[name]), _plain(after[name])] for name in COLUMNS if before[name] != after[name]}
    if changes:
        await connection.execute(
            """INSERT INTO preference_changes (person_id, organisation_id, at, changes)
               VALUES (current_person(), current_organisation(), %s, %s)""",
            (at, Jsonb(changes)),
        )


def _plain(value: Any) -> Any:
    return f"{value:%H:%M}" if isinstance(value, time) else value


async def lock(connection: AsyncConnection) -> None:
    """Let changes of one person's preferences follow each other; until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('preferences ' || current_person(), 0))")


def _time(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60, minutes % 60)
