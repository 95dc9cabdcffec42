"""Moving contact on: first the pairs, then the parties, who hear from the pairs what was answered. Set-based."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.columns import Schema, at_keys, frame, numbers, places
from tactful.facts.contacts.steps import answers, pair_step, party_step
from tactful.facts.contacts.tables import ASKED, CONTACT, PAIR, PARTS, PARTY, STAY, Contacts
from tactful.facts.rounds import Columns, in_rounds

Places = NDArray[np.int64]


def advance(state: Contacts, happened: pl.DataFrame) -> tuple[pl.DataFrame, Contacts]:
    """What was known just before each contact (ASKED, in their order), and every row of the state they changed.

    happened: columns of CONTACT in the order in which they came; where `to_id` is null, nothing is known of pair
    and person either. It may have the columns of STAY. Point in time: nothing that came later is read. Somebody who
    writes to themselves is left out.

    >>> from datetime import UTC, datetime
    >>> from tactful.facts.contacts import nothing
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> there_and_back = pl.DataFrame([(noon, 1, 2), (noon, 2, 1)], schema=CONTACT, orient="row")
    >>> asked, after = advance(nothing(), there_and_back)
    >>> asked["back_open"].to_list(), after.pair["answered"].to_list()
    ([0.0, 1.0], [1.0, 0.0])
    """
    stay = (pl.col(name) if name in happened.columns else pl.lit(None, kind).alias(name) for name, kind in STAY.items())
    happened = happened.select(*CONTACT, *stay).filter(pl.col("from_id").ne_missing(pl.col("to_id")))
    pairs, there, back = _pairs(state, happened)
    answered = answers(back, numbers(happened["at"]))
    parties, sender, person = _parties(state, happened, answered)
    told = {"person_": person, "sender_": sender, "pair_": there, "back_": back}
    known = {prefix + name: told[prefix][name] for prefix, names in PARTS.items() for name in names}
    asked = happened.select("at", person_id="to_id", sender_id="from_id").hstack(frame(known, ASKED))
    return asked.select(list(ASKED)), Contacts(parties, pairs)


def _pairs(state: Contacts, happened: pl.DataFrame) -> tuple[pl.DataFrame, Columns, Columns]:
    """Pairs afterwards, and as they stood before each contact: in its direction, and back."""
    some = happened.filter(pl.col("to_id").is_not_null())
    there = some.select("from_id", "to_id")
    back = there.select(from_id="to_id", to_id="from_id")
    keys = pl.concat([there, back]).unique(maintain_order=True)
    place = np.concatenate([places(keys, there), places(keys, back)])
    place, at = _alternate(place), np.repeat(numbers(some["at"]), 2)
    came = {"at": at, "back": np.tile([0.0, 1.0], some.height)}
    stood = at_keys(keys, state.pair, PAIR)
    waiting, _ = in_rounds(place, {"open": stood["open"]}, came, lambda pair, row: {
        "open": np.where(row["back"] == 1, 0.0, pair["open"] + 1)
    })  # fmt: skip
    came["continues"] = np.repeat(1.0 * (waiting["open"][1::2] > 0), 2)
    before, after = in_rounds(place, stood, came, pair_step)
    rows = happened["to_id"].is_not_null().to_numpy()
    return _table(keys, after, PAIR), _spread(before, rows, 0), _spread(before, rows, 1)


def _parties(state: Contacts, happened: pl.DataFrame, answered: Columns) -> tuple[pl.DataFrame, Columns, Columns]:
    """Parties afterwards, and senders and persons as they stood before each contact."""
    both = pl.concat([happened["from_id"], happened["to_id"]])
    keys = both.drop_nulls().unique(maintain_order=True).to_frame("party_id")
    place = _alternate(places(keys, both.to_frame("party_id")))
    came = {name: np.repeat(column, 2) for name, column in answered.items()}
    came |= {name: np.repeat(numbers(happened[name]), 2) for name in ("at", "pause")}
    came |= {name: np.repeat(np.nan_to_num(numbers(happened[name])), 2) for name in ("stays", "pauses")}
    came["made"] = np.tile([1.0, 0.0], happened.height)
    there = place >= 0
    before, after = in_rounds(
        place[there],
        at_keys(keys, state.party, PARTY),
        {name: column[there] for name, column in came.items()},
        party_step,
    )
    wide = {name: _at(column, there) for name, column in before.items()}
    sender, person = ({name: column[start::2] for name, column in wide.items()} for start in (0, 1))
    return _table(keys, after, PARTY), sender, person


def _alternate(halves: Places) -> Places:
    """First of the one half, first of the other, second of the one, and so on."""
    return halves.reshape(2, -1).T.reshape(-1)


def _spread(before: Columns, rows: NDArray[np.bool_], start: int) -> Columns:
    """Every other row of `before` from `start`, at `rows`; nan elsewhere."""
    return {name: _at(column[start::2], rows) for name, column in before.items()}


def _at(column: Floats, rows: NDArray[np.bool_]) -> Floats:
    wide = np.full((rows.size, *column.shape[1:]), np.nan)
    wide[rows] = column
    return wide


def _table(keys: pl.DataFrame, after: Columns, schema: Schema) -> pl.DataFrame:
    return keys.hstack(frame(after, schema)).select(list(schema))
