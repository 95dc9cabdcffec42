"""Cases: what was noticed in a room, what was chosen because of it, and all that is written of that."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from tactful.compose.polls import Context, Template, render, suitable
from tactful.decide.live.choosing import LIVE_MOMENT, Known, choose
from tactful.decide.live.handlers import BY_NAME, MASS_EXIT, word
from tactful.decide.live.settings import CONTROL, EXPIRY
from tactful.decide.policies.thompson import drawn
from tactful.decide.rules import Rules
from tactful.decide.settings import LEAST_CHANCE
from tactful.facts.rooms import context, phase, size
from tactful.kernel.chance import draw
from tactful.learn.arms import Beliefs
from tactful.learn.branching import Belief
from tactful.uses.rooms.acts import Act
from tactful.uses.rooms.noticed import Noticed

# Rows of `rooms.rooms` by session.
Rooms = Mapping[int, Mapping[str, Any]]
AUDIENCE, ORGANISERS = "audience", "organisers"

TEMPLATE = "template"
LINE = {"row": pl.Int64, TEMPLATE: pl.String, "mean": pl.Float64, "spread": pl.Float64, "draw": pl.Float64}
# Of templates that nothing is known of: none is better than another.
ALIKE = Belief(0.0, 0.0025)
NOTHING: Known = {}


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decision depends on besides what was noticed.

    known: of kinds (`decide.live.choosing`). wording: what each organisation believes of templates. results: when
    voters see those of polls.
    """

    rules: Rules
    known: Known
    wording: Mapping[int, Beliefs] = field(default_factory=dict)
    results: str = "voted"

    def governing(self, rooms: Iterable[Mapping[str, Any]]) -> "Deciding":
        """With what the organisations of these rooms (rows of `rooms.rooms`) have set for themselves."""
        told = list(rooms)
        own = {room["organisation_id"]: room["own"] for room in told if room["own"]}
        upto = max((room["own_upto"] for room in told), default=0)
        return replace(self, rules=self.rules.with_own(own, upto=upto))


@dataclass(frozen=True, slots=True)
class Case:
    """One side of what was noticed in one room, and what was chosen. told: a row of CHOSEN; known: of LIVE_MOMENT.

    rules: those of its organisation. words: what a language model wrote for it ahead (`compose.writing`); then the
    template is not said.
    """

    noticed: Noticed
    anomaly_id: str
    room: Mapping[str, Any]
    known: Mapping[str, Any]
    told: Mapping[str, Any]
    template: Template | None
    rules: Rules
    at: datetime
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> str:
        """acted, suggested, control, shadow, silent or lost."""
        return str(self.told["result"])

    @property
    def said(self) -> str | None:
        """The name of what is said, by which it is told apart from other words."""
        if self.words:
            return str(self.words["template"])
        return None if self.template is None else self.template.name

    @property
    def tried(self) -> bool:
        """Whether what comes of it is to be compared: it was drawn by lot whether it is done."""
        return self.result == "control" or (self.result == "acted" and self.known["side"] == AUDIENCE)

    def ledger(self) -> dict[str, Any]:
        """The row of the ledger."""
        listed = ("kinds", "triggers", "priorities", "expected", "verdicts", "chosen", "propensity", "draw", "result")
        facts = {
            "anomaly_id": self.anomaly_id,
            "anomaly_type": self.noticed.kind,
            "severity": self.noticed.severity,
            "engagement": self.noticed.engagement,
            "expected_engagement": self.noticed.expected,
            "viewers": self.room["viewers"],
            "mode": self.room["mode"],
            "side": self.known["side"],
            "context": self.known["context"],
            "template": self.said,
            "reasoning": self.noticed.reasoning,
        }
        return {name: self.told[name] for name in listed} | {
            "organisation_id": self.room["organisation_id"],
            "live_session_id": self.room["live_session_id"],
            "facts": facts,
        }

    def act(self, number: int) -> Act:
        """What is done now. number: of the decision."""
        return Act(self.room, self.told["chosen"], self.content(), self.told["confidence"], self.reasoning, number)

    def suggestion(self, number: int) -> dict[str, Any]:
        """What is proposed to organisers."""
        return {
            "organisation_id": self.room["organisation_id"],
            "live_session_id": self.room["live_session_id"],
            "decision_id": number,
            "type": self.told["chosen"],
            "confidence": self.told["confidence"],
            "priority": word(self.told["priority"]),
            "reasoning": self.reasoning,
            "content": self.content(),
            "seconds": self.rules.values[EXPIRY.name],
        }

    def moment(self, number: int, done: Mapping[str, Any] | None) -> dict[str, Any]:
        """What is kept to be compared with others. done: the intervention, where there was one."""
        allowed = zip(self.told["kinds"], self.told["verdicts"], strict=True)
        return {
            "decision_id": number,
            "organisation_id": self.room["organisation_id"],
            "live_session_id": self.room["live_session_id"],
            "anomaly_type": self.noticed.kind,
            "context": self.known["context"],
            "kind": self.told["chosen"],
            "template": self.said,
            "acted": done is not None,
            "propensity": self.told["propensity"],
            "offered": [kind for kind, verdict in allowed if not verdict],
            "control_share": float(self.rules.values[CONTROL.name]),
            "intervention_id": done and done["id"],
            "before": self.noticed.engagement,
            "expected": self.noticed.expected,
        }

    @property
    def reasoning(self) -> str:
        """Why, in words."""
        return f"{self.noticed.reasoning} {BY_NAME[self.told['trigger']].why}"

    def content(self) -> dict[str, Any]:
        """What is said and done, with where it comes from."""
        assert self.template is not None
        told = render(self.template, _context(self.noticed, self.room, self.at))
        # The part that says what to do is written or rendered, never half of each.
        return {**told, **self.words} | {
            "anomaly_id": self.anomaly_id,
            "expected_gain": self.told["gain"],
            "priority": word(self.told["priority"]),
            "propensity": self.told["propensity"],
        }


