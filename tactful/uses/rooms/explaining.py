"""Why something was done in a live session, or left alone: a row of the ledger in plain words."""

from datetime import datetime
from typing import Any

from tactful.decide.live.settings import CONTROL
from tactful.decide.live.words import became, words
from tactful.store.database import Database
from tactful.store.decided import ledger


def of(database: Database, organisation: str, decision_id: int, at: datetime) -> dict[str, Any] | None:
    """A decision about a live session with `words`, as of `at`; None where none of that number is about one."""
    with database.batch() as connection:
        row = ledger.live_by_id(connection, organisation, decision_id, at)
    if row is None:
        return None
    body = row.pop("configuration")
    told = words(row, rails=body["rails"], share=body["settings"].get(CONTROL.name))
    return {**row, "words": [*told, *_after(row)]}


def _after(row: dict[str, Any]) -> list[str]:
    """What became of it."""
    suggestion, outcome = row["suggestion"], row["outcome"] or {}
    told = [became(suggestion)] if suggestion["state"] else []
    if row["intervention_id"]:
        told.append(f"It is intervention {row['intervention_id']}.")
    if outcome.get("engagement_delta") is not None:
        value, low, high = (outcome[name] for name in ("engagement_delta", "low", "high"))
        told.append(f"Engagement was {value:+.2f} beside what it would have been, an estimate for this one case "
                    f"(95 %: {low:+.2f} to {high:+.2f}).")  # fmt: skip
    return told
