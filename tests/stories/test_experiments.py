"""A test of two wordings: everybody gets one and keeps it, answers count once, and the winner is promoted."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import BadInput, ChannelRefused, Conflict, NotFound, Refusal
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import asking
from tests.api.conftest import engine_settings
from tests.api.experiment_calls import HELLO, NEW
from tests.deliver.waiting import RULES
from tests.living import NOW, one, rows
from tests.uses import sending

KIND = "morning_ritual"
HOUR = timedelta(hours=1)
PLANNED = """
WITH planned AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 context, triggered_at, due_at, expires_at)
  SELECT id, organisation_id, %(kind)s, 5, 'test', 'planned', 'in_app', '{}', %(at)s, %(at)s, %(at)s + interval '1 hour'
    FROM people WHERE external_id = ANY(%(people)s) RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at)
SELECT organization_id, user_id, id, channel, due_at, expires_at FROM planned
"""
ANSWERED = """
UPDATE intervention_logs i SET user_response = 'engaged', state = 'answered', responded_at = %s
  FROM experiment_assignments a JOIN people p ON p.id = a.person_id
 WHERE a.intervention_id = i.id AND a.variant = %s AND p.external_id::int %% %s = 0
"""
GIVEN = """
SELECT p.external_id AS name, a.variant, i.title FROM experiment_assignments a JOIN people p ON p.id = a.person_id
  JOIN intervention_logs i ON i.id = a.intervention_id ORDER BY 1
