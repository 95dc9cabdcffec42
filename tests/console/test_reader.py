"""What waits for a page that does not read."""

from datetime import UTC, datetime

from tactful.bootstrap.operating import Operator
from tactful.console.now.reader import BEHIND, MOST_TICKS, MOST_TOLD, STOP, Reader

ANA = Operator(1, "acme", "ana@acme.example", "Ana", "viewer", "hash", datetime(2027, 1, 1, tzinfo=UTC))


async def test_old_figures_are_dropped_and_nothing_else() -> None:
    reader = Reader(ANA)
    for number in range(100):
        reader.tick(f"tick {number};".encode())
    for number in range(50):
        reader.tell(f"card {number};".encode())
    parts = (await reader.next()).decode().split(";")[:-1]
    assert parts[:50] == [f"card {number}" for number in range(50)]
    assert parts[50:] == [f"tick {number}" for number in range(100 - MOST_TICKS, 100)]


async def test_whoever_is_too_far_behind_comes_back_for_the_rest() -> None:
    reader = Reader(ANA)
    for number in range(MOST_TOLD + 5):
        reader.tell(b"card %d;" % number)
    told = await reader.next()
    assert told.endswith(f'event: bye\ndata: "{BEHIND}"\n\n'.encode())
    assert told.count(b"card") == MOST_TOLD
    assert await reader.next() == b""


async def test_good_bye_is_said_once() -> None:
    reader = Reader(ANA)
    reader.end(STOP)
    reader.end(BEHIND)
    assert await reader.next() == b'event: bye\ndata: "stop"\n\n'
    assert await reader.next() == b""
