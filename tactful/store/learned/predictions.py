"""predictions: what was believed of people now and then, and what came of it. Beliefs are held to these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
from polars._typing import PolarsDataType
from psycopg import sql

from tactful.facts.moments import INSTANT
from tactful.store import shadows
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.literals import rows
from tactful.store.reading import Reader

# How often beliefs are kept, and of about how many people (or skills) of an organisation.
EVERY = timedelta(days=6, hours=12)
MOST = 50_000

# What is kept of everybody's risk: all people of small organisations, an even sample of large ones. The same people
# are taken each time. The rule's score is only known while nothing learned has taken its place.
NOTE_RISKS = """
INSERT INTO predictions (organisation_id, person_id, capability, asked_at, due_at, score, probability, own, confidence)
SELECT organization_id, user_id, 'dropout', %(at)s, %(due_at)s, cold_score, probability, own, confidence
  FROM (SELECT *, count(*) OVER (PARTITION BY organization_id) AS people,
               (hashint8extended(user_id, 7) & 1048575) / 1048576.0 AS place
          FROM dropout_risk_scores WHERE risk_level <> 'unknown') r
 WHERE place * people < %(most)s
   AND NOT EXISTS (SELECT FROM predictions p WHERE p.organisation_id = r.organization_id AND p.capability = 'dropout'
                      AND p.asked_at > %(at)s - %(every)s AND p.asked_at <> %(at)s)
    ON CONFLICT DO NOTHING
"""
# The same of what is believed outside of the database: unless something later than `every` ago is there already.
NOTE = """
INSERT INTO predictions (organisation_id, person_id, capability, about, asked_at, due_at, score, probability,
                         confidence, stood)
SELECT organisation_id, person_id, {capability}, about, {at}, {due_at}, score, probability, confidence, stood
  FROM {told}
 WHERE (hashint8extended(person_id, 17) & 1048575) / 1048576.0 < share
   AND NOT EXISTS (SELECT FROM predictions p WHERE p.capability = {capability} AND p.person_id = w.person_id
                      AND p.about = w.about AND p.asked_at > {since})
 ORDER BY person_id, about ON CONFLICT DO NOTHING
"""
NOTED = ("organisation_id", "person_id", "about", "score", "probability", "confidence", "stood", "share")
# Truth is silence through all of the days that followed.
SETTLE_RISKS = """
UPDATE predictions p
   SET truth = NOT EXISTS (SELECT FROM person_session s WHERE s.person_id = p.person_id
                              AND s.ended_at > p.asked_at AND s.started_at <= p.due_at)
 WHERE p.capability = 'dropout' AND p.truth IS NULL AND p.due_at <= %s
"""
# A belief of every week counts for its share of the days that its truth takes, and only from when what serves now did.
# What the person had shown by then is taken off again: evidence is held to what was believed without it.
SURPRISES = """
SELECT person_id, organisation_id, sum(share * (truth::int - chance)) AS residual,
       sum(share * chance * (1 - chance)) AS information
  FROM (SELECT p.*,
               least(1, extract(epoch FROM interval '7 days') / extract(epoch FROM p.due_at - p.asked_at)) AS share,
               1 / (1 + exp(coalesce(p.own, 0)) * (1 - p.probability) / p.probability) AS chance
          FROM public.predictions p
         WHERE p.capability = 'dropout' AND p.truth IS NOT NULL AND p.probability > 0 AND p.due_at <= %s
           AND p.asked_at >= coalesce((SELECT max(v.promoted_at) FROM model_versions v
                                        WHERE v.capability = 'dropout' AND v.promoted_at <= %s
                                          AND (v.organisation_id = p.organisation_id OR v.organisation_id IS NULL)),
                                      '-infinity')
           AND {people}) s
 GROUP BY person_id, organisation_id
"""
FILL = f"INSERT INTO {{schema}}.person_surprises (person_id, organisation_id, residual, information) {SURPRISES}"
SETTLED = """
SELECT asked_at, score, probability, confidence, truth FROM predictions
 WHERE organisation_id = %s AND capability = %s AND asked_at >= %s AND due_at <= %s
