"""Commands about kinds and triggers of an organisation's own."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tactful.bootstrap import Engine
from tactful.cli.arguments import Arguments
from tactful.cli.configuring import ACTOR
from tactful.cli.running import show, some, with_engine
from tactful.kernel.errors import BadInput

MOST_BARS = 40


def kinds(arguments: Arguments) -> None:
    """Kinds of your own: list them, check a file, try it on the past, save it, put a version live, go back, switch."""
    do, what = arguments.do, arguments.what
    whose = arguments.organisation
    noted: dict[str, Any] = {"note": arguments.note, "actor": ACTOR}

    async def run(engine: Engine) -> None:
        if do == "list":
            told = await engine.own_kinds(whose)
            show(told, _listed(told), as_json=arguments.json)
        elif do == "check":
            told = await engine.check_own_kinds(whose, _file(what))
            if not told["fine"]:
                raise BadInput(_faults(told), fields=[each["field"] for each in told["faults"]])
            show(told, f"Fine: {', '.join(told['triggers'])}.", as_json=arguments.json)
        elif do == "save":
            told = await engine.save_own_kinds(whose, _file(what), **noted)
            show(told, f"Saved as version {told['version']}. It decides nothing yet.", as_json=arguments.json)
        elif do == "try":
            asked = {"version": int(what)} if what.isdecimal() else {"file": _file(what)} if what else {}
            told = await engine.try_own_kinds(
                whose, **asked, days=arguments.days, every_hours=arguments.every, actor=ACTOR
            )
            show(told, _tried(told), as_json=arguments.json)
        else:
            told = await _changed(engine, arguments, noted)
            show(told, _live(told), as_json=arguments.json)

    with_engine(run)


async def _changed(engine: Engine, arguments: Arguments, noted: dict[str, Any]) -> dict[str, Any]:
    whose, what = arguments.organisation, arguments.what
    if arguments.do == "back":
        return await engine.take_own_kinds_back(whose, **noted)
    if arguments.do == "live":
        if not what.isdecimal():
            raise BadInput("Say which version is to be live, by its number; 0 for none.", fields=["version"])
        return await engine.put_own_kinds_live(whose, int(what), untried=arguments.untried, **noted)
    if not what:
        raise BadInput("Say which trigger, by its name.", fields=["name"])
    return await engine.switch_own_kind(whose, what, arguments.do == "on", **noted)


def _file(name: str) -> str:
    if not name:
        raise BadInput("Say which file.", fields=["file"])
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{name} cannot be read as text: {error}.", fields=["file"]) from None


def _faults(told: Mapping[str, Any]) -> str:
    """In one sentence, as all refusals are."""
    said = (each["problem"] if each["field"] == "file" else f"line {each['line']}, {each['field']}: {each['problem']}"
            for each in told["faults"])  # fmt: skip
    return "; ".join(said)


def _live(told: Mapping[str, Any]) -> str:
    by = f"Version {told['live']} of your own kinds decides" if told["live"] else "No kinds of your own decide"
    return f"{by} from now on." if told["changed"] else f"Nothing is different. {by} now."


def _listed(told: Mapping[str, Any]) -> Iterator[str]:
    yield f"Live: version {told['live']}." if told["live"] else "No kinds of your own are live."
    for each in told["triggers"]:
        state = each["broken"] or ("on" if each["on"] else "off")
        yield f"    {each['name']} ({state}) proposes {each['kind']} when {each['when']}"
    for row in told["versions"]:
        tried = f"tried {row['tried']['at']:%Y-%m-%d}" if row["tried"] else "never tried"
        note = f": {row['note']}" if row["note"] else "."
        yield f"Version {row['version']} of {row['at']:%Y-%m-%d %H:%M} UTC by {row['actor']}, {tried}{note}"


def _tried(told: Mapping[str, Any]) -> Iterator[str]:
    looked = f"{some(told['people'], 'person', 'people')} of {told['everybody']:,}"
    days = some(told["days"], "day")
    yield f"{looked}, every {told['every_hours']} hours for {days} up to {told['until']:%Y-%m-%d %H:%M} UTC."
    yield from told["words"]
    for row in told["triggers"]:
        if row["fitting"]:
            yield from _one(row)


def _one(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"{row['trigger']} ({row['kind']}, {row['initiative']}); for example {', '.join(row['examples']) or 'nobody'}"
    most = max(1, *(each["fitting"] for each in row["by_day"]))
    for each in row["by_day"]:
        bar = "#" * round(MOST_BARS * each["fitting"] / most)
        yield f"    {each['day']}  {each['sent']:>6,} sent, fits {each['fitting']:>6,} {bar}"
    hours = [f"{hour:02d}:00 {times:,}" for hour, times in enumerate(row["by_hour"]) if times]
    if hours:
        yield f"    by their own clocks: {', '.join(hours)}"
    for each in row["withheld"]:
        whom = some(each["people"], "person", "people")
        yield f"    {each['rail'].replace('_', ' ')} stood against it: {whom}, {some(each['days'], 'day')} of theirs"
    for each in row["outdone"]:
        yield f"    {each['kind'].replace('_', ' ')} was chosen instead: {some(each['days'], 'day')} of theirs"
