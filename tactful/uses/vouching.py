"""Somebody who knows a person says: they are not leaving. It counts at once, and as a lesson later.

It keeps the level below critical until the horizon has passed, whatever is learned meanwhile: learning comes every
week, and would flag the same person to the same educator a few days later.
"""

from datetime import datetime
from typing import Any

from tactful.decide import Rules, strategies
from tactful.kernel.errors import Conflict, NotFound
from tactful.kernel.settings import Settings
from tactful.loop import look
from tactful.predict import dropout
from tactful.store.database import Connection, Database
from tactful.store.decided import flags, risk
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.reading import RowReader
from tactful.store.running import audit
from tactful.uses.governing import governing


def wrongly_flagged(
    database: Database,
    rules: Rules,
    organisation: str,
    person: str,
    *,
    at: datetime,
    note: str,
    actor: str,
    educator: str | None = None,
) -> dict[str, Any]:
    """Note that `person` was wrongly flagged; answers what was noted. Said twice, the first one counts.

    educator: who says so, where that is one of the organisation's people; else the organisation does.
    raises: NotFound for somebody nobody knows, or whom the educator does not teach; Conflict when nothing is flagged.
    """
    with database.batch() as connection:
        person_id = next(iter(lookup.find_all(connection, [(organisation, person)])), None)
        teacher = None if educator is None or person_id is None else flags.teaches(connection, educator, person_id)
        # Who may not know tells by the answer neither whether there is somebody of that name.
        if person_id is None or (educator is not None and teacher is None):
            raise NotFound(fields=["user_id"])
        flags.lock(connection, person_id)
        said = flags.standing(connection, person_id, at)
        if said is not None:
            return {**said, "alerts_closed": 0}
        rules = governing(connection, rules, people=[person_id])
        belief = _flagged(connection, person_id, at, rules)
        days = Settings(rules.values)[dropout.HORIZON]
        noted = flags.write(
            connection, person_id, educator=teacher, actor=actor, note=note, at=at, days=days, belief=belief
        )
        # Read once more, it stays below critical.
        seen = look(RowReader(connection), Scope(people=(person_id,)), at=at, rules=rules)
        risk.rewrite(connection, seen, strategies(seen), at=at, telling=rules.telling, others=rules.theirs("telling"))
        audit.note(connection, organisation, actor=actor, act="wrongly flagged", detail={"user_id": person})
    return noted


def _flagged(connection: Connection, person: int, at: datetime, rules: Rules) -> dict[str, Any]:
    """What is believed of somebody who is flagged. raises: Conflict for anybody else."""
    seen = look(RowReader(connection), Scope(people=(person,)), at=at, rules=rules)
    belief = seen.to_dicts()[0] if seen.height else {"risk_level": "unknown", "risk_level_before": None}
    levels = (belief["risk_level"], belief["risk_level_before"])
    if "critical" not in levels and not flags.open_alerts(connection, person):
        raise Conflict(f"Nothing is flagged about them: their risk is {belief['risk_level']}, and no alert is open.")
    return belief
