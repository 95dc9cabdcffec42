"""What could be done about one person now, best first, doing nothing included: a decision's candidates, ranked. Pure.

Nothing is judged anew: order, expected good and verdicts are those of the decision.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.decide.considered import Candidate

NOTHING = "nothing"
# Why nothing is best, or is not.
NO_REASON = "There is no reason to reach out: no trigger proposes anything."
FORBIDDEN = "Guard rails forbid all that is proposed."
BETTER = "Something is proposed that is expected to do more good."
DRAWN = "Something is allowed, but this time it was left."


def ranked(decision: Mapping[str, Any], candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """kind, trigger, priority, expected, chosen, allowed, reason and against of each candidate and of doing nothing.

    What was chosen comes first, then what is allowed, then nothing, then what is forbidden; each in the order of the
    decision. decision: DECISION; candidates: `considered` of it. against: rail, why and change of each guard rail that
    forbids it. Nothing is expected to do no good and no harm.

    >>> [each["kind"] for each in ranked({"chosen": None}, [])]
    ['nothing']
    """
    told = [*(_told(each) for each in candidates), _nothing(decision, candidates)]
    return sorted(told, key=lambda each: (not each["chosen"], not each["allowed"], each["kind"] == NOTHING))


def _told(each: Candidate) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "trigger": each.trigger,
        "priority": each.priority,
        "expected": each.expected,
        "chosen": each.chosen,
        "allowed": each.allowed,
        "reason": each.reason,
        "against": [
            {"rail": verdict.rail, "why": verdict.why, "change": verdict.change}
            for verdict in each.verdicts
            if verdict.forbids
        ],
    }


def _nothing(decision: Mapping[str, Any], candidates: Sequence[Candidate]) -> dict[str, Any]:
    chosen = decision["chosen"] is None
    some = any(each.allowed for each in candidates)
    if chosen:
        reason = DRAWN if some else FORBIDDEN if candidates else NO_REASON
    else:
        reason = BETTER
    return {
        "kind": NOTHING, "trigger": None, "priority": 0, "expected": 0.0, "chosen": chosen, "allowed": True,
        "reason": reason, "against": [],
    }  # fmt: skip
