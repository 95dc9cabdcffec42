"""PostgreSQL and Valkey from their wheels, started and stopped with the process.

`with running(settings) as parts:` gives `parts.database_url` and `parts.redis_url`. Processes
that name the same data directory share the servers; the last one to leave stops them.
"""

from tactful.embedded.backup import backup, restore
from tactful.embedded.parts import Parts, running, start, stop_unused
from tactful.embedded.postgres import PostgresServer
from tactful.embedded.upgrade import upgrade
from tactful.embedded.valkey import ValkeyServer

__all__ = ["Parts", "PostgresServer", "ValkeyServer", "backup", "restore", "running", "start", "stop_unused", "upgrade"]
