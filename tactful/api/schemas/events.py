"""Events and presence beats."""

from typing import Annotated, cast

from pydantic import Field, StringConstraints

from tactful.api.schemas import quick
from tactful.api.schemas.wire import At, Count, Name, Short, Text, Told, UserId, Wire, example
from tactful.sense.limits import KEY, LARGEST, LONGEST_KEY, LONGEST_STAY, MOST_EVENTS, MOST_PROPERTIES

Key = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=KEY), Field(examples=["lesson_completed"])
]
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class EventIn(Wire):
    """A fact about a person. The same id counts once in an organisation, whenever it comes."""

    id: Name
    kind: Key
    occurred_at: At
    user_id: UserId | None = None
    content_id: Name | None = None
    skill_id: Name | None = None
    topic: Name | None = None
    properties: dict[Key, Number | bool | Text] = Field(default_factory=dict, max_length=MOST_PROPERTIES)


class EventsIn(Wire):
    """Up to 1,000 events; all are accepted or, when one does not fit, none."""

    model_config = example(
        events=[
            {
                "id": "7f3a",
                "user_id": 42,
                "kind": "lesson_completed",
                "occurred_at": "2026-01-31T08:00:00Z",
                "content_id": "lesson_42",
                "properties": {"score": 0.8},
            }
        ]
    )
    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)

    @classmethod
    def read(cls, raw: bytes) -> "EventsIn":
        """The events of a body, by a quick look where that is enough."""
        plain = quick.read(raw)
        return super().read(raw) if plain is None else cls.model_construct(events=cast(list[EventIn], plain))


class EventsOut(Told):
    """How many were new, and how many had been counted before.

    erased: of people who were erased, and have not been described again; nothing of these is stored.
    """

    accepted: int
    duplicate: int
    erased: int = 0


class PresenceIn(Wire):
    """Where a person is now. time_on_page: seconds since the page was opened."""

    model_config = example(page="lesson", topic="calculus", time_on_page=35.5, scroll_count=4)
    page: Name
    topic: Short | None = None
    content_id: Short | None = None
    time_on_page: float = Field(default=0.0, ge=0, le=LONGEST_STAY)
    scroll_count: Count = 0
    mouse_hesitations: Count = 0
    user_id: UserId | None = None


class PresenceOut(Told):
    """The beat is stored."""

    status: str = "ok"
