"""What is learned from, capability by capability; `train` takes every course there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tactful.facts.additive import Floats
from tactful.facts.capability import Factors
from tactful.facts.chain import Chain
from tactful.facts.scale import Scale
from tactful.learn.chaining import Lessons

# An organisation by our own id; None: all that learn together.
Whose = int | None


@dataclass(frozen=True, slots=True)
class Window:
    """Lessons, about how many people they are, and when the first and the last of their questions were asked."""

    since: datetime
    until: datetime
    people: int
    lessons: Lessons


class Course(Protocol):
    """One capability's past as of an instant, in which nothing is known that was not known then."""

    @property
    def capability(self) -> str:
        """What the registry calls it."""
        ...

    @property
    def factors(self) -> Factors:
        """What a belief is told by."""
        ...

    @property
    def organisations(self) -> Sequence[int]:
        """Who has anything to learn from."""
        ...

    def window(self, whose: Whose) -> Window:
        """Everything whose truth is known."""
        ...

    def before(self, whose: Whose) -> datetime:
        """When the questions of `exam` began; whatever is judged by them must not know more than was known then."""
        ...

    def learned(self, whose: Whose, *, then: datetime | None = None, prior: Chain | None = None) -> Chain:
        """What it teaches, on top of `prior`; then: only what was known at that instant."""
        ...

    def exam(self, whose: Whose) -> Lessons:
        """The newest lessons, asked after `before`, to judge by."""
        ...

    def rule(self, lessons: Lessons) -> Floats:
        """The chances (0..1) that are told before anything is learned; nan is unknown."""
        ...

    def scale(self, organisation: int, chain: Chain) -> Scale | None:
        """The scale on which `chain` is told to this organisation from now on; None where chances are told as such."""
        ...


def chances(course: Course, lessons: Lessons, chain: Chain) -> Floats:
    """What `chain` says of each lesson; one half where nothing is known."""
    believed = chain.believe(course.factors, lessons.given, lessons.cold).probability
    told: Floats = believed.fill_null(0.5).to_numpy().astype("float64")
    return told