"""
KEPT: dict[str, PolarsDataType] = {
    "asked_at": INSTANT,
    "score": pl.Float64,
    "probability": pl.Float64,
    "confidence": pl.Float64,
    "truth": pl.Boolean,
}


# Of whom nothing is known but that somebody asked whether they will struggle is nobody yet.
REACHED = """
SELECT (SELECT count(*) FROM people p
         WHERE organisation_id = %s
           AND (EXISTS (SELECT FROM person_state s WHERE s.person_id = p.id)
                OR EXISTS (SELECT FROM ambient_presence_states a WHERE a.user_id = p.id)
                OR NOT EXISTS (SELECT FROM struggle_predictions q WHERE q.user_id = p.id))) AS people,
       count(*) FILTER (WHERE risk_level <> 'unknown') AS assessed,
       count(*) FILTER (WHERE risk_level IN ('high', 'critical')) AS at_risk,
       count(*) FILTER (WHERE risk_level IN ('high', 'critical') AND strategy_executed) AS reached,
       count(*) FILTER (WHERE user_returned) AS returned,
       count(*) FILTER (WHERE NOT user_returned) AS stayed_away
  FROM dropout_risk_scores WHERE organization_id = %s
"""
FIGURES = ("people", "assessed", "at_risk", "reached", "returned", "stayed_away")


def reached(reader: Reader, organisation: int) -> dict[str, int]:
    """How many people there are, of how many a risk is known, how many are at risk, were reached, came back or not."""
    row = reader.read(REACHED, [organisation, organisation], dict.fromkeys(FIGURES, pl.Int64)).to_dicts()[0]
    return {name: int(row[name]) for name in FIGURES}


def note_risks(connection: Connection, *, at: datetime, horizon: timedelta, every: timedelta, most: int) -> None:
    """Keep what is believed of leaving at `at`, unless that was done less than `every` ago; of `most` people each."""
    connection.execute(NOTE_RISKS, {"at": at, "due_at": at + horizon, "every": every, "most": most})


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what something is believed, when, when its truth can be known, and how long ago the last one may be."""

    capability: str
    at: datetime
    due_at: datetime
    every: timedelta


def note(connection: Connection, told: pl.DataFrame, asked: Asked) -> None:
    """Keep what is believed of people. told: NOTED; of a `share` (0..1) of them, the same people each time."""
    if told.is_empty():
        return
    words = {"capability": asked.capability, "at": asked.at, "due_at": asked.due_at, "since": asked.at - asked.every}
    values = {name: sql.Literal(value) for name, value in words.items()}
    connection.execute(sql.SQL(NOTE).format(told=rows(told.select(NOTED), "w"), **values))


def settle_risks(connection: Connection, *, at: datetime) -> None:
    """Note what came of beliefs about leaving whose horizon has passed by `at`, and by how much it surprised."""
    if connection.execute(SETTLE_RISKS, (at,)).rowcount == 0:
        return
    connection.execute("DELETE FROM person_surprises")
    connection.execute(FILL.format(schema="public", people="true"), (at, at))


def start_over(connection: Connection, organisations: Sequence[int]) -> None:
    """Forget by how much people surprised what served them until now."""
    connection.execute("DELETE FROM person_surprises WHERE organisation_id = ANY(%s)", (list(organisations),))


def kept(reader: Reader, organisation: int, capability: str, *, since: datetime, until: datetime) -> pl.DataFrame:
    """KEPT rows asked since `since` whose horizon has passed by `until`; truth is null while it is not counted yet."""
    return reader.read(SETTLED, [organisation, capability, since, until], KEPT)


def shadow(reader: Reader, scope: Scope, at: datetime) -> None:
    """From here to the end of the transaction, what people have shown of themselves is as of `at`; part of `asof`."""
    shadows.shadow(reader, "person_surprises")
    clause, values = scope.where(at, person="p.person_id")
    reader.run(FILL.format(schema="pg_temp", people=clause), [at, at, *values])
