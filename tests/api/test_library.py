"""The library: whatever HTTP does can be called in process, and HTTP does it by calling that."""

import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

import httpx
import pytest

from tactful.api.address import Address
from tactful.api.app import ADDRESSES, create_app
from tactful.api.auth import SCOPES, Verifier
from tactful.bootstrap import Engine
from tactful.facts.beats import Beat
from tactful.kernel.errors import BadInput, NotFound, NotSignedIn
from tactful.store.database import Database
from tactful.store.described.catalogue import Content, Skill
from tactful.store.described.people import Membership, Person
from tests.api.conftest import bearer, calling, engine_settings
from tests.api.page_calls import CALLED_OTHERWISE, MORE_ABOUT, MORE_CALLS, MORE_GOOD, PAGE_ABOUT
from tests.api.test_interventions import planned
from tests.api.test_shapes import filled, name
from tests.house.tree import ROOT

CALLABLE = {
    called for called, value in vars(Engine).items() if inspect.iscoroutinefunction(value)
} | {
    called for base in Engine.__mro__ for called, value in vars(base).items() if inspect.iscoroutinefunction(value)
}  # fmt: skip

EVENT = {"id": "1", "user_id": 42, "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}
MOST, LIST, ID = "max_notifications_per_day", "disabled_channels", "intervention_id"
# What each address calls, and a body that it takes.
CALLS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "POST /ambient/presence/update": ("beat", {"page": "lesson", "user_id": 42}),
    "POST /api/v1/events": ("accept", {"events": [EVENT]}),
    "POST /api/v1/interactions": ("interact", {"message_text": "hello", "user_id": 42}),
    "POST /api/v1/interactions/batch": ("interact", {"interactions": [{"message_text": "hello", "user_id": 42}]}),
    "GET /api/v1/people/needing-engagement": ("people_needing_engagement", None),
    "GET /proactive/interventions": ("interventions", None),
    "POST /proactive/interventions/response": (
        "answer", {"intervention_log_id": 7, "user_response": "engaged", "user_id": 42},
    ),
    "GET /proactive/preferences": ("preferences", None),
    "PUT /proactive/preferences": ("change_preferences", {"dnd_enabled": True, "user_id": 42}),
    "GET /api/v1/predictive/dropout/risk": ("risk", None),
    "GET /api/v1/people/at-risk": ("at_risk", None),
    "POST /api/v1/predictive/dropout/wrongly-flagged": ("wrongly_flagged", {"user_id": 42}),
    "GET /api/v1/predictive/plateaus": ("plateaus", None),
    "GET /api/v1/predictive/regressions": ("regressions", None),
    "GET /api/v1/predictive/insights": ("insights", None),
    "POST /api/v1/predictive/struggle/predict": (
        "struggle", {"content_metadata": {"content_id": "lesson_42"}, "user_id": 42},
    ),
    "POST /api/v1/predictive/struggle/record-outcome": (
        "record_struggle", {"content_id": "lesson_42", "struggled": True, "user_id": 42},
    ),
    "POST /api/v1/predictive/struggle/response": (
        "answer_help", {"prediction_id": 2**50, "action": "continue_anyway", "user_id": 42},
    ),
    "GET /api/v1/predictive/timing/profile": ("timing_profile", None),
    "POST /api/v1/predictive/timing/check": ("check_timing", {"user_id": 42}),
    "GET /api/v1/alerts": ("alerts", None),
    "POST /api/v1/alerts/{id}/close": ("close_alert", {}),
    "GET /api/v1/webhooks": ("webhooks", None),
    "POST /api/v1/webhooks": ("add_webhook", {"url": "https://school.example/hooks"}),
    "DELETE /api/v1/webhooks/{id}": ("remove_webhook", None),
    "GET /api/v1/predictive/models": ("learned", None),
    "GET /api/v1/predictive/monitoring": ("monitoring", None),
    "PUT /api/v1/people/{id}": ("describe", {"name": "Ana"}),
    "POST /api/v1/people": ("describe", {"people": [{"user_id": 42}]}),
    "PUT /api/v1/catalogue/content/{id}": ("describe_content", {}),
    "PUT /api/v1/catalogue/skills/{id}": ("describe_skill", {}),
    "GET /api/v1/decisions/{id}": ("explain_decision", None),
    "GET /api/v1/people/{id}/explain": ("explain", None),
    "GET /api/v1/pauses": ("pauses", None),
    "POST /api/v1/pauses": ("pause", {"scope": "organisation"}),
    "DELETE /api/v1/pauses": ("resume", None),
    "PUT /api/v1/organisations/{name}": ("write_organisation", {}),
    "GET /api/v1/organisations/{name}/tokens": ("tokens", None),
    "POST /api/v1/organisations/{name}/tokens": ("hand_out_token", {}),
    "POST /api/v1/organisations/{name}/tokens/{id}/rotate": ("rotate_token", {}),
    "DELETE /api/v1/organisations/{name}/tokens/{id}": ("revoke_token", None),
    "GET /readyz": ("ready", None),
    "GET /api/health/detailed": ("status", None),
    "GET /metrics": ("status", None),
    **MORE_CALLS,
}  # fmt: skip
# Says that the process answers; there is nothing to call.
ALIVE = "GET /healthz"
ABOUT_SOMEBODY = (
    "/proactive/interventions",
    *PAGE_ABOUT,
    "/proactive/preferences",
    "/api/v1/predictive/dropout/risk",
    "/api/v1/predictive/plateaus",
    "/api/v1/predictive/regressions",
    "/api/v1/predictive/insights",
    "/api/v1/predictive/timing/profile",
)


