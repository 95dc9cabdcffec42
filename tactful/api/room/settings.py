"""Settings of live rooms over long connections."""

from tactful.kernel.settings import Setting

TICKET_SECONDS = Setting(
    "room.ticket_seconds", 60, "How long a ticket into a room may be used, once.", unit="seconds", low=5, high=3600
)
FRAME_BYTES = Setting(
    "room.frame_bytes",
    65_536,
    "Largest message that a client of a WebSocket may send; a larger one ends the connection (1009).",
    unit="bytes",
    low=1024,
    high=4_194_304,
)
FRAMES_PER_SECOND = Setting(
    "room.frames_per_second",
    10.0,
    "Messages of one WebSocket that are taken, in the long run; more are refused.",
    unit="a second",
    low=0.1,
    high=10_000,
)
FRAMES_AT_ONCE = Setting(
    "room.frames_at_once", 30, "Messages of one WebSocket that may come at once after a silence.", low=1, high=100_000
)
FRAMES_REFUSED = Setting(
    "room.frames_refused",
    500,
    "Messages refused one after the other as too many before the connection is ended (1008).",
    low=1,
)
WAITING = Setting(
    "room.waiting",
    64,
    "Messages that may wait for a client; one that reads too slowly for that is dropped (1013) and may resume.",
    low=4,
    high=10_000,
)
KEPT = Setting(
    "room.kept",
    200,
    "Latest messages of a room that a client who was away is told when it resumes.",
    low=1,
    high=10_000,
)
GRACE_SECONDS = Setting(
    "room.grace_seconds",
    5.0,
    "How long a participant's last connection may be gone before they count as having left.",
    unit="seconds",
    low=0,
    high=300,
)
CONNECTIONS = Setting(
    "room.connections", 10, "Connections to one room that one participant may have in a process.", low=1, high=10_000
)
CLIENTS = Setting(
    "room.clients", 50_000, "Connections of all rooms that one process may have; more are told to come back.", low=1
)
PING_SECONDS = Setting(
    "room.ping_seconds",
    20.0,
    "How often a silent connection is asked whether it is there; a WebSocket that does not answer for as long is over.",
    unit="seconds",
    low=1,
    high=300,
)

SETTINGS = (
    TICKET_SECONDS,
    FRAME_BYTES,
    FRAMES_PER_SECOND,
    FRAMES_AT_ONCE,
    FRAMES_REFUSED,
    WAITING,
    KEPT,
    GRACE_SECONDS,
    CONNECTIONS,
    CLIENTS,
    PING_SECONDS,
)
