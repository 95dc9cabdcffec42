"""Learned models as they are served: whatever form they have, they add up and JSON holds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl

from tactful.facts.additive import Floats, additive
from tactful.facts.linear import linear
from tactful.facts.smooth import smooth
from tactful.facts.summed import summed


class Model(Protocol):
    """A belief in log-odds that is a sum of what each feature adds."""

    @property
    def base(self) -> float:
        """What somebody gets about whom every feature adds nothing."""
        ...

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """One for each row of `frame`; a feature that is null or missing is unknown."""
        ...

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column for each feature; with `base` they sum to `log_odds`."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it, with its `form`."""
        ...


@dataclass(frozen=True, slots=True)
class Blend:
    """Models weighed against each other in log-odds. parts: how much of each, and the model."""

    parts: tuple[tuple[float, Model], ...]

    @property
    def base(self) -> float:
        """Of somebody about whom every feature adds nothing in any of them."""
        return sum(share * part.base for share, part in self.parts)

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """The weighed sum for each row of `frame`."""
        total = np.zeros(frame.height)
        for share, part in self.parts:
            total += share * part.log_odds(frame)
        return total

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What each feature adds in all of them together."""
        told: dict[str, pl.Series] = {}
        for share, part in self.parts:
            for column in part.contributions(frame):
                told[column.name] = share * column + told.get(column.name, 0.0)
        return pl.DataFrame(told)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `blend` makes it again, equal to the last digit."""
        return {"form": "blend", "parts": [[share, part.as_dict()] for share, part in self.parts]}


def blend(stored: Mapping[str, Any]) -> Blend:
    """The blend that `as_dict` told. raises: ValueError for anything else."""
    try:
        return Blend(tuple((float(share), model(part)) for share, part in stored["parts"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no blend of models: {error}.") from error


# Form in JSON -> what makes a model of it again.
FORMS: Mapping[str, Callable[[Mapping[str, Any]], Model]] = {
    "additive": additive,
    "linear": linear,
    "smooth": smooth,
    "summed": summed,
    "blend": blend,
}


def model(stored: Mapping[str, Any]) -> Model:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    made = FORMS.get(stored.get("form", ""))
    if made is None:
        raise ValueError(f"There is no model of the form {stored.get('form')!r}; known are {', '.join(FORMS)}.")
    return made(stored)
