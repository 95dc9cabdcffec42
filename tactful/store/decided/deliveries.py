"""deliveries on their way out: taken in small numbers, marked before they go, and noted when they are through.

Interventions are locked before their deliveries, as everybody does who writes both. What somebody else holds is passed
over, so workers never wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tactful.kernel.errors import Refusal
from tactful.kernel.records import Message
from tactful.store.database import Connection
from tactful.store.decided.interventions import OPEN, OPEN_QUERY, WORDS, addressed, wake
from tactful.store.described import addresses

# Waits between two tries, doubled each time.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)

# By whatever comes first: what is due the longest goes first.
TAKE = """
SELECT d.id, d.intervention_id FROM deliveries d JOIN intervention_logs i ON i.id = d.intervention_id
 WHERE d.channel = %s AND d.state = 'due' AND d.due_at <= %s AND d.expires_at > %s AND i.state = 'planned'
 ORDER BY d.due_at, d.id LIMIT %s FOR NO KEY UPDATE OF i, d SKIP LOCKED
"""
# Whoever changes what they allow holds their row until it is in force; whoever sends keeps them from it until then.
SETTLED = "SELECT id FROM people WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED"
GOING = """
SELECT d.id, d.mark, d.address_id, a.address, a.token, i.id AS intervention_id, i.user_id AS person_id,
       i.organization_id AS organisation_id, i.intervention_type AS kind, i.channel, i.context, i.expires_at, i.title,
       i.message, i.action, p.locale, w.secret
  FROM deliveries d
  JOIN intervention_logs i ON i.id = d.intervention_id
  JOIN people p ON p.id = i.user_id
  LEFT JOIN addresses a ON a.id = d.address_id AND a.disabled_at IS NULL
  -- An endpoint signs with its own secret, and only registered ones have one.
  LEFT JOIN webhooks w ON d.channel = 'webhook' AND w.organisation_id = i.organization_id AND w.url = a.address
                      AND w.disabled_at IS NULL
 WHERE d.id = ANY(%s) AND d.state = 'due' ORDER BY d.id
"""
WORDED = """
UPDATE intervention_logs i SET title = h.title, message = h.message, action = h.action,
       template = coalesce(nullif(h.template, ''), i.template),
       polished_by = coalesce(nullif(h.model, ''), i.polished_by)
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
       AS h (id, title, message, action, template, model)
 WHERE i.id = h.id
"""
MARK = """
UPDATE deliveries SET state = 'sending', claimed_at = %s, attempts = attempts + 1, refusal = NULL, error = NULL
 WHERE id = ANY(%s)
"""
HOLD = """
SELECT count(*) FROM (
  SELECT 1 FROM intervention_logs WHERE id IN (SELECT intervention_id FROM deliveries WHERE id = ANY(%s))
   ORDER BY user_id, id FOR NO KEY UPDATE) held
"""
SHOWN = """
UPDATE intervention_logs SET state = 'shown', shown_at = coalesce(shown_at, %s)
 WHERE id IN (SELECT intervention_id FROM deliveries WHERE id = ANY(%s)) AND state = 'planned'
RETURNING id
"""
SENT = """
WITH sent AS (
  UPDATE deliveries d SET state = 'sent', sent_at = %s, reference = h.reference
    FROM unnest(%s::bigint[], %s::text[]) AS h (id, reference)
   WHERE d.id = h.id AND d.state IN ('sending', 'unknown') RETURNING d.address_id)
UPDATE addresses a SET sent = a.sent + h.many
  FROM (SELECT address_id, count(*) AS many FROM sent GROUP BY address_id) h WHERE a.id = h.address_id
