"""Counting what people say to us: each message is an event, a row of user_engagements, and part of their pattern.

All in one transaction, under the locks of its people (`counting`). A message that comes again is answered as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from tactful.facts.interactions import HEARD, MESSAGE, Interaction
from tactful.facts.streaks import REST_DAYS
from tactful.kernel import ids
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.described.erasure import keep_everybody
from tactful.store.literals import rows as listed
from tactful.store.sensed import counting, events, resolve
from tactful.store.sensed.moods import LOW, MOODS
from tactful.store.sensed.resolve import Key, Known
from tactful.store.steps import Say, Steps, run

# Bytes of a mark that is made for a message without an id.
MARK = 12
# Told of each message, as it is answered.
ANSWERED = tuple(HEARD)

COLUMNS = {
    "organization_id": "bigint", "user_id": "bigint", "id": "text", "telegram_id": "bigint", "engagement_type": "text",
    "channel": "text", "session_id": "text", "message_text": "text", "previous_bot_message": "text",
    "sentiment_score": "float8", "sentiment_type": "text", "sentiment_confidence": "float8", "emotion": "text",
    "emotion_group": "text", "engagement_quality_score": "float8", "topics": "text[]", "language": "text",
    "occurred_at": "timestamptz", "created_at": "timestamptz",
}  # fmt: skip
NAMES = ", ".join(COLUMNS)
TYPED = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
STORE = f"INSERT INTO user_engagements ({NAMES}) SELECT {NAMES} FROM jsonb_to_recordset(%s) AS w ({TYPED})"

# Before anything of theirs is locked, as who erases takes people first: a pattern refers to its person.
HOLD = "SELECT count(*) FROM (SELECT 1 FROM people WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE) held"

MOOD = ("mood", "mood_slope", "mood_trend", "last_sentiment", "last_quality")
# Sums are added to, in whatever order messages come; what follows from the last ones is worked out anew.
FOLLOW = f"""
WITH news AS MATERIALIZED (SELECT * FROM {{news}}),
told AS ({MOODS.format(people="news", until="'infinity'")})
INSERT INTO user_behavior_patterns AS b
       (user_id, organization_id, total_interactions, sentiment_sum, sentiment_count, quality_sum,
        last_interaction_at, {", ".join(MOOD)}, need, updated_at)
SELECT n.person_id, n.organisation_id, n.messages, n.sentiment_sum, n.sentiment_count, n.quality_sum,
       t.last_message_at, {", ".join(f"t.{name}" for name in MOOD)},
       {LOW.format(mood="t.mood", last_at="t.last_message_at", at="{now}")}, {{now}}
  FROM news n JOIN told t USING (person_id) ORDER BY n.person_id
    ON CONFLICT (user_id) DO UPDATE
   SET total_interactions = b.total_interactions + excluded.total_interactions,
       sentiment_sum = b.sentiment_sum + excluded.sentiment_sum,
       sentiment_count = b.sentiment_count + excluded.sentiment_count,
       quality_sum = b.quality_sum + excluded.quality_sum, last_interaction_at = excluded.last_interaction_at,
       {", ".join(f"{name} = excluded.{name}" for name in MOOD)},
       need = greatest(excluded.need, CASE WHEN b.needs_re_engagement THEN b.churn_risk_score END),
       updated_at = excluded.updated_at
"""
NEWS = ("person_id", "organisation_id", "messages", "sentiment_sum", "sentiment_count", "quality_sum")
BEFORE = """
SELECT w.place, e.sentiment_score, e.sentiment_type, e.emotion_group, e.emotion, e.sentiment_confidence AS confidence,
       e.language, e.engagement_quality_score, e.topics
  FROM unnest(%s::int[], %s::bigint[], %s::text[]) AS w (place, user_id, id)
 CROSS JOIN LATERAL (SELECT * FROM user_engagements x WHERE x.user_id = w.user_id AND x.id = w.id
                      ORDER BY x.occurred_at LIMIT 1) e
