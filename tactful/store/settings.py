"""Settings of the store."""

from tactful.kernel.settings import Setting

DATABASE_URL = Setting(
    "store.database_url",
    "",
    "PostgreSQL 15 or newer to use, as its owner: postgresql://user:password@host/database. Empty starts our own.",
    env=("DATABASE_URL",),
    secret=True,
)
REDIS_URL = Setting(
    "store.redis_url",
    "",
    "Valkey or Redis to use: redis://host:6379/0. Empty starts our own.",
    env=("REDIS_URL",),
    secret=True,
)
ROLE_SECRET = Setting(
    "store.role_secret",
    "",
    "What the passwords of the three database roles are derived from. Empty keeps one in the data directory.",
    secret=True,
)
POOL_SIZE = Setting("store.pool_size", 10, "Connections a process keeps for each database role.", low=1, high=500)
EVENT_KEY_DAYS = Setting(
    "store.event_key_days", 400, "How long an event id is remembered, so that it counts once.", unit="days", low=1
)
LEDGER_DAYS = Setting("store.ledger_days", 400, "How long ledger rows are kept.", unit="days", low=1)
VISIT_TIMEOUT = Setting(
    "store.visit_timeout", 90.0, "How long no beat may come before a visit is over.", unit="seconds", low=1, high=86_400
)
TAB_TOLERANCE = Setting(
    "store.tab_tolerance",
    5.0,
    "How far beats may differ on when their page was opened and still come from one tab.",
    unit="seconds",
    low=0,
    high=3600,
)
RESUME_MINUTES = Setting(
    "store.resume_minutes",
    45,
    "How long after its moment a tick that died is still gone on with; an older one is given up, and the next one "
    "looks at everybody it left out.",
    unit="minutes",
    low=0,
    high=60,
)
WORKER_SILENCE = Setting(
    "store.worker_silence",
    30.0,
    "How long a worker may not be heard of before it counts as gone and its jobs are done by others.",
    unit="seconds",
    low=20,
    high=3600,
)

SETTINGS = (
    DATABASE_URL,
    REDIS_URL,
    ROLE_SECRET,
    POOL_SIZE,
    EVENT_KEY_DAYS,
    LEDGER_DAYS,
    VISIT_TIMEOUT,
    TAB_TOLERANCE,
    RESUME_MINUTES,
    WORKER_SILENCE,
)
