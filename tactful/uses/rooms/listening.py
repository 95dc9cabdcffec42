"""The sessions a process listens to, in arrays: what was heard lately, where each stands, and the detectors.

A session's stretches of ten seconds are told to the detectors in order, each once and a second after it is over, so
that what was on its way has come. Rows of the arrays are those of the detectors. One thread at a time.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tactful.facts.engagement import BACK, Heard, Score
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.predict.anomaly import BREAK, QUESTIONS, TALK, Anomaly, Detector, Usual, reasons
from tactful.uses.rooms.noticed import Noticed

log = logging.getLogger(__name__)

Rows = NDArray[np.int64]
# A stretch, and how long after its end it is listened to [s].
STRETCH, WAIT = 10, 1
AGENDA = {"talk": TALK, "questions": QUESTIONS, "break": BREAK}
# After so many stretches what the detectors know is kept again.
KEEP_EVERY = 3
# What is kept of a score: itself, and its parts.
SAID = ("score", "activity", "attention", "staying", "rate")


@dataclass(slots=True)
class Session:
    """A session that is listened to.

    started, ends: seconds since 1970. revision: of what was said of it. epoch: the number it is held under. next: the
    stretch to be told next. kept: the one that was next when a snapshot was taken. seq: the last signal heard.
    """

    id: int
    organisation_id: int
    row: int
    started: int
    ends: float
    agenda: Sequence[tuple[str, float, float]]
    revision: int
    epoch: int = 0
    next: int = 0
    kept: int = 0
    seq: int = 0

    def stage(self, second: float) -> int:
        """What the agenda says of a second."""
        on = [kind for kind, start, end in self.agenda if start < second <= end]
        return BREAK if "break" in on else QUESTIONS if "questions" in on else TALK

    def elapsed(self, second: float) -> float:
        """Share of the planned time that is over; nan where no end is planned."""
        return (second - self.started) / (self.ends - self.started) if self.ends > self.started else float("nan")


class Listening:
    """All sessions of this process. Nothing here reads a clock or the database."""

    def __init__(self, settings: Settings) -> None:
        self.sessions: dict[int, Session] = {}
        self._by_row: dict[int, Session] = {}
        self._detector = Detector(settings)
        self._heard = Heard.of(0)
        self._second = 0

    @property
    def viewers(self) -> NDArray[np.float64]:
        """Who is there now, by row."""
        return self._heard.viewers

    @property
    def now(self) -> int:
        """The second the time has come to."""
        return self._second

    def begin(
        self, live: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]], epochs: Mapping[int, int]
    ) -> None:
        """Take up sessions (rows of `store.running.listening.described`), with what was kept of them.

        epochs: the number under which each session is held.
        """
        snapshots = {row["live_session_id"]: row for row in kept}
        for told in live:
            snapshot = snapshots.get(told["live_session_id"])
            row = None if snapshot is None else self._restored(snapshot)
            known = 0 if snapshot is None or row is None else snapshot["bins"]
            if row is None:
                [row] = self._detector.add(1, usual=Usual(told["prior_level"], told["prior_spread"]))
            self._grow(int(row))
            session = _session(told, int(row))
            session.epoch = epochs[session.id]
            session.next = session.kept = known
            self.sessions[session.id] = self._by_row[session.row] = session
            self._heard.forget(np.array([session.row]))

    def _restored(self, snapshot: Mapping[str, Any]) -> int | None:
        """The row of a session that goes on where a snapshot was taken; None where it cannot be read."""
        try:
            [row] = self._detector.restore(bytes(snapshot["body"]))
        except BadInput as error:
            log.warning("Live session %d is listened to anew: %s", snapshot["live_session_id"], error)
            return None
        return int(row)

    def catch_up(self, told: Iterable[Mapping[str, Any]]) -> list[Noticed]:
        """Tell the detectors once more what they were told of sessions before; what they notice may be new to nobody.

        told: rows of `store.running.listening.told`, in order of stretches.
        """
        noticed: list[Noticed] = []
        for row in told:
            session = self.sessions.get(row["live_session_id"])
            if session is not None and row["bin"] >= session.next:
                found, _ = self._advance([session], [row["ends"]], [row["viewers"]], [row["signals"]])
                noticed += found
                session.next = row["bin"] + 1
        return noticed

    def unread(self, live: Mapping[int, int]) -> list[int]:
        """Of the sessions that are live (number -> revision), those of which something is not known here."""
        known = self.sessions
        return [each for each, revision in live.items() if each not in known or known[each].revision != revision]

    def change(self, live: Sequence[Mapping[str, Any]]) -> None:
        """Take note of what was said of sessions meanwhile: their agenda and when they end."""
        for told in live:
            session = self.sessions[told["live_session_id"]]
            fresh = _session(told, session.row)
            session.ends, session.agenda, session.revision = fresh.ends, fresh.agenda, fresh.revision

    def end(self, gone: Iterable[int]) -> None:
        """Stop listening to these."""
        sessions = [self.sessions.pop(each) for each in gone]
        if sessions:
            self._detector.remove(np.array([session.row for session in sessions]))
        for session in sessions:
            del self._by_row[session.row]

    def heard(self) -> dict[int, int]:
        """The last signal heard of each session: number -> seq."""
        return {each.id: each.seq for each in self.sessions.values()}

    def turn(self, second: int) -> None:
        """Let the time come to `second` (whole, since 1970)."""
        for each in range(max(self._second + 1, second - BACK + 1), second + 1):
            self._heard.turn(each)
        self._second = max(second, self._second)

    def hear(self, news: pl.DataFrame) -> None:
        """Take in sums of seconds (`store.sensed.seconds.HEARD`) up to the present second."""
        news = news.filter(pl.col("live_session_id").is_in(list(self.sessions)))
        if news.is_empty():
            return
        rows = np.array([self.sessions[each].row for each in news["live_session_id"].to_list()])
        new = [each for each in self.sessions.values() if each.seq == 0]
        self._heard.here(rows, news["viewers"].to_numpy().astype(np.float64), self._second)
        for session, seq in news.group_by("live_session_id").agg(pl.col("seq").max()).iter_rows():
            self.sessions[session].seq = max(seq, self.sessions[session].seq)
        seconds = news["at"].dt.epoch("s").to_numpy()
        lately = (seconds > self._second - BACK) & (seconds <= self._second)
        told = news.select(
            heard=pl.sum_horizontal("chats", "reactions", "questions", "hands").cast(pl.Float64),
            votes=pl.col("votes").cast(pl.Float64), attention="attention_sum",
            asked=pl.col("attention_count").cast(pl.Float64),
        ).filter(pl.Series(lately))  # fmt: skip
        sums = {name: told[name].to_numpy() for name in told.columns}
        self._heard.put(rows[lately], seconds[lately], **sums)
        self._look_back(new, news.filter(pl.Series(lately)))

    def _look_back(self, new: Sequence[Session], news: pl.DataFrame) -> None:
        """Who was there before sessions were taken up: nobody listened here, and people came and went."""
        places = {each.id: place for place, each in enumerate(new)}
        news = news.filter(pl.col("live_session_id").is_in(list(places)))
        if news.is_empty():
            return
        moved = np.zeros((len(new), BACK))
        seconds = news["at"].dt.epoch("s").to_numpy() - (self._second - BACK + 1)
        whose = np.array([places[each] for each in news["live_session_id"].to_list()])
        np.add.at(moved, (whose, seconds), (news["joins"] - news["leaves"]).to_numpy())
        self._heard.here_before(np.array([each.row for each in new]), moved, self._second)

    def score(self) -> tuple[list[Session], Score]:
        """How engaged each audience is now; the sessions, and a score for the row of each."""
        sessions = list(self.sessions.values())
        self._set_usual(sessions)
        started = np.zeros(self._heard.viewers.size)
        started[[each.row for each in sessions]] = [each.started for each in sessions]
        return sessions, self._heard.score(self._second, started=started)

    def due(self, scores: Score) -> tuple[list[Noticed], list[dict[str, Any]]]:
        """Tell the detectors of every stretch that is over: what they notice, and what they were told, to be kept."""
        noticed: list[Noticed] = []
        written: list[dict[str, Any]] = []
        self._pass_over()
        while sessions := [each for each in self.sessions.values() if _end(each, each.next) + WAIT <= self._second]:
            ends = np.array([_end(each, each.next) for each in sessions])
            rows = np.array([each.row for each in sessions])
            signals = self._heard.stretch(rows, ends, STRETCH)
            viewers = self._heard.viewers_at(rows, ends - 1)
            found, usual = self._advance(sessions, ends, viewers, signals)
            noticed += found
            for number, session in enumerate(sessions):
                # Scores are of now. Of stretches long over, told late, it is not known how engaged anybody was then.
                lately = ends[number] + STRETCH > self._second
                told = scores if lately else None
                written.append(_row(session, ends[number], viewers[number], signals[number], usual[number], told))
                session.next += 1
        return noticed, written

    def attend(self) -> list[Noticed]:
        """Look for mass exits alone, in every session, between two stretches."""
        sessions = list(self.sessions.values())
        if not sessions:
            return []
        rows = np.array([each.row for each in sessions])
        second = self._second
        found = self._detector.attend(
            rows,
            viewers=self._heard.viewers[rows],
            elapsed=np.array([each.elapsed(second) for each in sessions]),
            agenda=np.array([each.stage(second) for each in sessions]),
        )
        return [self._told(each, self._by_row[each.row], second, self._by_row[each.row].next) for each in found]

    def kept(self, *, everything: bool = False) -> list[tuple[int, int, int, bytes]]:
        """Snapshots of sessions whose turn it is, rows of `store.running.listening.keep`; each once.

        One that is lost on its way is made up for by what the detectors were told since the one before.
        """
        due = [
            each
            for each in self.sessions.values()
            if each.kept != each.next and (everything or each.next % KEEP_EVERY == each.id % KEEP_EVERY)
        ]
        for each in due:
            each.kept = each.next
        return [(each.id, each.organisation_id, each.next, self._snapshot(each)) for each in due]

    def _snapshot(self, session: Session) -> bytes:
        return self._detector.snapshot(np.array([session.row]))

    def _advance(
        self, sessions: Sequence[Session], ends: ArrayLike, viewers: ArrayLike, signals: ArrayLike
    ) -> tuple[list[Noticed], NDArray[np.float64]]:
        rows = np.array([each.row for each in sessions])
        until = np.asarray(ends, np.float64).tolist()
        found = self._detector.advance(
            rows,
            viewers=np.asarray(viewers, np.float64),
            signals=np.asarray(signals, np.float64),
            elapsed=np.array([each.elapsed(end) for each, end in zip(sessions, until, strict=True)]),
            agenda=np.array([each.stage(end) for each, end in zip(sessions, until, strict=True)]),
        )
        by_row = {each.row: (each, end) for each, end in zip(sessions, until, strict=True)}
        noticed = [
            self._told(each, by_row[each.row][0], by_row[each.row][1], by_row[each.row][0].next) for each in found
        ]
        usual, _ = self._detector.usual(rows)
        return noticed, usual

    def _told(self, found: Anomaly, session: Session, second: float, number: int) -> Noticed:
        at = datetime.fromtimestamp(int(second), UTC)
        return Noticed(
            live_session_id=session.id,
            bin=number,
            at=at,
            kind=found.kind,
            severity=found.severity,
            probability=found.probability,
            engagement=found.score,
            expected=found.expected_score,
            change=found.change,
            reasoning=" ".join(reasons(found, at)),
            facts=_facts(found),
        )

    def _pass_over(self) -> None:
        """Leave out stretches so long ago that nothing is known of them here: nobody listened then."""
        for session in self.sessions.values():
            first = self._second - BACK + 1
            session.next = max(session.next, -(-(first - session.started) // STRETCH))

    def _set_usual(self, sessions: Sequence[Session]) -> None:
        if sessions:
            rows = np.array([each.row for each in sessions])
            levels, _ = self._detector.usual(rows)
            self._heard.usual[rows] = np.exp(levels)

    def _grow(self, row: int) -> None:
        if row >= self._heard.viewers.size:
            self._heard = self._heard.grown(max(64, 2 * (row + 1)))


def _session(told: Mapping[str, Any], row: int) -> Session:
    ends = told["ends_at"].timestamp() if told["ends_at"] is not None else float("nan")
    agenda = [(kind, start, end) for kind, start, end in told["agenda"]]
    started = int(told["started_at"].timestamp())
    return Session(told["live_session_id"], told["organisation_id"], row, started, ends, agenda, told["revision"])


def _end(session: Session, number: int) -> int:
    return session.started + STRETCH * (number + 1)


def _facts(found: Anomaly) -> dict[str, float]:
    facts = {"now": found.now, "expected": found.expected, "viewers": found.viewers, "minutes": found.seconds / 60}
    facts["lost"] = -found.change
    return facts | ({"before": found.expected} if found.kind == "MASS_EXIT" else {})


def _row(
    session: Session, end: float, viewers: float, signals: float, usual: float, scores: Score | None
) -> dict[str, Any]:
    values = {} if scores is None else {name: known(getattr(scores, name)[session.row]) for name in SAID}
    parts = {name: values.get(name) for name in SAID[1:]}
    return {
        "live_session_id": session.id,
        "organisation_id": session.organisation_id,
        "at": datetime.fromtimestamp(int(end), UTC),
        "bin": session.next,
        "viewers": int(viewers),
        "signals": float(signals),
        "score": values.get("score"),
        "parts": json.dumps(parts | {"usual": float(np.exp(usual))}),
    }


def known(value: float) -> float | None:
    """A number as it is told; None where it is not known."""
    return None if value != value else round(float(value), 4)
