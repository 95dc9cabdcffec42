"""What is to be said of somebody in a list: why now, and what was tried lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.console.painting import words
from tactful.console.times import ago
from tactful.store.overseen.roster import LEVELS

Row = Mapping[str, Any]
# Of several plateaus, or regressions, so many are named.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """A reason to look now. tone: as badges have it."""

    text: str
    tone: str = "plain"


def now_of(row: Row, at: datetime) -> list[Sign]:
    """Why now: what changed of somebody since. row: as `Engine.roster` tells it."""
    told = [*_level(row, at), *(_alert(each, at) for each in row["alerts"])]
    told += [Sign(f"Losing {each['skill']}: {_points(each)}.", "high") for each in row["regressions"][:NAMED]]
    told += [Sign(f"Stuck on {each['skill']} for {_days(each['days_on_topic'])}.") for each in row["plateaus"][:NAMED]]
    flag = row["flag"]
    if flag is not None:
        note = f": {flag['note']}" if flag["note"] else ""
        told.append(Sign(f"{flag['actor']} says they are not leaving{note}.", "low"))
    return told


def _level(row: Row, at: datetime) -> list[Sign]:
    before, level, since = row["level_before"], row["risk_level"], row["level_since"]
    if before is None or since is None or level is None:
        return []
    if "unknown" in (before, level):
        return [Sign(f"The level became {level} {ago(at - since)}.")]
    rose = LEVELS.index(level) < LEVELS.index(before)
    return [Sign(f"{'Went up' if rose else 'Went down'} from {before} {ago(at - since)}.", level if rose else "low")]


def _alert(alert: Row, at: datetime) -> Sign:
    whom = alert["educator_name"] or alert["educator"]
    told = "is held for" if alert["state"] == "held" else "to"
    return Sign(f"An alert {told} {whom} is open, raised {ago(at - alert['raised_at'])}.", "critical")


def _points(row: Row) -> str:
    return f"{100 * row['regression_amount']:.0f} points of 100 in {_days(row['days_since_practice'])}"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


ANSWERS = {"engaged": "they took it", "dismissed": "dismissed", "ignored": "ignored", "snoozed": "put off"}
STATES = {
    "planned": "waits until they come by", "deferred": "waits for its moment", "shown": "seen, no answer yet",
    "withdrawn": "withdrawn", "expired": "not seen in time",
}  # fmt: skip


def tried_of(row: Row, at: datetime) -> str:
    """What was tried last and what they answered; empty where nothing ever was."""
    if not row["tried"]:
        return ""
    last = row["tried"][0]
    what = words(last["kind"]).capitalize()
    if last["user_response"]:
        return f"{what}, {ago(at - last['responded_at'])}: {ANSWERS[last['user_response']]}."
    when = last["shown_at"] or last["triggered_at"]
    state = "seen, not answered" if last["state"] == "expired" and last["shown_at"] else STATES[last["state"]]
    return f"{what}, {ago(at - when)}: {state}."
