"""What persists in people's surprises is worth something; what does not is worth nothing."""

import numpy as np
import pytest

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.learn.owning import FEWEST, patience


def draws(number: int, size: int) -> Floats:
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def worth(size: int, between: float) -> float | None:
    return patience(*asked(size, between), people=np.arange(size))


def asked(size: int, between: float) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """People asked about twice, who differ by so much [log-odds] from what is believed of them."""
    believed = 0.2 + 0.6 * draws(1, size)
    shift = between * np.where(draws(2, size) < 0.5, -1.0, 1.0)
    really = 1 / (1 + np.exp(-np.log(believed / (1 - believed)) - shift))
    once, again = ((draws(number, size) < really).astype(np.float64) for number in (3, 4))
    return (believed, once), (believed, again)


def test_the_more_people_differ_the_sooner_their_own_evidence_counts() -> None:
    much, some = (worth(4_000, between) for between in (2.0, 0.7))
    assert much is not None
    assert some is not None
    assert much < some
    # The variance between people is what persists: .49 for .7 either way.
    assert some == pytest.approx(1 / 0.7**2, rel=0.3)


def test_where_people_are_as_believed_their_luck_tells_nothing() -> None:
    assert worth(4_000, 0.0) is None


@pytest.mark.parametrize("size", [0, 1, FEWEST - 1])
def test_few_people_tell_nothing(size: int) -> None:
    assert worth(size, 2.0) is None


def test_many_pairs_of_few_people_are_few_people() -> None:
    assert patience(*asked(4_000, 2.0), people=np.arange(4_000) % (FEWEST - 1)) is None


def test_certainties_are_survived() -> None:
    sure = np.tile([0.0, 1.0], 100)
    assert patience((sure, sure), (sure, sure), people=np.arange(200)) is None
