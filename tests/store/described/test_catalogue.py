"""The catalogue: what was written last holds, within one organisation, and nothing comes before itself."""

import asyncio
from itertools import pairwise

import pytest

from tactful.kernel.errors import BadInput
from tactful.store.database import Database, Identity
from tactful.store.described import catalogue, organisations
from tactful.store.described.catalogue import Content, Skill

ACME = Identity("acme")


@pytest.fixture
async def shelves(database: Database) -> Database:
    """A database in which two organisations exist."""
    async with database.service() as connection:
        for name in ("acme", "umbrella"):
            await organisations.ensure(connection, name)
    return database


async def write(database: Database, *told: Skill | Content, whose: Identity = ACME) -> None:
    async with database.acting_as(whose) as connection:
        for each in told:
            if isinstance(each, Skill):
                await catalogue.write_skill(connection, each)
            else:
                await catalogue.write_content(connection, each)


async def prerequisites(database: Database, skill: str, whose: Identity = ACME) -> list[str] | None:
    async with database.acting_as(whose) as connection:
        row = await catalogue.skill(connection, skill)
    return None if row is None else row["prerequisites"]


async def test_the_catalogue_keeps_what_was_written_last(shelves: Database) -> None:
    async with shelves.acting_as(ACME) as connection:
        await catalogue.write_skill(connection, Skill("limits", title="Limits", difficulty=0.4))
        await catalogue.write_content(connection, Content("l1", title="Lesson", skills=["limits"], topics=["calculus"]))
        await catalogue.write_content(connection, Content("l1", title="Lesson 1", kind="video"))
        lesson = await catalogue.content(connection, "l1")
        limits = await catalogue.skill(connection, "limits")
        missing = await catalogue.skill(connection, "nothing")
    assert lesson is not None
    assert (lesson["title"], lesson["kind"], lesson["skills"], lesson["topics"]) == ("Lesson 1", "video", [], [])
    assert limits is not None
    assert limits["difficulty"] == 0.4
    assert missing is None


async def test_organisations_have_shelves_of_their_own(shelves: Database) -> None:
    await write(shelves, Skill("limits", prerequisites=["numbers"]))
    await write(shelves, Skill("limits", prerequisites=["sets"]), Skill("sets"), whose=Identity("umbrella"))
    assert await prerequisites(shelves, "limits") == ["numbers"]
    assert await prerequisites(shelves, "sets") is None
    # A circle is one only within an organisation.
    await write(shelves, Skill("sets", prerequisites=["limits"]))
    assert await prerequisites(shelves, "sets") == ["limits"]


async def test_what_comes_before_may_be_described_later_and_is_named_once(shelves: Database) -> None:
    await write(shelves, Skill("integrals", prerequisites=["limits", "sums", "limits"]))
    assert await prerequisites(shelves, "integrals") == ["limits", "sums"]
    await write(shelves, Skill("limits", prerequisites=["numbers"]), Skill("sums", prerequisites=["numbers"]))
    assert await prerequisites(shelves, "sums") == ["numbers"]


@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c", "d"]], ids=len)
@pytest.mark.parametrize("what", [Skill, Content])
async def test_nothing_comes_before_itself(shelves: Database, circle: list[str], what: type[Skill | Content]) -> None:
    await write(shelves, *(what(item, prerequisites=[before]) for item, before in pairwise(circle)))
    last = what(circle[-1], title="closes the circle", prerequisites=["fine", circle[0]])
    with pytest.raises(BadInput, match=f"{circle[-1]} would have to come before itself") as refused:
        await write(shelves, last)
    assert refused.value.fields == ["prerequisites"]
    async with shelves.acting_as(ACME) as connection:
        found = await catalogue.skill(connection, last.id) or await catalogue.content(connection, last.id)
    assert found is None or found["title"] is None


async def test_two_who_would_close_a_circle_together_do_not_both_succeed(shelves: Database) -> None:
    for number in range(10):
        one, other = f"a{number}", f"b{number}"
        told = await asyncio.gather(
            write(shelves, Skill(one, prerequisites=[other])),
            write(shelves, Skill(other, prerequisites=[one])),
            return_exceptions=True,
        )
        assert [type(each) for each in told if each is not None] == [BadInput]


async def test_a_circle_is_left_by_dropping_what_leads_back(shelves: Database) -> None:
    await write(shelves, Skill("a", prerequisites=["b"]))
    await write(shelves, Skill("a"), Skill("b", prerequisites=["a"]))
    assert (await prerequisites(shelves, "a"), await prerequisites(shelves, "b")) == ([], ["a"])
