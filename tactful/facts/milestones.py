"""Milestones: what can be counted of somebody, and what points come to.

A milestone is a target of a metric. Metrics are listed here, each with its unit; how they are worked out of what is
kept up with every fact stands in `store.sensed.metrics`, under the same names.
"""

from dataclasses import dataclass
from math import isqrt

from tactful.kernel.settings import Setting

KEPT = Setting(
    "sense.milestones", True, "Whether milestones are noticed when they are reached. What was reached stays.", own=True
)
METRIC_TYPES = ("count", "streak", "duration")
CATEGORIES = ("engagement", "learning", "mastery", "resilience", "community")
# Points of a milestone that says none, by its difficulty.
POINTS = {1: 10, 2: 25, 3: 50, 4: 100, 5: 250}
# What was reached longer ago is not celebrated any more, whatever an organisation says [days].
STALE = 30
LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is counted of a person. unit: one and many of it; einheit: the same in German.

    live: worked out of live sessions, which are kept for a while; what was reached by then stays.
    """

    name: str
    metric_type: str
    unit: tuple[str, str]
    einheit: tuple[str, str]
    told: str
    live: bool = False


_SKILLS = ("skill", "skills"), ("Fertigkeit", "Fertigkeiten")
_VOTES = ("vote", "votes"), ("Stimme", "Stimmen")
# name, unit, the same in German, what it counts
_COUNTS = (
    ("interactions", ("thing done", "things done"), ("Schritt", "Schritte"), "everything they did, an event each"),
    ("active_days", ("day", "days"), ("Tag", "Tage"), "days of their own on which they did anything"),
    ("completions", ("completion", "completions"), ("Abschluss", "Abschlüsse"), "what they completed"),
    ("comebacks", ("comeback", "comebacks"), ("Rückkehr", "Rückkehren"),
     "how often they came again after more than two weeks away"),
    ("attempts", ("attempt", "attempts"), ("Versuch", "Versuche"), "attempts at skills"),
    ("skills_practised", *_SKILLS, "skills they tried"),
    ("skills_learned", *_SKILLS, "skills they once had learned: answers proved a peak of at least 0.6"),
    ("skills_refreshed", *_SKILLS, "skills that were fading when they practised them again"),
    ("plateaus_overcome", ("plateau", "plateaus"), ("Plateau", "Plateaus"), "plateaus they got over"),
)  # fmt: skip
_LIVE = (
    ("live_events", ("event", "events"), ("Veranstaltung", "Veranstaltungen"), "live sessions they took part in"),
    ("live_votes", *_VOTES, "polls they voted in"),
    ("live_questions", ("question", "questions"), ("Frage", "Fragen"), "questions they asked that nobody hid"),
    ("live_upvotes", *_VOTES, "votes that others gave their questions"),
)
STREAK = "consecutive_active_days"

METRICS: dict[str, Metric] = {
    each.name: each
    for each in (
        *(Metric(name, "count", unit, einheit, told) for name, unit, einheit, told in _COUNTS),
        Metric(STREAK, "streak", ("day in a row", "days in a row"), ("Tag in Folge", "Tage in Folge"),
               "days of their longest streak; see [streaks](#streaks)"),
        Metric("hours_active", "duration", ("hour", "hours"), ("Stunde", "Stunden"), "time they spent, in hours"),
        Metric("days_known", "duration", ("day", "days"), ("Tag", "Tage"),
               "days from the first thing they did to the last"),
        *(Metric(name, "count", unit, einheit, told, live=True) for name, unit, einheit, told in _LIVE),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Milestone:
    """A target of a metric, as the seed's table has it. difficulty_level: 1 (easy) to 5. points: what it is worth."""

    milestone_name: str
    display_name: str
    description: str
    metric_name: str
    target_value: float
    metric_type: str
    category: str
    difficulty_level: int
    points: int
    is_active: bool = True


# What organisations may change of one.
FIELDS = tuple(name for name in Milestone.__slots__ if name != "milestone_name")


def level(points: int) -> int:
    """The level that so many points come to: the n-th begins at 50 n (n - 1), so each takes 100 points more.

    >>> [level(points) for points in (0, 99, 100, 299, 300, 600, 1000)]
    [1, 1, 2, 2, 3, 4, 5]
    """
    return (1 + isqrt(1 + 4 * max(0, points) // 50)) // 2


def begins(level: int) -> int:
    """The points at which a level begins.

    >>> [begins(each) for each in (1, 2, 3, 4)]
    [0, 100, 300, 600]
    """
    return 50 * level * (level - 1)
