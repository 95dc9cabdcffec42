"""Whether to help somebody where they are: a page asks, and the answer is a decision like any other.

Its candidates come from what the page told and from what is believed of what they are about to start; every guard rail
of help in context is asked, what is shown claims attention first, and the ledger has it. Many questions are decided in
one pass. For a page that tells nothing that could be reason for help only the organisation's settings are looked up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.compose.helping import render
from tactful.decide import Rules, chances, choose, inline_help, whys, with_wall_clock
from tactful.decide.candidates import propose
from tactful.decide.choose import prints
from tactful.facts.here import BEHAVIOUR, FORESEEN, HERE, KNOWN, QUIET, TOLD, Asked
from tactful.kernel.settings import Settings
from tactful.predict import struggle
from tactful.store.database import Connection, Database
from tactful.store.decided import attention, helps, ledger, ticks
from tactful.store.decided.struggles import Asked as Question
from tactful.store.described.erasure import despite_erasure
from tactful.store.sensed import resolve
from tactful.store.steps import run
from tactful.uses import struggles
from tactful.uses.governing import theirs

# What `check` answers where nothing is shown.
NOTHING: dict[str, Any] = {
    "should_show": False, "help_id": None, "help_type": None, "help_message": None, "title": None, "action": None,
    "decision_id": None,
}  # fmt: skip
GONE = NOTHING | {"reason": "They were erased; nothing is decided about them."}
LOST = "Another page has just used up the attention that this would have needed."
SHADOW = "Shadow mode is on: it was decided, and is on record only."
STATE = "ledger_state_here"


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for one organisation: the rules of help, and as of which number of `own_settings`."""

    rules: Rules
    upto: int


def check(database: Database, rules: Rules, asked: Sequence[Asked], at: datetime) -> list[dict[str, Any]]:
    """For each of `asked` whether help is shown, and what it says; where not, the reason why not.

    rules: the common ones. People nobody knew come into being where there may be reason to help them.
    """
    answers: list[dict[str, Any]] = [{}] * len(asked)
    for organisation in sorted({each.organisation for each in asked}):
        with database.batch() as connection:
            made, upto = theirs(connection, rules, organisation)
        numbers = [number for number, each in enumerate(asked) if each.organisation == organisation]
        some = [asked[number] for number in numbers]
        told = _of_one(database, Held(inline_help.rules(made), upto), some, at)
        for number, answer in zip(numbers, told, strict=True):
            answers[number] = answer
    return answers


def _of_one(database: Database, held: Held, asked: Sequence[Asked], at: datetime) -> list[dict[str, Any]]:
    """The same for pages of one organisation."""
    rules = held.rules
    told = pl.DataFrame([_told(each) for each in asked], BEHAVIOUR, orient="row")
    blank = told.with_columns(pl.lit(None, kind).alias(name) for name, kind in (KNOWN | FORESEEN).items())
    answers = [{**NOTHING, "reason": reason} for reason in inline_help.unmet(rules, blank)]
    near = blank.select(inline_help.possible(rules).fill_null(value=False)).to_series()
    for numbers in _rounds(asked, [number for number, is_near in enumerate(near) if is_near]):
        some = [asked[number] for number in numbers]
        decided = despite_erasure(database, partial(_check, held, some, told[numbers], at))
        for number, answer in zip(numbers, decided, strict=True):
            answers[number] = answer
    return answers


def _told(asked: Asked) -> tuple[Any, ...]:
    return tuple(getattr(asked, name) for name in BEHAVIOUR)


def _rounds(asked: Sequence[Asked], numbers: Sequence[int]) -> Iterator[list[int]]:
    """`numbers` in rounds in which each person comes once: a second page is decided about once the first one is."""
    while numbers:
        first = {(asked[number].organisation, asked[number].person): number for number in reversed(numbers)}
        yield sorted(first.values())
        numbers = [number for number in numbers if number not in set(first.values())]


