"""What is kept of messages: counts, moods that follow from the last of them, and words for a while only."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tactful.facts.interactions import MOOD_HALF_LIFE, MOOD_MESSAGES, MOOD_WINDOW
from tactful.store.database import Database
from tactful.store.decided import asof, moments
from tactful.store.decided.moments import Scope
from tactful.store.described.erasure import erase
from tactful.store.reading import RowReader
from tests.living import NOW, RULES, one, rows
from tests.often import often
from tests.store.sensed.talk import said, write

HALF = MOOD_HALF_LIFE / timedelta(days=1)
PATTERNS = """SELECT p.external_id AS person, b.mood, b.mood_slope, b.mood_trend, b.last_sentiment, b.last_quality,
                     b.last_interaction_at
                FROM user_behavior_patterns b JOIN people p ON p.id = b.user_id
               WHERE b.last_interaction_at IS NOT NULL ORDER BY p.external_id"""
SUMS = """SELECT total_interactions, sentiment_sum, sentiment_count, quality_sum FROM user_behavior_patterns
           WHERE total_interactions > 0"""
MOODS = ("mood", "mood_slope", "last_sentiment", "last_message_at", "last_quality")


def mood(database: Database, person: str = "ana") -> float | None:
    found: dict[str, float | None] = {row["person"]: row["mood"] for row in rows(database, PATTERNS)}
    return found[person]


def slope(database: Database) -> float | None:
    [row] = rows(database, PATTERNS)
    told: float | None = row["mood_slope"]
    return told


def test_a_message_counts_half_as_much_as_one_a_half_life_later(closed_database: Database) -> None:
    write(closed_database, said("ana", 1.0, days=HALF), said("ana", -1.0))
    assert mood(closed_database) == pytest.approx((0.5 - 1) / 1.5)


def test_what_is_hardly_sure_hardly_counts(closed_database: Database) -> None:
    write(closed_database, said("ana", 1.0, sure=0.25), said("ana", -1.0, sure=0.75), said("ana", 0.0, sure=0.0))
    assert mood(closed_database) == pytest.approx(-0.5)


def test_only_the_last_messages_make_a_mood(closed_database: Database) -> None:
    window = MOOD_WINDOW / timedelta(days=1)
    write(closed_database, said("ana", -1.0, days=window + 0.1), said("ana", 1.0))
    write(closed_database, *[said("ben", -1.0, days=2) for _ in range(30)])
    write(closed_database, *[said("ben", 1.0, days=1) for _ in range(MOOD_MESSAGES)])
    assert mood(closed_database) == mood(closed_database, "ben") == 1


@pytest.mark.parametrize(
    ("scores", "moves"),
    [
        ([0.8, 0.5, 0.2, -0.1], -0.3),
        # One outburst makes no slope.
        ([0.1, 0.1, 0.1, -1.0, 0.1, 0.1, 0.1], 0.0),
        ([0.5, -0.5], None),
    ],
)
def test_how_a_mood_moves_is_told_from_three_messages_on(
    closed_database: Database, scores: list[float], moves: float | None
) -> None:
    write(closed_database, *[said("ana", score, days=len(scores) - day) for day, score in enumerate(scores)])
    assert slope(closed_database) == (None if moves is None else pytest.approx(moves))


def test_what_is_said_within_an_hour_makes_no_slope(closed_database: Database) -> None:
    write(closed_database, *[said("ana", score, days=score / 48) for score in (1.0, 0.5, 0.0, -0.5)])
    assert slope(closed_database) is None


@settings(max_examples=often(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(st.integers(0, 3), st.integers(-4, 4), st.integers(0, 40), st.integers(0, 4)),
        min_size=1,
        max_size=14,
        unique_by=lambda each: each[2],
    ),
    order=st.permutations(range(14)),
    parts=st.integers(1, 5),
)
def test_whatever_the_order_the_groups_and_the_copies_the_same_is_known(
    closed_database: Database, told: list[tuple[int, ...]], order: list[int], parts: int
) -> None:
    def everything(name: str) -> list[object]:
        each = [
            said(f"{name}{person}", score / 4, days=day / 2, sure=sure / 4, id=str(place))
            for place, (person, score, day, sure) in enumerate(told)
        ]
        if name == "a":
            write(closed_database, *each)
        else:
            for part in range(parts):
                write(closed_database, *[each[place] for place in order if place < len(each) and place % parts == part])
            write(closed_database, *each[: parts + 1])
        like = f"WHERE b.last_interaction_at IS NOT NULL AND p.external_id LIKE '{name}%%'"
        found = rows(closed_database, PATTERNS.replace("WHERE b.last_interaction_at IS NOT NULL", like))
        sums = rows(
            closed_database, SUMS + f" AND user_id IN (SELECT id FROM people WHERE external_id LIKE '{name}%%')"
        )
        told_sums = sorted(tuple(round(float(value), 9) for value in row.values()) for row in sums)
        kept = [[round(v, 9) if isinstance(v, float) else v for v in list(row.values())[1:]] for row in found]
        return [kept, told_sums]

    try:
        assert everything("a") == everything("b")
    finally:
        with closed_database.batch() as connection:
            for person in connection.execute("SELECT external_id FROM people").fetchall():
                erase(connection, "acme", person["external_id"])
            connection.execute("DELETE FROM event_keys")


def test_a_moment_knows_how_somebody_feels_until_nobody_knows_any_more(closed_database: Database) -> None:
    write(closed_database, *[said("ana", -0.5, days=day, engagement_quality_score=0.7) for day in (0, 1, 2)])
    for days, known in ((0, -0.5), (13, -0.5), (15, None)):
        at = NOW + timedelta(days=days)
        with closed_database.batch() as connection:
            [row] = moments.read(RowReader(connection), Scope(), at=at, defaults=RULES.defaults).to_dicts()
        assert {name: row[name] for name in MOODS} == {
            "mood": known if known is None else pytest.approx(known),
            "mood_slope": None if known is None else pytest.approx(0),
            "last_sentiment": "negative",
            "last_message_at": NOW,
            "last_quality": 0.7,
        }


def test_the_past_knows_the_moods_of_then(closed_database: Database) -> None:
    told = [
        said(f"p{place % 5}", ((place * 7) % 9 - 4) / 4, days=place / 3, sure=(place % 4) / 3) for place in range(60)
    ]
    early = [each for each in told if each.interaction.occurred_at <= NOW - timedelta(days=9)]
    write(closed_database, *early)
    then = rows(closed_database, PATTERNS)
    write(closed_database, *[each for each in told if each not in early])
    now = rows(closed_database, PATTERNS)
    assert then != now
    for at, expected in ((NOW, now), (NOW - timedelta(days=9), then)):
        with closed_database.batch() as connection:
            asof.shadow(RowReader(connection), Scope(), at)
            assert connection.execute(PATTERNS).fetchall() == expected
    assert rows(closed_database, PATTERNS) == now, "the shadow is gone"


def test_words_are_kept_of_young_messages_only(closed_database: Database) -> None:
    write(
        closed_database,
        said("ana", 0, days=1, previous_bot_message="before"),
        said("ana", 0, days=8, previous_bot_message="before"),
        keep=timedelta(days=7),
    )
    kept = "SELECT message_text, previous_bot_message FROM user_engagements ORDER BY occurred_at"
    assert [tuple(row.values()) for row in rows(closed_database, kept)] == [(None, None), ("words", "before")]


def test_what_is_kept_no_longer_is_answered_anew(closed_database: Database) -> None:
    write(closed_database, said("ana", 0.5, id="1"))
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM user_engagements")
    [again] = write(closed_database, said("ana", -0.5, id="1"))
    assert (again.fresh, again.heard["sentiment_score"]) == (False, -0.5)
    assert one(closed_database, "SELECT count(*) FROM user_engagements") == 0


def test_messages_of_long_ago_find_room(closed_database: Database) -> None:
    write(closed_database, said("ana", 0, days=365 * 40), said("ana", 0.5, days=365 * 10), said("ana", 1))
    assert one(closed_database, "SELECT count(*) FROM user_engagements") == 3
    assert mood(closed_database) == 1
