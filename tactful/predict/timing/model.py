"""The cold start: how good a moment is, from presence, hour, answers, the exchange and the sender. Pure.

Each is a grade between 0 and 1, null where nothing is known of it; the weights of the others then make up the whole.
"""

from collections.abc import Mapping

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows

# What a moment is told by -> what learning may know of it.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "presence": ("silence", "sessions_day", "sessions_week", "wrote_day", "soon", "long_silences"),
    "hour": ("hour_now",),
    "answers": ("continues", "swift", "chance_hour", "chance_day", "chance_continued", "unheard"),
    "exchange": (
        "first", "since_back", "owed", "owed_for", "answered", "answered_day", "answer_time", "back_hour", "sent_week",
    ),
    "sender": ("sender_heard", "sender_wrote_day", "sender_heard_day", "sender_got", "sender_got_week"),
}  # fmt: skip
# Those that change with the hour: they say whether now is better than another time.
PASSING = ("presence", "hour")
PASSING_LOGS = ("soon", "hour_now")

_DEFAULT = Settings({})


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How good now is to write to each person: the columns of COLD, each factor's part, and `now`.

    given: columns of GIVEN. now: of PASSING alone, the chance that they come within the hour [0..1]: that of a silence
    like theirs, times as likely as this hour of their week is, in odds; null where neither is known. Somebody of whom
    nothing is known has no score. Source: the seed names peak hours alone; presence comes first because it told
    more than hours did (recency .820 against .688 on TM-A@1h).
    """
    chosen = _DEFAULT if settings is None else settings
    grades = {name: grade.fill_nan(None).clip(0, 1) for name, grade in _grades().items()}
    return given.lazy().with_columns(**grades).select(**_verdict(chosen)).collect()


def _grades() -> Mapping[str, pl.Expr]:
    column = pl.col
    never = column("silence").is_null() & column("sessions_week").is_not_null()
    return {
        "presence": pl.when(never).then(0.0).otherwise(odds("soon")),
        "hour": odds("hour_now"),
        "answers": pl.when(column("unheard").is_not_null()).then(odds("continues")),
        "exchange": pl.when(column("first") == 0).then(odds("answered_day")),
        "sender": odds("sender_got"),
    }


def odds(name: str) -> pl.Expr:
    """The chance whose log-odds a column tells; for a ratio to an even chance, one half is even."""
    return 1 / (1 + (-pl.col(name).clip(-30, 30)).exp())


def _verdict(s: Settings) -> Mapping[str, pl.Expr]:
    weights = dict(zip(FACTORS, (s[row] for row in rows.WEIGHTS), strict=True))
    weight, sessions = _known(weights), (pl.col("sessions_week").clip(0, 30).exp() - 1).fill_null(0)
    parts = {name: pl.when(weight > 0).then(pl.col(name) * each / weight) for name, each in weights.items()}
    soon, hour = (pl.col(name).fill_nan(None).clip(-30, 30) for name in PASSING_LOGS)
    never, chance = pl.col("presence") == 0, pl.sum_horizontal(soon, hour)
    some = soon.is_not_null() | hour.is_not_null()
    return {
        "score": pl.when(weight > 0).then(pl.sum_horizontal(parts.values()).clip(0, 1)),
        "confidence": weight / max(sum(weights.values()), 1e-9) * sessions / (sessions + s[rows.CONFIDENT_SESSIONS]),
        **parts,
        "now": pl.when(never).then(0.0).when(some).then(1 / (1 + (-chance).exp())),
    }


def _known(weights: Mapping[str, float]) -> pl.Expr:
    """What the factors weigh of which something is known."""
    return pl.sum_horizontal(pl.col(name).is_not_null() * weight for name, weight in weights.items())