def _check(
    held: Held, asked: Sequence[Asked], told: pl.DataFrame, at: datetime, connection: Connection
) -> list[dict[str, Any]]:
    rules = held.rules
    known = _known(connection, rules, asked, at)
    if known.height < len(asked):
        there = known["number"].to_list()
        answers = _check(held, [asked[number] for number in there], told[there], at, connection) if there else []
        return [dict(zip(there, answers, strict=True)).get(number, GONE) for number in range(len(asked))]
    known = known.drop("number")
    known, made = _foreseen(connection, Settings(rules.values), asked, known, at)
    blank = (pl.lit(None, kind).alias(name) for name, kind in QUIET.items())
    seen = with_wall_clock(known.hstack(told), at).with_columns(blank).select(name for name in HERE)
    candidates = propose(seen, at, rules)
    moving = seen.filter(_moving(candidates, seen, rules))
    shown = _decided(connection, moving, held, at) if moving.height else {}
    used = [row["prediction_id"] for row in shown.values() if row["help_type"] == inline_help.BEFORE]
    helps.offered(connection, made=made, shown=used)
    best = dict(candidates.unique("row", keep="first", maintain_order=True).select("row", "verdict").iter_rows())
    why = inline_help.unmet(rules, seen) if len(best) < seen.height else [""] * seen.height
    return [
        shown.get(here["person_id"])
        or {**NOTHING, "reason": " ".join(whys(best[row], here, rules.rails)) if row in best else why[row]}
        for row, here in enumerate(seen.iter_rows(named=True))
    ]


def _moving(candidates: pl.DataFrame, seen: pl.DataFrame, rules: Rules) -> pl.Series:
    """For each row of `seen` whether anything is allowed, or forbidden in a way the ledger has not got.

    Of all others nothing comes but the answer, and pages ask every few seconds.
    """
    new = prints(candidates, seen.height, rules).ne_missing(seen["ledger_print"])
    rows = pl.Series(range(seen.height), dtype=candidates.schema["row"])
    considered, allowed = candidates["row"], candidates.filter(pl.col("verdict") == 0)["row"]
    return rows.is_in(allowed.implode()) | (new & rows.is_in(considered.implode()))


def _decided(connection: Connection, seen: pl.DataFrame, held: Held, at: datetime) -> dict[int, dict[str, Any]]:
    """What is chosen for the people in `seen`, claimed, written and worded; answers by person, of whom more can be
    said than what forbids it.
    """
    rules = held.rules
    decided = choose(seen, at=at, rules=rules, draws=chances(seen, at))
    decided = _claimed(connection, decided, seen, rules=rules, at=at)
    shown = _shown(connection, _written(connection, decided, seen, held=held, at=at), seen, at)
    reasons = {"lost": LOST, "shadow": SHADOW}
    results = decided.select("person_id", "result").iter_rows()
    return shown | {person: {**NOTHING, "reason": reasons[result]} for person, result in results if result in reasons}


def _known(connection: Connection, rules: Rules, asked: Sequence[Asked], at: datetime) -> pl.DataFrame:
    """KNOWN of each of `asked` with `number`, the place in it; without those who were erased."""
    known = helps.read(connection, asked, at=at, defaults=rules.defaults)
    if known.height < len(asked):
        run(connection, resolve.people({(each.organisation, each.person): None for each in asked}))
        known = helps.read(connection, asked, at=at, defaults=rules.defaults)
    return known.sort("number")


def _foreseen(
    connection: Connection, settings: Settings, asked: Sequence[Asked], known: pl.DataFrame, at: datetime
) -> tuple[pl.DataFrame, list[int]]:
    """`known` with what is believed of content they have not tried, asked once a day, and with FORESEEN.

    Answers also the numbers of the beliefs that were asked for just now.
    """
    new = [
        number
        for number, row in enumerate(known.iter_rows(named=True))
        if asked[number].content_id is not None and not row["attempted"] and row["prediction_id"] is None
    ]
    questions = [Question(asked[number].organisation, asked[number].person, _content(asked[number])) for number in new]
    believed = struggles.within(connection, settings, questions, at)
    columns = {
        "prediction_id": "prediction_id",
        "struggle_probability": "struggle_probability",
        "struggle_confidence": "confidence",
    }
    filled = {
        name: known[name].scatter(new, [each[source] for each in believed]) if new else known[name]
        for name, source in columns.items()
    }
    known = known.with_columns(**filled)
    hard = struggle.offer(known["struggle_probability"], known["struggle_confidence"], settings)
    return known.with_columns(hard.alias("foreseen")), [each["prediction_id"] for each in believed]


