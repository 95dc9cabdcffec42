"""People, what they consented to, where they can be reached; and the catalogue."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tactful.api.schemas.wire import NAMED, Name, Share, ShownId, Told, UserId, Wire, example
from tactful.sense.limits import LONGEST_TEXT
from tactful.sense.people import MOST_ENTRIES

MOST_PEOPLE = 1000
KEY = r"^[a-z][a-z0-9_]*$"
ZONE = r"^[A-Za-z0-9_+/-]+$"
LOCALE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=KEY), Field(examples=["lesson"])]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=ZONE), Field(examples=["Europe/Lisbon"])]
Locale = Annotated[str, StringConstraints(pattern=LOCALE, max_length=35), Field(examples=["en-GB"])]
# Of a push subscription, too, which is long.
Reached = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=NAMED)]
Names = Annotated[list[Name], Field(max_length=100)]


class GroupIn(Wire):
    """A group somebody belongs to, as a member or as its educator."""

    id: Name
    name: Name | None = None
    role: Literal["member", "educator"] = "member"


class PersonFields(Wire):
    """What can be said about a person; what is left out stays as it is.

    A name that is null is cleared. A null inside addresses or consent removes that entry; groups are all groups.
    """

    name: Name | None = None
    zone: Zone | None = None
    # The zone a device reports; used while the person has not said their own.
    device_zone: Zone | None = None
    locale: Locale | None = None
    addresses: dict[Key, Reached | None] | None = Field(default=None, max_length=MOST_ENTRIES)
    consent: dict[Key, bool | None] | None = Field(default=None, max_length=MOST_ENTRIES)
    groups: list[GroupIn] | None = Field(default=None, max_length=100)


class PersonIn(PersonFields):
    """One person."""

    model_config = example(
        name="Ana",
        zone="Europe/Lisbon",
        locale="pt",
        addresses={"email": "ana@example.org"},
        consent={"engagement": True},
    )


class NamedPersonIn(PersonFields):
    """One person of a batch."""

    user_id: UserId


class PeopleIn(Wire):
    """Up to 1,000 people; all are written or none."""

    model_config = example(people=[{"user_id": 42, "zone": "Europe/Lisbon"}, {"user_id": 43, "zone": "Asia/Tokyo"}])
    people: list[NamedPersonIn] = Field(min_length=1, max_length=MOST_PEOPLE)


class PersonOut(Told):
    """A person as known now. zone_source: person, device, organisation or default."""

    user_id: ShownId
    name: str | None
    zone: str
    zone_source: str
    locale: str
    addresses: dict[str, str]
    consent: dict[str, bool]


class PeopleOut(Told):
    """How many people were written."""

    count: int


class SkillIn(Wire):
    """A skill: what it is called, how hard it is (0 easy to 1 hard), what comes before it."""

    model_config = example(title="Derivatives", difficulty=0.6, prerequisites=["limits"], topics=["calculus"])
    title: Name | None = None
    difficulty: Share | None = None
    prerequisites: Names = Field(default_factory=list)
    topics: Names = Field(default_factory=list)


class ContentIn(SkillIn):
    """A piece of content."""

    model_config = example(
        title="Lesson 42", kind="lesson", difficulty=0.6, skills=["derivatives"], topics=["calculus"]
    )
    kind: Key = "lesson"
    skills: Names = Field(default_factory=list)


class CatalogueOut(Told):
    """What was written."""

    id: str
    status: str = "ok"


class ForgetIn(Wire):
    """To be sure that it is meant: your own user id, or "forget me"."""

    model_config = example(confirm="forget me")
    confirm: UserId


class ErasedOut(Told):
    """Nothing is stored about this person any more. already: nor was there when this was asked."""

    user_id: ShownId
    erased: Literal[True] = True
    already: bool
