"""Who leaves, on made-up files of the public formats: each set has its rows, and what they rest on holds."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from scipy.stats import beta, gamma

from tactful.lab.evaluate import bgnbd, cdnow, days, kddcup2015, oulad
from tactful.lab.evaluate.bgnbd import Bgnbd, Customers
from tactful.lab.evaluate.newcourse import learned, lesson_days
from tactful.lab.evaluate.rows import Row
from tactful.learn.ranking import auc
from tests.lab.public import CUSTOMERS, STUDENTS, customers, draws, students


def found(rows: list[Row]) -> dict[tuple[str, str, str], Row]:
    return {(row.task, row.model, row.metric): row for row in rows}


def test_students_are_ranked_within_their_course_and_better_than_by_a_line(tmp_path: Path) -> None:
    students(tmp_path)
    rows = found(oulad.evaluate(tmp_path))
    assert {model for task, model, _ in rows if task == "CH-B"} == {"tactful", "seed", "baseline", "published"}
    assert rows["CH-B", "tactful", "auc"].value > 0.97 > rows["CH-B", "seed", "auc"].value
    assert rows["CH-B", "tactful", "auc"].value >= rows["CH-B", "baseline", "auc"].value
    assert rows["CH-B@behaviour", "tactful", "auc"].n == STUDENTS


def test_behaviour_knows_nothing_of_what_people_are(tmp_path: Path) -> None:
    students(tmp_path)
    path = tmp_path / oulad.FILE[0] / oulad.FILE[1]
    before = found(oulad.evaluate(tmp_path))["CH-B@behaviour", "tactful", "auc"].value
    file = pl.read_parquet(path)
    hinting = pl.when(pl.col("target") == 1).then(pl.lit("M")).otherwise(pl.lit("F"))
    file.with_columns(gender=hinting).write_parquet(path)
    assert found(oulad.evaluate(tmp_path))["CH-B@behaviour", "tactful", "auc"].value == before


def test_customers_who_stopped_are_told_from_those_who_go_on(tmp_path: Path) -> None:
    customers(tmp_path)
    rows = found(cdnow.evaluate(tmp_path))
    assert {model for _, model, _ in rows} == {"tactful", "cold", "seed", "baseline", "published"}
    assert rows["CH-D", "tactful", "auc"].value > 0.95
    assert rows["CH-D", "tactful", "auc"].n == CUSTOMERS
    assert rows["CH-D", "tactful", "mae"].value < rows["CH-D", "published", "mae"].value


def test_the_hold_out_teaches_nothing(tmp_path: Path) -> None:
    customers(tmp_path)
    log = cdnow.read(tmp_path)
    people = log.filter(pl.col("day") <= cdnow.LAST)["person_id"].unique().sort()
    known = log.filter(pl.col("day") <= cdnow.LAST)
    for each, again in zip(cdnow.learned(log, people)[:2], cdnow.learned(known, people)[:2], strict=True):
        assert each.tolist() == again.tolist()


def test_purchases_after_the_day_are_counted_by_days() -> None:
    day = cdnow.LAST
    rows = pl.DataFrame({"person_id": [1, 1, 2], "day": [day, day.replace(year=1998), day.replace(month=10, day=1)]})
    people = pl.Series("person_id", [1, 2, 3])
    assert cdnow.counted(rows, people, day, 365).tolist() == [1, 1, 0]
    assert cdnow.counted(rows, people, day, 1).tolist() == [0, 1, 0]


def test_the_likelihood_of_customers_is_that_of_the_model() -> None:
    """Integrated over rates and chances of leaving by hand, for one who bought twice more and one who did not."""
    model = Bgnbd(0.8, 5.0, 1.2, 2.5)
    for x, seen, age in ((2.0, 10.0, 30.0), (0.0, 0.0, 30.0)):
        told = model.log_likelihood(Customers(np.array([x]), np.array([seen]), np.array([age])))
        assert np.exp(told) == pytest.approx(by_hand(model, x, seen, age), rel=1e-6)


def by_hand(model: Bgnbd, x: float, seen: float, age: float) -> float:
    """The rate is gamma, the chance of leaving beta; both integrals by quadrature."""
    rates, chances = gamma(model.r, scale=1 / model.alpha), beta(model.a, model.b)

    def over_rate(power: float, until: float) -> float:
        return float(quad(lambda rate: rate**power * np.exp(-rate * until) * rates.pdf(rate), 0, np.inf)[0])

    stays = float(quad(lambda p: (1 - p) ** x * chances.pdf(p), 0, 1)[0])
    leaves = float(quad(lambda p: p * (1 - p) ** (x - 1) * chances.pdf(p), 0, 1)[0]) if x else 0.0
    return stays * over_rate(x, age) + leaves * over_rate(x, seen)


def test_expected_purchases_are_those_of_generated_customers() -> None:
    """Who never bought again is expected to buy as often as the generated who never did."""
    model, age, weeks = Bgnbd(2.0, 10.0, 1.5, 3.0), 20.0, 20.0
    size = 20_000
    rate = gamma(model.r, scale=1 / model.alpha).ppf(draws(size, 7))
    leaving = beta(model.a, model.b).ppf(draws(size, 8))
    waits = np.cumsum(-np.log1p(-draws(size * 40, 9).reshape(size, 40)) / rate[:, None], axis=1)
    alive = np.cumsum(draws(size * 40, 10).reshape(size, 40) < leaving[:, None], axis=1)
    real = np.concatenate([np.ones((size, 1), dtype=bool), alive[:, :-1] == 0], axis=1)
    none = ~((waits < age) & real).any(axis=1)
    later = ((waits >= age) & (waits < age + weeks) & real).sum(axis=1)[none].mean()
    told = model.expected(Customers(np.zeros(1), np.zeros(1), np.array([age])), weeks)[0]
    assert told == pytest.approx(later, rel=0.05)


def test_fitting_finds_what_is_likelier_than_the_published() -> None:
    x = np.floor(8 * draws(400, 4) ** 3)
    age = np.full(400, 39.0)
    people = Customers(x, np.where(x > 0, 39 * draws(400, 5), 0.0), age)
    assert bgnbd.fitted(people).log_likelihood(people) >= bgnbd.PUBLISHED.log_likelihood(people)


def courses() -> kddcup2015.Courses:
    """Six courses of 60 each. Who was silent for long stays away; in the last course everybody does."""
    people = np.arange(360)
    course, pace = people // 60, 0.1 + 0.8 * draws(360, 6)
    rows = []
    for day in range(40):
        here = draws(360, 100 + day) < pace
        ended = (course == 5) & (day > 12)
        rows += [(int(who), day) for who in np.flatnonzero(here & ~ended)]
    log = pl.DataFrame(rows, schema=["person_id", "offset"], orient="row").with_columns(
        day=pl.lit(kddcup2015.DAY_0) + pl.duration(days=pl.col("offset")), events=pl.lit(1)
    )
    back = log.filter(pl.col("offset") >= 30)["person_id"].unique()
    truth = pl.DataFrame({"person_id": people, "course": course.astype(str)})
    truth = truth.with_columns(dropout=(~pl.col("person_id").is_in(back.implode())).cast(pl.Int64))
    last = kddcup2015.DAY_0.replace(month=7, day=1)
    known = days.rows(log.filter(pl.col("offset") < 30).select("person_id", pl.col("day").cast(pl.Date), "events"))
    return kddcup2015.Courses(known, days.known(truth["person_id"], known, last), truth, last)


def test_a_course_unlike_the_others_is_known_by_its_own_newest_lesson() -> None:
    every = courses()
    followed, alone = learned(every)
    truth = every.truth["dropout"].to_numpy().astype(np.float64)
    ended = (every.truth["course"] == "5").to_numpy()
    assert followed[ended].mean() > alone[ended].mean()
    assert auc(truth, followed) >= auc(truth, alone)


@pytest.mark.parametrize(("age", "span"), [(1, 1), (7, 4), (14, 7), (21, 10), (30, 10)])
def test_a_lesson_is_no_longer_than_half_of_what_is_known(age: int, span: int) -> None:
    assert lesson_days(age) == span
