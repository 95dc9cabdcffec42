"""Quick actions for whoever opens the palette: listed, raised where something is due, ranked, called by their names.

What is due is a proposal: guard rails of what is asked for are asked about it, each action resting for itself. Who does
not consent gets what they would get as a stranger: nothing of what they did is looked at.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.compose.quick import called, reason
from tactful.decide import Rules, quick
from tactful.decide.candidates import constants, judge
from tactful.decide.settings import STREAK_LEAST
from tactful.facts.quick import ITEM, Action, Asked
from tactful.kernel.records import IN_APP
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided import quick as stored
from tactful.uses.governing import theirs

# Ours that come from what somebody did.
PERSONAL = {quick.REVIEW, quick.STREAK, quick.CONTINUE}
# Choices, as they count now, from which they are told as the reason.
OFTEN, OFTEN_BY_OTHERS = 2.0, 5.0
LISTED = {"number": pl.Int64, "place": pl.Int32, "id": pl.String, "due": pl.Float64, "fits": pl.Float64}
COUNTS = [name for name in ITEM if name not in LISTED]

Facts = dict[str, Any]


def propose(
    database: Database, rules: Rules, settings: Settings, asked: Sequence[Asked], at: datetime
) -> list[list[dict[str, Any]]]:
    """For each of `asked` every action for them, best first. rules: the common ones."""
    answers: list[list[dict[str, Any]]] = [[]] * len(asked)
    for organisation in sorted({each.organisation for each in asked}):
        numbers = [number for number, each in enumerate(asked) if each.organisation == organisation]
        with database.batch() as connection:
            made, _ = theirs(connection, rules, organisation)
        told = _of_one(database, quick.rules(made), settings, [asked[number] for number in numbers], at)
        for number, answer in zip(numbers, told, strict=True):
            answers[number] = answer
    return answers


def _of_one(
    database: Database, rules: Rules, settings: Settings, asked: Sequence[Asked], at: datetime
) -> list[list[dict[str, Any]]]:
    """The same for people of one organisation."""
    with database.batch() as connection:
        facts = stored.read(connection, asked, at=at, defaults=rules.defaults)
        own, others = stored.chosen(connection, asked, facts, at=at)
    known = facts.to_dicts()
    least = Settings(rules.values)[STREAK_LEAST]
    actions = [_listed(quick.registry(settings, one.actions), one, row) for one, row in zip(asked, known, strict=True)]
    rows = [
        row for number, some in enumerate(actions) for row in _rows(number, some, asked[number], known[number], least)
    ]
    items = pl.DataFrame(rows, LISTED, orient="row").join(own, on=["number", "id"], how="left", maintain_order="left")
    items = items.join(others, on=["number", "id"], how="left", maintain_order="left")
    ranked = quick.rank(_judged(items, facts, rules, at).with_columns(pl.col(COUNTS).fill_null(0.0)))
    return [
        [_told(actions[number][row["place"]], row, asked[number], known[number]) for row in part.iter_rows(named=True)]
        for number, part in enumerate(_parts(ranked, len(asked)))
    ]


def _listed(actions: Sequence[Action], asked: Asked, facts: Facts) -> list[Action]:
    """Those that mean something for them now."""
    met = {
        quick.REVIEW: facts["fading_skill"] is not None,
        quick.STREAK: (facts["current_streak"] or 0) > 1 and facts["days_since"] == 1,
        quick.CONTINUE: facts["last_content_id"] not in (None, asked.content_id),
        quick.EXPLAIN: bool(asked.concept),
    }
    known = {name for name in PERSONAL if facts["consented"] and facts["person_id"] is not None}
    return [each for each in actions if met.get(each.id, True) and (each.id not in PERSONAL or each.id in known)]


def _rows(number: int, actions: Sequence[Action], asked: Asked, facts: Facts, least: int) -> Iterator[tuple[Any, ...]]:
    for place, each in enumerate(actions):
        # A run too short to be saved is listed, not raised.
        short = each.id == quick.STREAK and facts["current_streak"] < least
        due = 0.0 if short else quick.DUE.get(each.id, 0.0)
        yield number, place, each.id, due, quick.fits(each, asked.page, asked.concept)


def _judged(items: pl.DataFrame, facts: pl.DataFrame, rules: Rules, at: datetime) -> pl.DataFrame:
    """`items` with nothing due where a guard rail forbids it, and without choices of who does not consent."""
    whose = facts.select("number", "consented", "paused_kinds", "paused_channels")
    kind = constants(rules.kinds[quick.KIND])
    asked = items.join(whose, on="number", how="left", maintain_order="left").with_columns(
        *(pl.lit(value).alias(name) for name, value in kind.items()),
        pl.lit(IN_APP).alias("channel"),
        (pl.col("last_at").dt.epoch("us") / 1e6).alias("last_of_kind"),
    )
    judged = judge(asked, at, rules)
    mine = [name for name in COUNTS if name.startswith("own")]
    return judged.with_columns(
        pl.when(pl.col("verdict") == 0).then("due").otherwise(0.0).alias("due"),
        *(pl.when("consented").then(name).alias(name) for name in mine),
    ).select(*LISTED, *COUNTS)


def _parts(ranked: pl.DataFrame, size: int) -> list[pl.DataFrame]:
    parts = {int(number): part for (number,), part in ranked.partition_by("number", as_dict=True).items()}
    return [parts[number] for number in range(size)]


def _told(action: Action, row: dict[str, Any], asked: Asked, facts: Facts) -> dict[str, Any]:
    about = {
        quick.REVIEW: (facts["fading_id"], facts["fading_skill"]),
        quick.CONTINUE: (facts["last_content_id"], facts["last_title"]),
        quick.EXPLAIN: (asked.concept, asked.concept),
    }
    target, what = about.get(action.id, (None, None))
    ours = action.id in quick.NAMES
    words = called(action.id, facts["locale"], what=what, days=facts["current_streak"]) if ours else {}
    why = words.get("reason") if row["due"] > 0 else None
    return {
        "id": action.id,
        "label": action.label or words["label"] or action.id.replace("_", " ").capitalize(),
        "description": words.get("description"),
        "kind": action.kind,
        "url": action.url,
        "action": action.action,
        "target": target,
        "keywords": list(action.keywords),
        "reason": why or _often(row, facts["locale"]),
    }


def _often(row: dict[str, Any], locale: str | None) -> str | None:
    if row["own_here"] >= OFTEN:
        return reason("own", locale)
    return reason("others", locale) if row["others_here"] >= OFTEN_BY_OTHERS else None