class Watched(Engine):
    """An engine that notes what is called."""

    called: list[str]

    def __getattribute__(self, wanted: str) -> Any:
        if wanted in CALLABLE:
            self.called.append(wanted)
        return super().__getattribute__(wanted)


@pytest.fixture
async def watched(closed_database: Database, redis_url: str) -> AsyncIterator[Watched]:
    engine = Watched(engine_settings(closed_database, redis_url))
    engine.called = []
    async with engine:
        await engine.valkey.flushdb()
        yield engine


def asking(address: Address) -> dict[str, str]:
    scope = next((scope for scope in ("service", *reversed(SCOPES)) if scope in (address.scopes or ())), None)
    return bearer("backend", scope) if scope else {}


async def test_every_address_calls_the_engine(watched: Watched) -> None:
    assert {name(address) for address in ADDRESSES} == {*CALLS, ALIVE}
    async with calling(create_app(watched)) as client:
        for address in ADDRESSES:
            method, body = CALLS.get(name(address), ("", None))
            watched.called.clear()
            somebody = (address.method == "GET" and address.path in ABOUT_SOMEBODY) or name(address) in MORE_ABOUT
            about: dict[str, Any] = {"user_id": 42} if somebody else {}
            if address.method == "DELETE" and address.path == "/api/v1/pauses":
                about = {"scope": "organisation"}
            told = await client.request(
                address.method, filled(address), json=body, params=about, headers=asking(address)
            )
            assert told.status_code in (200, 404), (name(address), told.text)
            assert method in watched.called or name(address) == ALIVE, name(address)


def test_no_address_goes_past_the_engine() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tactful/api/routes").glob("*.py")]
    assert len(sources) > 5
    assert [text for text in sources if ".database." in text or ".submit(" in text] == []


def test_what_can_be_called_says_what_for() -> None:
    assert [
        called for called in CALLABLE if not called.startswith("_") and not inspect.getdoc(getattr(Engine, called))
    ] == []