def chosen(fresh: Sequence[tuple[Noticed, str]], known: Rooms, *, at: datetime, deciding: Deciding) -> list[Case]:
    """What is chosen because of anomalies (with their ids); a case for each side of each."""
    sides = [(each, name, side) for each, name in fresh for side in _sides(each)]
    rows = [_moment(each, known[each.live_session_id], side, at) for each, _, side in sides]
    tick = int(at.timestamp())
    told_of = choose(pl.DataFrame(rows, schema=LIVE_MOMENT), tick=tick, rules=deciding.rules, known=deciding.known)
    cases = [
        Case(each, name, known[each.live_session_id], row, told, None, deciding.rules.of(row["organisation_id"]), at)
        for (each, name, _), row, told in zip(sides, rows, told_of.to_dicts(), strict=True)
    ]
    return list(_once(worded(cases, tick, deciding)))


def _sides(each: Noticed) -> tuple[str, ...]:
    # Who runs the event must know of an exit, whatever is said to those who stay.
    return (ORGANISERS, AUDIENCE) if each.kind == MASS_EXIT else (AUDIENCE,)


def _moment(each: Noticed, room: Mapping[str, Any], side: str, at: datetime) -> dict[str, Any]:
    left = None if room["ends_at"] is None else (room["ends_at"] - at).total_seconds()
    part = phase(at, room["started_at"], room["ends_at"])
    return {name: room[name] for name in LIVE_MOMENT if name in room} | {
        "anomaly_type": each.kind,
        "side": side,
        "severity": each.severity,
        "engagement": each.engagement,
        "seconds_left": left,
        "context": context(each.kind, size(room["viewers"]), part),
    }


def worded(cases: Sequence[Case], tick: int, deciding: Deciding) -> list[Case]:
    """With the template that says each: drawn as kinds are, among those of the best family that fits.

    Lost where nothing fits.
    """
    fitting = [_fitting(case) for case in cases]
    lines = [
        line for number, case in enumerate(cases) for line in _lines(number, case, fitting[number], tick, deciding)
    ]
    floors: dict[float, list[Any]] = {}
    for line in lines:
        floors.setdefault(float(cases[line[0]].rules.values[LEAST_CHANCE.name]), []).append(line)
    picked = [
        drawn(pl.DataFrame(some, schema=LINE, orient="row"), floor=floor, arm=TEMPLATE)
        for floor, some in floors.items()
    ]
    names = {row: name for each in picked for row, name in each.select("row", TEMPLATE).iter_rows()}
    return [
        _lost(case)
        if case.told["chosen"] and number not in names
        else replace(case, template=_named(fitting[number], names.get(number)))
        for number, case in enumerate(cases)
    ]


def _fitting(case: Case) -> list[Template]:
    if case.told["chosen"] is None:
        return []
    found = suitable(case.told["chosen"], _context(case.noticed, case.room, case.at), case.room["own_templates"])
    sided = [each for each in found if case.told["chosen"] != "NOTIFICATION" or each.to == case.known["side"]]
    return [each for each in sided if each.family == sided[0].family]


def _lines(number: int, case: Case, fitting: Sequence[Template], tick: int, deciding: Deciding) -> Iterator[Any]:
    at = draw(case.room["seed"], case.room["live_session_id"], tick, 2)
    beliefs = deciding.wording.get(case.room["organisation_id"])
    for each in fitting:
        known = beliefs.of(case.known["context"], each.name) if beliefs else ALIKE
        yield number, each.name, known.mean, known.variance**0.5, at


def _named(fitting: Sequence[Template], name: str | None) -> Template | None:
    return next((each for each in fitting if each.name == name), None)


def _lost(case: Case) -> Case:
    return replace(case, told={**case.told, "result": "lost"})


def _context(each: Noticed, room: Mapping[str, Any], at: datetime) -> Context:
    return Context(
        anomaly=each.kind,
        severity=each.severity,
        viewers=room["viewers"],
        phase=phase(at, room["started_at"], room["ends_at"]),
        topic=room["topic"],
        title=room["title"],
        language=room["language"],
        used=tuple(room["templates"]),
        facts=each.facts,
    )


def _once(cases: Sequence[Case]) -> Iterator[Case]:
    """A kind once in a room in one second, for the most urgent reason; the others are lost."""
    taken: dict[tuple[int, str], Case] = {}
    doing = [case for case in cases if case.result in ("acted", "suggested", "control")]
    for case in sorted(doing, key=lambda case: -case.told["priority"]):
        taken.setdefault((case.room["live_session_id"], case.told["chosen"]), case)
    kept = {id(case) for case in taken.values()}
    mine = {id(case) for case in doing}
    for case in cases:
        lost = id(case) in mine and id(case) not in kept
        yield _lost(case) if lost else case
