"""Learning what is usual of people's hours, and in which ways they differ, from many people's own hours.

Source: empirical Bayes for logistic-normal histograms, by Laplace's approximation; the spread is held to one that
knows only that near hours are alike.
"""

from dataclasses import dataclass, replace

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.rhythm.rhythms import (
    HEIGHT,
    UNLEARNED,
    WAYS,
    WIDTH,
    Rhythms,
    circle,
    settled,
    softmax,
    ways_of,
)
from tactful.facts.rhythm.tables import HOURS, WEEKDAYS

# Spread of an hour by itself, so that no way to differ is ruled out.
SINGLE = 0.02
# How far near hours are taken together in what is usual [h], for what is usual later is less sharp than what was: git,
# later hours of the learning part, 2.859 nats instead of 2.863.
BREADTH = 1.0
# Hours that each weekday is taken to have had as usual, in people; how sure its own colour is [0..1].
USUAL_PEOPLE, WEEKDAY_SHARE = 2.0, 0.5


@dataclass(frozen=True, slots=True)
class Rhythming:
    """How rhythms are learned; the same for every data set.

    rounds: of spread and people's own in turn. held: share of the spread that stays as it was before learning.
    most: people learned from. patience: people of an organisation at which half of what is its own counts.
    """

    rounds: int = 25
    held: float = 0.05
    most: int = 4_000
    patience: float = 3.0

    def fit(self, hours: Floats) -> Rhythms:
        """What is usual of people with these `hours` (a row each, as in RHYTHM). Nobody teaches nothing."""
        hours = hours[hours.sum(axis=1) > 0]
        if not len(hours):
            return UNLEARNED
        hours = hours[np.linspace(0, len(hours) - 1, min(len(hours), self.most)).astype(np.int64)]
        counts = UNLEARNED.evidence * _by_hour(hours)
        mean, spread = self._spread(counts)
        return replace(UNLEARNED, mean=mean, ways=ways_of(spread, WAYS), weekdays=_weekdays(hours))

    def moved(self, usual: Rhythms, hours: Floats) -> Rhythms:
        """What is usual in an organisation whose people have these `hours`, held to what is usual everywhere."""
        own = len(hours) / (len(hours) + self.patience)
        far = settled(usual.evidence * _by_hour(hours), np.broadcast_to(usual.mean, (len(hours), HOURS)), usual.ways)[0]
        return replace(usual, mean=usual.mean + own * (usual.ways @ far.mean(axis=0))) if len(hours) else usual

    def _spread(self, counts: Floats) -> tuple[Floats, Floats]:
        """Mean and covariance of people's log chances."""
        before = circle(WIDTH, HEIGHT) + SINGLE * np.eye(HOURS)
        mean, spread = np.log(counts.sum(axis=0) + 0.5) - np.log(counts.sum() + 0.5 * HOURS), before
        for _ in range(self.rounds):
            ways = ways_of(spread, HOURS)
            far, unsure = settled(counts, np.broadcast_to(mean, counts.shape), ways)
            logs = mean + far @ ways.T
            logs = logs - logs.mean(axis=1, keepdims=True)
            mean = logs.mean(axis=0)
            away = (logs - mean).T @ (logs - mean) / len(counts) + ways @ unsure.mean(axis=0) @ ways.T
            spread = (1 - self.held) * away + self.held * before
        return np.log(_evened(softmax(mean))), spread


def _by_hour(hours: Floats) -> Floats:
    summed: Floats = hours.reshape(-1, WEEKDAYS, HOURS).sum(axis=1)
    return summed


def _weekdays(hours: Floats) -> Floats:
    """What each weekday adds to the log of each hour; everybody counts alike."""
    shares = (hours / hours.sum(axis=1, keepdims=True)).sum(axis=0).reshape(WEEKDAYS, HOURS)
    usual = shares.sum(axis=0) / shares.sum()
    smooth = _evened(shares + USUAL_PEOPLE * usual)
    logs: Floats = np.log(smooth / smooth.sum(axis=1, keepdims=True)) - np.log(_evened(usual))
    return WEEKDAY_SHARE * logs


def _evened(shares: Floats) -> Floats:
    """Shares of the 24 hours with near hours taken together, around midnight too."""
    apart = np.minimum(np.arange(HOURS), HOURS - np.arange(HOURS))
    near = np.exp(-0.5 * (apart / BREADTH) ** 2)
    around = np.array([np.roll(near / near.sum(), hour) for hour in range(HOURS)])
    told: Floats = shares @ around
    return told