def _content(asked: Asked) -> str:
    assert asked.content_id is not None
    return asked.content_id


def _claimed(
    connection: Connection, decided: pl.DataFrame, seen: pl.DataFrame, *, rules: Rules, at: datetime
) -> pl.DataFrame:
    """`decided` with the result `lost` where another page took the person's attention first."""
    wanted = decided.filter(pl.col("result") == "acted").with_columns(pl.col("chosen").alias("kind"))
    granted = attention.claim(connection, wanted, seen, at=at, limits=rules.limits)
    lost = (pl.col("result") == "acted") & ~pl.col("person_id").is_in(granted)
    return decided.with_columns(pl.when(lost).then(pl.lit("lost")).otherwise("result").alias("result"))


def _written(
    connection: Connection, decided: pl.DataFrame, seen: pl.DataFrame, *, held: Held, at: datetime
) -> pl.DataFrame:
    """The decisions that go to the ledger: what was chosen, and candidates that nothing came of in a new way.

    Pages ask every few seconds, so that there was no reason at all is not written.
    """
    considered = decided.with_columns(seen["ledger_print"]).filter(pl.col("kinds").list.len() > 0)
    new = pl.col("ledger_print").ne_missing(pl.col("print"))
    news = considered.filter(pl.col("result").is_in(["acted", "lost"]) | new)
    if news.is_empty():
        return news.with_columns(pl.lit(None, pl.Int64).alias("decision_id"))
    facts = seen.select("person_id", pl.struct(TOLD).struct.json_encode().alias("facts"))
    news = ledger.numbered(connection, news.join(facts, on="person_id", maintain_order="left"))
    rules = held.rules
    tick = ticks.begin(
        connection, at=at, scope="help", policy=rules.policy_name, configuration=rules.stored(), own_upto=held.upto
    )
    ledger.record(connection, news, ledger.Entry(tick.id, at, rules.policy_name), state=STATE)
    ticks.finish(connection, tick)
    return news


def _shown(connection: Connection, news: pl.DataFrame, seen: pl.DataFrame, at: datetime) -> dict[int, dict[str, Any]]:
    """What is shown, worded and written, by person."""
    acted = news.filter(pl.col("result") == "acted").sort("person_id")
    here = {row["person_id"]: row for row in seen.iter_rows(named=True)}
    rows = [_worded(row, here[row["person_id"]]) for row in acted.iter_rows(named=True)]
    ids = helps.show(connection, [{name: row[name] for name in helps.SHOWN} for row in rows], at=at)
    return {
        row["user_id"]: {
            **NOTHING,
            "should_show": True,
            "help_id": number,
            "help_message": row["message"],
            "reason": row["reason"],
            "prediction_id": row["prediction_id"],
            **{name: row[name] for name in ("help_type", "title", "action", "decision_id")},
        }
        for number, row in zip(ids, rows, strict=True)
    }


def _worded(decision: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    kind = decision["chosen_trigger"]
    message = render(kind, decision["decision_id"], here, here["locale"])
    return {
        **here,
        "user_id": decision["person_id"],
        "organization_id": decision["organisation_id"],
        "help_type": kind,
        "title": message.title,
        "message": message.body,
        "action": message.action,
        "decision_id": decision["decision_id"],
        "prediction_id": here["prediction_id"] if kind == inline_help.BEFORE else None,
        "reason": inline_help.WHY[kind],
    }
