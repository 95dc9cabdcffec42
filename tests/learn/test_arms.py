"""What is believed of arms: exact where it can be known, forgetting with time, never for ever."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tactful.kernel.settings import Settings
from tactful.learn.arms import ALONE, DAY, TEMPLATES, Arms, Cell
from tactful.learn.branching import Belief, Tree

AT = datetime(2026, 3, 4, 18, tzinfo=UTC)
NOW = AT.timestamp()
CONTEXTS = ["SUDDEN_DROP/small/start", "SUDDEN_DROP/large/middle", "LOW_ENGAGEMENT/small/start"]


def gain(context: str, kind: str) -> float:
    return 0.12


def moments(
    above: list[float], *, kind: str = "POLL", acted: bool = True, ago: float = 0.0, context: int = 0
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "at": [AT - timedelta(days=ago)] * len(above),
            "context": [CONTEXTS[context]] * len(above),
            "kind": [kind] * len(above),
            "template": [None if kind == "NOTIFICATION" else f"{kind.lower()}_a"] * len(above),
            "acted": [acted] * len(above),
            "expected": [0.4] * len(above),
            "after": [0.4 + each for each in above],
        },
        schema_overrides={"template": pl.String},
    )


def arms() -> Arms:
    return Arms.unlearned(Settings({}))


def test_the_tree_believes_what_the_joint_normal_distribution_says() -> None:
    steps = (0.3, 0.2, 0.1)
    measured = {"a/x": Belief(1.0, 0.04), "a/y": Belief(0.2, 0.01), "b": Belief(-0.5, 0.02)}
    nodes = ["", "a", "b", "a/x", "a/y"]
    paths = {
        "": [1, 0, 0, 0, 0],
        "a": [1, 1, 0, 0, 0],
        "b": [1, 0, 1, 0, 0],
        "a/x": [1, 1, 0, 1, 0],
        "a/y": [1, 1, 0, 0, 1],
    }
    made = np.array([paths[node] for node in nodes], dtype=float)
    prior = made @ np.diag(np.array([0.3, 0.2, 0.2, 0.1, 0.1]) ** 2) @ made.T
    seen = [nodes.index(node) for node in measured]
    inner = prior[np.ix_(seen, seen)] + np.diag([each.variance for each in measured.values()])
    weights = prior[:, seen] @ np.linalg.inv(inner)
    mean, cover = weights @ [each.mean for each in measured.values()], prior - weights @ prior[seen]
    tree = Tree(measured, steps=steps)
    for number, node in enumerate(nodes):
        assert tree.of(node) == pytest.approx((mean[number], cover[number, number]))
    assert tree.of("b/z") == pytest.approx((tree.of("b").mean, tree.of("b").variance + 0.01))


def test_nothing_learned_is_what_was_expected_with_the_doubt_of_all_steps() -> None:
    told = arms().beliefs(lambda context, kind: 0.18 if kind == "POLL" else 0.08)
    asked = pl.DataFrame({"context": CONTEXTS[:2], "kind": ["POLL", "CHAT_PROMPT"]})
    found = told.told(asked)
    assert found["mean"].to_list() == [0.18, 0.08]
    assert found["spread"].to_list() == pytest.approx([np.sqrt(0.08**2 + 0.05**2 + 0.03**2 + 0.02**2)] * 2)


def test_what_was_measured_moves_its_own_circumstances_most_and_alike_ones_less() -> None:
    learned = arms().learned(moments([0.30] * 40), NOW).beliefs(gain)
    here, near, far = (learned.of(context, "POLL") for context in CONTEXTS)
    assert 0.30 > here.mean > near.mean > far.mean > 0.12
    assert here.variance < near.variance < far.variance
    assert learned.of(CONTEXTS[0], "CHAT_PROMPT").mean == 0.12


def test_what_recovers_by_itself_is_not_put_down_to_the_arm() -> None:
    alone, acted = moments([0.10] * 500, acted=False), moments([0.10] * 500)
    learned = arms().learned(pl.concat([alone, acted]), NOW).beliefs(lambda context, kind: 0.0)
    assert abs(learned.of(CONTEXTS[0], "POLL").mean) < 0.01
    assert arms().learned(acted, NOW).beliefs(lambda context, kind: 0.0).of(CONTEXTS[0], "POLL").mean > 0.09


def test_what_is_learned_in_portions_is_what_is_learned_at_once() -> None:
    old, new = moments([0.2, 0.3, 0.1], ago=30), moments([0.0, 0.1], kind="CHAT_PROMPT", ago=2)
    portions = arms().learned(old, NOW - 20 * DAY).learned(new, NOW)
    at_once = arms().learned(pl.concat([new, old]), NOW)
    assert portions.cells.keys() == at_once.cells.keys()
    for key, cell in at_once.cells.items():
        assert portions.cells[key] == pytest.approx(cell)
    # Half of what a moment counts is gone after a half-life.
    assert arms().learned(moments([1.0], ago=60), NOW).cells[CONTEXTS[0], "POLL"].weight == pytest.approx(0.5)


def test_without_news_a_belief_goes_back_to_where_it_began() -> None:
    sure = arms().learned(moments([-0.2] * 300), NOW)
    before, begun = sure.beliefs(gain).of(CONTEXTS[0], "POLL"), arms().beliefs(gain).of(CONTEXTS[0], "POLL")
    later = sure.learned(moments([0.0])[:0], NOW + 1_500 * DAY).beliefs(gain).of(CONTEXTS[0], "POLL")
    assert before.mean < -0.15
    assert later == pytest.approx(begun, rel=0.01)


def test_a_year_of_moments_still_leaves_doubt_enough_to_change_ones_mind() -> None:
    known = arms()
    for day in range(365):
        known = known.learned(
            moments([0.3] * 20, ago=0).with_columns(pl.col("at") + timedelta(days=day)), NOW + day * DAY
        )
    # Sixty days at half weight hold at most so many moments, however long it goes on.
    assert known.cells[CONTEXTS[0], "POLL"].weight < 20 * 60 / np.log(2) * 1.01


def test_of_a_moment_without_a_template_or_with_unknown_numbers_nothing_is_learned() -> None:
    rows = pl.concat([moments([0.2]), moments([0.2], kind="NOTIFICATION"), moments([0.2]).with_columns(after=None)])
    known = Arms.unlearned(Settings({}), steps=TEMPLATES).learned(rows, NOW, arm="template")
    assert list(known.cells) == [(CONTEXTS[0], "poll_a")]
    assert known.cells[CONTEXTS[0], "poll_a"] == pytest.approx(Cell(1.0, 0.2, 0.04))
    assert known.steps == TEMPLATES


def test_it_is_kept_as_plain_numbers_and_read_again() -> None:
    known = arms().learned(pl.concat([moments([0.2, 0.1]), moments([0.3], acted=False)]), NOW)
    again = Arms.from_json(known.as_json())
    assert again == known
    assert (CONTEXTS[0], ALONE) in again.cells
