"""Long work that operators ask for: a worker does it, tells how far it is, and what came of it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.decide import Rules
from tactful.kernel.errors import NotReady, TactfulError
from tactful.kernel.settings import Settings
from tactful.learn.settings import MIN_SAMPLES
from tactful.store.alone import alone
from tactful.store.database import Database
from tactful.store.running import audit, errands, jobs
from tactful.store.running.errands import Errand
from tactful.uses import analytics, training, weighing
from tactful.uses.training import moods

log = logging.getLogger(__name__)

TRAIN, RECKON = "train", "reckon"
# What the queue calls the job that does them.
TASK = "tactful.carry_out_errands"
WRONG = "It went wrong; the worker's log says why."
# Whoever learns holds this, so that no two number their versions at once.
LEARNING = "train"

Tell = Callable[[str], None]


def train(
    database: Database,
    rules: Rules,
    *,
    at: datetime,
    by: str,
    only: int | None = None,
    capability: str | None = None,
    tell: Tell | None = None,
) -> list[dict[str, Any]]:
    """`training.train`, alone: one at a time across all processes. raises: NotReady while another one learns."""
    hears = None if tell is None else (lambda report: tell(f"{report['capability']}: {report['reason']}"))
    with alone(database, LEARNING) as mine:
        if not mine:
            raise NotReady("Somebody else is just learning; repeat this when that is done.")
        return training.train(database, rules, at=at, by=by, only=only, capability=capability, tell=hears)


def train_mood(
    database: Database, rules: Rules, labelled: pl.DataFrame, *, at: datetime, by: str, whose: int | None = None
) -> dict[str, Any]:
    """`training.moods.learn`, alone: one at a time across all processes. raises: NotReady while another one learns."""
    with alone(database, LEARNING) as mine:
        if not mine:
            raise NotReady("Somebody else is just learning; repeat this when that is done.")
        least = Settings(rules.values)[MIN_SAMPLES]
        return moods.learn(database, labelled, at=at, by=by, least=least, whose=whose)


def _train(database: Database, rules: Rules, errand: Errand, at: datetime, tell: Tell) -> str:
    reports = train(database, rules, at=at, by=errand.actor, only=errand.organisation, tell=tell)
    better = [report["capability"] for report in reports if report["promoted"]]
    if not reports:
        return "There is nothing to learn from yet: nobody's truth is known."
    if not better:
        return "Learned anew; nothing was surely better than what serves, so that goes on."
    return f"Learned anew; better, and serving now: {', '.join(better)}."


def _reckon(database: Database, rules: Rules, errand: Errand, at: datetime, tell: Tell) -> str:
    weighing.sum_up(database, [errand.organisation], at, tell)
    analytics.keep_present(database, [errand.organisation], at)
    weighing.weigh(weighing.Weighing(database, rules, errand.organisation, at, few=0), tell)
    return "Everything is worked out as of then."


DOES: Mapping[str, Callable[[Database, Rules, Errand, datetime, Tell], str]] = {TRAIN: _train, RECKON: _reckon}


def carry_out(database: Database, rules: Rules, now: Callable[[], datetime]) -> int:
    """Do everything that was asked for and that nobody is at; answers how many. now: what the clock shows."""
    with database.batch() as connection:
        waiting = errands.waiting(connection)
    done = 0
    for errand in waiting:
        with errands.mine(database, errand) as mine:
            if mine and _begun(database, errand, now()):
                _do(database, rules, errand, now)
                done += 1
    return done


def _begun(database: Database, errand: Errand, at: datetime) -> bool:
    with database.batch() as connection:
        return errands.begin(connection, errand, at=at)


def _do(database: Database, rules: Rules, errand: Errand, now: Callable[[], datetime]) -> None:
    tell = partial(_tell, database, errand)
    try:
        said, failed = DOES[errand.name](database, rules, errand, now(), tell), False
    except TactfulError as error:
        said, failed = error.detail, True
    except Exception:
        log.exception("The errand %s, asked for by %s, went wrong.", errand.name, errand.actor)
        said, failed = WRONG, True
    with database.batch() as connection:
        errands.finish(connection, errand, at=now(), said=said, failed=failed)


def _tell(database: Database, errand: Errand, said: str) -> None:
    with database.batch() as connection:
        errands.tell(connection, errand, said)


def ask(database: Database, whose: tuple[int, str], name: str, *, actor: str, at: datetime) -> bool:
    """Have something done for an organisation (our id, its name); False where it is asked for already."""
    number, organisation = whose
    with database.batch() as connection:
        if not errands.ask(connection, number, name, actor=actor, at=at):
            return False
        audit.note(connection, organisation, actor=actor, act=f"ask for {name}", detail={})
        jobs.wake(connection, TASK, at=at)
        return True


def last(database: Database, organisation: int, name: str) -> dict[str, Any] | None:
    """What was asked for last under this name."""
    with database.batch() as connection:
        return errands.last(connection, organisation, name)