async def test_people_and_the_catalogue_can_be_described_in_process(engine: Engine) -> None:
    ana = Person("42", "Ana", "Europe/Lisbon", addresses={"email": "ana@example.org"}, groups=[Membership("7b")])
    [row] = await engine.describe("acme", [ana])
    assert (row["name"], row["zone"], row["zone_source"]) == ("Ana", "Europe/Lisbon", "person")
    assert (await engine.person("acme", "42"))["addresses"] == {"email": "ana@example.org"}
    await engine.describe_skill("acme", Skill("limits", "Limits"))
    await engine.describe_content("acme", Content("lesson-1", difficulty=0.5, skills=["limits"]))
    with pytest.raises(NotFound):
        await engine.describe_skill("nobody", Skill("limits"))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda engine: engine.describe("acme", [Person("42"), Person("43", zone="Mars/Olympus")]), "people.1.zone"),
        (lambda engine: engine.describe("acme", [Person("")]), "people.0.user_id"),
        (lambda engine: engine.describe("acme", [Person("1"), Person("1")]), "people.1.user_id"),
        (lambda engine: engine.describe("acme", [Person("1", locale="Portuguese")]), "people.0.locale"),
        (lambda engine: engine.describe("acme", [Person("1", addresses={"E Mail": "x"})]), "people.0.addresses"),
        (lambda engine: engine.describe("acme", [Person("1", consent={"a": cast(bool, 1)})]), "people.0.consent.a"),
        (
            lambda engine: engine.describe("acme", [Person("1", groups=[Membership("a"), Membership("a")])]),
            "people.0.groups",
        ),
        (lambda engine: engine.describe_skill("acme", Skill("x", difficulty=2)), "difficulty"),
        (lambda engine: engine.describe_content("acme", Content("x", topics=[""])), "topics.0"),
        (lambda engine: engine.beat("acme", Beat("42", "", engine.clock.now())), "page"),
        (lambda engine: engine.beat("acme", Beat("42", "x", engine.clock.now(), time_on_page=-1)), "time_on_page"),
        (lambda engine: engine.beat("acme", Beat("42", "x", engine.clock.now() + timedelta(days=9))), "at"),
        (lambda engine: engine.answer("acme", "42", 1, "loved"), "response"),
        (lambda engine: engine.change_preferences("acme", "42", {"mood": 1}), "the preferences"),
        (lambda engine: engine.change_preferences("acme", "42", {"quiet_hours_start": "soon"}), "quiet_hours_start"),
        *(
            (
                lambda engine, at=at: engine.change_preferences("acme", "42", {"quiet_hours_start": at}),
                "quiet_hours_start",
            )
            for at in ("22:00:30", "22:00+05:00", "22", "T22:00", "24:00", 22, time(22, 0, 30), time(22, 0, tzinfo=UTC))
        ),
        *(
            (lambda engine, most=most: engine.change_preferences("acme", "42", {MOST: most}), MOST)
            for most in (3.7, 3.0, True, "3", None, -1, 101)
        ),
        (lambda engine: engine.change_preferences("acme", "42", {"dnd_enabled": 1}), "dnd_enabled"),
        (lambda engine: engine.pause("acme", scope="kind", name="TYPO"), "name"),
        (lambda engine: engine.pause("acme", scope="planet"), "scope"),
        (lambda engine: engine.pause("acme", mode="stop"), "mode"),
        (lambda engine: engine.write_organisation("acme", zone="Mars/Olympus"), "zone"),
        (lambda engine: engine.hand_out_token("acme", scope="person"), "scope"),
        (lambda engine: engine.hand_out_token("acme", days=0), "days"),
        (lambda engine: engine.struggle("acme", "42", ""), "content_id"),
        (lambda engine: engine.struggle("acme", "42", "x", kind="A quiz"), "type"),
        *(
            (lambda engine, wrong=wrong: engine.struggle("acme", "42", "x", difficulty=wrong), "difficulty_rating")
            for wrong in (-0.01, 1.01, float("nan"), float("inf"), "hard", True)
        ),
        (lambda engine: engine.struggle("acme", "42", "x", prerequisites=["a", ""]), "prerequisites.1"),
        (lambda engine: engine.struggle("acme", "42", "x", prerequisites="skill"), "prerequisites"),
        (lambda engine: engine.struggle("acme", "42", "x", prerequisites=["x"]), "prerequisites"),
        (lambda engine: engine.struggle("acme", "42", "x", similar=["a"] * 101), "similar_topics"),
        (lambda engine: engine.record_struggle("acme", "42", "x", struggled=cast(bool, 1)), "struggled"),
        *(
            (
                lambda engine, wrong=wrong: engine.record_struggle(
                    "acme", "42", "x", struggled=True, completion_time_seconds=wrong
                ),
                "completion_time_seconds",
            )
            for wrong in (-1, float("nan"), "long", 1e9)
        ),
        (lambda engine: engine.answer_help("acme", "42", 1, "perhaps"), "action"),
        (lambda engine: engine.answer_help("acme", "42", 0, "continue_anyway"), "prediction_id"),
    ],
)
async def test_what_does_not_fit_is_refused_in_process_too(
    call: Callable[[Engine], Coroutine[Any, Any, object]], field: str, shared_engine: Engine
) -> None:
    with pytest.raises(BadInput) as refused:
        await call(shared_engine)
    assert refused.value.fields == [field]


