"""How each capability learns: one way for whatever data there are, in service and in every evaluation."""

from collections.abc import Mapping

from tactful.learn.boosting import Boosting
from tactful.learn.chaining import Chaining
from tactful.learn.smoothing import gently, straight
from tactful.learn.summing import Summing
from tactful.predict import forgetting, struggle

WAYS: Mapping[str, Chaining] = {
    "dropout": Chaining(),
    "plateau": Chaining(),
    # A learner brings hundreds of lessons, so fewer of them are enough; twice the pace halves the work.
    "struggle": Chaining(learners=(Summing(struggle.TOGETHER, Boosting(rounds=150, rate=0.1)),), patience=10.0),
    "timing": straight(),
    "mood_trend": Chaining(),
    "forgetting": gently(forgetting.LEANING),
}
