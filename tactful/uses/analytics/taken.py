"""How messages are taken: the rates at which what was delivered is engaged with, dismissed and ignored."""

from collections.abc import Mapping, Sequence
from typing import Any

from tactful.learn.shares import Tally, share
from tactful.store.learned.performance import NAMES

# What each group is told by, beside its figures.
GROUPS = {"kind": ("kind",), "template": ("kind", "template"), "channel": ("channel",), "hour": ("hour",)}
RATES = {"response_rate": "engaged", "dismissal_rate": "dismissed", "ignored_rate": "ignored"}
FIGURES = (*NAMES, *(f"{rate}{end}" for rate in RATES for end in ("", "_low", "_high")))
COLUMNS = ("by", "kind", "template", "channel", "hour", *FIGURES)


def performance(rows: Sequence[Mapping[str, Any]], *, least: int) -> dict[str, Any]:
    """overall, and rows by_kind, by_template, by_channel and by_hour, each with FIGURES.

    rows: of `store.learned.performance`.

    Rates are shares [0..1] of what was delivered, with the interval that holds them with 95 % certainty, where every
    delivery is taken for one of another person; None below `least` deliveries.
    """
    nothing = dict.fromkeys(NAMES, 0)
    overall = next((row for row in rows if row["by"] == "overall"), nothing)
    told: dict[str, Any] = {"overall": rated(overall, least)}
    for group, names in GROUPS.items():
        ours = (row for row in rows if row["by"] == group)
        told[f"by_{group}"] = [{name: row[name] for name in names} | rated(row, least) for row in ours]
    # As the first words for it had it: in percent.
    rate = told["overall"]["response_rate"]
    told["overall_metrics"] = {"response_rate": None if rate is None else 100 * rate}
    return told


def rated(row: Mapping[str, Any], least: int) -> dict[str, Any]:
    """FIGURES of one row with NAMES."""
    told = {name: int(row[name]) for name in NAMES}
    for rate, name in RATES.items():
        tries, hits = told["delivered"], told[name]
        found = share(Tally(tries, tries, hits, hits, tries, hits) if tries >= least else Tally())
        told |= {rate: found["value"], f"{rate}_low": found["low"], f"{rate}_high": found["high"]}
    return told


def sheet(told: Mapping[str, Any]) -> list[list[Any]]:
    """All rows in one table of COLUMNS. told: of `performance`."""
    rows = [{"by": "overall"} | told["overall"]]
    rows += [{"by": group} | row for group in GROUPS for row in told[f"by_{group}"]]
    return [[row.get(column) for column in COLUMNS] for row in rows]
