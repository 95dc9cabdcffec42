"""Many who ask at once are answered together, and each sees only what is theirs."""

from datetime import timedelta

from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.decided import inbox
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.living import NOW

PEOPLE = [(organisation, person) for organisation in ("acme", "zeta") for person in ("ana", "ben", "cy")]

# The title says whose it is.
OPEN = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                               title, triggered_at, due_at, expires_at)
SELECT p.id, p.organisation_id, kind, priority, 'test', 'shown', 'in_app', o.name || ' ' || p.external_id,
       %(at)s, %(at)s, %(until)s
  FROM people p JOIN organisations o ON o.id = p.organisation_id,
       (VALUES ('gentle_nudge', 3), ('morning_ritual', 5)) AS k (kind, priority)
 WHERE p.external_id <> 'cy'
"""


def fill(database: Database) -> None:
    seen = [(org, Event(id=f"first {who}", person=who, kind="visit", occurred_at=NOW)) for org, who in PEOPLE]
    with database.batch() as connection:
        run(connection, count_rows(seen, now=NOW))
        connection.execute(OPEN, {"at": NOW, "until": NOW + timedelta(hours=1)})


async def test_everybody_who_asks_at_once_sees_only_their_own(database: Database) -> None:
    fill(database)
    strangers = [("acme", "nobody"), ("nowhere", "ana"), ("acme", "")]
    # Neighbours of the same name in other organisations, people without anything, and somebody twice.
    whom = [*reversed(PEOPLE), *strangers, *PEOPLE, ("acme", "ana")]
    async with database.people() as connection:
        answers = await inbox.due(connection, [inbox.Asked(*one, NOW) for one in whom])
    told = [[(row["priority"], row["title"]) for row in rows] for rows in answers]
    assert told == [
        [(5, f"{org} {who}"), (3, f"{org} {who}")] if who in ("ana", "ben") and org != "nowhere" else []
        for org, who in whom
    ]


async def test_each_is_answered_as_of_when_they_asked(database: Database) -> None:
    fill(database)
    times = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(hours=1)]
    async with database.people() as connection:
        answers = await inbox.due(connection, [inbox.Asked("acme", "ana", at) for at in times])
    assert [len(rows) for rows in answers] == [0, 2, 0]
