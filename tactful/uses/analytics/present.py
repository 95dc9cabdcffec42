"""Daily active people, by days of the organisation's own zone."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tactful.store.database import Database
from tactful.store.learned import present, reckonings
from tactful.store.steps import Steps

# How far back everybody's days are counted each night [days]; what comes in late is counted with them.
LOOK_BACK = 400
NAME = "present"
COLUMNS = ("date", "people")
DAY = timedelta(days=1)


def active(at: datetime, days: int) -> Steps[dict[str, Any]]:
    """zone, counted_at and days (date, people), oldest first: the last `days` of the organisation, today with it.

    counted_at: as of when days that are over were counted; None where all were counted just now.
    """
    ours = yield from present.ours(at)
    first, today = ours["today"] - (days - 1) * DAY, ours["today"]
    kept = _kept(ours, first)
    since = max(kept) + DAY if kept else first
    found = yield from present.lately(ours["zone"], first=since, last=today, until=at)
    told = [first + number * DAY for number in range(days)]
    return {
        "zone": ours["zone"],
        "counted_at": ours["at"] if kept else None,
        "days": [{"date": day, "people": kept.get(day, found.get(day, 0))} for day in told],
    }


def _kept(ours: Mapping[str, Any], first: date) -> dict[date, int]:
    """What was counted last of days from `first` on; nothing where the organisation has moved to another zone since."""
    body = ours["body"] or {}
    if body.get("zone") != ours["zone"]:
        return {}
    days = {date.fromisoformat(day): people for day, people in body["days"].items()}
    last = date.fromisoformat(body["last"])
    return {first + number * DAY: days.get(first + number * DAY, 0) for number in range((last - first).days + 1)}


def keep_present(database: Database, organisations: Sequence[int], at: datetime) -> None:
    """Count the days that are over of these organisations, in one pass, and keep them."""
    # The earliest day of the span is not whole, and one more in another zone.
    since = at - (LOOK_BACK + 2) * DAY
    with database.batch() as connection:
        found: defaultdict[int, dict[date, int]] = defaultdict(dict)
        for row in present.everybody(connection, organisations, since=since, until=at):
            found[row["organisation_id"]][row["day"]] = row["people"]
        for each in present.yesterdays(connection, organisations, at=at):
            over = {day.isoformat(): people for day, people in found[each["id"]].items() if day <= each["last"]}
            body = {"zone": each["zone"], "last": each["last"].isoformat(), "days": over}
            reckonings.keep(connection, each["id"], NAME, at=at, body=json.dumps(body))


def sheet(told: Mapping[str, Any]) -> list[list[Any]]:
    """Days in a table of COLUMNS. told: of `active`."""
    return [[row[column] for column in COLUMNS] for row in told["days"]]
