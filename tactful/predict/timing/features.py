"""What may be known about a moment: joins over the state of contact and rhythm, on any engine.

Point in time: the state as it stands. A past moment is asked from the log, by `facts.contacts.advance`.
"""

from typing import Any

from tactful.facts.contacts import PAIR, PARTS, PARTY
from tactful.predict.timing.given import ASKED

# Never a time, and never null: who has no row has done nothing.
_COUNTS = {name for table in (PARTY, PAIR) for name in table if not name.endswith(("_at", "_id", "_log", "gaps"))}


def features(questions: Any, party: Any, pair: Any, rhythm: Any) -> Any:
    """The columns of ASKED for each row of `questions`, as an Ibis expression; their order is not kept.

    questions: an Ibis table with person_id, sender_id, at, and the person's local_day and local_minute. party, pair,
    rhythm: as facts.contacts.PARTY and PAIR and facts.rhythm.RHYTHM say.
    """
    asked = questions
    for prefix, (table, keys) in {
        "person_": (party, {"party_id": "person_id"}),
        "sender_": (party, {"party_id": "sender_id"}),
        "pair_": (pair, {"from_id": "sender_id", "to_id": "person_id"}),
        "back_": (pair, {"from_id": "person_id", "to_id": "sender_id"}),
    }.items():
        asked = _with(asked, table.view(), prefix, keys)
    own = rhythm.select(rhythm_id=rhythm.person_id, rhythm_day=rhythm.day, hours=rhythm.hours)
    return asked.left_join(own, asked.person_id == own.rhythm_id).select(*ASKED)


def _with(asked: Any, table: Any, prefix: str, keys: dict[str, str]) -> Any:
    told = {prefix + name: table[name] for name in PARTS[prefix]}
    own = table.select(**told, **{f"{prefix}{key}": table[key] for key in keys})
    joined = asked.left_join(own, [asked[theirs] == own[prefix + key] for key, theirs in keys.items()])
    counts = {prefix + name: joined[prefix + name].fill_null(0.0) for name in PARTS[prefix] if name in _COUNTS}
    return joined.mutate(**counts).drop(*[f"{prefix}{key}" for key in keys])
