"""CH-D: which of 2,357 customers of CDNOW buy again within 39 weeks, and how often, known for up to 39 weeks?

Protocol: everybody bought first in the first quarter of 1997; what happened up to 1997-09-30 is known, the 39 weeks
after it are asked about. A day with a purchase is a day with activity, the records bought are its events, so
features are those that serve, and what is learned is `uses.training.silence.Past` itself, by this log instead of the
store. Nothing but the calibration period is learned from: the same question is asked at earlier instants in it, a week
apart, about half as many days as are known (`LESSON`). `auc` is of "buys
again"; who is likelier to leave is less likely to buy. `mae` is of the number of days with a purchase: `tactful`
answers with the median of customers of the past of whom the same was believed, as many times longer as the question
is, which is not served anywhere. A mean misses by more than a median, by its nature: BG/NBD's expectation rounded to
whole purchases misses by .673 on average. `cold` and `seed` say nothing about numbers.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from tactful.facts.chain import Chain
from tactful.kernel.settings import Settings
from tactful.lab.evaluate import bgnbd, days
from tactful.lab.evaluate.rows import Answer, Row, measured, needed
from tactful.learn.alike import median_of_alike
from tactful.learn.ranking import RANKING, Floats
from tactful.predict import dropout
from tactful.uses.training.silence import WEEKS, Past
from tactful.uses.training.then import Then

PART, TASK = "dropout", "CH-D"
FOLDER, FILE = "churn_cdnow", "CDNOW_sample.txt.gz"
LAST = date(1997, 9, 30)
HOLD_OUT = 39 * 7
LESSON = 39 * 7 // 2


def evaluate(data: Path) -> list[Row]:
    """All rows of CH-D. raises: NotFound without the data."""
    log = read(data)
    people = log.filter(pl.col("day") <= LAST)["person_id"].unique().sort()
    bought = counted(log, people, LAST, HOLD_OUT)
    known = days.known(people, log, LAST)
    beliefs = dropout.score(known, days.recent(log, LAST))
    told, expected, seconds = learned(log, people)
    customers = _customers(known)
    models = {"baseline": bgnbd.fitted(customers), "published": bgnbd.PUBLISHED}
    likely = {name: model.expected(customers, HOLD_OUT / 7) for name, model in models.items()}
    buys = [
        Answer("tactful", -told, RANKING, seconds),
        Answer("cold", -beliefs["risk_score"].to_numpy(), RANKING, 0.0),
        Answer("seed", -days.seed(known, beliefs), RANKING, 0.0),
        *(Answer(name, each, RANKING, 0.0) for name, each in likely.items()),
    ]
    numbers = [Answer("tactful", expected, MISSED, seconds), *(Answer(n, e, MISSED, 0.0) for n, e in likely.items())]
    return [*measured(PART, TASK, (bought > 0).astype(np.float64), buys), *measured(PART, TASK, bought, numbers)]


def read(data: Path) -> pl.DataFrame:
    """Rows of PERSON_DAY. raises: NotFound without the file."""
    (path,) = needed(data / FOLDER, FILE)
    fields = [line.split() for line in gzip.decompress(path.read_bytes()).decode().splitlines() if line.strip()]
    bought = pl.DataFrame(
        {
            "person_id": [int(customer) for _, customer, *_ in fields],
            "day": [date.fromisoformat(day) for _, _, day, *_ in fields],
            "events": [int(records) for *_, records, _ in fields],
        }
    )
    return days.rows(bought.group_by("person_id", "day").agg(pl.col("events").sum()))


def counted(log: pl.DataFrame, people: pl.Series, day: date, span: int) -> Floats:
    """Days with activity of each of `people` in the `span` days after `day`."""
    later = log.filter(pl.col("day") > day, pl.col("day") <= day + timedelta(days=span))
    found = people.to_frame().join(later.group_by("person_id").len(), on="person_id", how="left", maintain_order="left")
    return found["len"].fill_null(0).to_numpy().astype(np.float64)


def missed(truth: Floats, expected: Floats) -> float:
    """Mean absolute error."""
    return float(np.mean(np.abs(expected - truth)))


MISSED = {"mae": missed}


def learned(log: pl.DataFrame, people: pl.Series) -> tuple[Floats, Floats, float]:
    """Log-odds of leaving, and the number of days with a purchase, of each of `people`; and the seconds it took."""
    start = perf_counter()
    given, cold = _asked(log, people, LAST)
    past = Past(Purchases(log), Settings({}), at=_midnight(LAST), days=LESSON)
    lessons, chain = past.lessons(None), past.learned(None)
    numbers = _numbers(log, [past.week(number, None)[0] for number in range(WEEKS)])
    then, now = _told(chain, lessons.given, lessons.cold), _told(chain, given, cold)
    expected = median_of_alike(then, numbers, now) * HOLD_OUT / LESSON
    return now, expected, perf_counter() - start


@dataclass(frozen=True, slots=True)
class Purchases:
    """A log of purchases as learning reads lives from it. log: PERSON_DAY; its days begin at midnight in UTC."""

    log: pl.DataFrame

    def then(self, at: datetime) -> Then:
        """How everybody stood after the day of `at` who had bought by then."""
        people = self.log.filter(pl.col("day") <= at.date())["person_id"].unique().sort()
        given, cold = _asked(self.log, people, at.date())
        return Then(at, people.to_frame().with_columns(organisation_id=pl.lit(1)), given, cold)

    def returned(self, after: datetime, until: datetime) -> pl.DataFrame:
        """Who bought on a day after that of `after`, up to that of `until`."""
        return self.log.filter(pl.col("day") > after.date(), pl.col("day") <= until.date()).select("person_id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _numbers(log: pl.DataFrame, weeks: Sequence[Then]) -> Floats:
    """The days with a purchase that followed each question, in the order of the lessons."""
    return np.concatenate([counted(log, each.people["person_id"], each.at.date(), LESSON) for each in weeks])


def _asked(log: pl.DataFrame, people: pl.Series, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    given = dropout.given(days.known(people, log, day), days.recent(log, day))
    return given, dropout.cold(given)


def _told(chain: Chain, given: pl.DataFrame, cold: pl.DataFrame) -> Floats:
    return chain.log_odds(given, cold["score"].to_numpy())


def _customers(known: pl.DataFrame) -> bgnbd.Customers:
    weeks = known.select(
        recency=(pl.col("streak_day") - pl.col("first_day")).dt.total_days() / 7,
        age=(pl.col("local_day") - pl.col("first_day")).dt.total_days() / 7,
    )
    again = known["active_days"].cast(pl.Float64).to_numpy() - 1
    return bgnbd.Customers(again, weeks["recency"].to_numpy(), weeks["age"].to_numpy())
