"""Live sessions that nobody ends: they are ended, so that they are not listened to for ever.

Rooms hear of it as when somebody ends one: each hub looks at its rooms every second. Polls close with their session,
and whoever listens to it lets go of it and keeps its level.
"""

import logging
from datetime import datetime, timedelta

from tactful.kernel.settings import Settings
from tactful.sense.settings import LONGEST_HOURS
from tactful.store.database import Connection
from tactful.store.described import live_sessions
from tactful.store.running import partitions

log = logging.getLogger(__name__)


def end_forgotten(connection: Connection, at: datetime, settings: Settings) -> list[int]:
    """End live sessions that nobody ended within `live.longest_hours`; our numbers of them. The caller commits."""
    # Whoever counts their signals waits for this.
    partitions.stand(connection)
    longest = timedelta(hours=settings[LONGEST_HOURS])
    ended = live_sessions.end_forgotten(connection, at=at, longest=longest)
    if ended:
        log.info("Live sessions that nobody ended in %s are ended: %s.", longest, ended)
    return ended
