"""Facts in: what people do and where they are."""

from collections.abc import Sequence

from tactful.bootstrap.running import Running, named
from tactful.kernel.records import Beat, Event
from tactful.sense import events as incoming


class Facts(Running):
    """Events and beats."""

    async def accept(
        self, organisation: str, facts: Sequence[Event], *, checked: bool = False
    ) -> Sequence[bool | None]:
        """Record what people did. For each fact, whether its id is new; answered after the commit.

        None where it is about somebody who was erased and has not been described again: nothing of it is stored.

        checked: the way in has held names, texts and times to `sense.limits` already.

        raises: BadInput naming the first field that does not fit; then none of the facts is taken.
        """
        if not checked:
            named(organisation)
        fit = incoming.meant(facts) if checked else incoming.batch(facts, now=self.clock.now())
        return await self.events.submit([(organisation, fact) for fact in fit])

    async def beat(self, organisation: str, beat: Beat, *, checked: bool = False) -> None:
        """Say where somebody is now; once every ten seconds or so while a page is open. Answered after the commit.

        checked: as for `accept`. raises: BadInput naming the field that does not fit.
        """
        if not checked:
            named(organisation)
        fit = beat if checked else incoming.beat(beat, now=self.clock.now())
        await self.presence.submit([(organisation, fit)])
