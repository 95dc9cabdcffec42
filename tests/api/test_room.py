"""A live room over HTTP: who may do what, what counts, and what is shown to whom."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock, SystemClock
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

BASE = "/api/v1/live/sessions"
ROOM = f"{BASE}/keynote"
SERVICE = bearer("backend", "service")
OLGA = bearer("olga", "operator:organiser")
VIEWER = bearer("victor", "operator:viewer")
ANA, BEN = bearer("ana"), bearer("ben")
LUNCH = {"question": "What is for lunch?", "options": ["soup", "rice", "bread"], "duration": 60}


@pytest.fixture
async def room(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a server at which the keynote runs."""
    await begin(client)
    return client


async def begin(client: httpx.AsyncClient, session: str = "keynote", who: dict[str, str] = SERVICE) -> None:
    """A live session that runs."""
    made = await client.post(BASE, json={"session_id": session, "event_id": "conference"}, headers=who)
    assert made.status_code == 200, made.text
    started = await client.post(f"{BASE}/{session.replace('/', '%2F')}/start", headers=who)
    assert started.status_code == 200, started.text


async def post(client: httpx.AsyncClient, path: str, who: dict[str, str], **body: Any) -> dict[str, Any]:
    told = await client.post(f"{ROOM}/{path}", json=body, headers=who)
    assert told.status_code == 200, told.text
    return dict(told.json())


async def get(client: httpx.AsyncClient, path: str, who: dict[str, str]) -> dict[str, Any]:
    told = await client.get(f"{ROOM}/{path}", headers=who)
    assert told.status_code == 200, told.text
    return dict(told.json())


async def refused(client: httpx.AsyncClient, path: str, who: dict[str, str], **body: Any) -> tuple[int, str, list[str]]:
    told = await client.post(f"{ROOM}/{path}", json=body, headers=who)
    return told.status_code, shaped(told)["error"], shaped(told)["fields"]


async def test_an_organiser_opens_a_poll_and_the_audience_votes(room: httpx.AsyncClient) -> None:
    poll = await post(room, "polls", OLGA, **LUNCH)
    assert (poll["open"], poll["counts"], poll["votes"], poll["results"]) == (True, [0, 0, 0], 0, "voted")
    vote = f"polls/{poll['poll_id']}/vote"
    first = await post(room, vote, ANA, choice=1)
    assert (first["first"], first["changed"]) == (True, False)
    assert first["achievements"] == [{"name": "first_vote", "title": "Voted for the first time"}]
    again = await post(room, vote, ANA, choice=2)
    assert (again["first"], again["changed"], again["achievements"]) == (False, True, [])
    await post(room, vote, SERVICE, choice=1, user_id=7)
    closed = await post(room, f"polls/{poll['poll_id']}/close", OLGA)
    assert (closed["open"], closed["counts"], closed["votes"]) == (False, [0, 1, 1], 2)
    assert await refused(room, vote, BEN, choice=1) == (409, "Conflict", ["poll_id"])
    assert (await get(room, "polls", BEN))["polls"][0]["counts"] == [0, 1, 1]


@pytest.mark.parametrize(
    ("results", "before", "after", "closed"),
    [
        ("voted", None, [1, 0, 0], [1, 0, 0]),
        ("closed", None, None, [1, 0, 0]),
        ("always", [0, 0, 0], [1, 0, 0], [1, 0, 0]),
    ],
)
async def test_results_are_shown_as_the_poll_says(
    room: httpx.AsyncClient,
    results: str,
    before: list[int] | None,
    after: list[int] | None,
    closed: list[int],
) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH, results=results))["poll_id"]
    assert (await get(room, f"polls/{poll}", ANA))["counts"] == before
    await post(room, f"polls/{poll}/vote", ANA, choice=0)
    seen = await get(room, f"polls/{poll}", ANA)
    assert (seen["counts"], seen["own"]) == (after, {"choice": 0, "words": None})
    # Of the same poll at the same moment, somebody who has not voted, those who run the room, and a service for Ana.
    ben = (await get(room, "polls", BEN))["polls"][0]
    assert (ben["counts"], ben["own"], ben["votes"]) == ([1, 0, 0] if results == "always" else None, None, 1)
    for who in (OLGA, VIEWER, SERVICE):
        assert (await get(room, f"polls/{poll}", who))["counts"] == [1, 0, 0]
    assert (await get(room, f"polls/{poll}?user_id=ana", SERVICE))["counts"] == after
    await post(room, f"polls/{poll}/close", SERVICE)
    assert (await get(room, f"polls/{poll}", BEN))["counts"] == closed


async def test_a_poll_is_over_when_its_time_has_come_by_the_servers_clock(
    room: httpx.AsyncClient, engine: Engine
) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    clock = engine.clock = SetClock(SystemClock().now() + timedelta(seconds=58))
    await post(room, f"polls/{poll}/vote", ANA, choice=0)
    clock.advance(timedelta(seconds=3))
    assert await refused(room, f"polls/{poll}/vote", BEN, choice=0) == (409, "Conflict", ["poll_id"])
    seen = await get(room, f"polls/{poll}", BEN)
    assert (seen["open"], seen["counts"]) == (False, [1, 0, 0])


