"""Does it do any good? Who was reached and came back, what was accepted, beside people who were left alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tactful.learn.shares import Tally, difference, share

# Of what is told of a kind of intervention, and of whom.
MEASURES = ("within_hour", "within_day")
# What was found, what became of it, who had help with it and who had not.
HELPED = {
    "plateau": ("resolved", "accepted", "not_accepted"),
    "regression": ("reviewed", "reminded", "not_reminded"),
    "struggle": ("went_well", "accepted", "not_accepted"),
}
# Where it is counted whether the help for it was accepted.
ACCEPTED = {
    "plateau": ("alternative_approach", "shown", "accepted"),
    "regression": ("skill_refresh", "shown", "accepted"),
    "struggle": ("struggle", "offered", "accepted"),
}
# Messages told apart by when they came, and by whether they came because of the hour.
TIMED = {"by_hour": ("well_timed", "other_time"), "by_kind": ("nudge", "message")}
NOTHING = Tally()

Tallies = Mapping[tuple[str, str, str], Tally]


def success(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures in the form in which they are told. rows: of `store.learned.figures.tallied`.

    Who was reached is not like who was not: guard rails, consent and their own hours chose them. Who was left alone for
    comparison was drawn by lot, so only `effect`, which compares with these, says what reaching people does.
    """
    tallies: defaultdict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for row in rows:
        tallies[row["figure"], row["part"], row["measure"]] = Tally.of(row)
    kinds = sorted({figure for figure, _, _ in tallies} - {"at_risk", "timing", *HELPED})
    return {
        "at_risk": _at_risk(tallies),
        "kinds": {kind: _kind(tallies, kind) for kind in kinds},
        "help": {found: _help(tallies, found, *parts) for found, parts in HELPED.items()},
        "timing": {
            name: {measure: _apart(tallies, measure, *parts) for measure in MEASURES} for name, parts in TIMED.items()
        },
    }


def _of(tallies: Tallies, *key: str) -> Tally:
    figure, part, measure = key
    return tallies.get((figure, part, measure), NOTHING)


def _at_risk(tallies: Tallies) -> dict[str, Any]:
    """Everybody is counted once, when they were first considered; the effect is that of not being left alone."""
    reached, missed, held = (
        _of(tallies, "at_risk", part, "returned") for part in ("reached", "not_reached", "held_out")
    )
    return {
        "reached": share(_of(tallies, "at_risk", "everybody", "reached")),
        "saw": share(_of(tallies, "at_risk", "everybody", "saw")),
        "returned": {"reached": share(reached), "not_reached": share(missed), "held_out": share(held)},
        "effect": difference(reached + missed, held),
    }


def _kind(tallies: Tallies, kind: str) -> dict[str, Any]:
    sessions = {}
    for measure in MEASURES:
        reached, held = (_of(tallies, kind, part, measure) for part in ("reached", "held_out"))
        sessions[measure] = {"reached": share(reached), "held_out": share(held), "effect": difference(reached, held)}
    shown, accepted = _of(tallies, kind, "planned", "shown"), _of(tallies, kind, "shown", "accepted")
    return {"shown": share(shown), "accepted": share(accepted), **sessions}


def _help(tallies: Tallies, found: str, measure: str, helped: str, left: str) -> dict[str, Any]:
    with_help, without, held = (_of(tallies, found, part, measure) for part in (helped, left, "held_out"))
    return {
        "accepted": share(_of(tallies, *ACCEPTED[found])),
        "outcome": measure,
        "with_help": share(with_help),
        "without_help": share(without),
        "held_out": share(held),
        "difference": difference(with_help, without),
        "effect": difference(with_help + without, held),
    }


def _apart(tallies: Tallies, measure: str, timed: str, other: str) -> dict[str, Any]:
    one, rest = _of(tallies, "timing", timed, measure), _of(tallies, "timing", other, measure)
    return {timed: share(one), other: share(rest), "lift": difference(one, rest)}
