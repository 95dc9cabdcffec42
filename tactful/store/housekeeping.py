"""Clearing what is over: counters of past days, forgotten event ids, old ledger rows."""

from datetime import datetime, timedelta

from tactful.store.database import Connection

# A local day is over everywhere once it is two days old in UTC: the last zone is UTC-12.
OVER_EVERYWHERE = timedelta(days=1)


def daily_reset(connection: Connection, at: datetime) -> int:
    """Clear the daily counters of local days that are over everywhere. Answers how many rows were cleared.

    Nobody depends on it for correctness: a counter is only read together with its local day.
    """
    last = (at - OVER_EVERYWHERE).date()
    cleared = connection.execute(
        """UPDATE ambient_presence_states
              SET quick_access_count_today = 0, inline_help_count_today = 0, counters_day = NULL
            WHERE counters_day < %s""",
        (last,),
    ).rowcount
    return (
        cleared
        + connection.execute(
            """UPDATE attention SET sent_today = 0, outreach_today = 0, in_context_today = 0, critical_today = 0
            WHERE local_day < %s AND (sent_today, outreach_today, in_context_today, critical_today) <> (0, 0, 0, 0)""",
            (last,),
        ).rowcount
    )


def forget(connection: Connection, *, at: datetime, key_days: int, ledger_days: int) -> int:
    """Drop event ids and ledger rows older than the settings keep them. Answers how many rows went."""
    keys = connection.execute(
        "DELETE FROM event_keys WHERE received_at < %s", (at - timedelta(days=key_days),)
    ).rowcount
    rows = connection.execute("DELETE FROM decisions WHERE at < %s", (at - timedelta(days=ledger_days),)).rowcount
    return keys + rows
