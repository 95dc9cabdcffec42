"""Sums of days: what was decided and done on each, so that nobody has to go through months of it again.

A day is counted once nothing in it can change any more; `uncounted` says what of a span has to be counted as it lies
in the tables. Somebody who is erased stays in the sums, which name nobody.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tactful.store.database import Connection
from tactful.store.steps import Say, Steps

INTERVENTIONS, DECISIONS = "interventions", "decisions"
# A tick that died is gone on with for an hour at most, and writes of its own moment then.
LATE = timedelta(hours=2)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)

# What is counted of interventions: column -> what it counts.
SUMS = {
    "decided": "true",
    "shown": "i.shown_at IS NOT NULL",
    "engaged": "i.user_response = 'engaged'",
    "dismissed": "i.user_response = 'dismissed'",
    "snoozed": "i.user_response = 'snoozed'",
    "ignored": "i.user_response = 'ignored'",
    "unanswered": "i.shown_at IS NOT NULL AND i.user_response IS NULL",
    "withdrawn": "i.state = 'withdrawn'",
    "shadowed": "i.state = 'shadow'",
}


def counts(told: Mapping[str, str]) -> str:
    """Columns that count rows. told: column -> what it counts."""
    return ", ".join(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in told.items())


COUNTS = counts(SUMS)
# Whatever reached somebody, by their own hour; once a day is counted, what was not answered never will be.
REACHED = "(i.shown_at IS NOT NULL OR i.user_response IS NOT NULL)"
HOUR = "extract(hour FROM coalesce(i.shown_at, i.responded_at, i.triggered_at) AT TIME ZONE p.zone)::smallint"
TAKEN = {
    "delivered": "true",
    **{name: SUMS[name] for name in ("engaged", "dismissed", "snoozed")},
    "ignored": "coalesce(i.user_response, 'ignored') = 'ignored'",
}
# A ledger row is about a person or a live session.
ABOUT = "CASE WHEN d.person_id IS NULL THEN 'session' ELSE 'person' END"
# Nothing was done although something could have been, which is not the same as having nothing to say.
RESULT = "CASE WHEN d.result = 'silent' AND cardinality(d.kinds) > 0 THEN 'withheld' ELSE d.result END"
# Every candidate, and each with the guard rails that forbade it.
CANDIDATES = f"""
SELECT {ABOUT} AS about, c.kind, c.verdict, d.at
  FROM {{decisions}} CROSS JOIN LATERAL unnest(d.kinds, d.verdicts) AS c (kind, verdict)
"""
BITS = "(SELECT -1 AS bit UNION ALL SELECT bit FROM generate_series(0, 62) AS bit)"
FORBADE = "(b.bit = -1 OR c.verdict & (1::bigint << greatest(b.bit, 0)) <> 0)"
ALONE = "c.verdict = CASE WHEN b.bit = -1 THEN 0 ELSE 1::bigint << greatest(b.bit, 0) END"
OF_DAY = "SELECT * FROM decisions WHERE organisation_id = %(organisation)s AND at >= %(since)s AND at < %(beyond)s"

COUNT = {
    INTERVENTIONS: (
        "DELETE FROM intervention_days WHERE organisation_id = %(organisation)s AND day = %(day)s",
        f"""INSERT INTO intervention_days (organisation_id, day, kind, channel, template, {", ".join(SUMS)})
            SELECT %(organisation)s, %(day)s, intervention_type, channel, template, {COUNTS} FROM intervention_logs i
             WHERE organization_id = %(organisation)s AND triggered_at >= %(since)s AND triggered_at < %(beyond)s
             GROUP BY intervention_type, channel, template""",
        "DELETE FROM response_hours WHERE organisation_id = %(organisation)s AND day = %(day)s",
        f"""INSERT INTO response_hours (organisation_id, day, hour, {", ".join(TAKEN)})
            SELECT %(organisation)s, %(day)s, {HOUR}, {counts(TAKEN)}
              FROM intervention_logs i JOIN people p ON p.id = i.user_id
             WHERE i.organization_id = %(organisation)s AND i.triggered_at >= %(since)s AND i.triggered_at < %(beyond)s
               AND {REACHED} GROUP BY 3""",
    ),
    DECISIONS: (
        "DELETE FROM result_days WHERE organisation_id = %(organisation)s AND day = %(day)s",
        "DELETE FROM verdict_days WHERE organisation_id = %(organisation)s AND day = %(day)s",
        f"""INSERT INTO result_days (organisation_id, day, about, result, kind, decisions)
            SELECT %(organisation)s, %(day)s, {ABOUT}, {RESULT}, coalesce(chosen, ''), count(*) FROM ({OF_DAY}) d
             GROUP BY 3, 4, 5""",
        f"""INSERT INTO verdict_days (organisation_id, day, about, kind, bit, candidates, alone)
            SELECT %(organisation)s, %(day)s, about, kind, bit, sum(many), coalesce(sum(many) FILTER (WHERE {ALONE}), 0)
              FROM (SELECT about, kind, verdict, count(*) AS many
                      FROM ({CANDIDATES.format(decisions=f"({OF_DAY}) d")}) c GROUP BY 1, 2, 3) c
              JOIN {BITS} b ON {FORBADE} GROUP BY about, kind, bit""",
    ),
}
DONE = """
INSERT INTO counted_days (organisation_id, what, day, counted_at) VALUES (%(organisation)s, %(what)s, %(day)s, now())
    ON CONFLICT (organisation_id, what, day) DO UPDATE SET counted_at = excluded.counted_at
