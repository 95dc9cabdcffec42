"""One world of a simulation: what people's attention was spent on in it, and what was decided."""

import json
from datetime import datetime
from typing import Any

import polars as pl

from tactful.decide import Rules
from tactful.facts.moments import MOMENT
from tactful.kernel.records import Initiative

COUNTED = {
    "sent_today": (Initiative.NUDGE.value, Initiative.OUTREACH.value),
    "outreach_today": (Initiative.OUTREACH.value,),
}
ATTENTION = (
    "attention_day", "sent_today", "outreach_today", "in_context_today", "critical_today", "last_outreach_at",
    "last_by_kind", "ignored_by_kind",
)  # fmt: skip
SCHEMA = {name: MOMENT[name] for name in ("person_id", *ATTENTION)}
LISTS = ("kinds", "triggers", "verdicts")
# What is kept of every candidate, and of everything that was sent.
CANDIDATE = ["at", "person_id", "local_day", "local_minute", "kinds", "triggers", "verdicts", "result", "chosen",
             "chosen_trigger"]  # fmt: skip


class Account:
    """By these rules. Whoever is seen for the first time brings along what had been done with them by then."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._attention: pl.DataFrame | None = None
        self._found: list[pl.DataFrame] = []

    def known(self, seen: pl.DataFrame) -> pl.DataFrame:
        """People as they are known in this world."""
        if self._attention is None:
            return seen
        rest = seen.drop(ATTENTION).join(self._attention, on="person_id", how="left", maintain_order="left")
        return rest.select(seen.columns)

    def lives(self, seen: pl.DataFrame, at: datetime, decided: pl.DataFrame) -> None:
        """Go on to after `at`, with what was decided then about those who were seen, in the same order."""
        days = self.known(seen).select("local_day", "local_minute", *ATTENTION)
        rows = decided.hstack(days).with_columns(pl.lit(at).alias("at"))
        self._found.append(rows.filter(pl.col("kinds").list.len() > 0).select(CANDIDATE))
        self._attention = _spent(rows)

    @property
    def candidates(self) -> pl.DataFrame:
        """Every candidate at every step: CANDIDATE, one by one, and sent (this one was) and acted (any was)."""
        every = pl.concat(self._found).explode(LISTS) if self._found else pl.DataFrame(schema=EMPTY)
        acted = pl.col("result") == "acted"
        return every.rename({"kinds": "kind", "triggers": "trigger", "verdicts": "verdict"}).with_columns(
            (acted & (pl.col("trigger") == pl.col("chosen_trigger"))).fill_null(False).alias("sent"),
            acted.alias("acted"),
        )


EMPTY: dict[str, Any] = {
    "at": pl.Datetime("us", "UTC"), "person_id": pl.Int64, "local_day": pl.Date, "local_minute": pl.Int32,
    "kinds": pl.String, "triggers": pl.String, "verdicts": pl.Int64, "result": pl.String, "chosen": pl.String,
    "chosen_trigger": pl.String,
}  # fmt: skip


def _spent(rows: pl.DataFrame) -> pl.DataFrame:
    """Attention after what was decided: counters of the present local day, and when each kind came last."""
    acted = pl.col("result") == "acted"
    fresh = (pl.col("attention_day") < pl.col("local_day")).fill_null(True)
    counters = {**COUNTED, "in_context_today": (), "critical_today": ()}
    told = rows.with_columns(
        *(_count(name, among, acted, fresh) for name, among in counters.items()),
        pl.when(acted & fresh).then("local_day").otherwise("attention_day").alias("attention_day"),
        pl.when(acted & (pl.col("initiative") == Initiative.OUTREACH.value))
        .then("at")
        .otherwise("last_outreach_at")
        .alias("last_outreach_at"),
    )
    last = [_last(row) for row in rows.select("last_by_kind", "chosen", "at", "result").iter_rows()]
    told = told.with_columns(pl.Series("last_by_kind", last, pl.String))
    return told.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _count(name: str, among: tuple[str, ...], acted: pl.Expr, fresh: pl.Expr) -> pl.Expr:
    counts = pl.col("critical") if name == "critical_today" else pl.col("initiative").is_in(among)
    before = pl.when(fresh).then(0).otherwise(pl.col(name).fill_null(0))
    after = before + counts.fill_null(False).cast(pl.Int32)
    return pl.when(acted).then(after).otherwise(pl.col(name)).alias(name)


def _last(row: tuple[Any, ...]) -> str | None:
    before, chosen, at, result = row
    if result != "acted":
        return before if before is None else str(before)
    return json.dumps({**json.loads(before or "{}"), chosen: int(at.timestamp())})
