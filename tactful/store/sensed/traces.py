"""What live sessions keep of one participant, and forgetting it.

What a room was counted to have done stays as it was: sums are about nobody. Signals stay, too, so that they still add
up to those sums, but without a name, an id that may give one away, or anything that was said.
"""

from typing import Any

from tactful.store.steps import Say, Steps

WHOSE = "organisation_id = %(organisation)s AND participant = %(participant)s"
# Questions in order of their numbers, and first of all, as where they are voted for.
ASKED = f"""
SELECT 1 FROM audience_questions
 WHERE {WHOSE} OR id IN (SELECT question_id FROM question_votes WHERE {WHOSE}) ORDER BY id FOR UPDATE
"""
UNWANT = f"""
WITH mine AS (DELETE FROM question_votes WHERE {WHOSE} RETURNING question_id)
UPDATE audience_questions q SET votes = q.votes - 1 FROM mine WHERE q.id = mine.question_id
"""
HOLD = f"""
SELECT 1 FROM live_counts WHERE live_session_id IN (SELECT live_session_id FROM live_participants WHERE {WHOSE})
 ORDER BY live_session_id FOR NO KEY UPDATE
"""
# What a language model wrote ahead may quote what they said; it writes anew.
WORDS = f"""
DELETE FROM prepared_words
 WHERE live_session_id IN (SELECT live_session_id FROM signals WHERE {WHOSE} AND kind = 'chat')
"""
LEAVE = f"""
WITH gone AS (DELETE FROM live_participants WHERE {WHOSE} RETURNING live_session_id, present)
UPDATE live_counts c SET viewers = greatest(c.viewers - 1, c.nameless)
  FROM gone WHERE gone.present AND c.live_session_id = gone.live_session_id
"""
KEYS = """
DELETE FROM signal_keys k USING signals s
 WHERE s.organisation_id = %(organisation)s AND s.participant = %(participant)s
   AND k.live_session_id = s.live_session_id AND k.id = s.id
"""
NAMELESS = f"""
UPDATE signals SET participant = NULL, id = 'erased ' || seq, properties = '{{}}' WHERE {WHOSE}
"""
# In the order in which those who write take them.
FORGET = (
    ASKED,
    f"DELETE FROM poll_votes WHERE {WHOSE}",
    UNWANT,
    f"DELETE FROM audience_questions WHERE {WHOSE}",
    HOLD,
    WORDS,
    KEYS,
    NAMELESS,
    LEAVE,
    f"DELETE FROM achievements WHERE {WHOSE}",
)
ORGANISATION = "SELECT id FROM organisations WHERE name = %s"
THERE = f"""
SELECT EXISTS (SELECT FROM live_participants WHERE {WHOSE}) OR EXISTS (SELECT FROM signals WHERE {WHOSE}) AS there
"""


def forget(organisation: str, participant: str) -> Steps[bool]:
    """Forget a participant, by the product's own id; whether any live session knew them."""
    found = yield Say(ORGANISATION, (organisation,))
    if not found:
        return False
    values: dict[str, Any] = {"organisation": found[0]["id"], "participant": participant}
    there = yield Say(THERE, values)
    for statement in FORGET:
        yield Say(statement, values)
    return bool(there[0]["there"])
