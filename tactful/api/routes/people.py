"""People and the catalogue."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE
from tactful.api.call import Caller
from tactful.api.schemas.people import (
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
from tactful.store.described.catalogue import Content, Skill
from tactful.store.described.people import Membership, Person

WRITERS = frozenset({SERVICE, ADMIN})
EDITORS = frozenset({SERVICE, ORGANISER, ADMIN})
Id = Annotated[Name, Path(alias="id")]


async def write_person(call: Caller, person: Id, body: PersonIn) -> PersonOut:
    """Say who somebody is. What is left out stays as it is; a person nobody knew comes into being.

    An id with slashes is sent percent-encoded (`%2F`); one that ends in `/explain`, `/export` or
    `/next-best-action` only in a batch.
    """
    [row] = await call.engine.describe(call.organisation, [_description(person, body)], paths=[""])
    same = {name: row[name] for name in PersonOut.model_fields if name != "user_id"}
    return PersonOut(user_id=shown(row["external_id"]), **same)


async def write_people(call: Caller, body: PeopleIn) -> PeopleOut:
    """Say who up to 1,000 people are, each once; all are written or none."""
    told = [_description(str(each.user_id), each) for each in body.people]
    return PeopleOut(count=len(await call.engine.describe(call.organisation, told)))


async def write_content(call: Caller, item: Id, body: ContentIn) -> CatalogueOut:
    """Describe a piece of content; the whole description is replaced."""
    await call.engine.describe_content(call.organisation, Content(item, **body.model_dump()))
    return CatalogueOut(id=item)


async def write_skill(call: Caller, item: Id, body: SkillIn) -> CatalogueOut:
    """Describe a skill; the whole description is replaced."""
    await call.engine.describe_skill(call.organisation, Skill(item, **body.model_dump()))
    return CatalogueOut(id=item)


def _description(person: str, told: PersonFields) -> Person:
    groups = None if told.groups is None else tuple(Membership(each.id, each.name, each.role) for each in told.groups)
    # A name that is told to be null is cleared; left out, it stays.
    name = "" if told.name is None and "name" in told.model_fields_set else told.name
    return Person(person, name, told.zone, told.device_zone, told.locale, told.addresses, told.consent, groups)


ROUTES = (
    Address("PUT", "/api/v1/people/{id}", write_person, "people", WRITERS),
    Address("POST", "/api/v1/people", write_people, "people", WRITERS),
    Address("PUT", "/api/v1/catalogue/content/{id}", write_content, "catalogue", EDITORS),
    Address("PUT", "/api/v1/catalogue/skills/{id}", write_skill, "catalogue", EDITORS),
)
