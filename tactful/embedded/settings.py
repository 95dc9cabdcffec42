"""Settings of the embedded PostgreSQL and Valkey."""

from tactful.kernel.settings import Setting

DATA_DIR = Setting(
    "embedded.data_dir",
    "",
    "Where data, secrets and logs are kept. Empty means /var/lib/tactful as root, else ~/.local/share/tactful.",
    env=("TACTFUL_DATA_DIR",),
)
START_WAIT = Setting(
    "embedded.start_wait",
    900,
    "How long a start may take, crash recovery included, before it is given up.",
    unit="seconds",
    low=1,
    high=86_400,
)
STOP_WAIT = Setting(
    "embedded.stop_wait",
    60,
    "How long an orderly stop may take before the server is stopped at once.",
    unit="seconds",
    low=1,
    high=3_600,
)
SHARED_BUFFERS = Setting(
    "embedded.shared_buffers",
    0,
    "PostgreSQL's page cache. 0 takes an eighth of the machine's memory, at least 128, at most 1024.",
    unit="MiB",
    low=0,
    high=262_144,
)
MAX_CONNECTIONS = Setting(
    "embedded.max_connections", 200, "Connections PostgreSQL accepts at once.", low=20, high=10_000
)
POSTGRES_OPTIONS = Setting(
    "embedded.postgres_options",
    "",
    "More PostgreSQL settings, as name=value separated by blanks, for example: work_mem=64MB max_wal_size=8GB.",
    check=lambda text: None if all("=" in part for part in text.split()) else "is not a list of name=value",
)
VALKEY_MEMORY = Setting(
    "embedded.valkey_memory",
    512,
    "Memory Valkey may fill before it drops what expires anyway.",
    unit="MiB",
    low=16,
    high=262_144,
)

SETTINGS = (DATA_DIR, START_WAIT, STOP_WAIT, SHARED_BUFFERS, MAX_CONNECTIONS, POSTGRES_OPTIONS, VALKEY_MEMORY)
