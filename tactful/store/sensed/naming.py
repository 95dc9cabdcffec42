"""What has to be known before beats of visits with names are heard, and no more than that.

Mostly nothing: the beat is the person's latest, its visit is open, and the time it tells went by since they were last
heard of. Beats without names cost nothing here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tactful.facts.beats import Beat
from tactful.store.sensed import told
from tactful.store.sensed.claims import NOTHING, Stretch
from tactful.store.sensed.resolve import Known
from tactful.store.sensed.visits import Name, Visit, opened
from tactful.store.steps import Steps

LONG_AGO = float("-inf")
Told = tuple[Known, Beat]
Looked = tuple[dict[Name, float], dict[int, list[Stretch]]]


def look(heard: Sequence[Told], standing: Sequence[Visit], counted: dict[int, datetime | None]) -> Steps[Looked]:
    """What was told of visits with names that are over, and what counts already of their people's time.

    heard: in order of time; standing: the open visits where they come from; counted: until when each person's time was.
    """
    named = [(person, beat) for person, beat in heard if beat.visit]
    if not named:
        return {}, {}
    known = {visit.name: (visit.time_on_page, visit.before + visit.seconds) for visit in standing if visit.visit_id}
    times = yield from told.times(_name(person, beat) for person, beat in named if _name(person, beat) not in known)
    known |= {name: (time, time) for name, time in times.items()}
    taken = {person.id: _before(counted[person.id]) for person, _ in named}
    doubtful = _doubtful(heard, known, dict(counted))
    if doubtful:
        starts = [opened(beat) for person, beat in named if person.id in doubtful]
        starts += [visit.since for visit in standing if visit.since is not None and visit.person_id in doubtful]
        # A clock may have been read a moment later than it was.
        taken |= yield from told.counted(sorted(doubtful), min(starts) - timedelta(seconds=1))
    return times, taken


def stretch(beat: Beat, until: datetime | None) -> Stretch:
    """What a beat without a name may have counted, where the person's time was counted until then."""
    start = opened(beat) if until is None else max(until, opened(beat))
    return min(start, beat.at).timestamp(), beat.at.timestamp()


def _doubtful(
    heard: Iterable[Told], known: dict[Name, tuple[float, float]], until: dict[int, datetime | None]
) -> set[int]:
    """Whose beats tell more time than went by since they were last heard of: late ones, or of two pages at once."""
    found: set[int] = set()
    for person, beat in heard:
        before = until[person.id]
        if beat.visit:
            name = _name(person, beat)
            longest, counts = known.get(name, (0.0, 0.0))
            need = max(longest, beat.time_on_page) - counts
            room = need if before is None else max(0.0, (beat.at - before).total_seconds())
            if need > room + NOTHING:
                found.add(person.id)
            known[name] = max(longest, beat.time_on_page), counts + min(need, room)
        until[person.id] = beat.at if before is None else max(before, beat.at)
    return found


def _before(until: datetime | None) -> list[Stretch]:
    return [] if until is None else [(LONG_AGO, until.timestamp())]


def _name(person: Known, beat: Beat) -> Name:
    return person.id, beat.page, beat.content_id or "", beat.visit
