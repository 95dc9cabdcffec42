"""The one place where the verbs meet: `turn`, `send`, `settle`. Read this first.

A turn takes any number of people through sense -> predict -> decide at one instant and commits
what follows in one transaction. `send` is the moment before a channel hands something over: the
reason and every guard rail are asked again. `settle` closes what time has decided. `ticking` takes
turns for everybody who is due, `asking` for whoever asks or comes by.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from tactful.compose.context import context
from tactful.decide import REENGAGING, Rules, chances, choose, review, strategies, with_local_days, with_wall_clock
from tactful.facts.activity import RECENT
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import dropout
from tactful.store.database import Connection
from tactful.store.decided import alerts, asof, attention, features, interventions, ledger, moments, risk, schedule
from tactful.store.decided.interventions import STATES
from tactful.store.decided.moments import Scope
from tactful.store.decided.ticks import Tick
from tactful.store.learned import predictions, versions
from tactful.store.reading import Reader

# Why something is withdrawn at its release although nothing had seemed to stand against it.
TAKEN = "Another decision had just used up the attention it needed."
# What the registry calls the belief about leaving.
LEAVING = "dropout"
RECENT_WEEKS = features.Question(dropout.features, RECENT)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did. decisions: DECISION as written to the ledger, with `decision_id`."""

    decisions: pl.DataFrame
    people: int
    reached: int


def look(source: Reader, scope: Scope, *, at: datetime, rules: Rules, past: bool = False) -> pl.DataFrame:
    """Everything known and believed about the people in `scope` at `at`: MOMENT with BELIEF.

    past: `at` lies in the past, so what they did is rebuilt as of then.
    """
    people, facts = gather(source, scope, at=at, rules=rules, past=past)
    settings, whose = Settings(rules.values), people["organisation_id"].unique().to_list()
    learned = versions.serving(source, LEAVING, whose, at, wanted=settings[PREDICTING])
    return people.hstack(dropout.score(people, facts, settings=settings, served=learned))


def gather(
    source: Reader, scope: Scope, *, at: datetime, rules: Rules, past: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What `look` believes from: MOMENT, and RECENT of those with activity in the last four weeks. past: see `look`."""

    def known(reader: Reader) -> pl.DataFrame:
        return moments.read(reader, scope, at=at, defaults=rules.defaults, own=rules.theirs("defaults"))

    def done(reader: Reader) -> pl.DataFrame:
        return features.read(reader, RECENT_WEEKS, scope, at=at)

    if past:
        # The past lies in temporary tables, which one connection alone can see.
        asof.shadow(source, scope, at, rest=(rules.rest_days, rules.theirs("rest_days")))
        told, facts = known(source), done(source)
    else:
        told, facts = source.both(known, done)
    return with_local_days(with_wall_clock(told, at)), facts


def turn(
    connection: Connection, seen: pl.DataFrame, *, rules: Rules, tick: Tick, asked: bool = False, daily: bool = False
) -> Turn:
    """Decide about everybody in `seen` and write what follows; the caller commits.

    asked: somebody wants to know, so every decision goes to the ledger. daily: rewrite all risk rows.
    """
    decided = choose(seen, at=tick.at, rules=rules, draws=chances(seen, tick.at))
    decided = _claimed(connection, decided, seen, rules=rules, at=tick.at)
    news = ledger.due(decided.with_columns(seen["ledger_print"]), asked=asked)
    facts = seen.join(news.select("person_id"), on="person_id", how="semi", maintain_order="left")
    news = ledger.numbered(connection, news.with_columns(facts.select(context().alias("facts")).to_series()))
    chosen = news.filter(pl.col("result").is_in(list(STATES))).with_columns(pl.col("facts").alias("context"))
    late = interventions.plan(connection, chosen, at=tick.at)
    written = _lost(news, pl.col("decision_id").is_in(late))
    ledger.record(connection, written, ledger.Entry(tick.id, tick.at, rules.policy_name))
    believed = seen if daily else risk.changed(seen)
    told, others = rules.telling, rules.theirs("telling")
    risk.rewrite(connection, believed, strategies(believed), at=tick.at, telling=told, others=others)
    _carried_out(connection, written.filter(pl.col("result") == "acted").rename({"chosen": "kind"}), at=tick.at)
    schedule.next_due(connection, seen.filter("was_due"), decided)
    return Turn(written, seen.height, written.filter(pl.col("result") == "acted").height)


def send(
    connection: Connection, waiting: pl.DataFrame, seen: pl.DataFrame, *, rules: Rules, at: datetime
) -> pl.DataFrame:
    """The last question before something is handed over: its reason and every guard rail, then let go, wait or drop.

    waiting: OPEN rows of people in `seen`. Deferred ones claim attention only now; the claim a
    planned one already made does not stand in its own way. Answers the rows that may go.
    """
    verdict = review(waiting, seen, at=at, rules=rules)
    allowed = verdict.filter(pl.col("verdict") == "allowed")
    deferred = allowed.filter(pl.col("state") == "deferred").sort("priority", descending=True, maintain_order=True)
    held = deferred.unique("person_id", keep="first", maintain_order=True)
    own = held["intervention_id"].to_list()
    caps, others = rules.limits, rules.theirs("limits")
    granted = attention.claim(connection, held, seen, at=at, limits=caps, others=others, own=own)
    released = held.filter(pl.col("person_id").is_in(granted))
    interventions.release(connection, released, at=at)
    _carried_out(connection, released, at=at)
    interventions.postpone(connection, verdict.filter(pl.col("verdict") == "later"))
    lost = held.filter(~pl.col("person_id").is_in(granted)).with_columns(because=pl.lit(TAKEN))
    interventions.withdraw(connection, pl.concat([lost, verdict.filter(pl.col("verdict") == "never")]), at=at)
    return pl.concat([allowed.filter(pl.col("state") != "deferred"), released])


def settle(connection: Connection, at: datetime, *, rules: Rules) -> int:
    """Do what time has decided: what came of beliefs, who came back, which alerts come within today's cap.
    Interventions whose time is over expire; answers how many did."""
    predictions.settle_risks(connection, at=at)
    risk.settle(connection, at=at, horizon=Settings(rules.values)[dropout.HORIZON])
    alerts.release(connection, at=at, per_day=rules.telling.per_day, others=rules.theirs("telling"))
    return interventions.expire(connection, at)


def _carried_out(connection: Connection, planned: pl.DataFrame, *, at: datetime) -> None:
    risk.carried_out(connection, planned.filter(pl.col("kind").is_in(REENGAGING))["person_id"].to_list(), at=at)


def _claimed(
    connection: Connection, decided: pl.DataFrame, seen: pl.DataFrame, *, rules: Rules, at: datetime
) -> pl.DataFrame:
    """`decided` with the result `lost` where somebody else took the person's attention first."""
    wanted = decided.filter(pl.col("result") == "acted").with_columns(pl.col("chosen").alias("kind"))
    granted = attention.claim(connection, wanted, seen, at=at, limits=rules.limits, others=rules.theirs("limits"))
    return _lost(decided, (pl.col("result") == "acted") & ~pl.col("person_id").is_in(granted))


def _lost(decided: pl.DataFrame, lost: pl.Expr) -> pl.DataFrame:
    return decided.with_columns(pl.when(lost).then(pl.lit("lost")).otherwise("result").alias("result"))
