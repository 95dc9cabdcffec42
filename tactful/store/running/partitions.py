"""Who looks after which live sessions: shares of them, held for a short time and under a number that only goes up.

A holder renews its hold twice a second. One that is killed, frozen or cut off does not, and after HOLD anybody may take
its share under the next number (epoch). Whoever acts says under which number, in the transaction that acts; a holder
that wakes up after its share was taken is refused there. All times are the database's own.

No advisory locks: a process that is frozen keeps its connection and so its locks for as long as it sleeps, and a
connection pool in front of the database may pass them on.
"""

from collections.abc import Mapping, Sequence

from tactful.store.database import Connection
from tactful.store.tables.live import PARTITIONS

# How long a hold lasts, and how long a holder counts as there [s].
HOLD = 2.0
# A transaction that acts, and then stands still for so long, is ended by the database: it may belong to a process that
# was frozen, and others wait for what it has locked [ms].
STANDSTILL = 1500

MADE = """
INSERT INTO live_partitions (partition) SELECT generate_series(0, %s) ON CONFLICT DO NOTHING
"""
# One row twice a second, however much is held.
RENEW = """
INSERT INTO live_holders (holder, until) VALUES (%(holder)s, clock_timestamp() + make_interval(secs => %(hold)s))
    ON CONFLICT (holder) DO UPDATE SET until = excluded.until
"""
GONE = "DELETE FROM live_holders WHERE until < clock_timestamp() - interval '1 minute'"
THERE = "SELECT count(*) AS there FROM live_holders WHERE until > clock_timestamp()"
OWN = "SELECT partition, epoch FROM live_partitions WHERE holder = %s"
TAKE = """
UPDATE live_partitions p SET holder = %(holder)s, epoch = p.epoch + 1
  FROM (SELECT partition FROM live_partitions f
         WHERE NOT EXISTS (SELECT FROM live_holders h WHERE h.holder = f.holder AND h.until > clock_timestamp())
         ORDER BY partition LIMIT %(most)s FOR UPDATE SKIP LOCKED) free
 WHERE p.partition = free.partition RETURNING p.partition, p.epoch
"""
LEAVE = """
UPDATE live_partitions p SET holder = NULL
  FROM (SELECT partition FROM live_partitions WHERE holder = %s AND partition = ANY(%s)
         ORDER BY partition FOR UPDATE) own WHERE p.partition = own.partition
"""
LEFT = "DELETE FROM live_holders WHERE holder = %s"
STANDING = "SELECT set_config('idle_in_transaction_session_timeout', %s, true)"
# Shared: many may act at once, and whoever takes a share waits for them to end.
HELD = """
SELECT partition, epoch FROM live_partitions WHERE holder = %s AND partition = ANY(%s) ORDER BY partition FOR SHARE
"""


def hold(connection: Connection, holder: str) -> dict[int, int]:
    """Renew what `holder` holds, leave what is more than its share and take what is free of it: partition -> epoch."""
    stand(connection)
    values = {"holder": holder, "hold": HOLD}
    connection.execute(RENEW, values)
    counted = connection.execute(THERE).fetchone()
    there = max(1, int(counted["there"]) if counted else 1)
    share = -(-PARTITIONS // there)
    held = {row["partition"]: row["epoch"] for row in connection.execute(OWN, (holder,))}
    surplus = sorted(held)[share:]
    if surplus:
        leave(connection, holder, surplus)
    kept = {partition: epoch for partition, epoch in held.items() if partition not in surplus}
    if len(kept) < share:
        taken = connection.execute(TAKE, {**values, "most": share - len(kept)})
        kept |= {row["partition"]: row["epoch"] for row in taken}
    return kept


def leave(connection: Connection, holder: str, partitions: Sequence[int]) -> None:
    """Give these back at once."""
    connection.execute(LEAVE, (holder, list(partitions)))


def part(connection: Connection, holder: str, partitions: Sequence[int]) -> None:
    """Give back all of these and be gone."""
    leave(connection, holder, partitions)
    connection.execute(LEFT, (holder,))


def prepare(connection: Connection) -> None:
    """Make the shares, where there are none yet, and forget holders long gone."""
    connection.execute(MADE, (PARTITIONS - 1,))
    connection.execute(GONE)


def still(connection: Connection, holder: str, epochs: Mapping[int, int]) -> set[int]:
    """Of partition -> epoch, those that are still held under that number; they stay so until this transaction ends."""
    stand(connection)
    found = connection.execute(HELD, (holder, list(epochs)))
    return {row["partition"] for row in found if epochs[row["partition"]] == row["epoch"]}


def stand(connection: Connection) -> None:
    """Have this transaction ended by the database if it stands still: others may wait for what it has locked."""
    connection.execute(STANDING, (str(STANDSTILL),))


def partition(live_session_id: int) -> int:
    """The share a session belongs to.

    >>> partition(64), partition(65)
    (0, 1)
    """
    return live_session_id % PARTITIONS
