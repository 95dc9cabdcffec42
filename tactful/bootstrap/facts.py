"""Facts in: what people do and where they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tactful.bootstrap.running import Running, named
from tactful.facts.beats import Beat, Heard
from tactful.kernel.records import Event
from tactful.sense import events as incoming
from tactful.store.settings import LATE_HOURS


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

    async def beat(self, organisation: str, beat: Beat, *, checked: bool = False) -> Heard:
        """Say where somebody is now; once every ten seconds or so while a page is open. Answered after the commit.

        The answer says what became of it: nothing is stored of somebody who does not want to be followed or was
        erased, nor of a beat that is older than `store.late_hours`.

        checked: as for `accept`. raises: BadInput naming the field that does not fit.
        """
        if not checked:
            named(organisation)
        fit = beat if checked else incoming.beat(beat, now=self.clock.now())
        if fit.at < self._oldest():
            return Heard.TOO_OLD
        (became,) = await self.presence.submit([(organisation, fit)])
        return became

    async def beats(self, organisation: str, beats: Sequence[Beat], *, checked: bool = False) -> list[Heard]:
        """Several beats, such as a page kept while it was offline, in any order: what became of each.

        checked: as for `accept`. raises: BadInput naming the first field that does not fit; then none is taken.
        """
        if not checked:
            named(organisation)
            now = self.clock.now()
            beats = [incoming.beat(each, now=now, path=f"beats.{number}.") for number, each in enumerate(beats)]
        oldest = self._oldest()
        young = [(organisation, each) for each in beats if each.at >= oldest]
        became = iter(await self.presence.submit(young) if young else ())
        return [next(became) if each.at >= oldest else Heard.TOO_OLD for each in beats]

    def _oldest(self) -> datetime:
        return self.clock.now() - timedelta(hours=self.settings[LATE_HOURS])
