"""What the audience of a live room hears, over WebSockets and event streams, and what it says there."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock, SystemClock
from tactful.uses.rooms.acts import OPENED
from tests.api.conftest import bearer
from tests.api.room.conftest import Served, serving, until
from tests.api.test_room import LUNCH, OLGA, ROOM, SERVICE, begin

ANA, BEN = bearer("ana"), bearer("ben")


async def opened(office: httpx.AsyncClient, **more: Any) -> str:
    told = await office.post(f"{ROOM}/polls", json=LUNCH | more)
    assert told.status_code == 200, told.text
    return str(told.json()["poll_id"])


async def test_a_poll_is_heard_voted_on_counted_and_closed(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana, served.hearing(BEN) as ben:
        poll = await opened(office)
        for each in (ana, ben):
            heard = (await each.next("poll_opened"))["data"]
            assert (heard["poll_id"], heard["options"], heard["duration"]) == (poll, ["soup", "rice", "bread"], 60)
        done = await ana.ask(type="vote", poll_id=poll, choice=1, ref="mine")
        assert (done["ref"], done["first"], done["changed"]) == ("mine", True, False)
        assert [each["name"] for each in done["achievements"]] == ["first_vote"]
        assert (await ana.next("poll_results"))["data"] == {"poll_id": poll, "votes": 1, "counts": [0, 1, 0]}
        # Who has not voted does not see them yet.
        assert await ben.quiet("poll_results")
        await ben.ask(type="vote", poll_id=poll, choice=1)
        for each in (ana, ben):
            assert (await each.next("poll_results"))["data"]["counts"] == [0, 2, 0]
        await office.post(f"{ROOM}/polls/{poll}/close")
        for each in (ana, ben):
            assert (await each.next("poll_closed"))["data"] == {"poll_id": poll, "votes": 2, "counts": [0, 2, 0]}
        refused = await ben.ask(type="vote", poll_id=poll, choice=2, ref=7)
        assert (refused["ref"], refused["error"], refused["fields"]) == (7, "Conflict", ["poll_id"])


async def test_a_poll_that_opens_is_told_with_the_same_fields_whoever_opened_it(
    served: Served, office: httpx.AsyncClient
) -> None:
    asked = {"session_id": "keynote", "event_id": "conference", "intervention_type": "POLL", "reason": "Why not?"}
    async with served.hearing(ANA) as ana:
        by_hand, poll = {}, await opened(office)
        by_hand[poll] = (await ana.next("poll_opened"))["data"]
        done = await office.post("/api/v1/interventions/manual", json=asked | {"override": True})
        assert done.status_code == 200, done.text
        decided = (await ana.next("poll_opened"))["data"]
        assert decided["intervention_id"] == done.json()["intervention_id"]
        # Whoever comes is told of both from the database.
        async with served.hearing(BEN) as ben:
            stands = {each["poll_id"]: each for each in ben.told[0]["data"]["polls"]}
    assert set(by_hand[poll]) == set(decided) == set(OPENED)
    for told in (by_hand[poll], decided):
        known = stands[told["poll_id"]]
        began, over = (datetime.fromisoformat(told[name]) for name in ("opened_at", "closes_at"))
        assert (began, over) == tuple(datetime.fromisoformat(known[name]) for name in ("opened_at", "closes_at"))
        assert over - began == timedelta(seconds=told["duration"])
        assert {name: told[name] for name in OPENED[:5]} == {name: known[name] for name in OPENED[:5]}


@pytest.mark.parametrize("results", ["closed", "always"])
async def test_results_are_heard_as_the_poll_says(served: Served, office: httpx.AsyncClient, results: str) -> None:
    async with served.hearing(ANA) as ana, served.hearing(OLGA) as olga:
        poll = await opened(office, results=results)
        vote = {"choice": 0, "user_id": 7}
        assert (await office.post(f"{ROOM}/polls/{poll}/vote", json=vote, headers=SERVICE)).status_code == 200
        assert (await olga.next("poll_results"))["data"]["counts"] == [1, 0, 0]
        assert await ana.quiet("poll_results") is (results == "closed")


async def test_who_votes_elsewhere_sees_results_here(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana:
        poll = await opened(office)
        async with Engine(served.engine.settings) as other, serving(other) as second, second.client() as client:
            told = await client.post(f"{ROOM}/polls/{poll}/vote", json={"choice": 2}, headers=ANA)
            assert told.status_code == 200
            assert (await ana.next("poll_results"))["data"]["counts"] == [0, 0, 1]


async def test_what_happens_at_one_server_is_heard_at_the_other(served: Served) -> None:
    async with (
        Engine(served.engine.settings) as other,
        serving(other) as second,
        served.client() as client,
        served.hearing(ANA) as ana,
        second.hearing(BEN) as ben,
    ):
        told = await client.post(f"{ROOM}/polls", json=LUNCH, headers=OLGA)
        for each in (ana, ben):
            # Faster than a look of the database would be.
            assert (await each.next("poll_opened", seconds=0.9))["data"]["poll_id"] == told.json()["poll_id"]
        question = await ben.ask(type="question", words="When is lunch?")
        assert (await ana.next("question"))["data"]["words"] == "When is lunch?"
        await ana.ask(type="question_vote", question_id=question["question_id"])
        sums = (await ben.next("question_votes"))["data"]["questions"]
        assert sums == [{"question_id": question["question_id"], "votes": 1}]


async def test_a_poll_closes_for_all_when_its_time_has_come(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana:
        poll = await opened(office, duration=5)
        await ana.ask(type="vote", poll_id=poll, choice=0)
        served.engine.clock = SetClock(SystemClock().now() + timedelta(seconds=6))
        assert (await ana.next("poll_closed"))["data"]["counts"] == [1, 0, 0]
        assert (await ana.ask(type="vote", poll_id=poll, choice=1))["error"] == "Conflict"


async def test_whoever_comes_is_told_what_stands(served: Served, office: httpx.AsyncClient) -> None:
    poll = await opened(office)
    async with served.hearing(ANA) as ana:
        (first,) = ana.told[0]["data"]["polls"]
        assert (first["poll_id"], first["own"], first["counts"], first["votes"]) == (poll, None, None, 0)
        await ana.ask(type="vote", poll_id=poll, choice=2)
        await ana.next("poll_results")
    async with served.hearing(ANA) as again, served.hearing(BEN) as ben, served.hearing(OLGA) as olga:
        (mine,), (theirs,), (all_of_it,) = (each.told[0]["data"]["polls"] for each in (again, ben, olga))
        assert (mine["own"], mine["counts"]) == ({"choice": 2, "words": None}, [0, 0, 1])
        assert (theirs["own"], theirs["counts"], theirs["votes"]) == (None, None, 1)
        assert all_of_it["counts"] == [0, 0, 1]
        assert [each.told[0]["data"]["you"] for each in (again, ben, olga)] == ["ana", "ben", None]


async def test_everybody_hears_what_is_for_them(served: Served) -> None:
    async with served.hearing(ANA) as ana, served.hearing(BEN) as ben, served.hearing(OLGA) as olga:
        room = (await served.engine.room("acme", "keynote"))["id"]
        tell = served.engine.rooms.tell
        await tell(room, "anomaly", {"anomaly_type": "MASS_EXIT"}, to="organisers")
        await tell(room, "achievement", {"name": "x"}, to={"participant": "ana"})
        await tell(room, "chat_prompt", {"text": "What do you think?"})
        for each in (ana, ben, olga):
            assert (await each.next("chat_prompt"))["data"] == {"text": "What do you think?"}
        assert [[told["type"] for told in each.told[1:]] for each in (ana, ben, olga)] == [
            ["achievement", "chat_prompt"],
            ["chat_prompt"],
            ["anomaly", "chat_prompt"],
        ]


async def test_answers_in_words_are_heard_by_those_who_run_the_room(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana, served.hearing(OLGA) as olga:
        poll = await opened(office, type="open_ended", options=[])
        await ana.ask(type="vote", poll_id=poll, words="because")
        heard = (await olga.next("poll_results"))["data"]
        assert heard == {"poll_id": poll, "votes": 1, "counts": [], "answers": ["because"]}
        assert await ana.quiet("poll_results")


async def test_signals_and_hands_are_counted(served: Served) -> None:
    async with served.hearing(ANA) as ana, served.hearing(SERVICE) as program:
        chat = {"id": "c1", "kind": "chat"}
        assert (await ana.ask(type="signals", signals=[chat, chat | {"id": "c2"}]))["accepted"] == 2
        assert (await ana.ask(type="signals", signals=[chat]))["duplicate"] == 1
        assert "error" not in await ana.ask(type="hand")
        told = await program.ask(type="signals", signals=[{"id": "r1", "kind": "reaction", "count": 500}])
        assert told["accepted"] == 1
        assert (await program.ask(type="hand"))["fields"] == ["user_id"]
        assert "error" not in await program.ask(type="hand", user_id="ben")
    sums = "SELECT sum(chats) AS chats, sum(reactions) AS reactions, sum(hands) AS hands FROM live_seconds"
    async with served.engine.database.service() as connection:
        row = await (await connection.execute(sums)).fetchone()
    assert row == {"chats": 2, "reactions": 500, "hands": 2}


async def test_a_hand_that_is_sent_again_after_a_lost_connection_counts_once(served: Served) -> None:
    async with served.hearing(ANA) as ana:
        done = await ana.ask(type="hand", id="h1", ref=1)
        assert (done["ref"], done["accepted"], done["duplicate"]) == (1, 1, 0)
    async with served.hearing(ANA) as ana, served.hearing(BEN) as ben:
        assert (await ana.ask(type="hand", id="h1"))["duplicate"] == 1
        as_signal = {"id": "h1", "kind": "hand_raised"}
        assert (await ana.ask(type="signals", signals=[as_signal]))["duplicate"] == 1
        assert (await ana.ask(type="hand", id="h2"))["accepted"] == 1
        # Without an id each is another.
        assert [(await ben.ask(type="hand"))["accepted"] for _ in range(2)] == [1, 1]
    async with served.engine.database.service() as connection:
        found = await connection.execute(
            "SELECT participant, count(*) FROM signals WHERE kind = 'hand_raised' GROUP BY 1"
        )
        told = {row["participant"]: row["count"] for row in await found.fetchall()}
    assert told == {"ana": 2, "ben": 2}


@pytest.mark.parametrize(
    ("said", "error", "fields"),
    [
        ("{", "BadRequest", []),
        ("[]", "BadRequest", []),
        ("[" * 10_000, "BadRequest", []),
        ("{}", "BadInput", ["type"]),
        ('{"type": "reboot"}', "BadInput", ["type"]),
        ('{"type": ["vote"]}', "BadInput", ["type"]),
        ('{"type": "vote"}', "BadInput", ["poll_id"]),
        ('{"type": "vote", "poll_id": "x", "choice": 1}', "NotFound", ["poll_id"]),
        ('{"type": "vote", "poll_id": "x", "choice": 1, "surprise": 1}', "BadInput", ["surprise"]),
        ('{"type": "question", "words": " "}', "BadInput", ["words"]),
        ('{"type": "question", "words": "a", "words": "b"}', "BadInput", ["words"]),
        ('{"type": "question", "words": "\\ud800"}', "BadRequest", []),
        ('{"type": "question_vote", "question_id": 7}', "NotFound", ["question_id"]),
        ('{"type": "signals", "signals": []}', "BadInput", ["signals"]),
        ('{"type": "signals", "signals": [{"id": "1", "kind": "chat", "user_id": "b"}]}', "NotAllowed",
         ["signals.0.user_id"]),
        ('{"type": "hand", "user_id": "ben"}', "NotAllowed", ["user_id"]),
        ('{"type": "hand", "id": ""}', "BadInput", ["id"]),
        ('{"type": "hand", "id": 7}', "BadInput", ["id"]),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_told_and_the_connection_goes_on(
    said: str, error: str, fields: list[str], served: Served
) -> None:
    async with served.hearing(ANA) as ana:
        await ana.socket.send(said)
        told = (await ana.next("error"))["data"]
        assert (told["error"], told["fields"]) == (error, fields)
        assert await ana.ask(type="ping", ref=1) == {"ref": 1}


async def test_an_operator_listens_here_and_speaks_over_http(served: Served) -> None:
    async with served.hearing(OLGA) as olga:
        assert (await olga.ask(type="hand", user_id="ana"))["error"] == "NotAllowed"
        assert await olga.ask(type="ping") == {"ref": None}


async def stream(served: Served, who: dict[str, str], **more: Any) -> Any:
    """Events of a stream, one after the other."""
    async with served.client() as client, client.stream("GET", f"{ROOM}/stream", headers=who, **more) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line[6:])


async def test_a_stream_tells_the_same_and_organisers_more(served: Served, office: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        ana, olga = stream(served, ANA), stream(served, OLGA)
        assert [(await anext(each))["type"] for each in (ana, olga)] == ["welcome", "welcome"]
        room = (await served.engine.room("acme", "keynote"))["id"]
        await served.engine.rooms.tell(room, "suggestion", {"id": 1}, to="organisers")
        poll = await opened(office)
        assert (await anext(olga))["type"] == "suggestion"
        for each in (ana, olga):
            assert (await anext(each))["data"]["poll_id"] == poll
        await ana.aclose()
        await olga.aclose()


async def test_whoever_lost_the_connection_is_told_what_was_missed_or_that_it_cannot_be_said(
    served: Served, office: httpx.AsyncClient
) -> None:
    tell = served.engine.rooms.tell
    room = (await served.engine.room("acme", "keynote"))["id"]
    async with served.hearing(BEN), asyncio.timeout(30):
        async with served.hearing(ANA) as ana:
            await tell(room, "chat_prompt", {"text": "one"})
            last = (await ana.next("chat_prompt"))["id"]
        await tell(room, "anomaly", {}, to="organisers")
        await tell(room, "chat_prompt", {"text": "two"})
        async with served.hearing(ANA, query=f"?since={last}") as again:
            missed = await again.next("chat_prompt")
            assert missed["data"] == {"text": "two"}
            assert [each["type"] for each in again.told] == ["welcome", "chat_prompt"]
        events = stream(served, ANA, params={"since": last})
        assert [(await anext(events))["type"] for _ in range(2)] == ["welcome", "chat_prompt"]
        await events.aclose()
        for strange in ("nobody-1", f"{last}x", "x", last.rpartition("-")[0] + "-0"):
            events = stream(served, ANA | {"Last-Event-ID": strange})
            assert [(await anext(events))["type"] for _ in range(2)] == ["welcome", "resync"]
            await events.aclose()


async def test_who_comes_and_who_leaves_is_counted_by_people_not_by_connections(
    served: Served, office: httpx.AsyncClient
) -> None:
    async def viewers() -> int:
        async with served.engine.database.service() as connection:
            row = await (await connection.execute("SELECT viewers FROM live_counts")).fetchone()
        return int(row["viewers"]) if row else 0

    async def are(number: int) -> None:
        async def so() -> bool:
            return await viewers() == number

        await until(so)

    async with served.hearing(OLGA), served.hearing(ANA):
        async with served.hearing(ANA), served.hearing(BEN):
            await are(2)
        # The page is loaded anew.
        async with served.hearing(BEN):
            await asyncio.sleep(2.5)
            assert await viewers() == 2
        await are(1)
    await are(0)
    async with served.engine.database.service() as connection:
        found = await connection.execute("SELECT kind, participant FROM signals ORDER BY participant, seq")
        told = [(row["kind"], row["participant"]) for row in await found.fetchall()]
    assert told == [("join", "ana"), ("leave", "ana"), ("join", "ben"), ("leave", "ben")]


@pytest.fixture
def changes() -> dict[str, Any]:
    """Whoever is gone for two seconds has left."""
    return {"room__grace_seconds": 2.0}


async def test_a_session_that_ends_ends_for_all(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana:
        poll = await opened(office)
        await ana.ask(type="vote", poll_id=poll, choice=1)
        assert (await office.post(f"{ROOM}/end")).status_code == 200
        assert (await ana.next("poll_closed"))["data"]["counts"] == [0, 1, 0]
        await ana.next("session_ended")
        await asyncio.wait_for(ana.socket.wait_closed(), 5)
        assert ana.socket.close_code == 1000
    async with served.client() as client:
        assert (await client.get(f"{ROOM}/stream", headers=ANA)).status_code == 409


async def test_whoever_comes_just_as_a_poll_opens_is_told_of_it_too(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana:
        for _ in range(3):
            poll = await opened(office)
            await ana.next("poll_opened")
            async with served.hearing(BEN) as ben:
                assert poll in [each["poll_id"] for each in ben.told[0]["data"]["polls"]]


async def test_a_server_that_is_not_ours_serves_rooms_too(engine: Engine) -> None:
    async with serving(engine, ws="websockets-sansio") as plain, plain.client() as client:
        await begin(client)
        async with plain.hearing(ANA) as ana, plain.hearing(BEN) as ben:
            told = await client.post(f"{ROOM}/polls", json=LUNCH | {"results": "always"}, headers=OLGA)
            poll = told.json()["poll_id"]
            for each in (ana, ben):
                assert (await each.next("poll_opened"))["data"]["poll_id"] == poll
                await each.ask(type="vote", poll_id=poll, choice=1)
            assert (await ben.next("poll_results"))["data"]["counts"][1] > 0