"""


class Said(NamedTuple):
    """A message to be counted: whose, and HEARD of it."""

    organisation: str
    interaction: Interaction
    heard: Mapping[str, Any]


class Answer(NamedTuple):
    """What became of a message, and what is told of it. fresh: as of events, None of who was erased."""

    fresh: bool | None
    heard: Mapping[str, Any]


def write(
    database: Database, said: Sequence[Said], *, now: datetime, keep: timedelta, rest_days: int = REST_DAYS.default
) -> list[Answer]:
    """Count messages, each once; answers after the commit. keep: words of messages that are not older than that.

    Once more, while nobody is erased, where somebody was erased meanwhile: see `events.write_again`.
    """
    whom: dict[Key, str | None] = {(one.organisation, one.interaction.person): None for one in said}
    try:
        with database.batch() as connection:
            people = run(connection, resolve.people(whom))
        with database.batch() as connection:
            return run(connection, _count(said, people, now, keep, rest_days))
    except events.INTERRUPTED:
        with database.batch() as connection:
            keep_everybody(connection)
            people = run(connection, resolve.people(whom))
            return run(connection, _count(said, people, now, keep, rest_days))


def _count(
    said: Sequence[Said], people: Mapping[Key, Known], now: datetime, keep: timedelta, rest_days: int
) -> Steps[list[Answer]]:
    ours = [people.get((one.organisation, one.interaction.person)) for one in said]
    marks = [one.interaction.id or ids.token(MARK) for one in said]
    happened = [
        (one.organisation, _event(one, mark, person)) for one, mark, person in zip(said, marks, ours, strict=True)
    ]
    yield Say(HOLD, (sorted({person.id for person in ours if person}),))
    fresh = yield from events.count_known(happened, people, now, rest_days=rest_days)
    new = [place for place, is_new in enumerate(fresh) if is_new]
    if new:
        table = [_row(said[place], marks[place], _known(ours[place]), now, keep) for place in new]
        yield from _room(said[place].interaction.occurred_at for place in new)
        yield Say(STORE, (Jsonb(table),))
        yield Say(sql.SQL(FOLLOW).format(news=listed(_news(table), "w"), now=sql.Literal(now)))
    before = yield from _before([place for place, is_new in enumerate(fresh) if is_new is False], ours, marks)
    return [Answer(is_new, before.get(place, said[place].heard)) for place, is_new in enumerate(fresh)]


def _known(person: Known | None) -> Known:
    assert person is not None
    return person


def _event(one: Said, mark: str, person: Known | None) -> Event:
    told, heard = one.interaction, one.heard
    said: dict[str, Any] = {"channel": told.channel, "engagement_type": told.engagement_type}
    if heard["confidence"]:
        said["sentiment"] = heard["sentiment_score"]
    # Marks are one person's own: chats number their messages each for itself.
    whose = person.id if person else 0
    return Event(f"interaction/{whose}/{mark}", told.person, MESSAGE, told.occurred_at, properties=said)


def _row(one: Said, mark: str, person: Known, now: datetime, keep: timedelta) -> dict[str, Any]:
    told, heard = one.interaction, dict(one.heard)
    worded = keep > timedelta(0) and told.occurred_at > now - keep
    return {
        "organization_id": person.organisation_id,
        "user_id": person.id,
        "id": mark,
        **{name: getattr(told, name) for name in ("telegram_id", "engagement_type", "channel", "session_id")},
        "message_text": told.message_text if worded else None,
        "previous_bot_message": told.previous_bot_message if worded else None,
        "sentiment_confidence": heard.pop("confidence"),
        **heard,
        "occurred_at": told.occurred_at.astimezone(UTC).isoformat(),
        "created_at": now.isoformat(),
    }


def _news(table: list[dict[str, Any]]) -> pl.DataFrame:
    """NEWS: what these rows add to each person's sums, in order of people."""
    sure = pl.col("sentiment_confidence") > 0
    columns = ("user_id", "organization_id", "sentiment_score", "sentiment_confidence", "engagement_quality_score")
    kinds = dict(zip(columns, (pl.Int64, pl.Int64, *[pl.Float64] * 3), strict=True))
    return (
        pl.DataFrame([{name: row[name] for name in columns} for row in table], schema=kinds)
        .group_by(person_id="user_id")
        .agg(
            pl.col("organization_id").first().alias("organisation_id"),
            pl.len().cast(pl.Int64).alias("messages"),
            pl.col("sentiment_score").filter(sure).sum().alias("sentiment_sum"),
            sure.sum().cast(pl.Int64).alias("sentiment_count"),
            pl.col("engagement_quality_score").sum().alias("quality_sum"),
        )
        .sort("person_id")
        .select(*NEWS)
    )


def _room(instants: Any) -> Steps[None]:
    months = sorted({each.astimezone(UTC).date().replace(day=1) for each in instants})
    yield Say(counting.ENSURE, (["user_engagements"] * len(months), months))


def _before(places: list[int], ours: Sequence[Known | None], marks: Sequence[str]) -> Steps[dict[int, dict[str, Any]]]:
    """What was told of messages that had been counted before; not of those that are kept no longer."""
    if not places:
        return {}
    rows = yield Say(BEFORE, (places, [_known(ours[place]).id for place in places], [marks[place] for place in places]))
    return {row["place"]: {name: row[name] for name in ANSWERED} for row in rows}
