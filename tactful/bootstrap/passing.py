"""When the engine goes through everybody, and how far it is."""

import asyncio
from datetime import datetime
from typing import Any

from tactful.bootstrap.running import Running
from tactful.kernel.errors import BadInput
from tactful.store.decided import asof
from tactful.store.running.passes import Pass
from tactful.uses import passing


class Passing(Running):
    """Passes."""

    async def carry_out(self, name: str, at: datetime | None = None) -> Pass | None:
        """Carry out the pass of this name now, or go on with one that died; None when another process is at it.

        at: its scheduled moment, no more than an hour ago. raises: BadInput for a name nobody knows and other instants.
        """
        if name not in passing.WORKS:
            known = ", ".join(sorted(passing.WORKS))
            raise BadInput(f"There is no pass {name}; known are {known}.", fields=["name"])
        at, past = self._instant(at, margin=asof.LATE)
        if past or at > self.clock.now() + asof.MOMENT:
            raise BadInput("A pass is about now; leave its instant out.", fields=["at"])
        return await asyncio.to_thread(passing.go, self.database, name, self.settings, at=at)

    async def passes(self) -> list[dict[str, Any]]:
        """The last two passes of each name, newest first: name, state, at, people, people_left and when it was done.

        state: at work, stopped (the next one goes on with it), finished or abandoned. Who never ran is not there.
        """
        return await asyncio.to_thread(passing.listed, self.database)
