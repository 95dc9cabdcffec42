"""What is celebrated? The milestones of an organisation: how they do, tried out, added, changed, switched off."""

from collections.abc import Mapping
from typing import Any

from tactful.console.forms import checked
from tactful.console.pages import ORGANISER, Act, Page
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.facts.milestones import CATEGORIES, METRICS, POINTS
from tactful.kernel.errors import BadInput, NotFound, TactfulError

TEXTS = ("display_name", "description", "metric_name", "category")
COUNTS = ("reached", "celebrated", "silent", "share", "median_days")
COLUMNS = ("milestone_name", "display_name", "metric_name", "target_value", "category", "difficulty_level", "points",
           "is_active", "source", *COUNTS)  # fmt: skip


async def _show(visit: Visit) -> Shown:
    return await _shown(visit, name=visit.text("name"))


async def _shown(
    visit: Visit,
    *,
    name: str = "",
    typed: Mapping[str, Any] | None = None,
    tried: Mapping[str, Any] | None = None,
    error: TactfulError | None = None,
) -> Shown:
    """The page. name: of the one that is being changed; typed: what is in the form and not in force; tried: see it."""
    known = await visit.engine.milestone_definitions(visit.organisation)
    told = await visit.engine.milestone_statistics(visit.organisation)
    counts = {row["milestone_name"]: row for row in told["milestones"]}
    rows = [row | {count: counts[row["milestone_name"]][count] for count in COUNTS} for row in known]
    changing = next((row for row in rows if row["milestone_name"] == name), None)
    if name and changing is None:
        raise NotFound(f"There is no milestone {name}.")
    table = Table("milestones", COLUMNS, [[row[column] for column in COLUMNS] for row in rows])
    values = {
        "rows": rows,
        "metrics": METRICS,
        "categories": CATEGORIES,
        "points": POINTS,
        "told": told,
        "changing": changing,
        "form": typed if typed is not None else changing or {},
        "tried": tried,
        "error": error,
    }
    return Shown("milestones.html", values, [table], status=error.status if error else 200)


def _sent(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the engine takes it; what was left empty is not said. raises: BadInput naming the field."""
    told: dict[str, Any] = {name: form[name].strip() for name in TEXTS if form.get(name, "").strip()}
    for name, kind in (("target_value", float), ("difficulty_level", int), ("points", int)):
        if value := form.get(name, "").strip():
            try:
                told[name] = kind(value)
            except ValueError:
                raise BadInput(f"{name} must be a number.", fields=[name]) from None
    return told


async def _write(visit: Visit) -> Answer:
    """Try out, add, or change what is in the form."""
    form, name = visit.form, visit.form.get("milestone_name", "").strip()
    there, engine = visit.form.get("there", ""), visit.engine
    celebrate, actor = checked(form, "celebrate_earlier"), visit.operator.actor
    try:
        told = _sent(form)
        if form.get("do") == "try":
            tried = await engine.preview_milestone(visit.organisation, told | {"milestone_name": there or name})
            return await _shown(visit, name=there, typed=form, tried=tried)
        if there:
            row = await engine.change_milestone(
                visit.organisation, there, told, celebrate_earlier=celebrate, actor=actor
            )
        else:
            told |= {"milestone_name": name}
            row = await engine.add_milestone(visit.organisation, told, celebrate_earlier=celebrate, actor=actor)
    except MISTAKES as error:
        return await _shown(visit, name=there, typed=form, error=error)
    return Gone("milestones", f"{row['display_name']} is there. {_earlier(row['earlier'], celebrate)}")


def _earlier(many: int, celebrate: bool) -> str:
    if not many:
        return "Nobody had it already."
    who = "1 person has" if many == 1 else f"{many:,} people have"
    return f"{who} it already, and {'will be told' if celebrate else 'got it in silence'}."


async def _switch(visit: Visit) -> Answer:
    on = checked(visit.form, "on")
    row = await visit.engine.change_milestone(
        visit.organisation, visit.form.get("name", ""), {"is_active": on}, actor=visit.operator.actor
    )
    return Gone("milestones", f"{row['display_name']} is {'on' if on else 'off'}. What was reached stays.")


async def _remove(visit: Visit) -> Answer:
    name = visit.form.get("name", "")
    row = await visit.engine.remove_milestone(visit.organisation, name, actor=visit.operator.actor)
    return Gone(
        "milestones", f"{name} is {'gone' if row['removed'] else 'as everybody has it'}. What was reached stays."
    )


PARTS = (
    Page("milestones", _show),
    Act("milestones/write", _write, ORGANISER),
    Act("milestones/switch", _switch, ORGANISER),
    Act("milestones/remove", _remove, ORGANISER),
)
