"""Generated messages: people with hours and a willingness of their own, who write to each other and answer, or not."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from tactful.facts import contacts, rhythm
from tactful.facts.contacts import CONTACT
from tactful.facts.rhythm import CELL
from tactful.kernel.chance import mix

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)
BEGIN = AT - timedelta(days=40)


def draw(seed: int, number: int) -> float:
    """Uniform in [0, 1), the same every time."""
    words = mix(np.array([number], dtype=np.uint64), seed)
    return float(words[0] >> np.uint64(11)) / 2**53


def log(people: int, days: int) -> pl.DataFrame:
    """CONTACT: everybody comes at hours of their own, writes to somebody and answers those who are worth it to them."""
    rows: list[tuple[datetime, int, int]] = []
    waiting: dict[int, list[int]] = {}
    for hour in range(days * 24):
        for person in range(people):
            apart = abs((hour - 24 * draw(1, person) + 12) % 24 - 12)
            if draw(2 + person, hour) > 0.75 * np.exp(-apart / 3):
                continue
            at = BEGIN + timedelta(hours=hour, minutes=2 + 40 * draw(90, hour * people + person))
            for sender in waiting.pop(person, []):
                if draw(91, hour * people + person + sender) < 0.1 + 0.85 * draw(3, person):
                    rows.append((at, person, sender))
                    at += timedelta(minutes=1)
            other = int(draw(92, hour * people + person) * people)
            if other != person and draw(93, hour * people + person) < 0.5:
                rows.append((at, person, other))
                waiting.setdefault(other, []).append(person)
    return pl.DataFrame(rows, schema=CONTACT, orient="row").sort("at", maintain_order=True)


def asked(messages: pl.DataFrame) -> pl.DataFrame:
    """What was known just before each message: columns of timing.ASKED; clocks show UTC."""
    stood, _ = contacts.advance(contacts.nothing(), messages)
    cells = messages.select(
        person_id="from_id", day=pl.col("at").dt.date(), hour=pl.col("at").dt.hour().cast(pl.Int32),
        score_sum=pl.lit(None, pl.Float64), score_count=pl.lit(None, pl.Float64),
    ).select(list(CELL))  # fmt: skip
    about = cells.with_columns(person_id=messages["to_id"], hour=pl.lit(None, pl.Int32))
    order = np.arange(2 * cells.height).reshape(2, -1).T.reshape(-1)
    own, _ = rhythm.advance(rhythm.nothing(), pl.concat([about, cells])[order])
    own = own.gather_every(2)
    clock = {
        "local_day": pl.col("at").dt.date(),
        "local_minute": pl.col("at").dt.hour().cast(pl.Int32) * 60 + pl.col("at").dt.minute().cast(pl.Int32),
    }
    return stood.with_columns(**clock).with_columns(own["day"].alias("rhythm_day"), own["hours"])
