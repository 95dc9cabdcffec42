"""Choosing in live sessions, for everything that was noticed in one second: one room or a thousand, alike.

Among the allowed candidates of a moment the policy draws one; a share of moments is then left alone on purpose. What
was drawn is done, or proposed to an organiser where the session's mode wants that. Nothing allowed means silence.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.decide.live.candidates import Row, candidates
from tactful.decide.live.handlers import confidence, severe
from tactful.decide.live.kinds import LOW_RISK
from tactful.decide.live.settings import CONTROL
from tactful.decide.policies.thompson import UNKNOWN
from tactful.decide.rules import Rules
from tactful.kernel.chance import draw

# One row for each thing noticed and each side it concerns, known as of one instant. Null means unknown.
LIVE_MOMENT: dict[str, PolarsDataType] = {
    "live_session_id": pl.Int64,
    "organisation_id": pl.Int64,
    # the session's chance
    "seed": pl.Int64,
    "mode": pl.String,
    "anomaly_type": pl.String,
    # whom something may be said to: the audience, or the organisers
    "side": pl.String,
    "severity": pl.String,
    # the audience's engagement, 0..1, and how many there are
    "engagement": pl.Float64,
    "viewers": pl.Int64,
    # talk, break or questions; seconds until the planned end
    "on_agenda": pl.String,
    "seconds_left": pl.Float64,
    # JSON object: kind -> epoch seconds of the last one
    "last_by_kind": pl.String,
    "acted_last_hour": pl.Int64,
    # kinds proposed that wait for an organiser
    "open_kinds": pl.List(pl.String),
    # pauses and shadow of the organisation; "" stands for all of it
    "paused_kinds": pl.List(pl.String),
    "paused_channels": pl.List(pl.String),
    "shadow_kinds": pl.List(pl.String),
    # what chances are drawn by: anomaly, size of the audience, part of the session
    "context": pl.String,
}
# What is known of a kind in a context, by organisation, context and kind: what it adds to engagement, and how far that
# may be off.
Known = Mapping[tuple[int, str, str], tuple[float, float]]
# For each moment: the candidates (as the ledger lists them), what was drawn of them and what became of it: acted,
# suggested, control, shadow or silent.
CHOSEN: dict[str, PolarsDataType] = {
    "row": pl.UInt32,
    "kinds": pl.List(pl.String),
    "triggers": pl.List(pl.String),
    "priorities": pl.List(pl.Int32),
    "expected": pl.List(pl.Float64),
    "verdicts": pl.List(pl.Int64),
    "chosen": pl.String,
    "trigger": pl.String,
    "priority": pl.Int32,
    "gain": pl.Float64,
    "confidence": pl.Float64,
    "propensity": pl.Float64,
    "draw": pl.Float64,
    "result": pl.String,
}
# Of candidates as the policy is asked about them.
ASKED: dict[str, PolarsDataType] = {
    "row": pl.UInt32, "kind": pl.String, "priority": pl.Int32, "expected": pl.Float64, "draw": pl.Float64,
    "mean": pl.Float64, "spread": pl.Float64,
}  # fmt: skip
LISTS = {"kinds": "kind", "triggers": "trigger", "priorities": "priority", "expected": "expected",
         "verdicts": "verdict"}  # fmt: skip
ORGANISERS = "organisers"
SILENT: Row = {"propensity": 1.0, "result": "silent"}


def draws(moments: pl.DataFrame, tick: int, number: int) -> pl.Series:
    """Chance in [0, 1) for each moment: the same alone and in any batch, and at any replay."""
    seeds, sessions = (moments[name].to_numpy().astype(np.uint64) for name in ("seed", "live_session_id"))
    return pl.Series("draw", draw(seeds, sessions, tick, number), dtype=pl.Float64)


def choose(moments: pl.DataFrame, *, tick: int, rules: Rules, known: Known) -> pl.DataFrame:
    """CHOSEN for each of `moments` (LIVE_MOMENT), in order. tick: the instant as whole seconds since 1970.

    Of what is not `known` the handler's own expectation counts. Each room by the rules of its organisation.
    """
    if not rules.own:
        return _chosen(moments, tick, rules, known)
    parts = rules.parts(moments["organisation_id"])
    found = [_chosen(moments[rows], tick, each, known).with_columns(rows.alias("row")) for each, rows in parts]
    return (pl.concat(found) if found else _chosen(moments, tick, rules, known)).sort("row")


def _chosen(moments: pl.DataFrame, tick: int, rules: Rules, known: Known) -> pl.DataFrame:
    rooms = moments.to_dicts()
    lines = candidates(rooms, tick=tick, rules=rules)
    first, aside = (draws(moments, tick, number).to_list() for number in range(2))
    allowed = [line for line in lines if line["verdict"] == 0]
    asked = [(*(line[name] for name in ("row", "kind", "priority", "expected")), first[line["row"]],
              *_known(line, rooms[line["row"]], known)) for line in allowed]  # fmt: skip
    picked = rules.policy.choose(pl.DataFrame(asked, schema=ASKED, orient="row")).rows()
    drawn = {(row, kind): chance for row, kind, chance in picked}
    share = float(rules.values[CONTROL.name])
    done = {
        line["row"]: _done(line, rooms[line["row"]], drawn[line["row"], line["kind"]], aside[line["row"]], share)
        for line in allowed
        if (line["row"], line["kind"]) in drawn
    }
    listed: list[list[Row]] = [[] for _ in rooms]
    for line in lines:
        listed[line["row"]].append(line)
    told = [_listed(each) | {"row": row, "draw": first[row]} | done.get(row, SILENT) for row, each in enumerate(listed)]
    return pl.DataFrame(told, schema=CHOSEN)


def _known(line: Row, room: Row, known: Known) -> tuple[float, float]:
    return known.get((room["organisation_id"], room["context"], line["kind"]), (line["expected"], UNKNOWN))


def _listed(lines: Sequence[Row]) -> Row:
    """The candidates of a room as the ledger lists them, best first."""
    return {name: [line[column] for line in lines] for name, column in LISTS.items()}


def _done(line: Row, room: Row, chance: float, aside: float, share: float) -> Row:
    """What becomes of the candidate that was drawn with this chance, and how likely that was."""
    result = _result(line, room, aside < share)
    lot = {"control": share, "acted": 1 - share}.get(result, 1.0) if room["side"] != ORGANISERS else 1.0
    return {
        "chosen": line["kind"],
        "trigger": line["trigger"],
        "priority": line["priority"],
        "gain": line["expected"],
        "confidence": confidence(line["trigger"], bad=severe(room["severity"], room["engagement"])),
        "propensity": chance * lot,
        "result": result,
    }


def _result(line: Row, room: Row, aside: bool) -> str:
    if line["shadow"]:
        return "shadow"
    # What only tells organisers is tried out on nobody, and waits for nothing.
    if room["side"] == ORGANISERS:
        return "acted"
    careful = room["mode"] == "semi_automatic" and line["kind"] not in LOW_RISK
    if room["mode"] == "manual" or careful:
        return "suggested"
    return "control" if aside else "acted"
