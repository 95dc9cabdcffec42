"""What counts as truth once the horizon has passed: whether the person wrote back to the sender in time."""

from datetime import timedelta

import polars as pl

HORIZONS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24)}


def labels(contacts: pl.DataFrame, horizon: timedelta) -> pl.Series:
    """`answered`: whether each contact was followed by one back within `horizon`, in the order of `contacts`.

    contacts: columns of facts.contacts.CONTACT, in order of time, as far as the horizon of the last one reaches.
    """
    rows = contacts.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    back = rows.select("place", from_id="to_id", to_id="from_id", back_at="at")
    found = rows.join_asof(
        back, on="place", by=["from_id", "to_id"], strategy="forward", allow_exact_matches=False, check_sortedness=False
    )
    in_time = found["back_at"] - found["at"] <= horizon
    return in_time.fill_null(value=False).alias("answered")
