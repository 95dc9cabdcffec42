"""Choosing for a batch of people at one instant: one person or a million, with equal results.

Among the allowed candidates the policy chooses; what is allowed now goes before what would have to
wait. If nothing is allowed, the best deferrable candidate that only quiet hours forbid is put off
to their end, provided it is still worth saying then. Otherwise: silence.
"""

import hashlib
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from tactful.decide.candidates import deferring, propose, shadowed, with_expiry
from tactful.decide.due import next_due
from tactful.decide.localtime import with_quiet_over
from tactful.decide.rules import Rules
from tactful.facts.moments import DECISION, INSTANT
from tactful.kernel.chance import mix

CHOSEN = ["row", "kind", "trigger", "priority", "channel", "initiative", "critical", "cooldown", "expires_at", "due_at"]
# What the ledger lists for each candidate.
LISTS = {
    "kinds": "kind",
    "triggers": "trigger",
    "priorities": "priority",
    "expected": "expected",
    "verdicts": "verdict",
}


def choose(
    moments: pl.DataFrame, *, at: datetime, rules: Rules, draws: pl.Series, schedule: bool = True
) -> pl.DataFrame:
    """A decision for each row of `moments`, in the same order: DECISION, and `cooldown` of the chosen [s].

    moments: MOMENT with BELIEF. draws: chance in [0, 1), one for each row. Each by the rules of their organisation.
    schedule: whether it is to be said when to look at them next; null otherwise.
    """
    if not rules.own:
        return _chosen(moments, at, rules, draws, schedule=schedule)
    parts = rules.parts(moments["organisation_id"])
    found = [_chosen(moments[rows], at, each, draws.gather(rows), schedule=schedule) for each, rows in parts]
    if len(found) < 2:
        return found[0] if found else _chosen(moments, at, rules, draws, schedule=schedule)
    return pl.concat(found)[pl.concat([rows for _, rows in parts]).arg_sort()]


def _chosen(moments: pl.DataFrame, at: datetime, rules: Rules, draws: pl.Series, *, schedule: bool) -> pl.DataFrame:
    candidates = propose(moments, at, rules)
    chosen = pl.concat([_now(candidates, at, rules, draws), _later(candidates, at, rules)], how="diagonal")
    chosen = chosen.unique("row", keep="first", maintain_order=True)
    rows = moments.select("person_id", "organisation_id").with_row_index("row").with_columns(draws.alias("draw"))
    rows = rows.with_columns(_lists(candidates, moments.height))
    joined = rows.join(chosen, on="row", how="left", maintain_order="left")
    due = next_due(moments, candidates, at, rules) if schedule else pl.lit(None, INSTANT).alias("next_due_at")
    found = _finish(joined).with_columns(prints(candidates, moments.height, rules), due)
    return found.select(*(_column(name, kind) for name, kind in DECISION.items()), "cooldown")


def _column(name: str, kind: Any) -> pl.Expr:
    return pl.col(name).cast(kind)


def _now(candidates: pl.DataFrame, at: datetime, rules: Rules, draws: pl.Series) -> pl.DataFrame:
    allowed = candidates.filter(pl.col("verdict") == 0)
    asked = allowed.select("row", "kind", "priority", "expected", draws.gather(allowed["row"]).alias("draw"))
    picked = rules.policy.choose(asked)
    chosen = allowed.join(picked, on=["row", "kind"], how="inner", maintain_order="left")
    return with_expiry(chosen.with_columns(pl.lit(at).cast(INSTANT).alias("due_at")), at).select(
        *CHOSEN, "propensity", _result("acted")
    )


def _later(candidates: pl.DataFrame, at: datetime, rules: Rules) -> pl.DataFrame:
    only_put_off = (pl.col("verdict") != 0) & (pl.col("verdict") & ~deferring(rules)).eq(0)
    waiting = with_expiry(candidates.filter(only_put_off & pl.col("deferrable")), at)
    waiting = with_quiet_over(waiting, at, "due_at").filter(pl.col("due_at") < pl.col("expires_at"))
    return waiting.select(*CHOSEN, pl.lit(1.0).alias("propensity"), _result("deferred"))


def _result(result: str) -> pl.Expr:
    return pl.when(shadowed()).then(pl.lit("shadow")).otherwise(pl.lit(result)).alias("result")


def _lists(candidates: pl.DataFrame, rows: int) -> list[pl.Series]:
    """Each person's candidates as lists, empty where there are none. candidates: sorted by row."""
    counts = np.bincount(candidates["row"].to_numpy(), minlength=rows)
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int64())
    return [
        pl.Series(name, pa.LargeListArray.from_arrays(offsets, candidates[column].to_arrow()))
        for name, column in LISTS.items()
    ]


def _finish(joined: pl.DataFrame) -> pl.DataFrame:
    return joined.with_columns(
        pl.col("result").fill_null("silent"),
        pl.col("kind").alias("chosen"),
        pl.col("trigger").alias("chosen_trigger"),
        pl.col("priority").alias("chosen_priority"),
        # Silence is certain under a policy that draws nothing.
        pl.col("propensity").fill_null(1.0),
    )


def prints(candidates: pl.DataFrame, rows: int, rules: Rules) -> pl.Series:
    """A fingerprint of candidates, verdicts and policy for each row; the order of candidates does not matter."""
    names = {kind: _word(kind) for kind in rules.kinds}
    codes = candidates["kind"].replace_strict(names, return_dtype=pl.UInt64).to_numpy()
    rules_word, bits = _word(rules.print), candidates["verdict"].to_numpy().astype(np.uint64)
    each = mix(mix(np.full(candidates.height, rules_word, np.uint64), codes), bits)
    sums = np.full(rows, rules_word, np.uint64)
    np.add.at(sums, candidates["row"].to_numpy(), each)
    return pl.Series("print", sums.view(np.int64))


def _word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
