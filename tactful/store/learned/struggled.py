"""What was told of struggling, held to the attempts that followed: an even sample of struggle_predictions, by weeks."""

from datetime import datetime

import polars as pl

from tactful.store.learned.predictions import KEPT
from tactful.store.reading import Reader

# At most about so many beliefs are looked at; the same ones each time.
MOST = 200_000
ASKED = """
SELECT date_trunc('week', predicted_at, 'UTC') AS asked_at, cold_score AS score,
       CASE WHEN learned THEN struggle_probability END AS probability,
       confidence, actual_struggled AS truth
  FROM (SELECT *, count(*) OVER () AS beliefs, (hashint8extended(id, 13) & 1048575) / 1048576.0 AS place
          FROM struggle_predictions
         WHERE organization_id = %s AND struggle_probability IS NOT NULL
           AND predicted_at >= %s AND predicted_at <= %s) s
 WHERE place * beliefs < %s ORDER BY predicted_at, id
"""


def kept(reader: Reader, organisation: int, *, since: datetime, until: datetime) -> pl.DataFrame:
    """KEPT rows of `predictions`, asked from `since` to `until`; truth is null where no attempt followed."""
    return reader.read(ASKED, [organisation, since, until, MOST], KEPT)
