"""Learned models as they are served: whatever form they have, they add up and JSON holds them."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import polars as pl

from tactful.facts.additive import Floats, additive
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


# Form in JSON -> what makes a model of it again.
FORMS: Mapping[str, Callable[[Mapping[str, Any]], Model]] = {"additive": additive, "summed": summed}


def model(stored: Mapping[str, Any]) -> Model:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    made = FORMS.get(stored.get("form", ""))
    if made is None:
        raise ValueError(f"There is no model of the form {stored.get('form')!r}; known are {', '.join(FORMS)}.")
    return made(stored)
