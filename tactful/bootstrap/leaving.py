"""What is stored about somebody, for them to take along; and erasing it."""

import asyncio
import tempfile
from typing import BinaryIO, cast

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import NotFound
from tactful.store.described import leaving
from tactful.store.described.lookup import ids
from tactful.store.running import audit, forgetting

# How much of an export is held in memory; the rest in a file [bytes].
IN_MEMORY = 1 << 20
# Whom the audit log names where people erase themselves: naming them would be keeping what they want gone.
THEMSELVES = "the person themselves"


class Leaving(Running):
    """Data rights."""

    async def export(
        self, organisation: str, person: str, *, themselves: bool = False, actor: str = IN_PROCESS
    ) -> BinaryIO:
        """Everything that is stored about a person, as a file of one JSON document, to be read from its start.

        Close it when done. It is in the audit log before it is handed out. themselves: they ask, so it is nobody
        else's act, and also answered where nothing is stored of them, which is then what it says.

        raises: BadInput; NotFound for somebody of whom nothing is stored.
        """
        named(organisation, person)
        async with self._exporting:
            file, rows = await asyncio.to_thread(self._export, organisation, person, None if themselves else actor)
        if not rows and not themselves:
            file.close()
            raise NotFound(f"Nothing is stored about {person} in {organisation}.")
        return file

    async def erase(self, organisation: str, person: str, *, themselves: bool = False, actor: str = IN_PROCESS) -> bool:
        """Delete everything that is about a person, for good; whether anything was to be done. Twice is once.

        What everybody's facts add up to stays, without them. What comes in about them later is not stored, until their
        organisation describes them again (`describe`). Widget tokens they were given are refused. themselves: they ask,
        so it is remembered also where nothing is stored of them.

        raises: BadInput; NotFound for somebody of whom nothing is stored, unless they ask themselves.
        """
        named(organisation, person)
        who = THEMSELVES if themselves else actor
        done, number = await asyncio.to_thread(self._erase, (organisation, person), who, themselves)
        await forgetting.forget(self.valkey, organisation, person, number)
        self.tokens_ended += 1
        return done

    def _export(self, organisation: str, person: str, actor: str | None) -> tuple[BinaryIO, int]:
        # Written at the database's pace, read at the client's: nobody who reads slowly holds a connection.
        file = cast(BinaryIO, tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
        try:
            with self.database.batch() as connection:
                rows = leaving.export(connection, organisation, person, file, at=self.clock.now())
            # Afterwards, for what is exported is read in a transaction that can write nothing.
            if rows and actor is not None:
                with self.database.batch() as connection:
                    detail = {"user_id": person}
                    audit.note(connection, organisation, actor=actor, act="export person", detail=detail)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file, rows

    def _erase(self, whom: tuple[str, str], actor: str, sure: bool) -> tuple[bool, int | None]:
        with self.database.batch() as connection:
            number = ids(connection, [whom]).get(whom)
            return leaving.erase(connection, whom, at=self.clock.now(), actor=actor, sure=sure), number