"""
# Not now, or nobody can tell and a copy would be known: later, less and less often, until it was tried often enough.
AGAIN = """
UPDATE deliveries d
   SET state = CASE WHEN d.attempts >= %(tries)s THEN 'refused' ELSE 'due' END, refusal = 'retry', error = h.error,
       due_at = %(at)s::timestamptz
                + greatest(make_interval(secs => coalesce(h.after, 0)),
                           least(%(longest)s::interval, %(first)s::interval * power(2, least(d.attempts, 20) - 1)))
  FROM unnest(%(ids)s::bigint[], %(errors)s::text[], %(afters)s::float[]) AS h (id, error, after)
 WHERE d.id = h.id AND d.state = 'sending' RETURNING d.id, d.state
"""
CLOSED = """
UPDATE deliveries d SET state = h.state, refusal = h.refusal, error = h.error
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS h (id, state, refusal, error)
 WHERE d.id = h.id AND d.state = 'sending'
"""
# Whose other deliveries neither went nor will: for those another way is looked for.
WITHOUT = f"""
{OPEN_QUERY} WHERE i.state = 'planned' AND i.expires_at > %s
   AND i.id IN (SELECT intervention_id FROM deliveries WHERE id = ANY(%s))
   AND NOT EXISTS (SELECT FROM deliveries o WHERE o.intervention_id = i.id
                                              AND o.state IN ('due', 'sending', 'sent', 'unknown'))
 ORDER BY i.user_id, i.id FOR NO KEY UPDATE
"""
TRIED = """
SELECT intervention_id, array_agg(DISTINCT channel) AS channels FROM deliveries WHERE intervention_id = ANY(%s)
 GROUP BY intervention_id
"""
ELSEWHERE = f"""
WITH moved AS (
  UPDATE intervention_logs i SET channel = h.channel, due_at = %s
    FROM unnest(%s::bigint[], %s::text[]) AS h (id, channel) WHERE i.id = h.id RETURNING i.*),
{addressed("moved m", "true")}
SELECT
"""
STRANDED = """
UPDATE deliveries SET state = %s, error = 'The worker that sent it was cut off.'
 WHERE channel = %s AND state = 'sending' AND claimed_at < %s RETURNING id
