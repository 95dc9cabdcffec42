"""Which kinds are your own? A file of them: written, checked, tried on the past, put live, switched off."""

from collections.abc import Mapping
from typing import Any

from tactful.console.looking_back.rails import meaning
from tactful.console.pages import ADMIN, Act, Page
from tactful.console.pictures.bars import bars
from tactful.console.tables import Table
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.decide.own import FACTS
from tactful.kernel.errors import TactfulError

# Nobody waits for a page for long: fewer looks than over HTTP, and one for every window of three hours all the same.
DAYS, EVERY_HOURS, PEOPLE = 7, 3, 200
VERSION = ("version", "at", "actor", "note", "live")
START = """kinds:
  quiet_week:
    when: days_quiet >= 7 and active_days >= 3
    initiative: outreach
    expires: 2d
    words:
      en:
        - {title: A quiet week, body: "Your place is kept.", action: resume}
        - {title: Where you stopped, body: "It is marked. Carry on, or pick something lighter.", action: resume}
        - {title: Something short, body: "Here is one task that fits in five minutes.", action: start}
        - {title: No catching up needed, body: "Start with what is next.", action: start}
"""


async def _show(visit: Visit) -> Shown:
    return await _shown(visit)


async def _shown(
    visit: Visit,
    *,
    file: str | None = None,
    faults: list[dict[str, Any]] | None = None,
    tried: Mapping[str, Any] | None = None,
    error: TactfulError | None = None,
) -> Shown:
    """The page. file: as somebody typed it; tried: what it would have done."""
    told = await visit.engine.own_kinds(visit.organisation)
    version = visit.whole("version", told["version"])
    if file is None:
        file = (await visit.engine.own_kinds_file(visit.organisation, version))["file"] if version else START
    values = {
        "told": told,
        "version": version,
        "file": file,
        "faults": faults or [],
        "error": error,
        "tried": tried,
        "pictures_of": {row["trigger"]: _drawn(row) for row in tried["triggers"]} if tried else {},
        "meaning": meaning,
        "facts": FACTS.values(),
    }
    rows = [[row[column] for column in VERSION] for row in told["versions"]]
    status = error.status if error else 422 if faults else 200
    return Shown("own_kinds.html", values, [Table("versions", VERSION, rows)], status=status)


def _drawn(row: Mapping[str, Any]) -> dict[str, Any]:
    """When it would have come: by day, how many it fitted and reached; and by the hours of people's own clocks."""
    most = max((day["fitting"] for day in row["by_day"]), default=0)
    days = [(f"{day['day']:%a %-d %b}", day["sent"], f"{day['sent']} of {day['fitting']}") for day in row["by_day"]]
    hours = [(f"{hour:02d}:00", times, str(times)) for hour, times in enumerate(row["by_hour"]) if times]
    return {"days": bars(days, most=most), "hours": bars(hours, tone="second")}


async def _write(visit: Visit) -> Answer:
    """Check, try or save what was written. Only what is saved is kept."""
    # Browsers send lines as networks do.
    file, do = visit.form.get("file", "").replace("\r\n", "\n"), visit.form.get("do", "check")
    checked = await visit.engine.check_own_kinds(visit.organisation, file)
    if not checked["fine"]:
        return await _shown(visit, file=file, faults=checked["faults"])
    actor = visit.operator.actor
    try:
        if do == "try":
            asked: dict[str, Any] = {"days": DAYS, "every_hours": EVERY_HOURS, "people": PEOPLE, "actor": actor}
            saved = visit.form.get("saved", "")
            asked |= {"version": int(saved)} if await _same(visit, saved, file) else {"file": file}
            return await _shown(visit, file=file, tried=await visit.engine.try_own_kinds(visit.organisation, **asked))
        note = visit.form.get("note", "").strip()
        row = await visit.engine.save_own_kinds(visit.organisation, file, note=note, actor=actor)
    except MISTAKES as error:
        return await _shown(visit, file=file, error=error)
    return Gone("own-kinds", f"Saved as version {row['version']}. It decides nothing before it is put live.")


async def _same(visit: Visit, saved: str, file: str) -> bool:
    """Whether what was written is the saved version that it began from: then what trying it says is kept with it."""
    if not saved.isascii() or not saved.isdigit() or not 0 < len(saved) < 10 or not int(saved):
        return False
    try:
        return bool((await visit.engine.own_kinds_file(visit.organisation, int(saved)))["file"] == file)
    except MISTAKES:
        return False


async def _live(visit: Visit) -> Answer:
    version, untried = visit.number("version"), bool(visit.form.get("untried"))
    note = visit.form.get("note", "").strip()
    try:
        told = await visit.engine.put_own_kinds_live(
            visit.organisation, version, untried=untried, note=note, actor=visit.operator.actor
        )
    except MISTAKES as error:
        return await _shown(visit, error=error)
    by = f"Version {told['live']} decides" if told["live"] else "No kinds of your own decide"
    return Gone("own-kinds", f"{by} from now on.")


async def _switch(visit: Visit) -> Answer:
    name, on = visit.form.get("name", ""), visit.form.get("on") == "yes"
    await visit.engine.switch_own_kind(visit.organisation, name, on, actor=visit.operator.actor)
    return Gone("own-kinds", f"{name} is {'on' if on else 'off'} from now on.")


PARTS = (
    Page("own-kinds", _show),
    Act("own-kinds/write", _write, ADMIN),
    Act("own-kinds/live", _live, ADMIN),
    Act("own-kinds/switch", _switch, ADMIN),
)
