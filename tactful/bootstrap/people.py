"""Who people are and what there is to do."""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.bootstrap.running import Running, named
from tactful.kernel.errors import BadInput
from tactful.sense import people as incoming
from tactful.sense.people import MOST_ENTRIES
from tactful.store.described import catalogue, people
from tactful.store.described.catalogue import Content, Skill
from tactful.store.described.people import Person


class People(Running):
    """People and the catalogue."""

    async def describe(
        self, organisation: str, told: Sequence[Person], *, paths: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Say who people are; all are written or none. Answers them as known now.

        People nobody knew come into being. paths: how errors call each, with a dot behind; `people.0.` and so on
        when left out.

        raises: BadInput naming the first field that does not fit.
        """
        named(organisation)
        paths = [f"people.{number}." for number in range(len(told))] if paths is None else paths
        where: dict[str, str] = {}
        for one, path in zip(told, paths, strict=True):
            incoming.person(one, path)
            if one.id in where:
                field = f"{path}user_id"
                raise BadInput(f"{field}: {one.id} is in this batch twice; send one entry for each.", fields=[field])
            where[one.id] = path
        async with self.database.service() as connection:
            rows = await people.write(connection, organisation, told, now=self.clock.now())
            # Refused here, all of it is rolled back.
            _few_enough(rows, where)
        return rows

    async def person(self, organisation: str, person: str) -> dict[str, Any]:
        """A person as known now. raises: BadInput, NotFound."""
        named(organisation, person)
        async with self.database.service() as connection:
            return await people.read(connection, organisation, person)

    async def describe_content(self, organisation: str, told: Content) -> None:
        """Describe a piece of content; the whole description is replaced. raises: BadInput, NotFound."""
        incoming.entry(told)
        async with self._office(organisation) as connection:
            await catalogue.write_content(connection, told)

    async def describe_skill(self, organisation: str, told: Skill) -> None:
        """Describe a skill; the whole description is replaced. raises: BadInput, NotFound."""
        incoming.entry(told)
        async with self._office(organisation) as connection:
            await catalogue.write_skill(connection, told)


def _few_enough(rows: Sequence[Mapping[str, Any]], where: Mapping[str, str]) -> None:
    # One description is small, but what was said before stays.
    for row, field in ((row, field) for row in rows for field in ("addresses", "consent")):
        if len(row[field]) > MOST_ENTRIES:
            name = f"{where[row['external_id']]}{field}"
            told = f"{name}: with those known already it would have more than {MOST_ENTRIES} entries"
            raise BadInput(f"{told}; remove some by setting them to null.", fields=[name])