"""


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
async def engine(closed_database: Database, redis_url: str, clock: SetClock) -> AsyncIterator[Engine]:
    async with Engine(engine_settings(closed_database, redis_url), clock=clock) as engine:
        yield engine


def told(**changes: Any) -> dict[str, Any]:
    return {**NEW, "kind": KIND, **changes}


def come(database: Database, people: range) -> None:
    """Let these people be known."""
    seen = [("acme", Event(f"e{n}", str(n), "visit", NOW - HOUR)) for n in people]
    with database.batch() as connection:
        run(connection, count_rows(seen, now=NOW))


def say(database: Database, people: range, *, at: Any = NOW) -> None:
    """Have something said to these people, all at once."""
    names = [str(n) for n in people]
    with database.batch() as connection:
        connection.execute(PLANNED, {"kind": KIND, "at": at, "people": names})
    asking.hand_over(database, RULES, [("acme", name) for name in names], at)


def answer(database: Database, variant: int, every: int) -> None:
    with database.batch() as connection:
        connection.execute(ANSWERED, (NOW, variant, every))


async def test_everybody_gets_a_variant_and_keeps_it(engine: Engine, closed_database: Database) -> None:
    come(closed_database, range(13))
    await engine.begin_experiment("acme", told())
    for people in (range(1), range(1, 6), range(6, 13)):
        say(closed_database, people)
        counts = [row["assigned"] for row in (await engine.experiment("acme", "warmer_hello"))["variants"]]
        assert max(counts) - min(counts) == len(range(people.stop)) % 2
    given = rows(closed_database, GIVEN)
    assert len(given) == 13
    assert all((row["title"] == HELLO["title"]) == (row["variant"] == 1) for row in given)
    again = NOW + timedelta(days=1)
    say(closed_database, range(13), at=again)
    later = rows(closed_database, "SELECT user_id, count(DISTINCT title = %s) AS many FROM intervention_logs "
                 "WHERE shown_at IS NOT NULL GROUP BY 1", HELLO["title"])  # fmt: skip
    assert {row["many"] for row in later} == {1}
    assert rows(closed_database, GIVEN) == given
    assert one(closed_database, "SELECT counts FROM experiments") in ([7, 6], [6, 7])


async def test_shares_are_exact_also_when_many_come_at_once(engine: Engine, closed_database: Database) -> None:
    come(closed_database, range(40))
    await engine.begin_experiment("acme", told())
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: say(closed_database, range(n, n + 5)), range(0, 40, 5)))
    assert one(closed_database, "SELECT counts FROM experiments") == [20, 20]
    assert sorted(row["variant"] for row in rows(closed_database, GIVEN)) == [0] * 20 + [1] * 20


async def test_what_leaves_the_product_is_tried_out_too_and_seen_once_it_was_taken(
    engine: Engine, closed_database: Database, redis_url: str, clock: SetClock
) -> None:
    people = [str(n) for n in range(6)]
    sending.met(closed_database, *people)
    await engine.begin_experiment("acme", told(kind="proactive_checkin"))
    sending.plan(closed_database, *people)
    gone = ChannelRefused("Nobody lives here.", refusal=Refusal.GONE)
    line = sending.Line(answer=lambda delivery: gone if delivery.address == "to 0" else None)
    assert await sending.send(closed_database, redis_url, line) == 5
    said = [delivery.message.title for delivery in line.taken]
    variants = {row["name"]: row["variant"] for row in rows(closed_database, GIVEN)}
    assert said.count(HELLO["title"]) == 3 - (variants["0"] == 1)
    found = (await engine.experiment("acme", "warmer_hello"))["variants"]
    assert [each["assigned"] for each in found] == [3, 3]
    assert sum(each["exposed"] for each in found) == 5


async def test_answers_count_when_their_time_is_over_and_once(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    come(closed_database, range(8))
    await engine.begin_experiment("acme", told())
    say(closed_database, range(8))
    answer(closed_database, 1, 1)
    for after, settled, answered in ((timedelta(minutes=30), 0, 0), (HOUR, 4, 4), (3 * HOUR, 4, 4)):
        clock.at = NOW + after
        found = await engine.experiment("acme", "warmer_hello")
        control, warmer = found["variants"]
        assert (control["exposed"], warmer["exposed"]) == (4, 4)
        assert (warmer["settled"], warmer["answered"], control["answered"]) == (settled, answered, 0)
    assert (warmer["rate"], control["rate"], found["verdict"]) == (1.0, 0.0, "too_early")
    assert 'answers of "as now"' in found["words"]


async def test_a_winner_is_promoted_by_a_person(engine: Engine, closed_database: Database, clock: SetClock) -> None:
    come(closed_database, range(160))
    await engine.begin_experiment("acme", told())
    say(closed_database, range(160))
    answer(closed_database, 1, 1)
    answer(closed_database, 0, 8)
    clock.at = NOW + 2 * HOUR
    assert await engine.judge_experiments() == []
    found = await engine.experiment("acme", "warmer_hello")
    assert (found["verdict"], found["state"], found["days"]) == ("better", "running", [NOW.date()])
    assert 0 < found["variants"][1]["low"] == found["over_time"]["warmer"][0]["low"]
    done = await engine.promote_experiment("acme", "warmer_hello", "warmer", actor="ana")
    assert (done["state"], done["promoted"], done["stopped_because"]) == ("promoted", "warmer", "winner")
    (own,) = [row for row in (await engine.templates("acme"))["templates"] if row["name"] == f"people.{KIND}"]
    assert own["content"] == [HELLO]
    acts = [(row["act"], row["actor"]) for row in (await engine.acts("acme"))[0]]
    assert acts[:2] == [("promote experiment", "ana"), ("change templates", "ana")]
    with pytest.raises(Conflict):
        await engine.promote_experiment("acme", "warmer_hello", "warmer")


@pytest.mark.parametrize(("better", "because"), [(1, "winner"), (0, "harm")])
async def test_harm_stops_a_test_and_a_winner_is_promoted_where_that_is_the_rule(
    engine: Engine, closed_database: Database, clock: SetClock, better: int, because: str
) -> None:
    come(closed_database, range(160))
    await engine.begin_experiment("acme", told(promote_winner=True, harm_margin=0.05))
    say(closed_database, range(160))
    answer(closed_database, better, 1)
    assert await engine.judge_experiments() == []
    clock.at = NOW + 2 * HOUR
    ended = [{"organisation": "acme", "name": "warmer_hello", "because": because}]
    assert await engine.judge_experiments() == ended
    assert await engine.judge_experiments() == []
    found = await engine.experiment("acme", "warmer_hello")
    assert (found["stopped_because"], found["promoted"]) == (because, "warmer" if better else None)
    say(closed_database, range(160), at=NOW + timedelta(days=1))
    later = "SELECT bool_and((title = %s) = %s) FROM intervention_logs WHERE triggered_at > %s"
    assert one(closed_database, later, HELLO["title"], bool(better), NOW + HOUR)


async def test_a_test_ends_when_its_time_is_over_or_by_hand(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    come(closed_database, range(4))
    await engine.begin_experiment("acme", told(ends_at=NOW + HOUR))
    with pytest.raises(Conflict):
        await engine.begin_experiment("acme", told(name="another"))
    clock.at = NOW + HOUR
    say(closed_database, range(2), at=clock.at)
    assert rows(closed_database, GIVEN) == []
    assert [each["because"] for each in await engine.judge_experiments()] == ["time"]
    await engine.begin_experiment("acme", told(name="another"))
    assert (await engine.stop_experiment("acme", "another"))["stopped_because"] == "hand"
    with pytest.raises(Conflict):
        await engine.stop_experiment("acme", "another")
    say(closed_database, range(2, 4), at=clock.at)
    assert rows(closed_database, GIVEN) == []
    assert [each["name"] for each in await engine.experiments("acme")] == ["another", "warmer_hello"]


async def test_who_is_erased_is_gone_and_their_answer_stays_counted(
    engine: Engine, closed_database: Database, clock: SetClock
) -> None:
    come(closed_database, range(4))
    await engine.begin_experiment("acme", told())
    say(closed_database, range(4))
    clock.at = NOW + 2 * HOUR
    before = await engine.experiment("acme", "warmer_hello")
    with await engine.export("acme", "2") as told_of_them:
        assert b'"experiment_assignments"' in told_of_them.read()
    await engine.erase("acme", "2")
    assert len(rows(closed_database, GIVEN)) == 3
    assert await engine.experiment("acme", "warmer_hello") == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "two words"}, "name"),
        ({"kind": "nothing"}, "kind"),
        ({"what": "weather"}, "what"),
        ({"harm_margin": 2.0}, "harm_margin"),
        ({"ends_at": NOW - HOUR}, "ends_at"),
        ({"variants": NEW["variants"][:1]}, "variants"),
        ({"variants": [NEW["variants"][0], {**NEW["variants"][1], "share": 0.4}]}, "variants"),
        ({"variants": [NEW["variants"][0], {**NEW["variants"][1], "share": 0.50001}]}, "variants.1.share"),
        ({"variants": [NEW["variants"][0], {**NEW["variants"][1], "content": None}]}, "variants.1.content"),
        ({"variants": [NEW["variants"][0], {**NEW["variants"][1], "content": [HELLO | {"body": "{weather}!"}]}]},
         "variants.1.content.0.body"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
async def test_what_would_tell_nothing_is_refused_with_its_field(
    engine: Engine, closed_database: Database, changes: dict[str, Any], field: str
) -> None:
    come(closed_database, range(1))
    with pytest.raises(BadInput) as refused:
        await engine.begin_experiment("acme", told(**changes))
    assert refused.value.fields == [field]
    assert await engine.experiments("acme") == []


async def test_only_a_variant_that_says_something_new_can_be_promoted(
    engine: Engine, closed_database: Database
) -> None:
    come(closed_database, range(1))
    await engine.begin_experiment("acme", told())
    with pytest.raises(BadInput):
        await engine.promote_experiment("acme", "warmer_hello", "as now")
    with pytest.raises(NotFound):
        await engine.promote_experiment("acme", "warmer_hello", "colder")
    with pytest.raises(NotFound):
        await engine.experiment("acme", "unheard_of")
