"""What would be done about somebody now, and what else could be."""

from typing import Literal

from tactful.api.schemas.wire import Instant, ShownId, Told, example


class AgainstOut(Told):
    """A guard rail that forbids something: why, and what would have to change."""

    rail: str
    why: str
    change: str


class ActionOut(Told):
    """Something that could be done; kind nothing: doing nothing.

    expected: 0 to 1, the good that is expected of it. trigger: which reason proposes it, null for nothing. allowed:
    whether no guard rail forbids it; against: those that do.
    """

    kind: str
    trigger: str | None
    priority: int
    expected: float
    chosen: bool
    allowed: bool
    reason: str
    against: list[AgainstOut]


class NextBestActionOut(Told):
    """What would be decided now. next_best_action: its kind; nothing where nothing is best.

    result: acted, deferred (due_at: until when), silent, or shadow where it would be on record only. propensity: with
    which chance it is chosen. reasons: what speaks for it, with the numbers behind it. actions: all that could be done,
    best first. not_considered: why other reasons propose nothing.
    """

    model_config = example(
        user_id=42,
        at="2026-01-31T12:00:00Z",
        next_best_action="streak_reminder",
        result="acted",
        due_at="2026-01-31T12:00:00Z",
        propensity=1.0,
        policy="ranked/1",
        reasons=["A streak ends today unless they come."],
        actions=[
            {
                "kind": "streak_reminder",
                "trigger": "streak_at_risk",
                "priority": 8,
                "expected": 0.4,
                "chosen": True,
                "allowed": True,
                "reason": "A streak ends today unless they come.",
                "against": [],
            },
            {
                "kind": "nothing",
                "trigger": None,
                "priority": 0,
                "expected": 0.0,
                "chosen": False,
                "allowed": True,
                "reason": "Something is proposed that is expected to do more good.",
                "against": [],
            },
        ],
        not_considered=["A morning ritual was not considered. It is not their morning."],
    )
    user_id: ShownId
    at: Instant
    next_best_action: str
    result: Literal["acted", "deferred", "silent", "shadow"]
    due_at: Instant | None
    propensity: float
    policy: str
    reasons: list[str]
    actions: list[ActionOut]
    not_considered: list[str]
