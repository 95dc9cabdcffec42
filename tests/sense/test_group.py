"""Group commit: who is written with whom, and who is told what."""

import asyncio
from collections.abc import Sequence

import pytest

from tactful.kernel.errors import BadInput, NotReady
from tactful.sense.group import GroupCommit


class Book:
    """Somewhere to write that remembers its transactions. A row 'bad' fails the whole transaction."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, rows: Sequence[str]) -> list[str]:
        await self.gate.wait()
        if "bad" in rows:
            raise BadInput("a bad row")
        self.groups.append(list(rows))
        return [row.upper() for row in rows]


def group(book: Book, *, rows: int = 100, queue: int = 100, writers: int = 1) -> GroupCommit[str, str]:
    return GroupCommit(book.write, rows=rows, queue=queue, writers=writers)


async def test_each_request_gets_its_own_answers() -> None:
    commit = group(Book())
    answers = await asyncio.gather(commit.submit(["a", "b"]), commit.submit(["c"]), commit.submit([]))
    assert list(answers) == [["A", "B"], ["C"], []]


async def test_requests_that_arrive_together_share_a_transaction() -> None:
    book = Book()
    commit = group(book)
    await asyncio.gather(*(commit.submit([str(number)]) for number in range(5)))
    assert book.groups == [["0", "1", "2", "3", "4"]]


async def test_a_group_collects_while_the_previous_one_commits() -> None:
    book = Book()
    commit = group(book)
    book.gate.clear()
    first = asyncio.create_task(commit.submit(["first"]))
    await asyncio.sleep(0.01)
    later = [asyncio.create_task(commit.submit([row])) for row in ("second", "third")]
    await asyncio.sleep(0.01)
    assert not first.done()
    book.gate.set()
    await asyncio.gather(first, *later)
    assert book.groups == [["first"], ["second", "third"]]


async def test_a_group_waits_a_moment_for_those_who_come_one_after_another() -> None:
    sizes = []

    async def write(rows: Sequence[str]) -> Sequence[str]:
        sizes.append(len(rows))
        await asyncio.sleep(0.2)
        return rows

    commit: GroupCommit[str, str] = GroupCommit(write, rows=100, queue=100, writers=1)
    await commit.submit(["before"])
    for _ in range(2):
        coming = []
        for number in range(8):
            coming.append(asyncio.create_task(commit.submit([str(number)])))
            for _ in range(5):
                await asyncio.sleep(0)
        await asyncio.gather(*coming)
    assert sizes == [1, 8, 8]


async def test_after_a_costly_group_others_gather_while_it_rests_but_nobody_waits_for_an_idle_one() -> None:
    started: list[float] = []
    sizes = []

    async def write(rows: Sequence[str]) -> Sequence[str]:
        started.append(asyncio.get_running_loop().time())
        sizes.append(len(rows))
        await asyncio.sleep(0.1)
        return rows

    commit: GroupCommit[str, str] = GroupCommit(write, rows=100, queue=100, writers=1, rest=2.0)
    await commit.submit(["first"])
    later = [asyncio.create_task(commit.submit(["second"]))]
    await asyncio.sleep(0.1)
    later.append(asyncio.create_task(commit.submit(["third"])))
    await asyncio.gather(*later)
    assert sizes == [1, 2]
    assert started[1] - started[0] >= 0.29
    await asyncio.sleep(0.5)
    asked = asyncio.get_running_loop().time()
    await commit.submit(["after the rest"])
    assert started[2] - asked < 0.2


async def test_a_group_has_at_most_so_many_rows() -> None:
    book = Book()
    commit = group(book, rows=3)
    await asyncio.gather(*(commit.submit(["x", "y"]) for _ in range(3)), commit.submit(list("12345")))
    assert [len(rows) for rows in book.groups] == [2, 2, 2, 5]


async def test_one_bad_request_never_harms_another() -> None:
    book = Book()
    commit = group(book)
    answers = await asyncio.gather(
        commit.submit(["a"]), commit.submit(["ok", "bad"]), commit.submit(["c"]), return_exceptions=True
    )
    assert answers[0] == ["A"]
    assert isinstance(answers[1], BadInput)
    assert answers[2] == ["C"]
    assert book.groups == [["a"], ["c"]]


async def test_when_nothing_can_be_written_everybody_is_told_at_once() -> None:
    tries = 0

    async def write(rows: Sequence[str]) -> Sequence[str]:
        nonlocal tries
        tries += 1
        raise NotReady("away")

    commit: GroupCommit[str, str] = GroupCommit(write, rows=100, queue=100, writers=1)
    answers = await asyncio.gather(*(commit.submit([name]) for name in "abcdef"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [NotReady] * 6
    assert tries == 1


async def test_a_full_queue_is_not_ready() -> None:
    book = Book()
    commit = group(book, rows=1, queue=2)
    book.gate.clear()
    taken = []
    for _ in range(3):
        taken.append(asyncio.create_task(commit.submit(["x"])))
        await asyncio.sleep(0.01)
    with pytest.raises(NotReady):
        await commit.submit(["y"])
    book.gate.set()
    await asyncio.gather(*taken)
    assert await commit.submit(["y"]) == ["Y"]


async def test_closing_finishes_what_was_taken_and_takes_nothing_more() -> None:
    book = Book()
    commit = group(book, rows=1)
    taken = [asyncio.create_task(commit.submit([str(number)])) for number in range(4)]
    await asyncio.sleep(0)
    await commit.close()
    assert [task.result() for task in taken] == [["0"], ["1"], ["2"], ["3"]]
    with pytest.raises(NotReady):
        await commit.submit(["late"])


async def test_somebody_who_hangs_up_cancels_nothing() -> None:
    book = Book()
    commit = group(book)
    book.gate.clear()
    gone = asyncio.create_task(commit.submit(["gone"]))
    stays = asyncio.create_task(commit.submit(["stays"]))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.sleep(0)
    book.gate.set()
    assert await stays == ["STAYS"]
    assert book.groups == [["gone", "stays"]]


async def test_groups_commit_at_the_same_time_when_there_are_several_writers() -> None:
    meeting = asyncio.Barrier(2)

    async def write(rows: Sequence[str]) -> Sequence[str]:
        await asyncio.wait_for(meeting.wait(), timeout=5)
        return rows

    commit: GroupCommit[str, str] = GroupCommit(write, rows=1, queue=10, writers=2)
    assert list(await asyncio.gather(commit.submit(["a"]), commit.submit(["b"]))) == [["a"], ["b"]]


@pytest.mark.parametrize("writers", [1, 2])
@pytest.mark.parametrize("turns", range(10))
async def test_whoever_comes_at_the_moment_a_writer_leaves_is_written_too(writers: int, turns: int) -> None:
    book = Book()
    commit = group(book, writers=writers)
    first = [asyncio.create_task(commit.submit([str(number)])) for number in range(writers)]
    for _ in range(turns):
        await asyncio.sleep(0)
    assert await asyncio.wait_for(commit.submit(["late"]), 5) == ["LATE"]
    await asyncio.gather(*first)
    await commit.close()
    assert commit.depth == 0
