"""How many days off organisations allow in a streak (`facts.streaks`): told with the locks of a group's people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tactful.facts.streaks import REST_DAYS
from tactful.store.apart import apart

# Of these organisations what those have set who have set it, by our number: one look into the index for each.
OWN = f"""
(SELECT jsonb_object_agg(w.id, v.rest) FROM unnest(%s::bigint[]) AS w (id)
  CROSS JOIN LATERAL (SELECT body -> '{REST_DAYS.name}' AS rest FROM own_settings s
                       WHERE s.organisation_id = w.id AND s.area = 'settings' ORDER BY s.version DESC LIMIT 1) v
 WHERE v.rest IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Rest:
    """Days off of any seven. common: for everybody; own: of organisations that set it for themselves, by our number."""

    common: int = REST_DAYS.default
    own: Mapping[int, int] = field(default_factory=dict)

    def with_own(self, told: Mapping[str, Any] | None) -> "Rest":
        """The same, with what OWN answered."""
        return Rest(self.common, {int(whose): int(days) for whose, days in (told or {}).items()})

    def told(self, whose: str) -> str:
        """In SQL, for the organisation in `whose`."""
        return apart(str(self.common), self.own, whose=whose, kind="int")

    def of(self, organisations: pl.Expr) -> pl.Expr:
        """The same in columns."""
        return organisations.replace_strict(dict(self.own), default=self.common, return_dtype=pl.Int32)


def organisations(group: pl.DataFrame) -> Sequence[int]:
    """Whose people a group is about."""
    return group["organisation_id"].unique().sort().to_list()
