"""Beliefs as operators read them: what each asks, when its truth is known, and what has come of it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.console.pictures.calibration import Calibration, calibration
from tactful.console.pictures.lines import Lines, Series, days, lines

# The learned belief comes before the rule of the first day.
SAID = ("learned", "cold")
NAMES = {"learned": "learned chance", "cold": "first-day rule"}
MEASURES = {
    "auc": "Ranks them right",
    "ap": "Finds those it comes true of",
    "brier": "Brier score",
    "ece": "Calibration error",
}
POINT = ("at", "people", "predicted", "actual", "auc")
CURVE = ("said_by", "people", "predicted", "actual")


@dataclass(frozen=True, slots=True)
class Belief:
    """A capability. truth: what counts as true, and when it is known; wait: what to do while nothing is."""

    name: str
    question: str
    truth: str
    wait: str


BELIEFS = (
    Belief(
        "dropout",
        "Who will stay away?",
        "They stayed away for the whole horizon, 30 days unless set otherwise.",
        "Beliefs are noted about once a week by the nightly pass; the first are judged once the horizon has passed.",
    ),
    Belief(
        "struggle",
        "Who will struggle with what comes next?",
        "Their next attempt came to less than half of the points.",
        "Ask POST /api/v1/predictive/struggle/predict before people start; their next attempt is the truth.",
    ),
    Belief(
        "timing",
        "When is a good hour?",
        "A message was answered, or they came, within a day.",
        "Beliefs are noted with each message; the first are judged a day after one was shown.",
    ),
    Belief(
        "forgetting",
        "What do they forget?",
        "The next answer about the skill was wrong.",
        "Beliefs are noted by the nightly pass; answers about skills are the truth.",
    ),
    Belief(
        "mood_trend",
        "How do moods go on?",
        "What they said in the next 14 days sounds lower, or higher, by .15 and more; asked for both.",
        "Beliefs are noted about once a week by the nightly pass; two weeks of messages are the truth.",
    ),
    Belief(
        "plateau",
        "Who is stuck?",
        "Five attempts and more in the next 14 days came out no better.",
        "Beliefs are noted by the nightly pass; two weeks of attempts are the truth.",
    ),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What has come of a belief. kept: as it was looked through last (at), because they are many."""

    belief: Belief
    at: datetime | None
    body: Mapping[str, Any] | None
    kept: bool

    @property
    def best(self) -> str:
        """The learned belief where it was judged, else the rule; empty where nothing was."""
        figures = {} if self.body is None else self.body["figures"]
        return next((name for name in SAID if name in figures), "")

    @property
    def figures(self) -> dict[str, Mapping[str, float | None]]:
        """Measures of the best, in order, those that are known."""
        if self.body is None or not self.best:
            return {}
        known = self.body["figures"][self.best]
        return {name: known[name] for name in MEASURES if name in known}

    @property
    def settled(self) -> int:
        """How many beliefs have been judged."""
        return 0 if self.body is None else int(self.body["settled"])

    @property
    def warnings(self) -> Sequence[str]:
        """What is wrong, in sentences."""
        return () if self.body is None else self.body["warnings"]

    @property
    def points(self) -> list[dict[str, Any]]:
        """Of each instant asked about: at, people, predicted, actual, auc."""
        told = [] if self.body is None else self.body["over_time"]
        return [{**row, "at": datetime.fromisoformat(row["at"])} for row in told]

    @property
    def curve(self) -> list[dict[str, Any]]:
        """Ten bins of what was said: said_by, people, predicted, actual."""
        told = {} if self.body is None else self.body["calibration"]
        return [{"said_by": NAMES[name], **row} for name in SAID for row in told.get(name, ())]

    def calibration(self) -> Calibration:
        """What the best said against what came."""
        told = [] if self.body is None else self.body["calibration"].get(self.best, [])
        bins = [(row["predicted"], row["actual"], row["people"]) for row in told]
        return calibration(bins, told=f"What the {NAMES[self.best]} said against what came, of {self.settled:,}.")

    def ranking(self) -> Lines:
        """How well it ranked, by instant; one half is a guess."""
        points = [(row["at"].timestamp(), row["auc"]) for row in self.points]
        guess = [(x, 0.5) for x, _ in points]
        series = [Series("ranks them right", points), Series("a guess", guess, "context")]
        return lines(series, told="How well it ranked people, by when it was asked.", along=self._days(), low=0, high=1)

    def came(self) -> Lines:
        """What was said and what came, on average, by instant."""
        series = [
            Series(label, [(row["at"].timestamp(), row[name]) for row in self.points], tone)
            for name, label, tone in (("predicted", "said", "second"), ("actual", "came", "first"))
        ]
        told = "What was said and what came, on average, by when it was asked."
        return lines(series, told=told, along=self._days(), low=0, percent=True)

    def _days(self) -> list[tuple[float, str]]:
        return days(row["at"] for row in self.points)