# How each call that names an organisation, a person or an instant is called well.
GOOD: dict[str, dict[str, Any]] = {
    "accept": {"facts": []},
    "interact": {"told": []},
    "beat": {"beat": Beat("42", "x", datetime(2026, 1, 31, tzinfo=UTC))},
    "describe": {"told": [Person("42")]},
    "person": {},
    "describe_content": {"told": Content("x")},
    "describe_skill": {"told": Skill("x")},
    "interventions": {},
    "answer": {"intervention_id": 1, "response": "engaged"},
    "preferences": {},
    "change_preferences": {"changes": {"dnd_enabled": True}},
    "pauses": {},
    "pause": {},
    "resume": {},
    "tick": {},
    "rehearse": {"organisation": "acme"},
    "ask": {},
    **{name: {} for name in ("risk", "at_risk")},
    "train": {"by": "test"},
    "wrongly_flagged": {},
    **{name: {} for name in ("plateaus", "regressions", "insights", "people_needing_engagement", "pattern")},
    "kept": {"question": "risk"},
    "struggle": {"content_id": "lesson_42"},
    "record_struggle": {"content_id": "lesson_42", "struggled": True},
    "answer_help": {"prediction_id": 1, "action": "continue_anyway"},
    "timing_profile": {},
    "check_timing": {},
    "carry_out": {"name": "plateaus"},
    "alerts": {},
    "close_alert": {"alert_id": 1},
    "webhooks": {},
    "add_webhook": {"url": "https://school.example/hooks"},
    "remove_webhook": {"webhook_id": 1},
    "learned": {},
    "monitoring": {},
    "explain": {},
    "explain_decision": {"decision_id": 1},
    "require": {},
    "write_organisation": {},
    "tokens": {},
    "hand_out_token": {},
    "rotate_token": {"token_id": "x"},
    "revoke_token": {"token_id": "x"},
    **MORE_GOOD,
}
NO_NAMES = ("", " ", "a\0b", "a\x1fb", "\ud800", "x" * 256, 7)
NO_TIMES = (datetime(2026, 1, 31), datetime(1969, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC), "2026-01-31", 0)
WRONG: dict[str, Sequence[Any]] = {"organisation": NO_NAMES, "person": NO_NAMES, "at": NO_TIMES}


def asked_for(called: str) -> set[str]:
    return set(inspect.signature(getattr(Engine, called)).parameters) & set(WRONG)


async def rows_in_all(engine: Engine) -> int:
    """How many rows all tables have."""
    async with engine.database.service() as connection:
        tables = "SELECT relname FROM pg_stat_user_tables WHERE has_table_privilege(relid, 'SELECT')"
        names = [row["relname"] for row in await (await connection.execute(tables)).fetchall()]
        counts = " + ".join(f'(SELECT count(*) FROM "{name}")' for name in names)
        row = await (await connection.execute(f"SELECT {counts} AS n")).fetchone()
    assert row is not None
    assert {"people", "organisations", "decisions"} <= set(names)
    return int(row["n"])


async def test_a_name_or_an_instant_that_cannot_be_is_refused_by_every_call(engine: Engine) -> None:
    assert {called for called in CALLABLE if not called.startswith("_") and asked_for(called)} == set(GOOD)
    await engine.describe("acme", [Person("42")])
    before = await rows_in_all(engine)
    for called, more in GOOD.items():
        known = {"organisation": "acme", "person": "42"}
        fine = {each: known[each] for each in asked_for(called) & set(known)} | more
        for each in asked_for(called):
            field = CALLED_OTHERWISE.get((called, each), each)
            for wrong in WRONG[each]:
                with pytest.raises(BadInput) as refused:
                    await getattr(engine, called)(**fine | {each: wrong})
                assert refused.value.fields == [field], (called, wrong)
    assert await rows_in_all(engine) == before


