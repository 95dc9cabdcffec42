"""How long it takes to choose what to say in a live session, and to say it, beside looking at every template."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from tactful.compose.polls import POLL, Context, library, render, suitable
from tactful.compose.polls.template import ANOMALIES, LANGUAGES, PHASES, REMEMBERED, SEVERITIES
from tactful.lab.bench import result

CHOICES = 20_000
# Rooms that one process looks after; each has a topic, a title and a past of its own.
ROOMS = 1_000
TOPICS = ("", "Kubernetes in production", "The history of tides", "Grammatik für alle", "Leadership")
# What the seed states for its choice of a poll [microseconds].
SEED = 1_000.0
Way = Callable[[Context], dict[str, Any]]


def run(size: float) -> dict[str, Any]:
    """Choosing and rendering a poll, beside a scan that renders every template to see which fits."""
    rooms = contexts(max(20, int(ROOMS * size)))
    choices = max(len(rooms), int(CHOICES * size))
    first = _once(rooms)
    chosen, scanned = _microseconds(_choose, rooms, choices), _microseconds(_scan, rooms, max(20, choices // 20))
    return result(
        "wording",
        value=chosen,
        unit="microseconds per choice",
        baseline="every template rendered, then the first that fits",
        baseline_value=scanned,
        ratio=chosen / scanned,
        higher_is_better=False,
        first_in_a_room=round(first, 2),
        of_which_rendering=round(_microseconds(_render, rooms, choices), 2),
        seed_microseconds=SEED,
        rooms=len(rooms),
        templates=len(library()),
    )


def contexts(rooms: int) -> list[Context]:
    """Moments in so many rooms, each unlike the next."""
    names = [template.name for template in library()]
    return [
        Context(
            ANOMALIES[number % 4],
            SEVERITIES[number // 4 % 4],
            10 ** (number % 6),
            PHASES[number // 3 % 3],
            topic=TOPICS[number % len(TOPICS)],
            title=f"Session {number}",
            language=LANGUAGES[number % 2],
            used=tuple(names[(number + each) % len(names)] for each in range(number % (REMEMBERED + 1))),
        )
        for number in range(rooms)
    ]


def _choose(context: Context) -> dict[str, Any]:
    return render(suitable(POLL, context)[0], context)


def _scan(context: Context) -> dict[str, Any]:
    said = {template.name: render(template, context) for template in library()}
    fitting = {template.name for template in suitable(POLL, context)}
    return next(told for name, told in said.items() if name in fitting)


def _render(context: Context) -> dict[str, Any]:
    return render(library()[0], context)


def _once(rooms: Sequence[Context]) -> float:
    """Per room, where none was met before."""
    library()
    start = time.perf_counter()
    for context in rooms:
        _choose(context)
    return (time.perf_counter() - start) / len(rooms) * 1e6


def _microseconds(way: Way, rooms: Sequence[Context], times: int) -> float:
    """Per call, after everything has been met once. The best of three, for others use this machine too."""
    for context in rooms:
        way(context)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        for number in range(times):
            way(rooms[number % len(rooms)])
        taken.append((time.perf_counter() - start) / times)
    return min(taken) * 1e6
