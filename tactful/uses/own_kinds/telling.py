"""What a simulation is told as: each trigger with who, when, how often and what withheld it; and what came instead."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tactful.decide.guardrails import Rail
from tactful.uses.own_kinds.accounts import Account

# People that are named of each trigger.
EXAMPLES = 10
DAY = ("person_id", "local_day")


def told(now: Account, then: Account, *, people: Mapping[int, str]) -> dict[str, Any]:
    """triggers, instead and words. people: their own ids by ours; only examples of each trigger are told."""
    found = then.candidates
    rows = [
        _trigger(found.filter(pl.col("trigger") == each.name), each.name, each.kind, then, people)
        for each in then.rules.made.triggers
    ]
    instead = _instead(now.candidates, found)
    return {"triggers": rows, "instead": instead, "words": _words(rows, instead, len(people))}


def _trigger(found: pl.DataFrame, name: str, kind: str, world: Account, people: Mapping[int, str]) -> dict[str, Any]:
    sent = found.filter("sent")
    # A day on which they got it in the end was not one on which it was withheld.
    without = found.join(sent.select(DAY), on=list(DAY), how="anti")
    each = sent.group_by("person_id").len()["len"]
    theirs = sent["person_id"].unique(maintain_order=True).head(EXAMPLES).to_list()
    return {
        "trigger": name,
        "kind": kind,
        "initiative": world.rules.kinds[kind].initiative.value,
        "fitting": found["person_id"].n_unique(),
        "fitting_days": found.select(DAY).n_unique(),
        "reached": sent["person_id"].n_unique(),
        "sent": sent.height,
        "most_for_one": int(each.max() or 0),  # type: ignore[arg-type]
        "examples": [people[number] for number in theirs],
        "by_day": _by_day(found, sent),
        "by_hour": _by_hour(sent),
        "withheld": _withheld(without, world.rules.rails),
        "outdone": _outdone(without),
    }


def _by_day(found: pl.DataFrame, sent: pl.DataFrame) -> list[dict[str, Any]]:
    fitting = found.group_by("local_day").agg(pl.col("person_id").n_unique().alias("fitting"))
    counts = sent.group_by("local_day").agg(pl.len().alias("sent"))
    rows = fitting.join(counts, on="local_day", how="left").with_columns(pl.col("sent").fill_null(0)).sort("local_day")
    return [{"day": day, "fitting": fits, "sent": times} for day, fits, times in rows.iter_rows()]


def _by_hour(sent: pl.DataFrame) -> list[int]:
    """How many in each hour of their own clocks."""
    counts = dict((sent["local_minute"] // 60).value_counts(name="times").iter_rows())
    return [int(counts.get(hour, 0)) for hour in range(24)]


def _withheld(found: pl.DataFrame, rails: Sequence[Rail]) -> list[dict[str, Any]]:
    """Guard rails by the days of people that each withheld it on, most first; several may have on one day."""
    rows = [
        {"rail": rail.name, "days": days.select(DAY).n_unique(), "people": days["person_id"].n_unique()}
        for number, rail in enumerate(rails)
        if (days := found.filter((pl.col("verdict") & (1 << number)) != 0)).height
    ]
    return sorted(rows, key=lambda row: (-row["days"], row["rail"]))


def _outdone(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Other kinds that were chosen although it was allowed, by days of people."""
    lost = found.filter((pl.col("verdict") == 0) & pl.col("acted"))
    rows = lost.group_by("chosen").agg(pl.struct(DAY).n_unique().alias("days")).sort("days", "chosen", descending=True)
    return [{"kind": kind, "days": days} for kind, days in rows.iter_rows()]


def _instead(now: pl.DataFrame, then: pl.DataFrame) -> list[dict[str, Any]]:
    """How often each kind is sent now, and would have been; only where that differs."""
    counts = [dict(each.filter("sent")["kind"].value_counts().iter_rows()) for each in (now, then)]
    kinds = sorted(counts[0].keys() | counts[1].keys())
    rows = [{"kind": kind, "now": counts[0].get(kind, 0), "then": counts[1].get(kind, 0)} for kind in kinds]
    return [row for row in rows if row["now"] != row["then"]]


def _often(sent: int, most: int) -> str:
    """How often, where anybody was reached at all."""
    return f", {_times(sent)} in all, nobody more than {_times(most)}" if sent else ""


def _times(many: int) -> str:
    return "once" if many == 1 else f"{many} times"


def _words(rows: Sequence[Mapping[str, Any]], instead: Sequence[Mapping[str, Any]], people: int) -> list[str]:
    said = [
        f"{row['trigger']} fits {row['fitting']} of {people} people; {row['reached']} would have been reached"
        f"{_often(row['sent'], row['most_for_one'])}."
        for row in rows
    ]
    lost = [f"{row['kind']} {row['now'] - row['then']}" for row in instead if row["now"] > row["then"]]
    return [*said, f"Sent less often by it: {', '.join(lost)}." if lost else "Nothing else would be sent less often."]
