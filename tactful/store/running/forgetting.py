"""Forgetting somebody in Valkey: what was kept there of them for a while goes at once, not when its time has come."""

from contextlib import suppress
from typing import Any

import msgspec

from tactful.store.running.answers import KEY as ANSWER
from tactful.store.running.attendance import HELD
from tactful.store.running.limits import AWAY
from tactful.store.running.rooms import TICKET

# Keys that are looked at in one go.
MANY = 1000
# Answers, tickets and who is connected where, as few others as can be.
THEIRS = "tactful:[ath]*"


async def forget(valkey: Any, organisation: str, person: str, number: int | None) -> bool:
    """Delete kept answers about somebody, their tickets, and that they are connected; whether Valkey did.

    number: ours, None where it is not known any more. Where Valkey is away it goes by itself, within minutes.
    """
    with suppress(*AWAY):
        async for key in valkey.scan_iter(match=THEIRS, count=MANY):
            await _forget(valkey, key, (organisation, person), f"{ANSWER}{number}:".encode())
        return True
    return False


async def _forget(valkey: Any, key: bytes, whom: tuple[str, str], answers: bytes) -> None:
    if key.startswith(answers) or (key.startswith(TICKET.encode()) and await _lets_in(valkey, key, whom)):
        await valkey.delete(key)
    elif key.startswith(HELD.encode()):
        held = await valkey.smembers(key)
        theirs = [each for each in held if _named(each) == whom]
        if theirs:
            await valkey.srem(key, *theirs)


async def _lets_in(valkey: Any, key: bytes, whom: tuple[str, str]) -> bool:
    claims = await valkey.get(key)
    told = {} if claims is None else msgspec.json.decode(claims)
    return (told.get("organisation"), told.get("subject")) == whom


def _named(member: bytes) -> tuple[str, str]:
    organisation, _, participant = msgspec.json.decode(member, type=tuple[str, str, str])
    return organisation, participant
