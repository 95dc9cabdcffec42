"""What is tried out? Tests of variants: each with what it says by now, begun, stopped, and its winner promoted."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from tactful.console.forms import checked
from tactful.console.pages import ADMIN, ORGANISER, Act, Page
from tactful.console.pictures.bars import ranges
from tactful.console.pictures.lines import Lines, Series, days, lines
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import TactfulError

# How a verdict looks, and what it is called.
TONES = {"better": "good", "worse": "medium", "harm": "critical", "open": "calm", "too_early": "plain"}
ENDS = (("low", "at least", "second"), ("difference", "as it looks", "first"), ("high", "at most", "second"))
PARTS_OF_A_MESSAGE = ("title", "body", "action")
COLUMNS = ("name", "share", "assigned", "exposed", "settled", "answered", "rate", "difference", "low", "high", "p",
           "verdict")  # fmt: skip
DAY = ("day", "variant", "difference", "low", "high")


async def _show(visit: Visit) -> Shown:
    name = visit.text("name")
    return await _one(visit, name) if name else await _all(visit)


async def _all(visit: Visit, *, error: TactfulError | None = None) -> Shown:
    rows = await visit.engine.experiments(visit.organisation)
    told = (await visit.engine.templates(visit.organisation))["templates"]
    of_people = [row for row in told if row["about"] == "people"]
    values = {
        "rows": rows,
        "tones": TONES,
        "form": visit.form,
        "error": error,
        "kinds": [row["kind"] for row in of_people],
        "actions": sorted({each["action"] for row in of_people for said in row["common"].values() for each in said}),
    }
    table = Table("experiments", ("name", "kind", "state", "verdict"), [
        [row[column] for column in ("name", "kind", "state", "verdict")] for row in rows
    ])  # fmt: skip
    return Shown("experiments.html", values, [table], status=error.status if error else 200)


async def _one(visit: Visit, name: str) -> Shown:
    row = await visit.engine.experiment(visit.organisation, name)
    drawn = [
        (each["name"], each["difference"], each["low"], each["high"], _points(each["difference"]))
        for each in row["variants"][1:]
    ]
    values = {
        "row": row,
        "tones": TONES,
        "ranges": ranges(drawn, percent=True),
        "pictures_of": {variant: _drawn(row, variant) for variant in row["over_time"]},
    }
    over_time = [
        [day, variant, *(each[column] for column in DAY[2:])]
        for variant, told in row["over_time"].items()
        for day, each in zip(row["days"], told, strict=True)
    ]
    tables = [
        Table("variants", COLUMNS, [[each[column] for column in COLUMNS] for each in row["variants"]]),
        Table("over_time", DAY, over_time),
    ]
    return Shown("experiment.html", values, tables)


def _drawn(row: Mapping[str, Any], variant: str) -> Lines | None:
    """How the interval closed in from day to day; None before there is one."""
    told = row["over_time"][variant]
    if not any(each["low"] is not None for each in told):
        return None
    at = [datetime.combine(day, time(12), UTC) for day in row["days"]]
    series = [
        Series(label, [(day.timestamp(), each[end]) for day, each in zip(at, told, strict=True)], tone)
        for end, label, tone in ENDS
    ]
    said = f"How much more often {variant} is taken up than {row['variants'][0]['name']}, and how far that may be off."
    return lines(series, told=said, along=days(at), percent=True, low=min(0.0, _least(told)))


def _least(told: list[dict[str, Any]]) -> float:
    return min((each["low"] for each in told if each["low"] is not None), default=0.0)


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:+.1f} %"


async def _begin(visit: Visit) -> Answer:
    """Try one wording of theirs against what is said now, on half of the people."""
    form = visit.form
    content = {part: form.get(part, "").strip() for part in PARTS_OF_A_MESSAGE}
    variants = [
        {"name": "as now", "share": 0.5, "content": None},
        {"name": "new", "share": 0.5, "content": [content]},
    ]
    told: dict[str, Any] = {"name": form.get("name", "").strip(), "kind": form.get("kind", ""), "variants": variants}
    told |= {"promote_winner": checked(form, "promote_winner")}
    try:
        row = await visit.engine.begin_experiment(visit.organisation, told, actor=visit.operator.actor)
    except MISTAKES as error:
        return await _all(visit, error=error)
    return Gone("experiments", f"{row['name']} has begun: half of the people get the new wording from now on.")


async def _stop(visit: Visit) -> Answer:
    name = visit.form.get("name", "")
    await visit.engine.stop_experiment(visit.organisation, name, actor=visit.operator.actor)
    return Gone("experiments", f"{name} is stopped. Everybody is told what was said without it.")


async def _promote(visit: Visit) -> Answer:
    name, variant = visit.form.get("name", ""), visit.form.get("variant", "")
    await visit.engine.promote_experiment(visit.organisation, name, variant, actor=visit.operator.actor)
    return Gone("experiments", f"{variant} of {name} is said to everybody from now on; undo that under Wordings.")


PARTS = (
    Page("experiments", _show),
    Act("experiments/begin", _begin, ADMIN),
    Act("experiments/stop", _stop, ORGANISER),
    Act("experiments/promote", _promote, ADMIN),
)
