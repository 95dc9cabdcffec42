"""Watching beliefs and what they are for: are they still true, of how many people are they held, and do they help?"""

from datetime import datetime, timedelta
from typing import Any

from tactful.decide import REENGAGING, Rules
from tactful.decide.guardrails.holdout import BUCKETS
from tactful.kernel.settings import Settings
from tactful.learn.monitoring import watch
from tactful.learn.success import success
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.learned import figures, predictions
from tactful.store.learned.figures import Span
from tactful.store.reading import reader


def watched(
    database: Database, rules: Rules, organisation: int, capability: str, *, since: datetime, until: datetime
) -> dict[str, Any]:
    """What can be said of the capability's beliefs, and of what was done about all of them, from `since` to `until`."""
    span = Span(
        organisation,
        since,
        until,
        winning=list(REENGAGING),
        horizon=timedelta(days=Settings(rules.values)[dropout.HORIZON]),
        held=rules.holdout * BUCKETS,
    )
    with reader(database, few=False) as source:
        told = watch(predictions.kept(source, organisation, capability, since=since, until=until))
        return {
            **told,
            "people": predictions.reached(source, organisation),
            "coverage": figures.covered(source, span),
            "success": success(figures.tallied(source, span).to_dicts()),
        }
