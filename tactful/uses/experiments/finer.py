"""Words that a language model has said more finely, where an organisation wants that; nothing here waits for one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.compose.render import Chosen
from tactful.compose.writing.polishing import original
from tactful.decide import Rules
from tactful.facts.polishing import POLISH, TONE, Original
from tactful.kernel.records import Initiative, Message
from tactful.kernel.settings import Settings
from tactful.store.database import Connection
from tactful.store.running import polished


def originals(
    rows: Iterable[Mapping[str, Any]], chosen: Mapping[int, Chosen], rules: Rules
) -> dict[int, tuple[int, Original]]:
    """What may be said more finely, with our number of the organisation, by intervention. rows: see `words.worded`."""
    found = dict[int, tuple[int, Original]]()
    for row in rows:
        number, whose, kind = row["intervention_id"], row["organisation_id"], row["kind"]
        mine = rules.of(whose)
        settings, known = Settings(mine.values), mine.kinds.get(kind)
        if known is None or known.initiative is not Initiative.OUTREACH or not settings[POLISH]:
            continue
        told = original(kind, chosen[number], row["locale"], settings[TONE])
        if told is not None:
            found[number] = whose, told
    return found


def said(
    connection: Connection, rows: Sequence[Mapping[str, Any]], chosen: Mapping[int, Chosen], at: datetime, rules: Rules
) -> dict[int, Message]:
    """What is said more finely and is there already, by intervention; all else is said as it was chosen."""
    wanted = originals(rows, chosen, rules)
    keys = {number: (whose, told.print) for number, (whose, told) in wanted.items()}
    ready = polished.found(connection, list(dict.fromkeys(keys.values())), at=at)
    return {
        number: chosen[number].said(ready[key].title, ready[key].body, by=ready[key].model)
        for number, key in keys.items()
        if key in ready
    }
