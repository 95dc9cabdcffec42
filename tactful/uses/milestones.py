"""Milestones: noticed when they are reached, told to whom they belong, added and changed by whoever runs the place.

Ticks notice for everybody they look at, before they look; whoever asks about one person has that person looked at
first, so the answer knows everything that was counted. The first to notice writes it down, and it is written once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from tactful.compose import milestones as words
from tactful.decide import Rules
from tactful.facts.milestones import KEPT, METRICS, STREAK, Milestone, begins, level
from tactful.facts.streaks import ending, standing
from tactful.kernel.settings import Settings
from tactful.sense import milestones as sent
from tactful.store.database import Connection, Database
from tactful.store.decided.moments import Scope
from tactful.store.described import milestones as described
from tactful.store.described.erasure import despite_erasure
from tactful.store.sensed import milestones
from tactful.store.sensed.milestones import Wishes
from tactful.uses.governing import governing

# For so long after its end, ticks look at who took part in a live session; everybody is looked at once a day besides.
AFTER = timedelta(hours=1)


def wishes(rules: Rules) -> Wishes:
    """Which milestones these rules want, for whom."""

    def on(each: Rules) -> bool:
        return Settings(each.values)[KEPT]

    return Wishes(tuple(sent.defaults().values()), on(rules), {whose: on(each) for whose, each in rules.own.items()})


def keep_up(database: Database, rules: Rules, scope: Scope, at: datetime) -> None:
    """Write what the people in `scope` reached by `at`; in a transaction of its own."""
    despite_erasure(database, partial(milestones.reach, scope=scope, wishes=wishes(rules), at=at))


def keep_up_live(database: Database, rules: Rules, at: datetime) -> None:
    """The same for who took part in live sessions of late, and have the tick look at those who reached something."""
    despite_erasure(database, partial(_live, rules, at))


def _live(rules: Rules, at: datetime, connection: Connection) -> None:
    people = milestones.took_part(connection, since=at - AFTER)
    if people:
        reached = milestones.reach(connection, Scope(people=people), wishes(rules), at=at)
        milestones.due(connection, reached, at=at)


def of(database: Database, rules: Rules, whom: tuple[str, str], at: datetime) -> dict[str, Any]:
    """What one (organisation, person) reached and is on the way to, as of now; nothing yet of who is not known."""
    return despite_erasure(database, partial(_of, rules, whom, at))


def _of(rules: Rules, whom: tuple[str, str], at: datetime, connection: Connection) -> dict[str, Any]:
    person = described.person(connection, *whom, at=at)
    rules = governing(connection, rules, names=[whom[0]])
    theirs = next(iter(rules.own.values()), rules)
    reached, values, known = [], {}, definitions(connection, whom[0])
    if person is not None:
        mine = Scope(people=(person["id"],))
        found = milestones.reach(connection, mine, wishes(rules), at=at)
        milestones.due(connection, found, at=at)
        values = milestones.values(connection, mine, at=at)
        reached = described.reached(connection, person["id"])
    streak = _streak(person, theirs.rest_days)
    on = Settings(theirs.values)[KEPT]
    language = words.language(person["locale"] if person else None)
    had = {row["milestone_name"] for row in reached}
    ahead = [each for each, _ in known.values() if on and each.is_active and each.milestone_name not in had]
    points = sum(row["points"] for row in reached)
    return {
        **_level(points),
        "streak": streak,
        "reached": [_reached(row, known, language) for row in reached],
        "in_progress": _ordered([_ahead(each, values | {STREAK: streak["days"]}, language) for each in ahead]),
    }


def _level(points: int) -> dict[str, int]:
    now = level(points)
    following = begins(now + 1)
    return {
        "points": points,
        "level": now,
        "level_begins_at": begins(now),
        "next_level_at": following,
        "points_to_next_level": following - points,
    }


def _streak(person: Mapping[str, Any] | None, rest: int) -> dict[str, Any]:
    """days: of the streak as it stands today; 0 where it is over. rest_days: days off of any seven that are allowed."""
    if person is None or person["streak_day"] is None:
        return {"days": 0, "longest": 0, "rest_days": rest, "ends_tonight": False}
    days, bits = ((person["local_day"] - person["streak_day"]).days, person["week_days"])
    asked = pl.DataFrame({"days": [days], "bits": [bits]})
    stands, ends = asked.select(
        stands=standing(pl.col("days"), pl.col("bits"), rest), ends=ending(pl.col("days"), pl.col("bits"), rest)
    ).row(0)
    return {
        "days": person["current_streak"] if stands else 0,
        "longest": person["longest_streak"],
        "rest_days": rest,
        "ends_tonight": bool(ends),
    }


def _reached(row: Mapping[str, Any], known: Mapping[str, tuple[Milestone, str]], language: str) -> dict[str, Any]:
    """As it was when it was reached; what it says of itself as it says now, where it is still there."""
    now, source = known.get(row["milestone_name"], (None, ""))
    told = sent.called(row["milestone_name"], language) if source == "default" else None
    title, description = told or (row["display_name"], now.description if now else "")
    names = ("milestone_name", "metric_name", "target_value", "difficulty_level", "points", "achieved_at")
    return {
        **{name: row[name] for name in names},
        "display_name": title,
        "description": description,
        "category": now.category if now else None,
        "celebrated_at": row["celebrated_at"],
    }


def _ahead(each: Milestone, values: Mapping[str, float], language: str) -> dict[str, Any]:
    told = sent.called(each.milestone_name, language)
    ours = sent.defaults().get(each.milestone_name)
    same = told is not None and ours is not None and ours.display_name == each.display_name
    title, description = told if told and same else (each.display_name, each.description)
    # What was reached and then taken out of view, such as an old live session, is no step back here.
    value = min(values.get(each.metric_name, 0.0), each.target_value)
    names = ("milestone_name", "metric_name", "target_value", "category", "difficulty_level", "points")
    return {
        **{name: getattr(each, name) for name in names},
        "display_name": title,
        "description": description,
        "current_value": round(value, 2),
        "progress": round(value / each.target_value, 4),
        "left": words.left(METRICS[each.metric_name], each.target_value - value, language),
    }


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is nearest comes first; of what has not begun, what is easiest."""
    return sorted(rows, key=lambda row: (-row["progress"], row["difficulty_level"], row["milestone_name"]))


def definitions(connection: Connection, organisation: str) -> dict[str, tuple[Milestone, str]]:
    """Every milestone of an organisation, with where it is from: default, changed (one of those), or own."""
    common = sent.defaults()
    own = described.own(connection, organisation)
    source = {name: "changed" if name in common else "own" for name in own}
    return {
        name: (own.get(name) or common[name], source.get(name, "default"))
        for name in [*common, *(name for name in own if name not in common)]
    }
