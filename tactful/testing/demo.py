"""Demo people: generated, with a past, in an organisation of their own."""

from collections.abc import Sequence

from tactful.bootstrap import Engine
from tactful.kernel.records import Event
from tactful.testing.people import past, people

ORGANISATION = "demo"
PEOPLE = 200
DAYS = 45
BATCH = 1000


async def fill(engine: Engine) -> int:
    """Give the engine demo people and one look at everybody. Doing it again adds nothing. Answers the new events."""
    now = engine.clock.now()
    rows = [(ORGANISATION, event) for person in people(PEOPLE) for event in past(person, now=now, days=DAYS)]
    added = 0
    for start in range(0, len(rows), BATCH):
        batch: Sequence[tuple[str, Event]] = rows[start : start + BATCH]
        added += sum(one is True for one in await engine.events.submit(batch))
    await engine.tick(now, everybody=True)
    return added
