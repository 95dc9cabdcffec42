"""How our PostgreSQL is set up: durable always, sized to the machine, tuned for few cores and large batches."""

import os

from tactful.embedded.settings import MAX_CONNECTIONS, POSTGRES_OPTIONS, SHARED_BUFFERS
from tactful.kernel.settings import Settings

MIB = 1 << 20


def options(settings: Settings) -> dict[str, str]:
    """PostgreSQL's settings by name; `embedded.postgres_options` has the last word."""
    memory = _memory()
    buffers = settings[SHARED_BUFFERS] or min(max(memory // 8, 128), 1024)
    chosen = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": str(settings[MAX_CONNECTIONS]),
        "timezone": "UTC",
        "log_timezone": "UTC",
        # An answer given is an answer kept.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # Memory: a page cache of our own, the rest is the kernel's; sorts and hashes of a whole tick in memory.
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "32MB",
        "hash_mem_multiplier": "3",
        "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
        # Writing: long stretches between checkpoints, because each makes the next write of a page a full one.
        "max_wal_size": "4GB",
        "min_wal_size": "512MB",
        "checkpoint_timeout": "15min",
        # The wheel has no LZ4; with pglz, updates after a checkpoint were 8x slower (1.6 s, not 0.18 s).
        "wal_compression": "off",
        # Statements are short or large and regular: compiling them costs more than it gains.
        "jit": "off",
        "random_page_cost": "1.1",
        # A tick asks two large questions at a time, and every worker holds sums of nearly everybody.
        "max_parallel_workers_per_gather": str(min((os.cpu_count() or 1) // 4, 2)),
        # Seven days of logs, one file a weekday.
        "logging_collector": "on",
        "log_directory": "../logs",
        "log_filename": "postgres-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %u ",
        # Statements and details of errors quote rows and keys, that is people; whoever asked is told them anyway.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not _roomy():
        chosen["dynamic_shared_memory_type"] = "mmap"
    return chosen | dict(pair.split("=", 1) for pair in settings[POSTGRES_OPTIONS].split())


def _memory() -> int:
    """The machine's memory in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB


def _roomy() -> bool:
    """Whether /dev/shm has room for parallel queries; containers often get 64 MB, where they fail."""
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return True
    return room.f_frsize * room.f_blocks >= 256 * MIB
