"""Did it help? What was done for single people and in live sessions, how it was taken, and what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tactful.console.looking_back import effects, errands, filled, over_time, span
from tactful.console.looking_back.taken import ANSWERS, KIND, TONES, UNSEEN, kinds
from tactful.console.pages import ORGANISER, Act, Page, Question
from tactful.console.painting import words
from tactful.console.pictures.bars import ranges
from tactful.console.pictures.stacks import stacks
from tactful.console.tables import Table
from tactful.console.visit import Answer, Shown, Visit
from tactful.uses.errands import RECKON

QUESTION = Question("helped", "Did it help?", "effect")
SEEN = {"shown": "context", "engaged": "first", "dismissed": "second"}
CHANNEL = ("kind", "channel", *KIND[1:])
WORDING = ("kind", "channel", "template", *KIND[1:])
ROOM = ("kind", "template", "done", "by_hand", "confidence")
PROPOSED = ("kind", "proposed", "approved", "dismissed", "expired")
HELP = ("help_type", "shown", "accepted", "dismissed")
PRESENCE = ("date", "active_users", "avg_quick_access", "avg_inline_help")


async def _show(visit: Visit) -> Answer:
    if (alone := await errands.part(visit, RECKON)) is not None:
        return alone
    name, label, hours = span(visit)
    engine, organisation = visit.engine, visit.organisation
    # A day is too short for anything to have come of it.
    days = max(7, hours // 24)
    told, known, live, errand = await asyncio.gather(
        engine.done(organisation, hours=hours),
        engine.effects(organisation, days=days),
        engine.live_effects(organisation),
        errands.errand(visit, RECKON),
    )
    people = told["people"]
    rows = kinds(people["kinds"], known["body"])
    time = filled(people["over_time"], list(ANSWERS), since=told["since"], until=told["until"], step=told["step"])
    found = effects.of_people(known["body"])
    rooms = effects.of_rooms(live)
    values = {
        "span": name,
        "label": label,
        "days": days,
        "total": _total(people["kinds"]),
        "rows": rows,
        "stacks": stacks([_stack(row) for row in rows], TONES),
        "over_time": over_time(time, SEEN, step=told["step"], told=f"Interventions shown and answered in {label}."),
        "time": time,
        "step": told["step"],
        "channels": people["channels"],
        "wordings": [row for row in people["wordings"] if row["template"]],
        "effects": found,
        "effect_ranges": ranges([each.drawn for each in found], percent=True),
        "known": known,
        "room_effects": rooms,
        "room_ranges": ranges([each.drawn for each in rooms], percent=True),
        "rooms": told["rooms"],
        "help": told["help"],
        "presence": told["presence"],
        "errand": errand,
    }
    return Shown("helped.html", values, _tables(values))


def _total(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in ("decided", *ANSWERS)}


def _stack(row: Mapping[str, Any]) -> tuple[str, dict[str, int], str]:
    figures = {said: row[name] for name, said in ANSWERS.items() if name != "shown"}
    read = f"{row['shown']:,} of {row['decided']:,} shown"
    return words(row["kind"]), figures | {UNSEEN: row["decided"] - row["shown"]}, read


def _tables(values: Mapping[str, Any]) -> list[Table]:
    rows, time = values["rows"], values["time"]
    return [
        _table("kinds", KIND, rows),
        _table("over_time", ("at", *ANSWERS), time),
        _table("channels", CHANNEL, values["channels"]),
        _table("wordings", WORDING, values["wordings"]),
        Table("effects", effects.COLUMNS, [each.row for each in values["effects"]]),
        Table("room_effects", effects.COLUMNS, [each.row for each in values["room_effects"]]),
        _table("rooms", ROOM, values["rooms"]["done"]),
        _table("proposed", PROPOSED, values["rooms"]["proposed"]),
        _table("inline_help", HELP, values["help"]),
        _table("presence", PRESENCE, values["presence"]),
    ]


def _table(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(name, columns, [[row.get(column) for column in columns] for row in rows])


async def _reckon(visit: Visit) -> Answer:
    return await errands.ask(visit, RECKON, "helped")


PARTS = (Page("helped", _show), Act("helped/reckon", _reckon, ORGANISER))
