"""Settings of the store."""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict
from redis.connection import parse_url

from tactful.kernel.settings import Setting

# What SQLAlchemy adds to the scheme, to say which driver it should take.
DRIVER = re.compile(r"^(postgres(?:ql)?)\+\w+(?=://)")


def plain_url(url: str) -> str:
    """A database's address as PostgreSQL's own programs write it.

    >>> plain_url("postgresql+psycopg://ana@db/learn")
    'postgresql://ana@db/learn'
    """
    return DRIVER.sub(r"\1", url)


def _database(url: str) -> str | None:
    try:
        conninfo_to_dict(plain_url(url))
    except psycopg.Error:
        return (
            "is not an address of PostgreSQL like postgresql://user:password@host/database "
            "(write @, / and % in a password as %40, %2F and %25)"
        )
    return None


def _redis(url: str) -> str | None:
    try:
        if url:
            parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        return "is not an address of Valkey or Redis like redis://host:6379/0"
    return None


DATABASE_URL = Setting(
    "store.database_url",
    "",
    "PostgreSQL 15 or newer to use, as its owner: postgresql://user:password@host/database. Empty starts our own.",
    env=("DATABASE_URL",),
    secret=True,
    check=_database,
)
REDIS_URL = Setting(
    "store.redis_url",
    "",
    "Valkey or Redis to use: redis://host:6379/0. Empty starts our own.",
    env=("REDIS_URL",),
    secret=True,
    check=_redis,
)
LATE_HOURS = Setting(
    "store.late_hours",
    24.0,
    "How late a presence beat may come that was kept while its page was offline; older ones are not stored.",
    unit="hours",
    low=0,
    high=168,
)
PRESENCE_CONSENT = Setting(
    "store.presence_consent",
    True,
    "Whether presence beats are stored of people who were never asked. Who says no is never followed.",
)
ROLE_SECRET = Setting(
    "store.role_secret",
    "",
    "What the passwords of the three database roles are derived from. Empty keeps one in the data directory.",
    secret=True,
)
# An import holds one connection and uses three more at the same time.
POOL_SIZE = Setting("store.pool_size", 10, "Connections a process keeps for each database role.", low=4, high=500)
MONTHLY_YEARS = Setting(
    "store.monthly_years",
    1,
    "Years before the present one whose months get partitions of their own; older years get one each, "
    "and all before 2000 one together.",
    unit="years",
    low=0,
    high=20,
)
TIMESCALE = Setting(
    "store.timescale",
    "auto",
    "Whether the time series of live sessions become hypertables where the database has TimescaleDB. Asked once, when "
    "the tables are made; never: native partitions, whatever it has.",
    choices=("auto", "never"),
)
EVENT_KEY_DAYS = Setting(
    "store.event_key_days", 400, "How long an event id is remembered, so that it counts once.", unit="days", low=1
)
EVENT_DAYS = Setting(
    "store.event_days",
    0,
    "How long raw events are kept, by whole months; 0 for ever. What they add up to stays; a past moment cannot be "
    "worked out again from events that are gone.",
    unit="days",
    low=0,
)
LEDGER_DAYS = Setting(
    "store.ledger_days", 400, "How long ledger rows and their ticks are kept, by whole months.", unit="days", low=1
)
BELIEF_DAYS = Setting(
    "store.belief_days",
    400,
    "How long beliefs and what came of them are kept once they are over, and live sessions with all that was said and "
    "done in them; monitoring cannot look back further.",
    unit="days",
    low=60,
)
SIGNAL_DAYS = Setting(
    "store.signal_days",
    30,
    "How long single signals of live audiences and their sums by the second are kept, by whole months (by whole "
    "days where they are hypertables); 0 for ever. "
    "What was heard in ten seconds stays for as long as beliefs do.",
    unit="days",
    low=0,
)
MESSAGE_DAYS = Setting(
    "store.message_days",
    90,
    "How long the words of messages are kept; 0 never stores them, nor key words out of them. What was told of them "
    "stays for store.engagement_days.",
    unit="days",
    low=0,
)
ENGAGEMENT_DAYS = Setting(
    "store.engagement_days",
    400,
    "How long it is kept what was told of each message (sentiment, topics, quality), by whole months; 0 for ever. What "
    "they add up to stays.",
    unit="days",
    low=0,
)
INTERVENTION_DAYS = Setting(
    "store.intervention_days",
    400,
    "How long it is kept what was said to people, once it is over, where it went and what became of it, what was asked "
    "for, and addresses at which nobody is any more; how well it did cannot be told further back.",
    unit="days",
    low=60,
)
AT_ONCE = Setting(
    "store.at_once_rows",
    50_000,
    "Up to how many ledger rows (and a tenth as many beliefs or people) effects, the truth of beliefs and the progress "
    "of milestones are worked out while somebody waits; of more, what was worked out last night is told.",
    unit="rows",
    low=0,
)
JOB_DAYS = Setting("store.job_days", 30, "How long jobs that failed are remembered.", unit="days", low=1)
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
LATE_MINUTES = Setting(
    "store.late_minutes",
    15,
    "How long no tick may have finished before ticks count as late; three times what lies between two of them.",
    unit="minutes",
    low=1,
)
STATUS_SECONDS = Setting(
    "store.status_seconds",
    5.0,
    "How long figures of the status page, of health and of metrics are shown before they are counted anew.",
    unit="seconds",
    low=0,
    high=300,
)
ANSWER_SECONDS = Setting(
    "store.answer_seconds",
    300.0,
    "How long an answer about somebody (their risk, plateaus, regressions, insights) may be told again while no new "
    "fact about them has come; 0 works out every one anew.",
    unit="seconds",
    low=0,
    high=86_400,
)

SETTINGS = (
    DATABASE_URL,
    REDIS_URL,
    ROLE_SECRET,
    POOL_SIZE,
    MONTHLY_YEARS,
    TIMESCALE,
    EVENT_KEY_DAYS,
    EVENT_DAYS,
    LEDGER_DAYS,
    BELIEF_DAYS,
    SIGNAL_DAYS,
    MESSAGE_DAYS,
    ENGAGEMENT_DAYS,
    INTERVENTION_DAYS,
    AT_ONCE,
    JOB_DAYS,
    LATE_HOURS,
    PRESENCE_CONSENT,
    VISIT_TIMEOUT,
    TAB_TOLERANCE,
    RESUME_MINUTES,
    WORKER_SILENCE,
    LATE_MINUTES,
    STATUS_SECONDS,
    ANSWER_SECONDS,
)
