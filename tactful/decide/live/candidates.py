"""Candidates in live rooms: one line for each room and handler of what was noticed there, with every verdict.

The same lines as `decide.candidates.propose` makes of the handlers' triggers. That one is made for a million people at
once; here two or three rooms wait, within a second, and making their columns would take most of the time. So lines are
laid out one by one, and only guard rails, which are the same for all, are asked in columns.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tactful.decide.candidates import constants, is_shadowed
from tactful.decide.live.handlers import HANDLERS, Handler
from tactful.decide.live.settings import SWITCHES
from tactful.decide.rules import Rules
from tactful.kernel.records import IN_APP

Row = dict[str, Any]
# Of candidates as guard rails are asked about them, as far as they ask for it.
ASKED: dict[str, Any] = {
    "initiative": pl.String, "kind": pl.String, "channel": pl.String, "cooldown": pl.Float64,
    "last_of_kind": pl.Float64, "open_kinds": pl.List(pl.String), "paused_kinds": pl.List(pl.String),
    "paused_channels": pl.List(pl.String), "on_agenda": pl.String, "seconds_left": pl.Float64, "viewers": pl.Int64,
    "acted_last_hour": pl.Int64,
}  # fmt: skip
BY_CAUSE: dict[tuple[str, str], list[Handler]] = defaultdict(list)
for _handler in HANDLERS:
    BY_CAUSE[_handler.anomaly, _handler.side].append(_handler)


def candidates(rooms: Sequence[Mapping[str, Any]], *, tick: int, rules: Rules) -> list[Row]:
    """The candidates of `rooms` (rows of LIVE_MOMENT), best first within each `row` (its number in `rooms`).

    tick: the instant as whole seconds since 1970. Of each: row, kind, trigger, priority, expected, shadow, verdict.
    """
    asked, lines = [], []
    for number, room in enumerate(rooms):
        lasts = json.loads(room["last_by_kind"])
        for handler in BY_CAUSE.get((room["anomaly_type"], room["side"]), ()):
            if not rules.values[SWITCHES[handler.name].name]:
                continue
            kind = rules.kinds[handler.kind]
            last = lasts.get(kind.name)
            # Told from the instant on, so that what is asked is the same at every instant.
            seen = {**constants(kind), **room, "channel": IN_APP, "last_of_kind": None if last is None else last - tick}
            asked.append([seen[name] for name in ASKED])
            lines.append(_line(number, handler, room))
    verdicts = pl.DataFrame(asked, schema=ASKED, orient="row").select(rules.verdict).to_series()
    found = [line | {"verdict": bits} for line, bits in zip(lines, verdicts.to_list(), strict=True)]
    return sorted(found, key=lambda line: (line["row"], -line["priority"], -line["expected"], line["kind"]))


def _line(number: int, handler: Handler, room: Mapping[str, Any]) -> Row:
    return {
        "row": number,
        "kind": handler.kind,
        "trigger": handler.name,
        "priority": handler.priority,
        "expected": handler.expected,
        "shadow": is_shadowed(room["shadow_kinds"], handler.kind, IN_APP),
    }