async def test_answers_in_words_are_for_those_who_run_the_room(room: httpx.AsyncClient) -> None:
    poll = (await post(room, "polls", OLGA, question="Why?", type="open_ended"))["poll_id"]
    await post(room, f"polls/{poll}/vote", ANA, words="  because  ")
    seen = await get(room, f"polls/{poll}", ANA)
    assert (seen["answers"], seen["counts"], seen["own"]["words"]) == (None, [], "because")
    assert (await get(room, f"polls/{poll}", OLGA))["answers"] == ["because"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "   "}, "question"),
        ({"question": "x" * 501}, "question"),
        ({"options": ["one"]}, "options"),
        ({"options": []}, "options"),
        ({"options": [str(n) for n in range(11)]}, "options"),
        ({"options": ["same", "same"]}, "options"),
        ({"options": ["a", " "]}, "options.1"),
        ({"type": "essay"}, "type"),
        ({"type": "open_ended"}, "options"),
        ({"results": "never"}, "results"),
        ({"duration": 1}, "duration"),
        ({"duration": 1e9}, "duration"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_a_poll_that_cannot_be_is_refused_and_nothing_opens(
    room: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    assert await refused(room, "polls", OLGA, **(LUNCH | body)) == (422, "BadInput", [field])
    assert (await get(room, "polls", OLGA))["polls"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["choice", "words"]),
        ({"choice": 0, "words": "soup"}, ["choice", "words"]),
        ({"choice": 3}, ["choice"]),
        ({"choice": -1}, ["choice"]),
        ({"choice": 1.0}, ["choice"]),
        ({"choice": True}, ["choice"]),
        ({"choice": "1"}, ["choice"]),
        ({"words": "soup"}, ["choice"]),
        ({"words": ""}, ["words"]),
        ({"choice": 1, "user_id": ""}, ["user_id"]),
    ],
)
async def test_a_vote_that_cannot_be_is_refused_naming_the_field(
    room: httpx.AsyncClient, body: dict[str, Any], fields: list[str]
) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    status, error, named = await refused(room, f"polls/{poll}/vote", ANA, **body)
    assert (status, error) == (422, "BadInput")
    assert {field.split(".")[0] for field in named} == set(fields)
    assert (await get(room, f"polls/{poll}", OLGA))["votes"] == 0


async def test_a_person_speaks_for_themselves_and_an_operator_for_nobody(room: httpx.AsyncClient) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    assert (await refused(room, f"polls/{poll}/vote", ANA, choice=1, user_id="ben"))[:2] == (403, "NotAllowed")
    assert (await refused(room, f"polls/{poll}/vote", OLGA, choice=1))[:2] == (403, "NotAllowed")
    assert await refused(room, f"polls/{poll}/vote", SERVICE, choice=1) == (422, "BadInput", ["user_id"])
    assert (await refused(room, "polls", ANA, **LUNCH))[:2] == (403, "NotAllowed")
    assert (await refused(room, "polls", VIEWER, **LUNCH))[:2] == (403, "NotAllowed")
    assert (await room.get(f"{ROOM}/polls?user_id=ana", headers=VIEWER)).status_code == 403
    assert (await room.get(f"{ROOM}/polls?user_id=ana", headers=BEN)).status_code == 403


async def test_another_organisation_finds_nothing(room: httpx.AsyncClient) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    question = (await post(room, "questions", ANA, words="When?"))["question_id"]
    other, eve = bearer("oskar", "operator:organiser", "zenith"), bearer("eve", org="zenith")
    for path in ("polls", f"polls/{poll}", "questions", "leaderboard"):
        assert (await room.get(f"{ROOM}/{path}", headers=other)).status_code == 404
    assert (await refused(room, f"polls/{poll}/vote", eve, choice=1))[:2] == (404, "NotFound")
    assert (await refused(room, f"polls/{poll}/close", other))[:2] == (404, "NotFound")
    # Also where they have a session of the same name.
    await begin(room, who=bearer("backend", "service", "zenith"))
    assert (await refused(room, f"polls/{poll}/vote", eve, choice=1))[:2] == (404, "NotFound")
    assert (await refused(room, f"polls/{poll}/close", other))[:2] == (404, "NotFound")
    assert (await refused(room, f"questions/{question}/vote", eve))[:2] == (404, "NotFound")
    assert (await refused(room, f"questions/{question}/hide", other))[:2] == (404, "NotFound")
    assert (await room.get(f"{ROOM}/polls/{poll}", headers=other)).status_code == 404


