"""What came of moments in live sessions: settled once, beside moments left alone, told to rooms and learned from."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.learned.rooms import arms
from tactful.uses.rooms import settling
from tests.living import NOW
from tests.rooms import live_session

VIEWERS, USUAL = 200, 0.05
AFTER = NOW + timedelta(seconds=154)
CONTEXT = "SUDDEN_DROP/medium/middle"


def heard(connection: Any, session: int, rate: float, *, at: datetime = NOW, stretches: int = 15) -> None:
    """What was heard of a room: as is usual until the moment, then at `rate`, with a burst in the first 20 s."""
    connection.execute("SELECT ensure_partition('engagement', %s)", (at.date(),))
    for number in range(-2, stretches):
        signals = VIEWERS * USUAL if number < 0 else 1_000 if number < 2 else VIEWERS * rate
        connection.execute(
            """INSERT INTO engagement (live_session_id, organisation_id, at, bin, viewers, signals, parts)
               SELECT id, organisation_id, %s, %s, %s, %s, jsonb_build_object('usual', %s::float8)
                 FROM live_sessions WHERE id = %s""",
            (at + timedelta(seconds=10 * (number + 1)), number + 2, VIEWERS, signals, USUAL, session),
        )


def moment(connection: Any, number: int, session: int, *, acted: bool, at: datetime = NOW) -> None:
    """A poll was chosen in a room; it was opened, or the room was left alone."""
    connection.execute("SELECT ensure_partition('interventions', %s)", (at.date(),))
    values = {"number": number, "session": session, "acted": acted, "at": at, "context": CONTEXT}
    connection.execute(
        """WITH done AS (
             INSERT INTO interventions (organisation_id, live_session_id, session_id, event_id, timestamp, type,
                                        confidence)
             SELECT organisation_id, id, session_id, event_id, %(at)s, 'POLL', 0.8 FROM live_sessions
              WHERE id = %(session)s AND %(acted)s RETURNING id)
           INSERT INTO live_moments (decision_id, organisation_id, live_session_id, at, anomaly_type, context, kind,
                                     template, acted, propensity, offered, control_share, intervention_id, before,
                                     expected, settles_at)
           SELECT %(number)s, organisation_id, id, %(at)s, 'SUDDEN_DROP', %(context)s, 'POLL', 'engaging_word',
                  %(acted)s, 0.5, '{POLL}', 0.5, (SELECT id FROM done), 0.3, 0.5, %(at)s + interval '150 s'
             FROM live_sessions WHERE id = %(session)s""",
        values,
    )


@pytest.fixture
def settled(database: Database) -> list[dict[str, Any]]:
    """Ten rooms that got a poll and were as lively as usual after it, ten left alone that were half as lively."""
    with database.batch() as connection:
        for number in range(20):
            acted = number < 10
            session = live_session(connection, f"room-{number}")
            # No two rooms are quite alike.
            heard(connection, session, (USUAL if acted else USUAL / 2) * (1 + 0.01 * number))
            moment(connection, number, session, acted=acted)
    with database.batch() as connection:
        return settling.settle(connection, AFTER, Settings({}))


def rows(database: Database, statement: str) -> list[dict[str, Any]]:
    with database.batch() as connection:
        return connection.execute(statement.encode()).fetchall()


def test_votes_and_the_first_burst_count_for_nothing_and_the_rest_is_as_it_was(
    database: Database, settled: list[dict[str, Any]]
) -> None:
    found = rows(database, "SELECT acted, after, spoiled FROM live_moments ORDER BY decision_id")
    assert not any(row["spoiled"] for row in found)
    assert found[0]["after"] == pytest.approx(0.5)
    assert found[10]["after"] == pytest.approx(0.55 / 1.55, abs=1e-3)


def test_every_intervention_is_told_what_it_did_beside_moments_left_alone(
    database: Database, settled: list[dict[str, Any]]
) -> None:
    told = rows(database, "SELECT id::text, outcome FROM interventions")
    assert len(told) == 10
    for row in told:
        outcome = row["outcome"]
        assert outcome["label"] == settling.LABEL
        assert outcome["low"] < outcome["engagement_delta"] < outcome["high"]
        # Before and after would say .5 less .3.
        assert outcome["engagement_delta"] == pytest.approx(0.15, abs=0.03)
        assert outcome["success"] is (outcome["low"] > 0)
    assert {entry["body"]["type"] for entry in settled} == {"outcome"}
    assert {entry["body"]["data"]["intervention_id"] for entry in settled} == {row["id"] for row in told}
    assert len({entry["channel"] for entry in settled}) == 10
    assert {entry["body"]["to"] for entry in settled} == {"organisers"}


def test_what_came_of_it_is_learned_once(database: Database, settled: list[dict[str, Any]]) -> None:
    with database.batch() as connection:
        believed, wording = settling.believed(connection), settling.wording(connection)
        before = arms(connection, 1)
        assert settling.settle(connection, AFTER + timedelta(minutes=5), Settings({})) == []
        assert arms(connection, 1) == before
    ((_, _, _), (mean, spread)) = next(each for each in believed.items() if each[0][1:] == (CONTEXT, "POLL"))
    assert spread < 0.1
    assert mean == pytest.approx(0.15, abs=0.03)
    assert wording[1].of(CONTEXT, "engaging_word").mean == pytest.approx(mean, abs=0.03)
    assert wording[1].of(CONTEXT, "engaging_guess").mean == pytest.approx(mean)


def test_a_session_that_ended_at_once_tells_nothing_and_says_so(database: Database) -> None:
    with database.batch() as connection:
        session = live_session(connection)
        heard(connection, session, USUAL, stretches=4)
        moment(connection, 1, session, acted=True)
    with database.batch() as connection:
        assert settling.settle(connection, AFTER - timedelta(seconds=5), Settings({})) == []
        (entry,) = settling.settle(connection, AFTER, Settings({}))
    (row,) = rows(database, "SELECT after, spoiled FROM live_moments")
    assert (row["after"], row["spoiled"]) == (None, True)
    outcome = entry["body"]["data"]
    assert (outcome["spoiled"], outcome["engagement_delta"], outcome["success"]) == (True, None, None)
