"""Telling why: the ledger where it has a row, and the decision worked out again where silence was not stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful import loop
from tactful.decide import Rules, chances, choose, inline_help, not_considered, words
from tactful.decide.reengagement import strategy
from tactful.facts.here import HERE, TOLD
from tactful.kernel.errors import NotFound
from tactful.kernel.settings import Settings
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import dealings, ledger
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.reading import RowReader
from tactful.uses import plateaus
from tactful.uses.governing import governing

# The scope of decisions about help on a page.
HELP = "help"
# What a moment knows that nobody asks of a risk; telling it for each person costs more than the risk itself.
UNTOLD = (
    "last_by_kind",
    "ignored_by_kind",
    "open_kinds",
    "paused_kinds",
    "paused_channels",
    "shadow_kinds",
    "disabled_kinds",
)


def of(database: Database, organisation: str, decision_id: int) -> dict[str, Any]:
    """One ledger row in plain words. raises: NotFound."""
    with database.batch() as connection:
        row = ledger.by_id(connection, organisation, decision_id)
        if row is None:
            raise NotFound("There is no decision with that number.")
        if row["scope"] == HELP:
            return {**row, "words": helped(row, inline_help.rules(rules_then(row)))}
        rules = rules_then(row)
        mine = Scope(people=(row["person_id"],))
        seen = loop.look(RowReader(connection), mine, at=row["at"], rules=rules, past=True)
    return {**row, "words": told(row, seen, rules)}


def helped(row: dict[str, Any], rules: Rules) -> list[str]:
    """A ledger row about help on a page in words: all that it was decided from is in the row itself."""
    here = pl.DataFrame([row["facts"]], {name: HERE[name] for name in TOLD}, orient="row")
    lines = [*words(row, row["facts"], rules.rails), *not_considered(row, here, rules.triggers)]
    if row["shown_at"] is not None:
        lines.append(f"It was shown at {_time(row['shown_at'])}, on the page {row['facts']['page']}.")
    if row["help_response"] is not None:
        lines.append(f"They {row['help_response']} it at {_time(row['help_answered_at'])}.")
    return lines


def told(row: dict[str, Any], seen: pl.DataFrame, rules: Rules) -> list[str]:
    """A ledger row in words. seen: the moment as it looks today, empty if nobody knows it any more; rules: of then."""
    silent = not_considered(row, seen, rules.triggers) if seen.height else []
    version = row["own_version"]
    own = [f"The organisation's own settings, version {version}, were in force."] if version else []
    return [*words(row, row["facts"], reasons=rules.reasons), *_became(row), *silent, *own]


def _became(row: dict[str, Any]) -> list[str]:
    """What became of the intervention that was chosen."""
    if row["state"] == "withdrawn":
        return [f"It was withdrawn at {_time(row['withdrawn_at'])}. {row['withdrawn_because']}"]
    if row["shown_at"] is not None:
        return [f"It was shown at {_time(row['shown_at'])}."]
    return ["It expired before they saw it."] if row["state"] == "expired" else []


def rules_then(row: Mapping[str, Any]) -> Rules:
    """The rules that the settings stored with a ledger row's tick make, and what the organisation had of its own."""
    return _rules(row["settings"], row["own"])


def _rules(stored: dict[str, Any], own: dict[str, Any]) -> Rules:
    values = stored | {name: value for name, value in own.items() if name in stored}
    return Rules.from_settings(Settings(values)).replace(values=values)


