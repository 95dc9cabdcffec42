"""The palette: where it is opened, what there is to choose, and what was chosen."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tactful.api.schemas.wire import Name, Short, Told, UserId, Wire, example
from tactful.sense.quick import LONGEST_ADDRESS, MOST_ACTIONS, MOST_KEYWORDS

# Which addresses are allowed is said by `sense.quick`.
Url = Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]


class OpenContent(Wire):
    """What is open on the page. current_concept: what it is about."""

    current_concept: Short | None = None
    content_id: Short | None = None


class HostAction(Wire):
    """An action of the page's own. One with the id of ours stands in its place: say so where ours leads to."""

    id: Name
    label: Name
    url: Url | None = None
    keywords: Annotated[list[Name], Field(max_length=MOST_KEYWORDS)] = Field(default_factory=list)


class QuickActionsIn(Wire):
    """The question. user_id: whom it is about; a service's token must say so, a person's leaves it out."""

    model_config = example(
        current_page="lesson",
        current_content={"current_concept": "Derivatives"},
        actions=[{"id": "ask_tutor", "label": "Ask your tutor", "url": "/tutor", "keywords": ["help"]}],
    )
    current_page: Name
    current_content: OpenContent = Field(default_factory=OpenContent)
    actions: Annotated[list[HostAction], Field(max_length=MOST_ACTIONS)] = Field(default_factory=list)
    user_id: UserId | None = None


class QuickActionOut(Told):
    """One action. kind: built-in, settings or host. url: where it leads; action: what the page does, by name.

    target: the content, skill or concept it is about. reason: why it stands where it does, in words.
    """

    id: str
    label: str
    description: str | None
    kind: Literal["built-in", "settings", "host"]
    url: str | None
    action: str | None
    target: str | None
    keywords: list[str]
    reason: str | None


class QuickActionsOut(Told):
    """Everything to choose from, best first."""

    count: int
    actions: list[QuickActionOut]


class QuickUsedIn(Wire):
    """What was chosen. id: a mark of the page's own, with which it counts once, however often it is sent."""

    model_config = example(action_id="explain_concept", current_page="lesson", id="6f1c")
    action_id: Name
    current_page: Name
    id: Name | None = None
    user_id: UserId | None = None


class QuickUsedOut(Told):
    """Whether the choice was new; of who was erased nothing is recorded."""

    status: Literal["recorded", "already_recorded", "erased"]
    action_id: str
