"""FSRS-6 and nothing else: as published, and as it was fitted to each person by their own answers.

`FG-A@algebra`: every fifth learner of Algebra 2005. A skill is a memory; an answer proves something when it comes at
least half a day after the last one about the skill. Nobody is learned from: `own` knows of each person what they
answered before, and so does `cold`, which is served before anything was learned. How fast a person's own parameters
move was chosen on the part of FG-A that is not scored; the other learners of Algebra were looked at then too, these
were not. Intervals are over learners.
"""

from pathlib import Path

import numpy as np
import polars as pl

from tactful.facts.remembering import memory
from tactful.lab.evaluate import reviews
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.ranking import auc, ece, log_loss
from tactful.predict import forgetting

PART = "forgetting"
MEASURES = {"auc": auc, "log_loss": log_loss, "ece": ece}


def algebra(data: Path) -> list[Row]:
    """All rows of FG-A@algebra. raises: NotFound without the data."""
    answers = reviews.skills(data)
    stood, _ = forgetting.advance(forgetting.State(), answers)
    asked = forgetting.labels(answers, stood).is_not_null() & stood["skill_stability"].is_not_null()
    given = forgetting.given(reviews.hours(answers), stood).filter(asked)
    truth, people = (answers.filter(asked)[name].to_numpy() for name in ("hit", "person_id"))
    cold = 1 - forgetting.cold(given)["score"].to_numpy()
    told = [*alone(given, stood.filter(asked)), Answer("cold", cold, MEASURES, 0.0)]
    return measured(PART, "FG-A@algebra", truth, told, people=people)


def alone(given: pl.DataFrame, stood: pl.DataFrame) -> list[Answer]:
    """The chance of a right answer, with the person's own parameters and as published. given, stood: the same rows."""
    own = 1 / (1 + np.exp(given["faded"].to_numpy()))
    published = memory.recall(stood["skill_stability"].to_numpy(), given["days_since_practice"].to_numpy())
    return [Answer("own", own, MEASURES, 0.0), Answer("baseline", published, MEASURES, 0.0)]
