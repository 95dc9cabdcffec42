"""The job queue: Procrastinate on our own database, as service_role."""

from datetime import datetime

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from tactful.store.database import Connection, Database

# A worker that starts makes up for the last moment of each schedule if it is no older than this; seconds.
MAKE_UP = 86_400.0
# Wait before a job that failed is tried again for the first time, doubled from then on; seconds.
FIRST_WAIT = 10


def queue(database: Database) -> App:
    """A job application whose jobs are rows next to ours. Open it before use: `async with app.open_async()`."""
    connector = PsycopgConnector(kwargs=conninfo_to_dict(database.url("service_role")), min_size=1, max_size=4)
    return App(connector=connector, periodic_defaults={"max_delay": MAKE_UP})


class Again(BaseRetryStrategy):
    """Try a job that failed again, later each time. longest: wait between two tries [s]."""

    def __init__(self, *, tries: int, longest: int) -> None:
        self.tries = tries
        self.longest = longest

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try `job` again; None when it has been tried often enough."""
        if job.attempts + 1 >= self.tries:
            return None
        return RetryDecision(retry_in={"seconds": min(FIRST_WAIT * 2**job.attempts, self.longest)})


async def recover(app: App, *, silence: float, tries: int) -> int:
    """Give the jobs of workers that are gone back to the queue; those tried often enough fail.

    Answers how many were given back.

    silence: how long a worker was not heard of when it counts as gone [s].
    """
    back = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        try:
            if job.attempts + 1 < tries:
                await app.job_manager.retry_job(job)
                back += 1
            else:
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        except ConnectorException:
            # Another worker came first, or the database went; then somebody looks again soon.
            continue
    return back


# What goes out has workers' places of its own, so that a slow provider keeps nothing else waiting.
DEFAULT, OUTSIDE = "default", "outside"
# One that waits already will do; two would find nothing left to do.
WAKE = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
         ROW(%(queue)s, %(task)s, 0, NULL, NULL, %(values)s, %(later)s)::procrastinate_job_to_defer_v1])
 WHERE NOT EXISTS (SELECT FROM procrastinate_jobs
                    WHERE task_name = %(task)s AND status = 'todo'
                      AND args ->> 'channel' IS NOT DISTINCT FROM %(channel)s
                      AND coalesce(scheduled_at <= coalesce(%(later)s, now()), true))
"""


def wake(
    connection: Connection, task: str, *, at: datetime, channel: str | None = None, later: datetime | None = None
) -> None:
    """Let a worker do `task` as soon as this transaction is committed. at: the moment it is about.

    channel: through which it sends, for a task that does. later: not before then.
    """
    told = {"timestamp": int(at.timestamp())} | ({} if channel is None else {"channel": channel})
    queue = DEFAULT if channel is None else OUTSIDE
    values = {"queue": queue, "task": task, "values": Jsonb(told), "channel": channel, "later": later}
    connection.execute(WAKE, values)
