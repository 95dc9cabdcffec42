"""How engaged a live audience is: what was heard lately for each viewer, read at the moment it is asked for.

Everything lies in arrays over all sessions of a process: the sums of each of the last seconds, whole, so that reading
one again adds nothing and a late signal counts in its own second. What is heard fades by half every 30 s. Silence is
therefore seen as silence, whether or not anything comes in.
"""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

# Seconds that are looked back on; and in how many what is heard counts half.
BACK = 128
HALF = 30.0
# The usual rate of signals, where nothing is known of an organisation: mean and deviation of its logarithm, per viewer
# and 10 s (sessions of the public sets; docs/decisions).
USUAL = (-3.0, 0.73)
# What is heard of an audience, beside votes, which answer what we ask ourselves.
HEARD = ("chats", "reactions", "questions", "hands")
# What a score is made of. What is not known is left out, and the rest counts for more.
WEIGHTS = {"activity": 0.7, "attention": 0.15, "staying": 0.15}
# How much a session of few is believed to be as usual: as if so many signals more had been heard.
BELIEVED = 1.0


class Score(NamedTuple):
    """Scores of some sessions and their parts, 0..1; NaN where nothing is known.

    rate: signals heard for each viewer in 10 s.
    """

    score: Floats
    activity: Floats
    attention: Floats
    staying: Floats
    rate: Floats


@dataclass(slots=True)
class Heard:
    """Sums of the last BACK seconds, one row for each session. `viewers`: who is there now, and at each of them.

    A place is the second modulo BACK; what lies there belongs to that second, once `turn` has been there.
    """

    signals: NDArray[np.float32]
    votes: NDArray[np.float32]
    attention: NDArray[np.float32]
    asked: NDArray[np.float32]
    audience: NDArray[np.float32]
    viewers: Floats
    usual: Floats

    @classmethod
    def of(cls, rows: int) -> "Heard":
        """Nothing heard yet, of so many sessions."""
        signals, votes, attention, asked, audience = np.zeros((5, rows, BACK), np.float32)
        return cls(signals, votes, attention, asked, audience, np.zeros(rows), np.full(rows, np.exp(USUAL[0])))

    def turn(self, second: int) -> None:
        """Begin a second (whole, since 1970): what lay in its place BACK seconds ago is forgotten."""
        place = second % BACK
        for table in (self.signals, self.votes, self.attention, self.asked):
            table[:, place] = 0
        self.audience[:, place] = self.viewers

    def put(self, rows: Rows, seconds: Rows, *, heard: Floats, votes: Floats, attention: Floats, asked: Floats) -> None:
        """Set the sums of seconds of these rows; at most the last BACK ones may be named."""
        places = seconds % BACK
        self.signals[rows, places] = heard
        self.votes[rows, places] = votes
        self.attention[rows, places] = attention
        self.asked[rows, places] = asked

    def here(self, rows: Rows, viewers: Floats, second: int) -> None:
        """Set who is there now."""
        self.viewers[rows] = viewers
        self.audience[rows, second % BACK] = viewers

    def here_before(self, rows: Rows, moved: Floats, second: int) -> None:
        """Set who was there in the seconds before `second`, reckoned back from who is there now.

        moved: [rows, BACK] who came, less who went, in each of the last seconds, oldest first.

        >>> heard = Heard.of(1)
        >>> heard.here(np.array([0]), np.array([40.0]), 1000)
        >>> moved = np.zeros((1, BACK))
        >>> moved[0, -3] = -60
        >>> heard.here_before(np.array([0]), moved, 1000)
        >>> heard.viewers_at(np.array([0, 0, 0]), np.array([996, 997, 1000])).tolist()
        [100.0, 100.0, 40.0]
        """
        since = moved[:, ::-1].cumsum(axis=1)[:, ::-1]
        seconds = np.arange(second - BACK + 1, second + 1)
        before = np.maximum(self.viewers[rows, None] - since[:, 1:], 0)
        self.audience[rows[:, None], seconds[None, :-1] % BACK] = before

    def viewers_at(self, rows: Rows, seconds: Rows) -> Floats:
        """Who was there at these seconds, of the last BACK ones."""
        there: Floats = self.audience[rows, seconds % BACK].astype(np.float64)
        return there

    def forget(self, rows: Rows) -> None:
        """Empty rows for sessions that are new to them."""
        for table in (self.signals, self.votes, self.attention, self.asked, self.audience):
            table[rows] = 0
        self.viewers[rows] = 0
        self.usual[rows] = np.exp(USUAL[0])

    def grown(self, rows: int) -> "Heard":
        """The same with room for so many sessions."""
        more = Heard.of(rows)
        for name in (field.name for field in fields(Heard)):
            getattr(more, name)[: self.viewers.size] = getattr(self, name)
        return more

    def stretch(self, rows: Rows, ends: Rows, length: int) -> Floats:
        """Signals heard in the `length` seconds before `ends` (exclusive), votes left out."""
        places = (ends[:, None] - np.arange(1, length + 1)[None, :]) % BACK
        heard: Floats = self.signals[rows[:, None], places].sum(axis=1, dtype=np.float64)
        return heard

    def score(self, second: int, *, started: Floats) -> Score:
        """How engaged each audience is in the second that has just begun. started: when each session did [s].

        Signals of each viewer, faded, beside what is usual in this session: r / (r + usual) is one half where it is as
        usual and never reaches 1. In a small or young session, little is heard by chance; it is believed to be as
        usual as if BELIEVED signals more had been heard.
        """
        ages = (second - 1 - np.arange(BACK)) % BACK
        ages = np.where(ages < BACK - 1, ages, np.inf)
        fade = np.exp2(-ages / HALF).astype(np.float32)
        lived = np.clip(second - started, 1, BACK)
        # Seconds of listening, faded, each of which every viewer could have been heard in.
        listened = (1 - np.exp2(-lived / HALF)) / (1 - np.exp2(-1 / HALF))
        amount = (self.signals + self.votes) @ fade
        exposure = self.viewers * listened / 10
        usual = self.usual
        rate = (amount + BELIEVED) / (exposure + BELIEVED / usual)
        activity = rate / (rate + usual)
        asked = self.asked @ fade
        with np.errstate(invalid="ignore", divide="ignore"):
            attention = np.where(asked > 0, (self.attention @ fade) / asked, np.nan)
            most = self.audience.max(axis=1)
            staying = np.where(most > 0, np.minimum(self.viewers / most, 1), np.nan)
        nobody = self.viewers <= 0
        activity = np.where(nobody, np.nan, activity)
        parts = np.column_stack([activity, attention, staying])
        weights = np.where(
            np.isnan(parts), 0, np.array([WEIGHTS["activity"], WEIGHTS["attention"], WEIGHTS["staying"]])
        )
        total = weights.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            score = np.where(nobody, np.nan, np.nansum(parts * weights, axis=1) / total)
        return Score(score, activity, attention, staying, rate)