async def test_questions_are_asked_wanted_answered_and_hidden(room: httpx.AsyncClient) -> None:
    asked = await post(room, "questions", ANA, words="  When is lunch? ")
    question = asked["question_id"]
    assert [each["name"] for each in asked["achievements"]] == ["first_question"]
    assert (await post(room, "questions", ANA, words="When is lunch?"))["first"] is False
    assert await post(room, f"questions/{question}/vote", BEN) == {
        "question_id": question, "votes": 1, "wanted": True,
    }  # fmt: skip
    assert (await post(room, f"questions/{question}/vote", BEN))["votes"] == 1
    assert (await refused(room, f"questions/{question}/vote", ANA))[:2] == (409, "Conflict")
    (seen,) = (await get(room, "questions", BEN))["questions"]
    assert (seen["words"], seen["user_id"], seen["mine"], seen["wanted"]) == ("When is lunch?", None, False, True)
    (mine,) = (await get(room, "questions", ANA))["questions"]
    assert (mine["mine"], mine["wanted"]) == (True, False)
    (full,) = (await get(room, "questions", VIEWER))["questions"]
    assert full["user_id"] == "ana"
    back = await room.delete(f"{ROOM}/questions/{question}/vote", headers=BEN)
    assert back.json() == {"question_id": question, "votes": 0, "wanted": False}
    assert (await post(room, f"questions/{question}/answered", OLGA))["answered_at"] is not None
    assert (await refused(room, f"questions/{question}/vote", BEN))[:2] == (409, "Conflict")
    assert (await post(room, f"questions/{question}/answered", OLGA, undo=True))["answered_at"] is None
    await post(room, f"questions/{question}/hide", OLGA)
    assert (await get(room, "questions", ANA))["questions"] == []
    assert len((await get(room, "questions", OLGA))["questions"]) == 1


async def test_points_and_achievements_are_told(room: httpx.AsyncClient) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    for who in (ANA, BEN):
        await post(room, f"polls/{poll}/vote", who, choice=1)
    await post(room, "questions", SERVICE, words="When?", user_id=42)
    await post(room, "questions", ANA, words="When?")
    board = await get(room, "leaderboard?limit=1", BEN)
    assert board == {
        "first": [{"user_id": "ana", "points": 10, "place": 1}],
        "own": {"user_id": "ben", "points": 5, "place": 2},
    }
    assert [each["user_id"] for each in (await get(room, "leaderboard", VIEWER))["first"]] == ["ana", 42, "ben"]
    assert [each["name"] for each in (await get(room, "achievements", BEN))["achievements"]] == ["first_vote"]
    assert (await get(room, "achievements?user_id=nobody", SERVICE))["achievements"] == []


async def test_ids_with_slashes_name_rooms_too(room: httpx.AsyncClient) -> None:
    await begin(room, "hall/1")
    path = f"{BASE}/hall%2F1"
    made = await room.post(f"{path}/polls", json=LUNCH, headers=OLGA)
    assert made.json()["session_id"] == "hall/1"
    vote = await room.post(f"{path}/polls/{made.json()['poll_id']}/vote", json={"choice": 1}, headers=ANA)
    assert vote.status_code == 200


async def test_nothing_is_polled_or_asked_in_a_room_that_does_not_run(room: httpx.AsyncClient) -> None:
    poll = (await post(room, "polls", OLGA, **LUNCH))["poll_id"]
    assert (await room.post(f"{ROOM}/end", headers=OLGA)).status_code == 200
    assert (await refused(room, "polls", OLGA, **LUNCH))[:2] == (409, "Conflict")
    assert (await refused(room, "questions", ANA, words="When?"))[:2] == (409, "Conflict")
    assert (await refused(room, f"polls/{poll}/vote", ANA, choice=1))[:2] == (409, "Conflict")
    assert (await get(room, f"polls/{poll}", ANA))["open"] is False
    for path in ("polls/7/vote", "polls/x/close", f"questions/{2**63}/vote"):
        assert (await room.post(f"{ROOM}/{path}", json={}, headers=SERVICE)).status_code == 422


async def test_a_session_that_does_not_run_says_how_it_stands(client: httpx.AsyncClient) -> None:
    made = {"session_id": "keynote", "event_id": "conference"}
    assert (await client.post(BASE, json=made, headers=SERVICE)).status_code == 200
    act = made | {"intervention_type": "CHAT_PROMPT", "reason": "Wake up"}
    for stands in ("has not begun", "has ended"):
        asked = [
            await client.post(f"{ROOM}/polls", json=LUNCH, headers=OLGA),
            await client.post(f"{ROOM}/questions", json={"words": "When?"}, headers=ANA),
            await client.post("/api/v1/interventions/manual", json=act, headers=OLGA),
        ]
        told = [shaped(each)["detail"] for each in asked]
        assert [f"The live session keynote {stands};" in each for each in told] == [True] * 3, told
        await client.post(f"{ROOM}/start", headers=SERVICE)
        await client.post(f"{ROOM}/end", headers=SERVICE)


async def test_what_is_no_id_of_a_poll_is_said_in_words(room: httpx.AsyncClient) -> None:
    told = await room.get(f"{ROOM}/polls/first", headers=ANA)
    assert (told.status_code, shaped(told)["fields"]) == (422, ["poll_id"])
    assert shaped(told)["detail"] == "poll_id must be an id like 6f9619ff-8b86-d011-b42d-00c04fc964ff."
