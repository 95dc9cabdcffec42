"""A decision laid out: each candidate with what every guard rail says to it, and what would have to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tactful.decide.guardrails import BINDS, HERE_RAILS, RAILS, Rail
from tactful.decide.inline_help import FORESEEN, INLINE
from tactful.decide.kinds import KINDS
from tactful.decide.rules import Rules
from tactful.decide.words import REASONS, against
from tactful.kernel.records import Initiative

INITIATIVES = {kind.name: kind.initiative for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a guard rail says. forbids: None where it does not bind this kind; why, change: only where it forbids."""

    rail: str
    forbids: bool | None
    why: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could have been done. reason: of the trigger that proposed it; expected: good that was expected, 0..1."""

    kind: str
    trigger: str
    reason: str
    priority: int
    expected: float
    chosen: bool
    verdicts: tuple[Verdict, ...]

    @property
    def allowed(self) -> bool:
        """Whether no guard rail forbids it."""
        return not any(each.forbids for each in self.verdicts)


def rails_of(kinds: Sequence[str]) -> tuple[Rail, ...]:
    """The guard rails that were asked about a person's candidates, in the order of their bits."""
    return HERE_RAILS if {INLINE, FORESEEN}.intersection(kinds) else RAILS


def considered(
    decision: Mapping[str, Any],
    facts: Mapping[str, Any],
    rails: Sequence[Rail] | None = None,
    *,
    rules: Rules | None = None,
) -> tuple[Candidate, ...]:
    """The candidates of one decision about a person, best first.

    decision: DECISION or a ledger row. facts: what was known then; what is missing is called unknown.
    rails: those that were asked, in the order of their bits; by the candidates' kinds when left out. rules: of then,
    for kinds and triggers of the organisation's own.

    >>> considered({"kinds": [], "triggers": [], "priorities": [], "expected": [], "verdicts": []}, {})
    ()
    """
    asked = rails_of(decision["kinds"]) if rails is None else rails
    reasons = REASONS | (rules.reasons if rules else {})
    initiatives = INITIATIVES | ({name: kind.initiative for name, kind in rules.kinds.items()} if rules else {})
    lists = (decision[name] for name in ("kinds", "triggers", "priorities", "expected", "verdicts"))
    return tuple(
        Candidate(
            kind,
            trigger,
            reasons.get(trigger, ""),
            priority,
            expected,
            kind == decision.get("chosen"),
            tuple(
                _verdict(rail, bool(bits >> number & 1), initiatives.get(kind), facts)
                for number, rail in enumerate(asked)
            ),
        )
        for kind, trigger, priority, expected, bits in zip(*lists, strict=True)
    )


def _verdict(rail: Rail, forbids: bool, initiative: Initiative | None, facts: Mapping[str, Any]) -> Verdict:
    if forbids:
        return Verdict(rail.name, True, *against(rail, facts))
    bound = initiative is None or rail.name in BINDS[initiative]
    return Verdict(rail.name, False if bound else None)
