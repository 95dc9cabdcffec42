"""What could be done, best first: what was chosen, what is allowed, nothing, and what is forbidden."""

from typing import Any

from tactful.decide.considered import Candidate, Verdict
from tactful.decide.ranking import BETTER, DRAWN, FORBIDDEN, NO_REASON, ranked


def candidate(kind: str, expected: float, *, forbidden: bool = False, chosen: bool = False) -> Candidate:
    verdict = Verdict("quiet_hours", forbidden, "It is night.", "Wait.") if forbidden else Verdict("quiet_hours", False)
    return Candidate(kind, f"because of {kind}", f"A reason for {kind}.", 5, expected, chosen, (verdict,))


def kinds(chosen: str | None, *candidates: Candidate) -> list[str]:
    return [each["kind"] for each in ranked({"chosen": chosen}, candidates)]


def first(chosen: str | None, *candidates: Candidate) -> dict[str, Any]:
    return ranked({"chosen": chosen}, candidates)[0]


def test_nothing_comes_behind_what_is_allowed_and_before_what_is_not() -> None:
    night, loud, best = (
        candidate("night", 0.9, forbidden=True),
        candidate("loud", 0.2),
        candidate("b", 0.5, chosen=True),
    )
    assert kinds("b", night, loud, best) == ["b", "loud", "nothing", "night"]


def test_what_waits_for_the_end_of_quiet_hours_comes_first_though_it_is_forbidden_now() -> None:
    waits = candidate("waits", 0.5, forbidden=True, chosen=True)
    assert kinds("waits", candidate("night", 0.9, forbidden=True), waits) == ["waits", "nothing", "night"]
    assert first("waits", waits)["against"] == [{"rail": "quiet_hours", "why": "It is night.", "change": "Wait."}]


def test_nothing_says_why_it_is_best_or_is_not() -> None:
    loud, night = candidate("loud", 0.2), candidate("night", 0.9, forbidden=True)
    assert [first(None)["reason"], first(None, night)["reason"], first(None, loud)["reason"]] == [
        NO_REASON, FORBIDDEN, DRAWN,
    ]  # fmt: skip
    (*_, nothing) = ranked({"chosen": "a"}, [candidate("a", 0.3, chosen=True)])
    assert (nothing["reason"], nothing["expected"], nothing["chosen"]) == (BETTER, 0.0, False)
