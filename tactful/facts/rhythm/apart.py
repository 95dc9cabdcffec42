"""Saying something of many people at once, each by what is usual where they are."""

from collections.abc import Callable, Mapping

import polars as pl

from tactful.facts.rhythm.rhythms import UNLEARNED, Rhythms

Say = Callable[[pl.DataFrame, Rhythms], pl.DataFrame]


def by_usual(
    rows: pl.DataFrame,
    whose: pl.Series,
    usual: Mapping[int, Rhythms],
    say: Callable[[pl.DataFrame, Rhythms], pl.DataFrame],
) -> pl.DataFrame:
    """What `say` answers, a row for each of `rows` in their order. whose: which of `usual` holds; UNLEARNED for others.

    >>> from tactful.facts.rhythm.rhythms import UNLEARNED
    >>> people, where = pl.DataFrame({"who": [3, 1, 2]}), pl.Series([7, None, 7])
    >>> by_usual(people, where, {7: UNLEARNED}, lambda some, usual: some)["who"].to_list()
    [3, 1, 2]
    """
    known = whose.is_in(list(usual))
    group = pl.select(pl.when(known).then(whose)).to_series().rename("group")
    if group.null_count() == rows.height:
        return say(rows, UNLEARNED)
    places = pl.DataFrame([group]).with_row_index("place").partition_by("group", maintain_order=True)
    told = [say(rows[each["place"]], usual.get(each["group"][0], UNLEARNED)) for each in places]
    order = pl.concat([each["place"] for each in places]).arg_sort()
    return pl.concat(told)[order]
