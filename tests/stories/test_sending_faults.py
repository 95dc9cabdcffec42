"""A worker is killed in the middle of a thousand sends: none lost, none twice, and what is in doubt is said to be.

Three rounds in the ordinary suite; `make soak` runs twenty.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tactful.kernel.clock import SystemClock
from tactful.store.database import Database
from tactful.testing.channels import PEERS
from tactful.testing.peers import Peer
from tactful.testing.webhook_peer import SECRET
from tactful.uses.sending.settings import DOUBTFUL_WAVE
from tactful.uses.sending.through import ABREAST
from tests.conftest import ROLE_SECRET
from tests.living import rows
from tests.stories.processes import Part
from tests.uses.sending import met, plan

MANY = 1000
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
PEOPLE = [f"p{number}" for number in range(MANY)]
# For the rest to be settled once nobody is killed any more [s].
PATIENCE = 120.0
STATES = """SELECT a.address, d.mark, d.state, d.channel FROM deliveries d JOIN addresses a ON a.id = d.address_id"""
SETTLED = ("sent", "unknown")


def environment(database: Database, redis_url: str, peer: Peer) -> dict[str, str]:
    """A worker that sends at all hours as fast as it can, and sees soon that another one is gone."""
    settings = {
        **peer.settings(),
        # From midnight to midnight is never.
        "decide.quiet_start": "00:00",
        "decide.quiet_end": "00:00",
        "decide.holdout": 0.0,
        "deliver.lease": 2.0,
        "store.worker_silence": 20.0,
        # What wakes a channel each minute does so each second.
        "worker.outside_cron": "* * * * * *",
    }
    told = {f"TACTFUL_{name.upper().replace('.', '_')}": str(value) for name, value in settings.items()}
    servers = {"DATABASE_URL": database.owner_url, "REDIS_URL": redis_url}
    return told | servers | {"TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET, "TACTFUL_CONFIG": ""}


def prepared(database: Database, peer: Peer, channel: str) -> None:
    """A thousand people, each with one message that is due."""
    met(database, *PEOPLE, channel="none")
    addresses = [peer.address(who) for who in PEOPLE]
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO addresses (organisation_id, person_id, channel, address)
               SELECT p.organisation_id, p.id, %s, h.address FROM people p
                 JOIN unnest(%s::text[], %s::text[]) AS h (who, address) ON h.who = p.external_id""",
            (channel, PEOPLE, addresses),
        )
        if channel == "webhook":
            connection.execute(
                """INSERT INTO webhooks (organisation_id, url, secret, created_by, created_at)
                   SELECT organisation_id, address, %s, 'test', now() FROM addresses WHERE channel = 'webhook'""",
                (SECRET,),
            )
    plan(database, *PEOPLE, channel=channel, at=SystemClock().now())


@contextmanager
def killed(part: Part, peer: Peer, at: int) -> Iterator[None]:
    """A worker that dies without a word once the other side has taken so many."""
    part.start()
    try:
        end = time.monotonic() + PATIENCE
        while len(peer.taken) < at:
            assert not part.fell(), part.log.read_text()[-3000:]
            assert time.monotonic() < end, f"{len(peer.taken)} of {at} taken:\n{part.log.read_text()[-3000:]}"
            time.sleep(0.002)
        yield
    finally:
        part.kill()


def settled(database: Database, part: Part) -> list[dict[str, Any]]:
    """How everything stands once nothing is on its way any more."""
    part.start()
    try:
        end = time.monotonic() + PATIENCE
        while True:
            standing = rows(database, STATES)
            if all(row["state"] in SETTLED for row in standing):
                return standing
            assert time.monotonic() < end, (Counter(row["state"] for row in standing), part.log.read_text()[-3000:])
            time.sleep(0.2)
    finally:
        part.stop()


@pytest.mark.parametrize("channel", ["webhook", "email"])
@pytest.mark.timeout(3600)
def test_a_worker_may_die_in_the_middle(
    channel: str, closed_database: Database, redis_url: str, tmp_path: Path
) -> None:
    with PEERS[channel]() as peer:
        prepared(closed_database, peer, channel)
        environ = environment(closed_database, redis_url, peer)
        environ |= {"TACTFUL_EMAIL_PACE": "10000"} if channel == "email" else {}
        part = Part(["worker"], environ, tmp_path / "log")
        for number in range(ROUNDS):
            with killed(part, peer, (number + 1) * MANY // (ROUNDS + 1)):
                pass
        standing = settled(closed_database, part)
    states = Counter(row["state"] for row in standing)
    assert sum(states.values()) == MANY
    {"webhook": none_twice_by_its_key, "email": none_twice_and_doubts_told}[channel](peer, standing, states)


def none_twice_by_its_key(peer: Peer, standing: list[dict[str, Any]], states: Counter[str]) -> None:
    """What was sent again after a kill bears the mark of the first time, and so is one message."""
    assert states == {"sent": MANY}
    assert {each.key for each in peer.taken} == {row["mark"].hex for row in standing}
    # Copies are what was on its way when a worker died; each of them is known as one.
    assert len(peer.taken) <= MANY + ROUNDS * 2 * 64


def none_twice_and_doubts_told(peer: Peer, standing: list[dict[str, Any]], states: Counter[str]) -> None:
    """Where nobody could tell a copy nothing is sent again; what may or may not have arrived is shown as unknown."""
    taken = Counter(each.who for each in peer.taken)
    assert max(taken.values()) == 1
    for row in standing:
        assert row["state"] == "unknown" or taken[row["address"]] == 1
    assert 0 < states["unknown"] <= ROUNDS * ABREAST * DOUBTFUL_WAVE.default
