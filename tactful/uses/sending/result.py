"""What became of a wave: noted in one transaction, and another way looked for where there is no getting through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from tactful.decide import Rules, way_out
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Promise, Pushed
from tactful.kernel.records import IN_APP
from tactful.loop import look
from tactful.store.database import Connection, Database
from tactful.store.decided import deliveries
from tactful.store.decided.deliveries import Outcome
from tactful.store.decided.moments import Scope
from tactful.store.decided.regressions import reminded
from tactful.store.described.erasure import despite_erasure
from tactful.store.reading import RowReader
from tactful.uses.governing import governing
from tactful.uses.sending.wave import Parcel

# Of what a provider says, as much as fits where it is read.
MOST_SAID = 300


async def attempt(channel: Pushed, parcel: Parcel, at: datetime) -> Outcome:
    """Send one parcel, and say what became of it."""
    try:
        address = parcel.delivery.address
        if address is None:
            raise ChannelRefused("There is no address any more.", refusal=Refusal.GONE)
        # What a product told is held to what people who tell it themselves are held to, before anything goes out.
        receipt = await channel.send(replace(parcel.delivery, address=channel.address(address)), at)
    except ChannelRefused as refused:
        return Outcome(
            parcel.id, parcel.address, refusal=refused.refusal, error=refused.detail[:MOST_SAID], after=refused.after
        )
    except BadInput as wrong:
        told = f"The address {wrong.detail}"[:MOST_SAID]
        return Outcome(parcel.id, parcel.address, refusal=Refusal.GONE, error=told)
    except Exception as error:
        # Whether it arrived is open. Where a copy would be known, that is no matter.
        again = Refusal.RETRY if channel.promise is Promise.IDEMPOTENT else None
        told = f"It was cut off: {type(error).__name__}: {error}"[:MOST_SAID]
        return Outcome(parcel.id, parcel.address, refusal=again, error=told)
    return Outcome(parcel.id, parcel.address, reference=receipt.reference[:MOST_SAID])


def note(database: Database, rules: Rules, outcomes: Sequence[Outcome], *, at: datetime, tries: int) -> None:
    """Write what became of deliveries. tries: after how many they are given up."""
    despite_erasure(database, partial(_note, rules, outcomes, at, tries))


def _note(rules: Rules, outcomes: Sequence[Outcome], at: datetime, tries: int, connection: Connection) -> None:
    taken = [each for each in outcomes if each.reference is not None]
    again = [each for each in outcomes if each.reference is None and each.refusal is Refusal.RETRY]
    never = [each for each in outcomes if each.reference is None and each.refusal is not Refusal.RETRY]
    deliveries.hold(connection, [each.delivery for each in outcomes])
    reminded(connection, deliveries.taken(connection, taken, at=at), at=at)
    given_up = deliveries.not_now(connection, again, at=at, tries=tries)
    deliveries.never(connection, never, at=at)
    lost = given_up + [each.delivery for each in never if each.refusal is not None]
    if lost:
        another_way(connection, rules, lost, at)


def another_way(connection: Connection, rules: Rules, lost: Sequence[int], at: datetime) -> None:
    """Let interventions that got through nowhere go another way, in the end inside the product."""
    stuck, tried = deliveries.without(connection, lost, at=at)
    if stuck.is_empty():
        return
    scope = Scope(people=tuple(sorted(set(stuck["person_id"]))))
    rules = governing(connection, rules, people=scope.people)
    seen = look(RowReader(connection), scope, at=at, rules=rules)
    channels = {}
    for row in stuck.iter_rows(named=True):
        left = rules.channels - set(tried[row["intervention_id"]])
        (way,) = way_out(seen.filter(person_id=row["person_id"]), left)
        channels[row["intervention_id"]] = way or IN_APP
    deliveries.move(connection, channels, at=at)
