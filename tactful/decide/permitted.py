"""What guard rails would say of a kind of intervention, whether or not anything proposes it."""

from datetime import datetime

import polars as pl

from tactful.decide.candidates import about, judge
from tactful.decide.rules import Rules
from tactful.decide.words import whys
from tactful.kernel.records import IN_APP


def forbidden(person: pl.DataFrame, kind: str, at: datetime, rules: Rules) -> list[str]:
    """Why each guard rail that forbids `kind` now does so; empty where all allow it.

    person: MOMENT, the one row that is asked about; by the rules of their organisation.
    """
    rules = rules.of(person["organisation_id"].item())
    asked = person.select(pl.all().exclude("initiative", "critical"), pl.lit(IN_APP).alias("channel"))
    candidate = judge(asked.with_columns(about(rules.kinds[kind])), at, rules)
    return whys(candidate["verdict"].item(), person.row(0, named=True), rules.rails)
