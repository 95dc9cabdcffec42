"""The report of a live session."""

from typing import Any

from tactful.api.schemas.live import Mode, State
from tactful.api.schemas.organising import SuggestionOut, suggestion_out
from tactful.api.schemas.recounting import ActedOut, acted_out
from tactful.api.schemas.room import PlaceOut, place_out
from tactful.api.schemas.wire import Instant, ShownId, Told, shown


class ReportedSession(Told):
    """What is said of the session, and when it ran."""

    session_id: ShownId
    event_id: ShownId
    title: str
    topic: str
    language: str
    mode: Mode
    state: State
    starts_at: Instant | None
    ends_at: Instant | None
    started_at: Instant | None
    ended_at: Instant | None


class Summary(Told):
    """The session in a few figures. engagement: on average, 0..1; null where nothing was heard."""

    seconds: int | None
    most_viewers: int
    signals: float
    engagement: float | None
    anomalies: int
    interventions: int
    votes: int
    questions: int


class Stretch(Told):
    """Ten seconds, up to `at`: who was there, what was heard, and how engaged they were (0..1; null is unknown)."""

    at: Instant
    bin: int
    viewers: int
    signals: float
    engagement: float | None


class AnomalyOut(Told):
    """Something that was noticed. anomaly_score: how likely it was a change, 0..1. deviation: percent below."""

    id: str
    timestamp: Instant
    anomaly_type: str
    severity: str
    anomaly_score: float
    current_engagement: float | None
    expected_engagement: float | None
    deviation: float | None
    reasoning: str


class ReportedPoll(Told):
    """A poll with its results. answers: the latest in words."""

    poll_id: str
    question: str
    type: str
    options: list[str]
    opened_at: Instant
    closes_at: Instant
    closed_at: Instant | None
    votes: int
    counts: list[int]
    answers: list[str]
    intervention_id: str | None


class ReportedQuestion(Told):
    """A question of the audience, and how many wanted it answered."""

    question_id: int
    user_id: ShownId
    words: str
    votes: int
    asked_at: Instant
    answered_at: Instant | None
    hidden_at: Instant | None


class ReportOut(Told):
    """A session from its start to its end, or to now. Lists are oldest first; the leaderboard has its first ten places.

    cut: names of lists that are longer than they are told (a timeline of two days, 2,000 of anything else).
    """

    session: ReportedSession
    until: Instant
    summary: Summary
    timeline: list[Stretch]
    anomalies: list[AnomalyOut]
    interventions: list[ActedOut]
    suggestions: list[SuggestionOut]
    polls: list[ReportedPoll]
    questions: list[ReportedQuestion]
    leaderboard: list[PlaceOut]
    cut: list[str]


def report_out(told: dict[str, Any]) -> ReportOut:
    """A report as the wire shows it."""
    session = told["session"] | {name: shown(told["session"][name]) for name in ("session_id", "event_id")}
    return ReportOut(
        session=ReportedSession.model_validate(session),
        until=told["until"],
        summary=Summary.model_validate(told["summary"]),
        timeline=[Stretch.model_validate(row) for row in told["timeline"]],
        anomalies=[AnomalyOut.model_validate(row) for row in told["anomalies"]],
        interventions=[acted_out(row) for row in told["interventions"]],
        suggestions=[suggestion_out(row) for row in told["suggestions"]],
        polls=[ReportedPoll(**{name: row[name] for name in ReportedPoll.model_fields}) for row in told["polls"]],
        questions=[_question(row) for row in told["questions"]],
        leaderboard=[place_out(row) for row in told["leaderboard"]],
        cut=told["cut"],
    )


def _question(row: dict[str, Any]) -> ReportedQuestion:
    same = {name: row[name] for name in ReportedQuestion.model_fields if name != "user_id"}
    return ReportedQuestion(user_id=shown(row["participant"]), **same)
