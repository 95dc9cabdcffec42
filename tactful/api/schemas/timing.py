"""At which hours somebody is at their best, and whether now is a good time."""

from pydantic import Field

from tactful.api.schemas.wire import At, Instant, Name, ShownId, ShownTime, Told, UserId, Wire, example


class TimingProfileOut(Told):
    """Somebody's hours and days, by their own clock. performance_by_hour: mean score (0..1) of the hours that have any.

    typical_study_days: Monday is 1; all seven where they are there often and no day stands out (best_days is empty
    then). preferred_session_length: minutes of the session in the middle, to the minute below ten, else by five.
    confidence: 0 under 10 sessions of the last year, .5 from 10, .7 from 30, .9 from 50. What nothing is known of is
    null or empty; hours and days from the fifth hour that they were there, or once the organisation learned what is
    usual.
    """

    model_config = example(
        user_id=123,
        peak_hours=[7, 8, 19, 20],
        optimal_study_time="19:00:00",
        best_days=["Monday", "Wednesday", "Friday"],
        avg_session_duration_minutes=42.5,
        preferred_session_length=45,
        performance_by_hour={"7": 0.85, "8": 0.90, "19": 0.88, "20": 0.82},
        most_active_hour=19,
        least_active_hour=3,
        typical_study_days=[1, 3, 5],
        sessions_analyzed=50,
        confidence=0.9,
        updated_at="2026-01-31T12:00:00Z",
    )
    user_id: ShownId
    peak_hours: list[int] = Field(default_factory=list)
    optimal_study_time: ShownTime | None = None
    best_days: list[str] = Field(default_factory=list)
    avg_session_duration_minutes: float | None = None
    preferred_session_length: int | None = None
    performance_by_hour: dict[str, float] = Field(default_factory=dict)
    most_active_hour: int | None = None
    least_active_hour: int | None = None
    typical_study_days: list[int] = Field(default_factory=list)
    sessions_analyzed: int = 0
    confidence: float = 0.0
    updated_at: Instant


class TimingCheckIn(Wire):
    """What is asked. current_time: now, where it is left out; up to 14 days ahead, as if nothing happened until then.

    intervention_type: a kind whose guard rails must allow it as well. zone: what their clock shows, where that is not
    what it usually does. user_id: a service's token must name the person.
    """

    model_config = example(current_time="2026-01-31T19:00:00Z", user_id=123)
    current_time: At | None = None
    intervention_type: Name | None = None
    zone: Name | None = None
    user_id: UserId | None = None


class TimingCheckOut(Told):
    """Whether it is a good time, why in words, and when instead (null where it is one, or nothing can be said).

    alternative_time: the next good one within a week; asked about, it is good as long as nothing happened since.

    score: 0..1 before anything was learned, null where nothing is known; probability: of an answer, null until learned.
    contributions: what each factor adds to the odds of an answer [log-odds].
    """

    model_config = example(
        is_good_time=True,
        reasoning="Now is a good time. Last seen 22 hours ago; here within the hour with a chance of 71 %.",
        alternative_time=None,
        score=0.66,
        probability=0.71,
        confidence=0.6,
        contributions={"presence": 1.3, "hour": 1.1, "answers": 0.0, "exchange": 0.0, "sender": 0.35},
        reasons=["Last seen 22 hours ago; here within the hour with a chance of 71 %."],
    )
    is_good_time: bool
    reasoning: str
    alternative_time: Instant | None
    score: float | None
    probability: float | None
    confidence: float
    contributions: dict[str, float]
    reasons: list[str]
