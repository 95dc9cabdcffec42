"""Tests of variants of what is said."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from tactful.api.schemas.wire import At, Instant, Name, Share, Short, Told, Wire, example

HELLO = {"title": "Hello again", "body": "One small task is waiting for you.", "action": "start"}


class VariantIn(Wire):
    """A variant. share: of the people, to the thousandth; content: wordings, or null for what is said otherwise."""

    model_config = example(name="warmer", share=0.5, content=[HELLO])
    name: Name
    share: Share
    content: Any = None


class ExperimentIn(Wire):
    """A test. variants: two to six, the control first; their shares add up to 1.

    harm_margin: how much less often (0 to 1) than the control a variant may be taken up before the test stops by
    itself; promote_winner: whether the winner is said to everybody by itself. Left out, what your settings say.
    """

    model_config = example(
        name="warmer_hello", kind="gentle_nudge",
        variants=[{"name": "as now", "share": 0.5}, {"name": "warmer", "share": 0.5, "content": [HELLO]}],
    )  # fmt: skip
    name: Short
    what: Literal["wording"] = "wording"
    kind: Short
    variants: Annotated[list[VariantIn], Field(min_length=1, max_length=20)]
    ends_at: At | None = None
    harm_margin: Share | None = None
    promote_winner: bool | None = None


class PromoteIn(Wire):
    """The variant that everybody is told from now on."""

    model_config = example(variant="warmer")
    variant: Name


class VariantOut(Told):
    """A variant by now. assigned, exposed, settled, answered: people; rate: answered of settled.

    difference, low, high: of the rate beside the control's, with an interval that holds however often one looks; null
    for the control and as long as too few are settled.
    """

    name: str
    share: float
    content: Any
    assigned: int
    exposed: int
    settled: int
    answered: int
    rate: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    verdict: Literal["control", "too_early", "open", "better", "worse", "harm"]


class RatioOut(Told):
    """How likely chance alone would ever make counts as uneven; broken: something loses people on the way."""

    assigned: float
    exposed: float
    broken: bool


class DayOut(Told):
    """A difference and its interval as they were at the end of a day."""

    difference: float | None
    low: float | None
    high: float | None


class ExperimentOut(Told):
    """A test and what it says by now. over_time: for each variant but the control, one entry for each of `days`."""

    name: str
    what: str
    kind: str
    state: Literal["running", "stopped", "promoted"]
    started_at: Instant
    started_by: str
    ends_at: Instant | None
    stopped_at: Instant | None
    stopped_because: Literal["hand", "harm", "time", "winner"] | None
    promoted: str | None
    harm_margin: float
    promote_winner: bool
    variants: list[VariantOut]
    ratio: RatioOut
    days: list[date]
    over_time: dict[str, list[DayOut]]
    verdict: Literal["too_early", "open", "better", "worse", "harm"]
    words: str


class ExperimentsOut(Told):
    """Every test, newest first."""

    experiments: list[ExperimentOut]
