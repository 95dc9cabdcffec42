"""Help where somebody is: what the page tells, what is answered, and what the person did with it."""

from typing import Annotated, Literal

from pydantic import Field

from tactful.api.schemas.interventions import Id
from tactful.api.schemas.wire import Count, Instant, Name, Short, Told, UserId, Wire, example
from tactful.sense.limits import LONGEST_STAY

HelpResponse = Literal["accepted", "dismissed"]


class Behaviour(Wire):
    """What somebody did on the section they are looking at.

    time_on_section: seconds. scroll_count: bursts of scrolling. mouse_hesitations: times the pointer rested on a
    control without pressing it.
    """

    time_on_section: Annotated[float, Field(ge=0, le=LONGEST_STAY)] = 0.0
    scroll_count: Count = 0
    mouse_hesitations: Count = 0


class Place(Wire):
    """Where somebody is. concept: what the section is about; content_id: what they are about to start, or are at."""

    page: Name
    topic: Short | None = None
    content_id: Short | None = None
    concept: Short | None = None


class HelpCheckIn(Wire):
    """The question. user_id: whom it is about; a service's token must say so, a person's leaves it out."""

    model_config = example(
        user_behavior={"time_on_section": 35, "scroll_count": 4, "mouse_hesitations": 0},
        current_context={"page": "lesson", "topic": "calculus_derivatives", "concept": "Chain rule"},
    )
    user_behavior: Behaviour
    current_context: Place
    user_id: UserId | None = None


class HelpCheckOut(Told):
    """Whether to show help, and what it says. reason: why it is shown, or why nothing is.

    help_type: what they did that is reason for it (long_stay, back_and_forth, hesitation), or foreseen_struggle: they
    will probably struggle with what they have not tried yet. action: what the page does when they accept: explain,
    example, summary, find, hint or review. prediction_id: of foreseen_struggle, the belief it follows from.
    """

    model_config = example(
        should_show=True,
        help_id=17,
        help_type="back_and_forth",
        title="Chain rule in a nutshell",
        help_message="You have gone back and forth here. Would Chain rule in three sentences help?",
        action="summary",
        reason="They scrolled back and forth for a while.",
        decision_id=4711,
        prediction_id=None,
    )
    should_show: bool
    help_id: int | None
    help_type: str | None
    title: str | None
    help_message: str | None
    action: str | None
    reason: str
    decision_id: int | None
    prediction_id: int | None = None


class HelpResponseIn(Wire):
    """What somebody did with help they were shown. user_id: a service's token must name the person."""

    model_config = example(help_id=17, user_response="accepted")
    help_id: Id
    user_response: HelpResponse
    user_id: UserId | None = None


class HelpResponseOut(Told):
    """The answer that counts: the first."""

    status: Literal["recorded", "already_recorded"]
    help_id: int
    help_type: str
    user_response: HelpResponse
    responded_at: Instant
