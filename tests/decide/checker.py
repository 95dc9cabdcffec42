"""What must never happen, checked one person at a time with nothing but datetime and zoneinfo.

Written from the rules in words, apart from the expressions that decide: no Polars, no shared code.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tactful.decide import Rules
from tactful.kernel.records import Initiative, Kind

Person = dict[str, Any]


def breaches(person: Person, decision: dict[str, Any], at: datetime, rules: Rules) -> list[str]:
    """Names of the guard rails that a decision to act, defer or shadow ignored."""
    kind = rules.kinds[decision["chosen"]]
    due = decision["due_at"]
    assert at <= due < decision["expires_at"] <= at + kind.lifetime
    found = _always(person, kind, decision["channel"])
    if kind.initiative in (Initiative.NUDGE, Initiative.OUTREACH):
        found += _nudge(person, kind, at, rules)
    if kind.initiative is Initiative.OUTREACH:
        found += _outreach(person, kind, due, at, rules)
    if kind.initiative is not Initiative.ASKED:
        found += _unasked(person, kind, decision["channel"])
    helped = _spent(person, "in_context_today", at)
    if kind.initiative is Initiative.IN_CONTEXT and helped >= rules.limits.in_context_per_day:
        found.append("in_context_daily")
    if kind.critical and _spent(person, "critical_today", at) >= rules.limits.critical_per_day:
        found.append("critical_cap")
    last = json.loads(person["last_by_kind"] or "{}").get(kind.name)
    if last is not None and at.timestamp() - last < kind.cooldown.total_seconds():
        found.append("cooldown")
    return found


def _always(person: Person, kind: Kind, channel: str) -> list[str]:
    found = [] if person["consented"] is True else ["consent"]
    paused_kinds, paused_channels = person["paused_kinds"] or [], person["paused_channels"] or []
    if "" in paused_kinds or kind.name in paused_kinds or channel in paused_channels:
        found.append("paused")
    return found


def _unasked(person: Person, kind: Kind, channel: str) -> list[str]:
    found = [] if person["dnd"] is False else ["do_not_disturb"]
    if kind.name in (person["disabled_kinds"] or []):
        found.append("disabled_kinds")
    if channel in (person["disabled_channels"] or []):
        found.append("disabled_channels")
    if kind.name in (person["open_kinds"] or []):
        found.append("repeat")
    return found


def _nudge(person: Person, kind: Kind, at: datetime, rules: Rules) -> list[str]:
    found = [] if _spent(person, "sent_today", at) < (person["max_per_day"] or 0) else ["daily_maximum"]
    if person["holdout_bucket"] is None or person["holdout_bucket"] / 10_000 < rules.holdout:
        found.append("holdout")
    return found


def _outreach(person: Person, kind: Kind, due: datetime, at: datetime, rules: Rules) -> list[str]:
    found = ["quiet_hours"] if _quiet(person, due) else []
    if _ignored(person, kind, at):
        found.append("ignored")
    if _beyond(person, kind, rules):
        found.append("rollout")
    if person["outreach_stopped"]:
        found.append("stopped")
    if _spent(person, "outreach_today", at) >= rules.limits.outreach_per_day:
        found.append("outreach_daily")
    last = person["last_outreach_at"]
    if last is not None and at - last < timedelta(hours=rules.limits.hours_between):
        found.append("hours_between")
    return found


def _beyond(person: Person, kind: Kind, rules: Rules) -> bool:
    """Whether the kind goes to a share of people only, and they stand behind it in the line of that kind."""
    share: float = rules.values.get(f"decide.rollout_{kind.name}", 1.0)
    mark = int.from_bytes(hashlib.sha256(kind.name.encode()).digest()[:8])
    place = (person["holdout_bucket"] * (mark % 1000 * 10 + (1, 3, 7, 9)[mark % 4]) + mark % 10_000) % 10_000
    return bool(place >= share * 10_000)


def _ignored(person: Person, kind: Kind, at: datetime) -> bool:
    """Whether the kind still rests: twice as long for each one they left unanswered."""
    many = json.loads(person["ignored_by_kind"] or "{}").get(kind.name, 0)
    last = json.loads(person["last_by_kind"] or "{}").get(kind.name)
    rest: float = kind.cooldown.total_seconds() * 2**many
    return many > 0 and last is not None and at.timestamp() - last < min(rest, 60 * 86_400)


def _spent(person: Person, counter: str, at: datetime) -> int:
    """What the person had on their own present day, or on a later one they were on already."""
    here = at.astimezone(ZoneInfo(person["zone"])).date()
    if person["attention_day"] is None or person["attention_day"] < here:
        return 0
    return int(person[counter] or 0)


def _quiet(person: Person, when: datetime) -> bool:
    """Whether the person's own clock shows quiet hours: minute by minute from the start until the end."""
    start, end = person["quiet_start"], person["quiet_end"]
    if start is None and end is None:
        return False
    there = when.astimezone(ZoneInfo(person["zone"]))
    length: int = (end - start) % 1440
    since: int = (there.hour * 60 + there.minute - start) % 1440
    return since < length
