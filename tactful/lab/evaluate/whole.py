"""Every task there is, two at a time: a task whose data is not there is left out, and said to be."""

import sys
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate.rows import Row, Task

# Processes side by side. Each uses one core, so that two cores are busy and no figure depends on how many there are.
PROCESSES = 2
# Begun before the others: what takes longest must not be left for the end.
FIRST = ("KT-A", "CH-A", "KT-C")


class Done(NamedTuple):
    """What came of a task. missing: the sentence that says which file is not there."""

    rows: list[Row]
    seconds: float
    missing: str = ""


def whole(tasks: Mapping[str, Task], data: Path) -> list[Row]:
    """Rows of all `tasks`, in their order; how far it is stands on standard error.

    raises: NotFound where there is data for none of them.
    """
    done: dict[str, Done] = {}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        names = sorted(tasks, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
        begun = {processes.submit(carried_out, tasks[name], data): name for name in names}
        for each in as_completed(begun):
            done[begun[each]] = _result(each, begun)
            print(f"{len(done)} of {len(tasks)}: {_said(begun[each], done[begun[each]])}", file=sys.stderr, flush=True)
    if all(each.missing for each in done.values()):
        raise NotFound(
            f"None of the public data sets is in {data}; give the folder that holds them with --data.", fields=["data"]
        )
    return [row for name in tasks for row in done[name].rows]


def carried_out(task: Task, data: Path) -> Done:
    """One task, on one core."""
    start = perf_counter()
    try:
        with threadpool_limits(1):
            rows = task(data)
    except NotFound as error:
        return Done([], 0.0, error.detail)
    return Done(rows, perf_counter() - start)


def _result(each: "Future[Done]", begun: Mapping["Future[Done]", str]) -> Done:
    """raises: what the task raised; those that have not begun are given up then."""
    try:
        return each.result()
    except BaseException:
        for other in begun:
            other.cancel()
        raise


def _said(name: str, done: Done) -> str:
    return f"{name} left out. {done.missing}" if done.missing else f"{name} took {done.seconds:.0f} s"
