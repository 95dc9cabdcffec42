"""People and the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE
from tactful.api.call import Call, Caller
from tactful.api.schemas.people import (
    MOST_ENTRIES,
    CatalogueOut,
    ContentIn,
    PeopleIn,
    PeopleOut,
    PersonFields,
    PersonIn,
    PersonOut,
    SkillIn,
)  # fmt: skip
from tactful.api.schemas.wire import Name, shown
from tactful.facts import zones
from tactful.kernel.errors import BadInput
from tactful.store import catalogue, people
from tactful.store.catalogue import Content, Skill
from tactful.store.people import Membership, Person

WRITERS = frozenset({SERVICE, ADMIN})
EDITORS = frozenset({SERVICE, ORGANISER, ADMIN})
Id = Annotated[Name, Path(alias="id")]


async def write_person(call: Caller, person: Id, body: PersonIn) -> PersonOut:
    """Say who somebody is. What is left out stays as it is; a person nobody knew comes into being."""
    [row] = await _write(call, {"": _description(person, body, "")})
    same = {name: row[name] for name in PersonOut.model_fields if name != "user_id"}
    return PersonOut(user_id=shown(row["external_id"]), **same)


async def write_people(call: Caller, body: PeopleIn) -> PeopleOut:
    """Say who up to 1,000 people are, each once; all are written or none."""
    told: dict[str, Person] = {}
    named: set[str] = set()
    for number, each in enumerate(body.people):
        person, where = str(each.user_id), f"people.{number}."
        if person in named:
            field = f"{where}user_id"
            raise BadInput(f"{field}: {person} is in this batch twice; send one entry for each.", fields=[field])
        named.add(person)
        told[where] = _description(person, each, where)
    return PeopleOut(count=len(await _write(call, told)))


async def write_content(call: Caller, item: Id, body: ContentIn) -> CatalogueOut:
    """Describe a piece of content; the whole description is replaced."""
    async with call.engine.database.acting_as(call.office()) as connection:
        await catalogue.write_content(connection, Content(item, **body.model_dump()))
    return CatalogueOut(id=item)


async def write_skill(call: Caller, item: Id, body: SkillIn) -> CatalogueOut:
    """Describe a skill; the whole description is replaced."""
    async with call.engine.database.acting_as(call.office()) as connection:
        await catalogue.write_skill(connection, Skill(item, **body.model_dump()))
    return CatalogueOut(id=item)


async def _write(call: Call, told: Mapping[str, Person]) -> list[dict[str, Any]]:
    """Write people, by where in the request they stand."""
    async with call.engine.database.service() as connection:
        rows = await people.write(connection, call.organisation, list(told.values()), now=call.at)
        # Refused here, all of it is rolled back.
        _few_enough(rows, {each.id: where for where, each in told.items()})
    return rows


def _few_enough(rows: Sequence[Mapping[str, Any]], where: Mapping[str, str]) -> None:
    # One description is small, but what was said before stays.
    for row, field in ((row, field) for row in rows for field in ("addresses", "consent")):
        if len(row[field]) > MOST_ENTRIES:
            name = f"{where[row['external_id']]}{field}"
            told = f"{name}: with those known already it would have more than {MOST_ENTRIES} entries"
            raise BadInput(f"{told}; remove some by setting them to null.", fields=[name])


def _description(person: str, told: PersonFields, where: str) -> Person:
    for field, zone in (("zone", told.zone), ("device_zone", told.device_zone)):
        if zone is not None and not zones.known(zone):
            name = f"{where}{field}"
            raise BadInput(f"{name}: {zone} is not an IANA time zone, like Europe/Lisbon.", fields=[name])
    groups = None if told.groups is None else tuple(Membership(each.id, each.name, each.role) for each in told.groups)
    if groups is not None and len({each.id for each in groups}) < len(groups):
        raise BadInput(f"{where}groups: a group is named twice.", fields=[f"{where}groups"])
    return Person(person, told.name, told.zone, told.device_zone, told.locale, told.addresses, told.consent, groups)


ROUTES = (
    Address("PUT", "/api/v1/people/{id}", write_person, "people", WRITERS),
    Address("POST", "/api/v1/people", write_people, "people", WRITERS),
    Address("PUT", "/api/v1/catalogue/content/{id}", write_content, "catalogue", EDITORS),
    Address("PUT", "/api/v1/catalogue/skills/{id}", write_skill, "catalogue", EDITORS),
)