@pytest.mark.parametrize(
    ("call", "field"),
    [
        *(
            (lambda engine, wrong=wrong: engine.change_preferences("acme", "42", {"disabled_channels": wrong}), LIST)
            for wrong in (None, 3, "email", [3], [["in_app"]])
        ),
        (lambda engine: engine.change_preferences("acme", "42", None), "changes"),
        *((lambda engine, wrong=wrong: engine.answer("acme", "42", wrong, "engaged"), ID) for wrong in ("x", 0, 2**63)),
        *((lambda engine, wrong=wrong: engine.at_risk("acme", limit=wrong), "limit") for wrong in (-1, 0, 1.5, 2**40)),
        *(
            (lambda engine, wrong=wrong: engine.at_risk("acme", after=wrong), "after")
            for wrong in ("x", (0.5,), (2.0, 1), ("x", 1), (0.5, "x"))
        ),
        (lambda engine: engine.explain_decision("acme", "x"), "decision_id"),
        (lambda engine: engine.tick_summary("x"), "tick_id"),
        (lambda engine: engine.rotate_token("acme", "a\0b"), "token_id"),
        (lambda engine: engine.revoke_token("acme", None), "token_id"),
        (lambda engine: engine.hand_out_token("acme", days=1.5), "days"),
        (lambda engine: engine.pause("acme", reason=None), "reason"),
    ],
)
async def test_what_cannot_be_is_refused_before_the_database_sees_it(
    call: Callable[[Any], Coroutine[Any, Any, object]], field: str, shared_engine: Engine
) -> None:
    with pytest.raises(BadInput) as refused:
        await call(shared_engine)
    assert refused.value.fields == [field]


async def test_preferences_that_are_refused_make_nobody_known(engine: Engine) -> None:
    before = await rows_in_all(engine)
    with pytest.raises(BadInput) as refused:
        await engine.change_preferences("nowhere", "ghost", {"quiet_hours_start": None})
    assert refused.value.fields == ["quiet_hours_start", "quiet_hours_end"]
    assert await rows_in_all(engine) == before


async def test_an_organisation_hands_out_tokens_in_process(engine: Engine, client: httpx.AsyncClient) -> None:
    with pytest.raises(NotFound):
        await engine.hand_out_token("acme")
    assert (await engine.write_organisation("acme", zone="Asia/Tokyo"))["zone"] == "Asia/Tokyo"
    first = await engine.hand_out_token("acme", note="backend")
    second = await engine.rotate_token("acme", first["id"], overlap_hours=0)
    assert {row["id"] for row in await engine.tokens("acme")} == {first["id"], second["id"]}
    verifier = Verifier(engine.settings, key=engine.signing_key, clock=engine.clock)
    assert (await verifier.verify(second["token"])).organisation == "acme"
    told = [
        await client.get("/api/v1/pauses", headers={"Authorization": f"Bearer {row['token']}"})
        for row in (first, second)
    ]
    assert [one.status_code for one in told] == [401, 200]
    assert (await engine.revoke_token("acme", second["id"]))["revoked_at"] is not None
    with pytest.raises(NotSignedIn):
        await verifier.verify("x")


async def test_what_a_person_sees_and_says_can_be_asked_and_told_in_process(engine: Engine) -> None:
    number = await planned(engine)
    [shown] = await engine.interventions("acme", "42")
    assert (shown["id"], shown["state"]) == (number, "shown")
    assert (await engine.answer("acme", "42", number, "engaged"))["user_response"] == "engaged"
    assert await engine.interventions("acme", "42") == []
    with pytest.raises(NotFound):
        await engine.answer("acme", "43", number, "engaged")
    changed = await engine.change_preferences("acme", "42", {"max_notifications_per_day": 1})
    assert changed == await engine.preferences("acme", "42")
    await engine.pause("acme", scope="channel", name="in_app", reason="holidays")
    assert [row["actor"] for row in await engine.pauses("acme")] == ["in process"]
    assert (await engine.resume("acme", scope="channel", name="in_app"))["ended"]


async def test_beats_count_in_process(engine: Engine) -> None:
    await engine.beat("acme", Beat("42", "lesson", engine.clock.now(), time_on_page=30))
    async with engine.database.service() as connection:
        told = await (await connection.execute("SELECT seconds FROM visits")).fetchall()
    assert told == [{"seconds": 30}]
