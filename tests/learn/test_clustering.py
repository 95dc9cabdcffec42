"""One coefficient with few groups: held to what is known in closed form and to the definition."""

import numpy as np
import pytest

from tactful.facts.additive import Floats
from tactful.learn.clustering import Groups, fit
from tests.learn.test_monitoring import draws


def by_definition(columns: Floats, outcome: Floats, groups: Groups, which: int) -> tuple[float, float]:
    """Error and degrees of freedom, with every matrix written out."""
    way = np.linalg.inv(columns.T @ columns)
    hat = columns @ way @ columns.T
    rest = outcome - hat @ outcome
    left, variance = np.eye(outcome.size) - hat, 0.0
    turned = []
    for group in np.unique(groups):
        rows = groups == group
        values, vectors = np.linalg.eigh(left[np.ix_(rows, rows)])
        blown = vectors @ np.diag(values**-0.5) @ vectors.T
        lever = blown @ columns[rows] @ way[:, which]
        variance += float(lever @ rest[rows]) ** 2
        turned.append(left[:, rows] @ lever)
    inner = np.array(turned) @ np.array(turned).T
    return variance**0.5, float(np.trace(inner)) ** 2 / float((inner**2).sum())


def test_the_error_and_its_freedom_are_those_of_the_papers_definition() -> None:
    groups = (draws(1, 60) * 9).astype(np.int64)
    columns = np.column_stack([np.ones(60), draws(2, 60), groups % 2 + draws(3, 60)])
    outcome = draws(4, 60) + groups / 5
    for which in range(3):
        found = fit(columns, outcome, groups, which=which)
        assert (found.error, found.freedom) == pytest.approx(by_definition(columns, outcome, groups, which))


def test_weights_are_rows_that_count_more_often() -> None:
    columns, outcome = np.column_stack([np.ones(20), draws(5, 20)]), draws(6, 20)
    weight = np.where(np.arange(20) < 5, 3.0, 1.0)
    often = np.repeat(np.arange(20), weight.astype(int))
    weighted = fit(columns, outcome, np.arange(20), which=1, weight=weight)
    assert weighted.value == pytest.approx(fit(columns[often], outcome[often], often, which=1).value)


def test_two_independent_samples_have_the_error_of_welch() -> None:
    side = np.arange(30) < 8
    outcome = draws(7, 30) + side
    found = fit(np.column_stack([side, np.ones(30)]), outcome, np.arange(30), which=0)
    variances = [outcome[each].var(ddof=1) / each.sum() for each in (side, ~side)]
    assert found.error == pytest.approx(sum(variances) ** 0.5)
    assert found.value == pytest.approx(outcome[side].mean() - outcome[~side].mean())


def test_a_mean_over_equal_groups_has_one_degree_of_freedom_less_than_groups() -> None:
    found = fit(np.ones((40, 1)), draws(8, 40), np.repeat(np.arange(8), 5), which=0)
    assert found.freedom == pytest.approx(7)


def test_columns_that_say_nothing_new_change_nothing() -> None:
    side, known, outcome = (np.arange(40) % 3 == 0).astype(float), draws(9, 40), draws(10, 40)
    groups = np.arange(40) // 4
    plain = fit(np.column_stack([side, np.ones(40), known]), outcome, groups, which=0)
    twice = fit(np.column_stack([side, np.ones(40), known, 2 * known, np.full(40, 0.3)]), outcome, groups, which=0)
    assert twice == pytest.approx(plain)


def test_one_group_alone_says_nothing_of_how_far_it_is_off() -> None:
    found = fit(np.ones((5, 1)), draws(11, 5), np.zeros(5, dtype=np.int64), which=0)
    assert found.interval == (-np.inf, np.inf)
