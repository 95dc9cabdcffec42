"""Answers about people, kept in Valkey and told again as long as what they were made from stands.

Every answer is kept with a stamp: a print of the person's own rows as they were *before* it was worked out. Rows and
stamp change in one commit, so from the commit on that counts a new fact no older answer fits, whoever writes it back
and however late. Nothing has to be told to anybody, so nothing can be lost: with Valkey away, hung or brought back with
what it knew before, answers are worked out anew or fit. What others change (a learned belief, titles, what everybody
else does) shows after `store.answer_seconds` at most.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tactful.store.database import AsyncConnection
from tactful.store.running.limits import AWAY

# Longer than this nobody waits for Valkey, and then it is left alone for a while; seconds.
PATIENCE = 0.25
REST = 5.0
KEY = "tactful:answer:"

# `xmin` is the transaction that wrote a row. Answers to interventions may change what is told of plateaus; none comes
# later than an intervention lives.
STAMPS = """
SELECT w.place, p.id AS person_id,
       md5(concat_ws(' ', %(print)s::text, g.seed, p.id, p.xmin, s.xmin, s.events, s.changed_at,
       (SELECT max(f.id) FROM wrong_flags f WHERE f.person_id = p.id),
       (SELECT max(o.version) FROM own_settings o WHERE o.organisation_id = g.id AND o.area = 'settings'),
       (SELECT string_agg(concat(i.id, ':', i.xmin), ' ' ORDER BY i.id) FROM intervention_logs i
         WHERE i.user_id = p.id AND i.triggered_at > %(at)s - interval '30 days' AND i.responded_at IS NOT NULL)
       )) AS stamp
  FROM unnest(%(organisations)s::text[], %(people)s::text[]) WITH ORDINALITY AS w (organisation, person, place)
  JOIN organisations g ON g.name = w.organisation
  JOIN people p ON p.organisation_id = g.id AND p.external_id = w.person
  LEFT JOIN person_state s ON s.person_id = p.id
"""


class Asked(NamedTuple):
    """Which answer: what about whom, by the product's own ids."""

    organisation: str
    person: str
    question: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that was kept, as JSON, or None; and where one made from now on belongs (key ''): nowhere."""

    key: str = ""
    stamp: str = ""
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    answer: bytes | None = None

    @property
    def mark(self) -> str:
        """What an answer must carry to be this one; with its key, so that none is ever told in another's place."""
        return f"{self.key} {self.stamp}"


class Answers:
    """What is kept. seconds: how long at most, 0 for not at all; print: equal where settings are equal."""

    def __init__(self, valkey: Any, *, seconds: float, print: str) -> None:
        self._valkey = valkey
        self._seconds = seconds
        self._print = print
        self._rest_until = float("-inf")

    @property
    def resting(self) -> bool:
        """Whether nothing is kept just now, because it shall not be or because Valkey did not answer."""
        return self._seconds <= 0 or asyncio.get_running_loop().time() < self._rest_until

    async def stamped(self, connection: AsyncConnection, asked: Sequence[Asked], *, at: datetime) -> list[Kept]:
        """For each of these, where its answer belongs as of now; one statement for all. Nowhere for who is unknown."""
        values = {
            "print": self._print,
            "at": at,
            "organisations": [each.organisation for each in asked],
            "people": [each.person for each in asked],
        }
        told = [Kept()] * len(asked)
        for row in await (await connection.execute(STAMPS, values)).fetchall():
            place = row["place"] - 1
            told[place] = Kept(f"{KEY}{row['person_id']}:{asked[place].question}", row["stamp"], at)
        return told

    async def found(self, places: Sequence[Kept]) -> list[Kept]:
        """The same with what is kept there, as far as it fits; one round trip for all."""
        keys = sorted({kept.key for kept in places if kept.key})
        values = await self._patient(self._valkey.mget(keys)) if keys else None
        known = dict(zip(keys, values or (), strict=values is not None))
        return [self._opened(kept, known.get(kept.key)) for kept in places]

    async def keep(self, kept: Kept, answer: bytes) -> None:
        """Keep the answer that was worked out after `kept` was looked for."""
        if kept.key and not self.resting:
            head = f"{kept.mark} {kept.at.isoformat()}\n".encode()
            await self._patient(self._valkey.set(kept.key, head + answer, px=max(1, int(self._seconds * 1000))))

    def _opened(self, kept: Kept, value: bytes | None) -> Kept:
        """With the answer in `value`, where it fits and is not too old; by both clocks, ours and Valkey's."""
        if value is None:
            return kept
        head, _, answer = value.partition(b"\n")
        mark, _, since = head.decode().rpartition(" ")
        young = 0 <= (kept.at - datetime.fromisoformat(since)).total_seconds() < self._seconds
        return replace(kept, answer=answer) if mark == kept.mark and young else kept

    async def _patient(self, asking: Any) -> Any:
        try:
            async with asyncio.timeout(PATIENCE):
                return await asking
        except AWAY:
            self._rest_until = asyncio.get_running_loop().time() + REST
            return None
