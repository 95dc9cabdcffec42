"""What came of what was done in live sessions: beside moments left alone on purpose, never before and after alone."""

from datetime import datetime
from typing import Any

import polars as pl

from tactful.compose.polls import library
from tactful.decide.live.choosing import Known
from tactful.decide.live.handlers import HANDLERS
from tactful.facts.rooms import every
from tactful.kernel.settings import Settings
from tactful.learn.arms import KINDS, TEMPLATES, Arms, Beliefs
from tactful.learn.lift import own
from tactful.store.database import Connection
from tactful.store.decided.rooms import post
from tactful.store.learned import rooms
from tactful.uses.rooms.acts import to_room

# What outcomes of single cases are labelled as.
LABEL = "estimate for this one case, beside moments that were left alone"
GAINS = {(each.anomaly, each.kind): each.expected for each in HANDLERS}
KIND, TEMPLATE = "kind", "template"
KIND_OF = {template.name: template.kind for template in library()}
STEPS = {KIND: KINDS, TEMPLATE: TEMPLATES}
# Of a kind that no handler proposes for what was noticed.
NO_GAIN = 0.1
# Every circumstance in which something may be chosen, and what.
ASKED = [(circumstances, kind) for anomaly, kind in GAINS for circumstances in every(anomaly)]


def settle(connection: Connection, at: datetime, settings: Settings) -> list[dict[str, Any]]:
    """Settle what is due, learn from it and say what came of each; the entries of the outbox. The caller commits."""
    settled = rooms.settle(connection, at)
    news: list[dict[str, Any]] = []
    for (organisation,), part in settled.group_by("organisation_id", maintain_order=True):
        _learn(connection, int(str(organisation)), part.filter(~pl.col("spoiled")), at, settings)
        news += _tell(connection, int(str(organisation)), part, at)
    return post(connection, news)


def believed(connection: Connection) -> Known:
    """What each organisation believes of every kind in all circumstances."""
    found: dict[tuple[int, str, str], tuple[float, float]] = {}
    for row in rooms.every(connection, KIND):
        beliefs = Arms.from_json(row["body"]).beliefs(gain)
        for circumstances, kind in ASKED:
            mean, variance = beliefs.of(circumstances, kind)
            found[row["organisation_id"], circumstances, kind] = mean, variance**0.5
    return found


def wording(connection: Connection) -> dict[int, Beliefs]:
    """What each organisation believes of templates, by number: as of their kind, and how far they are from that."""
    kinds = {row["organisation_id"]: Arms.from_json(row["body"]) for row in rooms.every(connection, KIND)}
    return {
        row["organisation_id"]: worded(Arms.from_json(row["body"]), kinds.get(row["organisation_id"]))
        for row in rooms.every(connection, TEMPLATE)
    }


def worded(templates: Arms, kinds: Arms | None) -> Beliefs:
    """What is believed of templates. kinds: of their kinds; None where nothing is known of them.

    Of a template that was never said, what is known of its kind is expected. Else those that were said first would be
    preferred to all others for what any of them does.
    """
    known = (kinds or Arms(templates.half_life)).beliefs(gain)

    def begun(circumstances: str, template: str) -> float:
        # What an organisation has added is called like the one of ours that it is like.
        kind = KIND_OF.get(template.partition(".")[0])
        return known.of(circumstances, kind).mean if kind else 0.0

    return templates.beliefs(begun)


def gain(circumstances: str, kind: str) -> float:
    """What a kind is expected to add before anything is learned, 0..1."""
    return GAINS.get((circumstances.split("/")[0], kind), NO_GAIN)


def _learn(connection: Connection, organisation: int, settled: pl.DataFrame, at: datetime, settings: Settings) -> None:
    known = rooms.arms(connection, organisation)
    for arm, steps in STEPS.items():
        before = Arms.from_json(known[arm]) if arm in known else Arms.unlearned(settings, steps=steps)
        after = before.learned(settled.drop_nulls(arm), at.timestamp(), arm=arm)
        rooms.learned(connection, organisation, arm, after.as_json(), at)


def _tell(connection: Connection, organisation: int, part: pl.DataFrame, at: datetime) -> list[dict[str, Any]]:
    acted = part.filter("acted")
    if acted.is_empty():
        return []
    known = rooms.moments(connection, organisation, at)
    estimates = {row["decision_id"]: row for row in own(known).iter_rows(named=True)}
    told = [_outcome(row, estimates.get(row["decision_id"]), at) for row in acted.iter_rows(named=True)]
    rooms.tell(connection, told, at)
    return [
        to_room(row, "outcome", {"intervention_id": each["id"], **each["outcome"]})
        for row, each in zip(acted.iter_rows(named=True), told, strict=True)
    ]


def _outcome(row: dict[str, Any], estimate: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
    told = estimate or dict.fromkeys(("value", "low", "high"))
    low = told["low"]
    return {
        "id": row["intervention_id"],
        "outcome": {
            "label": LABEL,
            "engagement_before": row["before"],
            "engagement_after": row["after"],
            "engagement_delta": told["value"],
            "low": low,
            "high": told["high"],
            "success": None if low is None else low > 0,
            "spoiled": row["spoiled"],
            "settled_at": at.isoformat(),
        },
    }