"""
NEXT = "SELECT min(due_at) AS next FROM deliveries WHERE channel = %s AND state = 'due' AND expires_at > due_at"
WAITING = """
SELECT DISTINCT channel FROM deliveries
 WHERE channel <> 'in_app' AND ((state = 'due' AND due_at <= %s) OR (state = 'sending' AND claimed_at < %s))
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery: `reference` where it was taken, else why not; neither where nobody can tell.

    attempts: how often it was tried; after: how long to wait at least [s].
    """

    delivery: int
    address: int | None
    reference: str | None = None
    refusal: Refusal | None = None
    error: str = ""
    after: float | None = None


def take(connection: Connection, channel: str, *, at: datetime, size: int) -> list[tuple[int, int]]:
    """Hold up to `size` deliveries that are due in a channel until this transaction ends: (delivery, intervention)."""
    rows = connection.execute(TAKE, (channel, at, at, size)).fetchall()
    return [(row["id"], row["intervention_id"]) for row in rows]


def interventions(connection: Connection, ids: Sequence[int]) -> pl.DataFrame:
    """These interventions as `decide.review` wants to see them: OPEN."""
    rows = connection.execute(f"{OPEN_QUERY} WHERE i.id = ANY(%s) ORDER BY i.user_id, i.id", (list(ids),)).fetchall()
    return pl.DataFrame(rows, schema=OPEN, orient="row")


def settled(connection: Connection, people: Sequence[int]) -> set[int]:
    """Those of these people who are not just changing what they allow, and cannot until this transaction ends.

    So what is read of them from now on holds for all that goes out by it, and who has said no is sent nothing.
    """
    return {row["id"] for row in connection.execute(SETTLED, (list(people),)).fetchall()}


def going(connection: Connection, deliveries: Sequence[int]) -> list[dict[str, Any]]:
    """What is needed to word these deliveries and send them. address: none where it was forgotten or switched off."""
    return connection.execute(GOING, (list(deliveries),)).fetchall()


def mark(connection: Connection, deliveries: Sequence[int], words: dict[int, Message], *, at: datetime) -> None:
    """Note that these go out now, in these words (by intervention): from here on they may have arrived."""
    parts = ([getattr(each, part) for each in words.values()] for part in WORDS)
    connection.execute(WORDED, (list(words), *parts))
    connection.execute(MARK, (at, list(deliveries)))


def hold(connection: Connection, ids: Sequence[int]) -> None:
    """Lock the interventions of these deliveries, in person order, before anything of them is written."""
    connection.execute(HOLD, (list(ids),))


def taken(connection: Connection, outcomes: Sequence[Outcome], *, at: datetime) -> list[int]:
    """Note what was taken; answers whose interventions are shown by that."""
    ids = [each.delivery for each in outcomes]
    shown = connection.execute(SHOWN, (at, ids)).fetchall()
    connection.execute(SENT, (at, ids, [each.reference for each in outcomes]))
    return [row["id"] for row in shown]


def not_now(connection: Connection, outcomes: Sequence[Outcome], *, at: datetime, tries: int) -> list[int]:
    """Note what is tried again later; answers the deliveries that were tried often enough and are given up."""
    columns = {
        "ids": [each.delivery for each in outcomes],
        "errors": [each.error for each in outcomes],
        "afters": [each.after for each in outcomes],
    }
    waits = {"at": at, "tries": tries, "first": FIRST_WAIT, "longest": LONGEST_WAIT}
    return [row["id"] for row in connection.execute(AGAIN, columns | waits) if row["state"] == "refused"]


def never(connection: Connection, outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Note what is refused for good, or in doubt for good; addresses that are gone or do not want it are left alone."""
    states = ["unknown" if each.refusal is None else "refused" for each in outcomes]
    refusals = [each.refusal for each in outcomes]
    connection.execute(CLOSED, ([o.delivery for o in outcomes], states, refusals, [o.error for o in outcomes]))
    off = (Refusal.GONE, Refusal.BLOCKED)
    gone = {each.address: each.refusal for each in outcomes if each.address is not None and each.refusal in off}
    addresses.switch_off(connection, {address: str(why) for address, why in gone.items()}, at=at)


def without(
    connection: Connection, deliveries: Sequence[int], *, at: datetime
) -> tuple[pl.DataFrame, dict[int, list[str]]]:
    """Of the interventions of these deliveries those that nobody will get the way they were to go: OPEN, and for each
    the channels that were tried."""
    rows = connection.execute(WITHOUT, (at, list(deliveries))).fetchall()
    found = pl.DataFrame(rows, schema=OPEN, orient="row")
    tried = connection.execute(TRIED, (found["intervention_id"].to_list(),)).fetchall()
    return found, {row["intervention_id"]: row["channels"] for row in tried}


def move(connection: Connection, channels: dict[int, str], *, at: datetime) -> None:
    """Let interventions go another way. channels: by intervention."""
    if channels:
        connection.execute(ELSEWHERE, (at, list(channels), list(channels.values())))
        wake(connection, pl.Series(list(channels.values())), at=at)


def stranded(connection: Connection, channel: str, *, before: datetime, again: bool) -> int:
    """Take up what a worker was cut off from before an instant: again where a copy would be known, else in doubt."""
    state = "due" if again else "unknown"
    return connection.execute(STRANDED, (state, channel, before)).rowcount


def due_next(connection: Connection, channel: str) -> datetime | None:
    """When the next delivery of a channel is due, also if that is over; None where there is none."""
    row = connection.execute(NEXT, (channel,)).fetchone()
    return None if row is None else row["next"]


def waiting(connection: Connection, *, at: datetime, before: datetime) -> list[str]:
    """Channels that have something to do: what is due, or what somebody was cut off from before an instant."""
    return [row["channel"] for row in connection.execute(WAITING, (at, before))]