def at(
    database: Database, rules: Rules, organisation: str, person: str, when: datetime, *, past: bool = False
) -> dict[str, Any]:
    """Why `person` was or was not reached at `when`.

    The ledger row that holds is quoted when it was written at that very instant; otherwise the
    moment is worked out again and the answer says so. past: `when` lies in the past; then it is
    worked out from what was known, done and set then, and what could not be taken back is named.
    """
    gaps: list[str] = []
    with database.batch() as connection:
        person_id = lookup.find(connection, organisation, person)
        row = ledger.holding_at(connection, person_id, when)
        stored = row is not None and row["at"] == when
        if row is not None and stored:
            rules = rules_then(row)
        elif past:
            rules, gaps = _back(connection, person_id, when, rules)
        else:
            rules = _governing(connection, person_id, rules)
        seen = loop.look(RowReader(connection), Scope(people=(person_id,)), at=when, rules=rules, past=past)
        stuck = plateaus.words(connection, person_id, when, Settings(rules.values))
    told_risk = _belief(seen.to_dicts()[0]) if seen.height else ["Nothing was known about this person yet."]
    decision: dict[str, Any] | None
    if row is not None and stored:
        about_help = row["scope"] == HELP
        lines, decision = (helped(row, inline_help.rules(rules)) if about_help else told(row, seen, rules)), row
    elif seen.height:
        decision = choose(seen, at=when, rules=rules, draws=chances(seen, when)).to_dicts()[0]
        lines = ["This moment was not stored; it is worked out again from what was known then.", *gaps]
        lines += words({**decision, "at": when}, seen.to_dicts()[0], reasons=rules.reasons)
        lines += not_considered(decision, seen, rules.triggers)
        lines += _last(row)
    else:
        decision, lines = None, []
    return {"person": person, "at": when, "stored": stored, "decision": decision, "words": [*told_risk, *stuck, *lines]}


def _back(connection: Connection, person_id: int, when: datetime, rules: Rules) -> tuple[Rules, list[str]]:
    """Go back to `when` for the rest of the transaction; the rules of then, and what stays as it is now, in words."""
    told = ledger.settings_at(connection, person_id, when)
    gaps = [] if told else ["No tick had run by then, so the settings of now are used."]
    then = _rules(told["settings"], told["own"]) if told else _governing(connection, person_id, rules)
    dealings.shadow(connection, (person_id,), when, then.kinds.values())
    return then, gaps + dealings.unknown(connection, person_id, when)


def _governing(connection: Connection, person_id: int, rules: Rules) -> Rules:
    """The rules that hold for one person now, those of their organisation's own making among them."""
    return next(iter(governing(connection, rules, people=[person_id]).own.values()), rules)


def _belief(moment: dict[str, Any]) -> list[str]:
    level = moment["risk_level"]
    if level == "unknown":
        return ["Nothing is known that would say whether they are about to leave."]
    reasons = dropout.why(level, moment["risk_factors"], moment)
    vouched = ["  Somebody who knows them says that they are not leaving."] if moment["vouched_for"] else []
    return [f"Risk of leaving: {level} ({moment['risk_score']:.2f}).", *(f"  {each}" for each in reasons), *vouched]


def _last(row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return ["The ledger has no earlier row about them."]
    chosen = row["chosen"] or "nothing"
    when = _time(row["at"])
    return [f"The ledger's last row before that is number {row['id']} of {when}: {chosen} ({row['result']})."]


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def risks(
    database: Database, rules: Rules, whom: Sequence[tuple[str, str]], when: datetime, *, past: bool = False
) -> list[dict[str, Any] | None]:
    """The risk of leaving of each (organisation, person) as of `when`; None for whom nobody knows. See `risk`."""
    with database.batch() as connection:
        ids = lookup.ids(connection, whom)
        mine = Scope(people=tuple(set(ids.values())))
        seen = loop.look(RowReader(connection), mine, at=when, rules=rules, past=past)
    rows = {row["person_id"]: row for row in seen.drop(UNTOLD).to_dicts()}
    found = [rows.get(ids.get(each, 0)) for each in whom]
    return [risk_told(row, when) if row is not None else None for row in found]


def risk(
    database: Database, rules: Rules, organisation: str, person: str, when: datetime, *, past: bool = False
) -> dict[str, Any]:
    """One person's risk of leaving as of `when`, in the seed's fields. raises: NotFound."""
    (row,) = risks(database, rules, [(organisation, person)], when, past=past)
    if row is None:
        raise NotFound("Nothing was known about this person yet.")
    return row


def risk_told(row: dict[str, Any], when: datetime) -> dict[str, Any]:
    """A row of `loop.look` in the seed's fields. when: the instant it is about."""
    offer = strategy(row["risk_level"], row["risk_factors"])
    reasons = dropout.why(row["risk_level"], row["risk_factors"], row)
    adds = dict(zip(dropout.FACTORS, row["contributions"], strict=True)) if row["contributions"] is not None else {}
    told = {"reengagement_strategy": offer, "reasons": reasons, "contributions": adds, "calculated_at": when}
    return {**row, **told}
