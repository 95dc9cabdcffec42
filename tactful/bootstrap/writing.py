"""Words for live sessions, and finer ones for single people, that a language model writes ahead."""

import asyncio
import logging

from tactful.bootstrap.running import Running
from tactful.deliver import language_model
from tactful.facts.writing import Writer
from tactful.kernel.errors import CannotStart
from tactful.uses import polishing, writing

log = logging.getLogger(__name__)


class Writing(Running):
    """A language model, where one is wanted and can be had; templates everywhere else."""

    _building: asyncio.Task[Writer | None] | None = None

    async def write_ahead(self) -> int:
        """Have words written for live sessions that have none waiting, and outreach that becomes due worded more
        finely where an organisation wants that. Answers how many are ready.

        See `uses.writing`, `uses.polishing`. Where no language model can be had, nothing is done, and the log says
        once why.
        """
        if not language_model.wanted(self.settings):
            return 0
        if self._building is None:
            self._building = asyncio.create_task(self._language_model())
        writer = await asyncio.shield(self._building)
        if writer is None:
            return 0
        ready = await writing.write_ahead(self.database, self.settings, writer, self.clock.now)
        return ready + await polishing.polish_ahead(self.database, self.rules, self.settings, writer, self.clock.now)

    async def _language_model(self) -> Writer | None:
        try:
            writer = await asyncio.to_thread(language_model.build, self.settings)
        except CannotStart as error:
            log.warning("%s", error.detail)
            return None
        self._opened.push_async_callback(writer.close)
        return writer
