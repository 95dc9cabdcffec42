"""Events and presence beats."""

from typing import Annotated, cast

from pydantic import Field, StringConstraints

from tactful.api.schemas import quick
from tactful.api.schemas.wire import NO_NUL, At, Count, Name, Short, Text, Told, UserId, Wire, example, exemplary
from tactful.facts.beats import Heard
from tactful.sense.limits import KEY, LARGEST, LONGEST_KEY, LONGEST_STAY, MOST_BEATS, MOST_EVENTS, MOST_PROPERTIES

Key = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=KEY), Field(examples=["lesson_completed"])
]
# As long as the longest token that is looked at.
Token = Annotated[str, StringConstraints(max_length=65_536, pattern=NO_NUL)]
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


class BeatIn(Wire):
    """Where a person was. time_on_page: seconds since the page was opened; of a page that names its visits, in sight.

    visit_id: the page's own name for this stay, which makes its time count once, in whatever order and however often
    its beats come. seq: which of its beats this is. final: the page was left. occurred_at: when, where it was kept.
    """

    model_config = example(page="lesson", visit_id="7f3a", seq=3, time_on_page=35.5, occurred_at="2026-01-31T08:00:00Z")
    page: Name
    topic: Short | None = None
    content_id: Short | None = None
    time_on_page: float = Field(default=0.0, ge=0, le=LONGEST_STAY)
    scroll_count: Count = 0
    mouse_hesitations: Count = 0
    visit_id: Short | None = None
    seq: Count = 0
    final: bool = False
    occurred_at: At | None = None
    user_id: UserId | None = None


class PresenceIn(BeatIn):
    """Where a person is now. token: of a page that cannot send it in the header. sent_at: by the page's own clock, so
    that `occurred_at` of one that is wrong can be read.
    """

    model_config = example(page="lesson", topic="calculus", time_on_page=35.5, scroll_count=4)
    sent_at: At | None = None
    token: Token | None = None


class BeatsIn(Wire):
    """Up to 500 beats that a page kept while it was offline, in any order; all are read, or none if one does not fit.

    token, sent_at: as for one.
    """

    model_config = example(beats=[exemplary(BeatIn)], sent_at="2026-01-31T09:00:00Z")
    beats: list[BeatIn] = Field(min_length=1, max_length=MOST_BEATS)
    sent_at: At | None = None
    token: Token | None = None


class PresenceOut(Told):
    """What became of the beat: it is stored (ok); or nothing is, because the person does not want to be followed or was
    never asked (no_consent), was erased, or because it came too late (too_old).
    """

    status: Heard = Heard.OK


class BeatsOut(Told):
    """What became of each beat, in their order; see the answer to one."""

    stored: int
    statuses: list[Heard]
