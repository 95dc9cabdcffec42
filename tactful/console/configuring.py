"""What is set? The settings of an organisation: changed with a check, tried out before, taken back afterwards."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from tactful.console.pages import ADMIN, Act, Page, Question
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import BadInput, TactfulError

QUESTION = Question("settings", "What is set?", "settings")
# What settings are about, by the beginning of their names; the first that fits.
ABOUT = (
    ("decide.on_", "Reasons to reach somebody, each on or off"),
    ("decide.cooldown_", "How long each kind rests"),
    ("decide.lifetime_", "How long each kind stays worth saying"),
    ("decide.help_", "Help where somebody is"),
    ("struggle.", "Help where somebody is"),
    ("decide.", "Limits and times: when and how often people are reached"),
    ("live.on_", "Live sessions: what is noticed, each on or off"),
    ("live.", "Live sessions"),
    ("alerts.", "Alerts for educators"),
    ("", "Further"),
)
ORDER = list(dict.fromkeys(["Limits and times: when and how often people are reached", *(told for _, told in ABOUT)]))
VERSIONS = 20


async def _show(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(
    visit: Visit,
    *,
    sent: Mapping[str, str] | None = None,
    error: TactfulError | None = None,
    rehearsed: Mapping[str, Any] | None = None,
) -> Shown:
    """The page. sent: what somebody has typed and is not in force; rehearsed: what would come of it."""
    told = await visit.engine.configuration(visit.organisation)
    history = await visit.engine.configuration_history(visit.organisation, limit=VERSIONS)
    rows = [row | {"shown": _shown_value(row, sent)} for row in told["settings"]]
    rows.sort(key=lambda row: (ORDER.index(_about(row)), row["name"]))
    groups = [(about, list(each)) for about, each in groupby(rows, key=_about)]
    columns = ("name", "value", "source", "since", "common", "unit", "help")
    table = Table("settings", columns, [[row[column] for column in columns] for row in rows])
    values = {
        "groups": groups,
        "version": told["version"],
        "history": history,
        "error": error,
        "wrong": set(error.fields) if error else set(),
        "note": (sent or {}).get("note", ""),
        "rehearsed": rehearsed,
    }
    return Shown("settings.html", values, [table], status=error.status if error else 200)


def _about(row: Mapping[str, Any]) -> str:
    return next(told for beginning, told in ABOUT if row["name"].startswith(beginning))


def _shown_value(row: Mapping[str, Any], sent: Mapping[str, str] | None) -> Any:
    if sent is None:
        return row["value"]
    if row["kind"] == "true_or_false":
        return row["name"] in sent
    return sent.get(row["name"], row["value"])


def _changes(rows: list[dict[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """What is different in the form; None for what is to be as everybody has it."""
    changes: dict[str, Any] = {}
    for row in rows:
        name = row["name"]
        # A box that is not ticked is not sent; what the form did not show is left alone.
        if f"shown.{name}" not in form:
            continue
        if f"common.{name}" in form:
            if row["source"] == "own":
                changes[name] = None
            continue
        value = _read(row, form.get(name, ""))
        if value != row["value"]:
            changes[name] = value
    return changes


def _read(row: Mapping[str, Any], sent: str) -> Any:
    if row["kind"] == "true_or_false":
        return bool(sent)
    if row["kind"] == "text":
        return sent.strip()
    try:
        return int(sent) if row["kind"] == "whole_number" else float(sent)
    except ValueError:
        wanted = "a whole number" if row["kind"] == "whole_number" else "a number"
        raise BadInput(f"{row['name']} must be {wanted}.", fields=[row["name"]]) from None


async def _change(visit: Visit) -> Answer:
    trying = visit.form.get("do") == "try"
    try:
        told = await visit.engine.configuration(visit.organisation)
        changes = _changes(told["settings"], visit.form)
        if not changes:
            return Gone("settings", "Nothing was different, so nothing was changed.")
        if trying:
            rehearsed = await visit.engine.rehearse_settings(visit.organisation, changes)
            return await _shown(visit, sent=visit.form, rehearsed=rehearsed | {"changes": changes})
        row = await visit.engine.change_settings(
            visit.organisation,
            changes,
            note=visit.form.get("note", "").strip(),
            expected_version=visit.number("version"),
            actor=visit.operator.actor,
        )
    except MISTAKES as error:
        return await _shown(visit, sent=visit.form, error=error)
    return Gone("settings", f"In force everywhere, as version {row['version']}. It can be undone below.")


async def _undo(visit: Visit) -> Answer:
    version = visit.number("version")
    try:
        row = await visit.engine.undo_configuration(visit.organisation, version, actor=visit.operator.actor)
    except MISTAKES as error:
        return await _shown(visit, error=error)
    return Gone("settings", f"Version {version} is undone; this is version {row['version']}.")


PARTS = (
    Page("settings", _show),
    Act("settings/change", _change, ADMIN),
    Act("settings/undo", _undo, ADMIN),
)