"""
# Days with anything in them that are over and were not counted yet, oldest first.
FIRST = {
    INTERVENTIONS: "SELECT min(triggered_at) AS first FROM intervention_logs WHERE organization_id = %(organisation)s",
    DECISIONS: "SELECT min(at) AS first FROM decisions WHERE organisation_id = %(organisation)s",
}
READY = {
    INTERVENTIONS: """
EXISTS (SELECT FROM intervention_logs i WHERE i.organization_id = %(organisation)s
           AND i.triggered_at >= day AND i.triggered_at < day + interval '1 day')
AND NOT EXISTS (SELECT FROM intervention_logs i WHERE i.organization_id = %(organisation)s
                   AND i.triggered_at >= day AND i.triggered_at < day + interval '1 day'
                   AND i.state IN ('planned', 'shown', 'deferred'))""",
    DECISIONS: """
EXISTS (SELECT FROM decisions d WHERE d.organisation_id = %(organisation)s
           AND d.at >= day AND d.at < day + interval '1 day')""",
}
WAITING = """
SELECT day::date AS day FROM generate_series(%(first)s::timestamptz, %(last)s::timestamptz, interval '1 day') AS day
 WHERE day::date NOT IN (SELECT c.day FROM counted_days c WHERE c.organisation_id = %(organisation)s
                                                            AND c.what = %(what)s)
   AND {ready} ORDER BY day
"""
# Somebody decided about them since: of moments long ago, for the past can be asked about.
STALE = """
DELETE FROM counted_days c
 USING (SELECT (t.at AT TIME ZONE 'UTC')::date AS day, max(coalesce(t.finished_at, t.started_at)) AS last FROM ticks t
         WHERE coalesce(t.finished_at, t.started_at) > (SELECT max(counted_at) - interval '1 day' FROM counted_days)
         GROUP BY 1) late
 WHERE c.day = late.day AND c.counted_at <= late.last
"""
ALONE_IN = "SELECT pg_advisory_xact_lock(hashtextextended('days ' || %(organisation)s, 0))"
COUNTED = "SELECT day FROM counted_days WHERE what = %s AND day >= %s AND day <= %s"

Range = tuple[datetime, datetime]


def stale(connection: Connection) -> int:
    """Give up the sums of days that were decided about anew; answers how many. They are counted again."""
    return connection.execute(STALE).rowcount


def waiting(connection: Connection, organisation: int, what: str, at: datetime) -> list[date]:
    """Days of an organisation whose sums can be made by `at` and are not there, oldest first."""
    row = connection.execute(FIRST[what].encode(), {"organisation": organisation}).fetchone()
    if row is None or row["first"] is None:
        return []
    last = _begin((at - LATE).astimezone(UTC).date() - DAY)
    values = {"organisation": organisation, "what": what, "first": _begin(row["first"].astimezone(UTC).date())}
    found = connection.execute(WAITING.format(ready=READY[what]).encode(), values | {"last": last})
    return [row["day"] for row in found]


def count(connection: Connection, organisation: int, what: str, day: date) -> None:
    """Make the sums of a day, in place of those there were; the caller commits."""
    values = {"organisation": organisation, "what": what, "day": day, "since": _begin(day), "beyond": _begin(day) + DAY}
    for statement in (ALONE_IN, *COUNT[what], DONE):
        connection.execute(statement.encode(), values)


@dataclass(frozen=True, slots=True)
class Split:
    """A span as it is read: days whose sums are there, and the ranges in between (from, and up to but without)."""

    days: list[date]
    ranges: list[Range]

    @property
    def values(self) -> dict[str, object]:
        """What statements ask for: days, since and beyond."""
        begins, ends = [list(each) for each in zip(*self.ranges, strict=True)] if self.ranges else [[], []]
        return {"days": self.days, "since": begins, "beyond": ends}


def split(what: str, since: datetime, until: datetime, *, summed: bool = True) -> Steps[Split]:
    """A span (both ends in it), for the identity's organisation. summed: whether sums of days will do at all."""
    found = []
    if summed:
        found = yield Say(COUNTED, (what, since.astimezone(UTC).date(), until.astimezone(UTC).date()))
    return uncounted(since, until, {row["day"] for row in found})


def uncounted(since: datetime, until: datetime, counted: Collection[date]) -> Split:
    """The whole days of a span that are `counted`, and what lies between them.

    >>> day = datetime(2026, 3, 1, tzinfo=UTC)
    >>> told = uncounted(day - DAY / 2, day + 2 * DAY, {day.date(), (day - DAY).date()})
    >>> told.days, [(each[0].isoformat()[5:16], each[1].isoformat()[5:16]) for each in told.ranges]
    ([datetime.date(2026, 3, 1)], [('02-28T12:00', '03-01T00:00'), ('03-02T00:00', '03-03T00:00')])
    """
    beyond = until + INSTANT
    days = [day for day in sorted(counted) if _begin(day) >= since and _begin(day) + DAY <= beyond]
    return Split(days, list(_between(since, beyond, days)))


def _between(since: datetime, beyond: datetime, days: list[date]) -> Iterator[Range]:
    at = since
    for day in days:
        if _begin(day) > at:
            yield at, _begin(day)
        at = _begin(day) + DAY
    if at < beyond:
        yield at, beyond


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
