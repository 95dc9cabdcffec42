"""What people are told about themselves and say about themselves: why they got something, and what they consent to."""

from collections.abc import Mapping
from typing import Any

from tactful.bootstrap.reaching import all_known
from tactful.bootstrap.running import Running, named
from tactful.compose import whys
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.sense import people as incoming
from tactful.store.database import Identity
from tactful.store.decided import stopped
from tactful.store.decided import whys as decided
from tactful.store.described import people, preferences
from tactful.store.described.people import Person

# What people are asked about: to be followed from page to page, to be reached, and to be reached outside the product.
PURPOSES = ("presence", "engagement", "outreach")


class Saying(Running):
    """Reasons and consent."""

    async def why(self, organisation: str, person: str, intervention_id: int) -> dict[str, Any]:
        """Why the person got something, in words for themselves: because, facts, limits, and stop, how to end it.

        raises: BadInput; NotFound when nothing of that number was shown to them.
        """
        named(organisation, person)
        limits.whole(intervention_id, "intervention_id", 1, limits.LARGEST_ID)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            row = await decided.read(connection, intervention_id)
            theirs = await preferences.read(connection) or preferences.of_defaults(self.rules.defaults)
        if row is None:
            raise NotFound("There is no such intervention for this person.")
        facts, model = row.pop("facts"), row.pop("polished_by")
        told = {
            "because": whys.because(row["trigger"], (await self.governed(organisation)).made.because),
            "facts": whys.made_from(facts or {}) + whys.worded(model),
            "limits": whys.limits(theirs),
            "stop": whys.ways_out(row["intervention_type"], theirs),
        }
        return {**row, **told}

    async def consent(self, organisation: str, person: str) -> dict[str, bool | None]:
        """What the person said to each of PURPOSES; None where they never said anything. raises: BadInput."""
        named(organisation, person)
        async with self.database.acting_as(Identity(organisation, person)) as connection:
            said = await preferences.consent(connection)
        return {purpose: said.get(purpose) for purpose in PURPOSES}

    async def change_consent(
        self, organisation: str, person: str, changes: Mapping[str, bool | None]
    ) -> dict[str, bool | None]:
        """Give or withdraw consent; None takes back what was said. Purposes that are not named stay. Answers all.

        From then on nothing is stored (presence) or decided (engagement) that was said no to; what was before stays,
        until they are erased.

        raises: BadInput naming the field; Conflict for somebody who was erased.
        """
        named(organisation, person)
        if not isinstance(changes, Mapping):
            raise BadInput("changes must map purposes to true, false or null.", fields=["changes"])
        all_known(changes, "changes", PURPOSES)
        told = Person(person, consent=dict(changes))
        incoming.person(told, "")
        async with self.database.service() as connection:
            now = self.clock.now()
            await people.write(connection, organisation, [told], now=now, back=False, source="person")
            if changes.get("outreach") is False:
                await stopped.withdraw(connection, await stopped.find(connection, organisation, person), at=now)
        return await self.consent(organisation, person)
