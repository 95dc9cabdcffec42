"""Visits: one stay of one person on one page in one tab, told from beats. No database.

A tab is known by when its page was opened: the beat's time less its time on page. Only time that
was not told before counts: however many tabs somebody has, a second of theirs is one second.

A page may name its visits instead. Then what counts of one follows from the least and the most that its beats told,
whatever their order and however often each came: its time in sight, as far as nothing else counted in that stretch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tactful.facts.beats import Beat
from tactful.store.sensed.claims import Stretch, claim, flat, length, pairs

# Clocks of browsers are read to the second.
RESTART = 1.0

# A person, a page, and the content on it ('' for none).
Place = tuple[int, str, str]
# A place, and what the page calls its visit there.
Name = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay. opened_at: by its first beat; time_on_page: the longest told; seconds: those that count here."""

    person_id: int
    page: str
    content_id: str
    opened_at: datetime
    organisation_id: int
    topic: str | None
    last_beat_at: datetime
    time_on_page: float
    seconds: float
    scroll_count: int
    mouse_hesitations: int
    # Of those that their pages name: since when at least; what of time_on_page was counted by an earlier part, before
    # it fell silent [s]; which stretches of time count here.
    visit_id: str = ""
    since: datetime | None = None
    before: float = 0.0
    claims: list[float] | None = None

    @property
    def name(self) -> Name:
        """What tells visits with names apart, also from those that are over."""
        return *self.place, self.visit_id

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.person_id, self.page, self.content_id

    @property
    def key(self) -> tuple[int, str, str, datetime, str]:
        """What tells open visits apart."""
        return self.person_id, self.page, self.content_id, self.opened_at, self.visit_id

    def silent(self, beat: Beat, timeout: timedelta) -> bool:
        """Whether it was over when `beat` came."""
        return beat.at - self.last_beat_at > timeout

    def fits(self, beat: Beat, tolerance: float) -> bool:
        """Whether `beat` may come from the same tab.

        A tab's time on page may lag behind ours (it was hidden, the message was late); it never runs ahead.
        """
        later = (opened(beat) - self.opened_at).total_seconds()
        goes_on = beat.at >= self.last_beat_at and beat.time_on_page + RESTART >= self.time_on_page
        return -tolerance <= later and (later <= tolerance or goes_on)

    def with_beat(self, beat: Beat, told: datetime | None) -> "Visit":
        """This visit, a beat longer. told: until when the person's time was counted."""
        return replace(
            self,
            topic=beat.topic or self.topic,
            last_beat_at=max(self.last_beat_at, beat.at),
            time_on_page=max(self.time_on_page, beat.time_on_page),
            seconds=self.seconds + fresh(beat.time_on_page - self.time_on_page, beat.at, told),
            scroll_count=max(self.scroll_count, beat.scroll_count),
            mouse_hesitations=max(self.mouse_hesitations, beat.mouse_hesitations),
        )

    def with_named(self, beat: Beat, taken: list[Stretch]) -> "Visit":
        """This visit, which has a name, a beat longer. taken: what counts of their time; what is new joins it."""
        began = beat.at - timedelta(seconds=beat.time_on_page - self.before)
        longer = replace(
            self,
            topic=beat.topic or self.topic,
            since=began if self.since is None else min(self.since, began),
            last_beat_at=max(self.last_beat_at, beat.at),
            time_on_page=max(self.time_on_page, beat.time_on_page),
            scroll_count=max(self.scroll_count, beat.scroll_count),
            mouse_hesitations=max(self.mouse_hesitations, beat.mouse_hesitations),
        )
        assert longer.since is not None
        need = longer.time_on_page - longer.before - longer.seconds
        got = claim(longer.since.timestamp(), longer.last_beat_at.timestamp(), need, taken)
        taken += got
        claims = flat([*pairs(self.claims), *got])
        return replace(longer, seconds=self.seconds + length(got), claims=claims)


def opened(beat: Beat) -> datetime:
    """When the beat's page was opened, as its tab has it."""
    return beat.at - timedelta(seconds=beat.time_on_page)


def fresh(seconds: float, at: datetime, told: datetime | None) -> float:
    """How much of the `seconds` up to `at` lies after `told`."""
    return max(0.0, seconds if told is None else min(seconds, (at - told).total_seconds()))


class Open:
    """The visits that are open, brought up to date beat by beat. tolerance: see `Visit.fits` [s].

    told: the time on page that was told of visits with names that are over [s].
    """

    def __init__(
        self, visits: list[Visit], *, timeout: timedelta, tolerance: float, told: Mapping[Name, float] | None = None
    ) -> None:
        self.ended: list[Visit] = []
        self._told = dict(told or {})
        self._timeout = timeout
        self._tolerance = tolerance
        self._places: dict[Place, list[Visit]] = {}
        for visit in visits:
            self._places.setdefault(visit.place, []).append(visit)

    @property
    def standing(self) -> list[Visit]:
        """Those that are open still, in order."""
        return sorted((visit for here in self._places.values() for visit in here), key=lambda visit: visit.key)

    def hear(self, place: Place, organisation_id: int, beat: Beat, told: datetime | None) -> None:
        """Take in one beat; those of one person in order of time."""
        here = self._here(place, beat)
        tab = self._tab(here, beat)
        if tab is None:
            here.append(_opened(place, organisation_id, beat, told))
        else:
            here[tab] = here[tab].with_beat(beat, told)

    def hear_named(self, place: Place, organisation_id: int, beat: Beat, taken: list[Stretch]) -> None:
        """Take in one beat of a visit with a name, in any order; taken: see `Visit.with_named`."""
        here = self._here(place, beat)
        known = next((number for number, visit in enumerate(here) if visit.visit_id == beat.visit), None)
        before = self._told.get((*place, beat.visit))
        if known is not None:
            here[known] = here[known].with_named(beat, taken)
        elif before is None or beat.time_on_page > before:
            # What was told of one that is over and comes again opens nothing.
            new = _opened(place, organisation_id, beat, None)
            new = replace(new, seconds=0.0, visit_id=beat.visit, before=before or 0.0, claims=[])
            here.append(new.with_named(beat, taken))

    def _here(self, place: Place, beat: Beat) -> list[Visit]:
        """Those that are open where the beat comes from, once those that fell silent are ended."""
        here = self._places.setdefault(place, [])
        if any(visit.silent(beat, self._timeout) for visit in here):
            silent = [visit for visit in here if visit.silent(beat, self._timeout)]
            self.ended += silent
            self._told |= {visit.name: visit.time_on_page for visit in silent if visit.visit_id}
            here[:] = [visit for visit in here if not visit.silent(beat, self._timeout)]
        return here

    def _tab(self, here: list[Visit], beat: Beat) -> int | None:
        fitting = [
            number for number, visit in enumerate(here) if not visit.visit_id and visit.fits(beat, self._tolerance)
        ]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        start = opened(beat)
        return min(fitting, key=lambda number: abs(here[number].opened_at - start))


def _opened(place: Place, organisation_id: int, beat: Beat, told: datetime | None) -> Visit:
    return Visit(
        *place,
        opened(beat),
        organisation_id,
        beat.topic,
        beat.at,
        beat.time_on_page,
        fresh(beat.time_on_page, beat.at, told),
        beat.scroll_count,
        beat.mouse_hesitations,
    )
