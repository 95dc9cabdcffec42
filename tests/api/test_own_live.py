"""Live sessions go by what their organisation has set from the next thing that is noticed on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.decide.live.settings import CONTROL, COOLDOWN, EXPIRY, LEAST_VIEWERS, SWITCHES
from tactful.facts.audiences import LiveSession, Signal
from tactful.kernel.clock import SetClock, SystemClock
from tactful.kernel.errors import Conflict
from tactful.sense.settings import POLL_RESULTS
from tactful.store.database import Database
from tests.api.conftest import engine_settings
from tests.living import one, rows
from tests.noticing import notice

NO_PROMPT = {SWITCHES["sudden_drop_chat_prompt"].name: False}


@pytest.fixture
async def engine(closed_database: Database, redis_url: str) -> AsyncIterator[Engine]:
    """An engine with a clock of its own and a keynote that runs, with an audience; nothing is left alone on purpose."""
    settings = engine_settings(closed_database, redis_url, **{CONTROL.name: 0.0})
    async with Engine(settings, clock=SetClock(SystemClock().now())) as engine:
        await begin(engine, "keynote")
        yield engine


async def begin(engine: Engine, name: str, *, organisation: str = "acme", mode: str = "automatic") -> None:
    await engine.add_live_session(organisation, LiveSession(name, "conference", mode=mode))
    await engine.start_live_session(organisation, name)
    await engine.hear(organisation, [Signal(f"j-{name}", name, "join", engine.clock.now(), count=80)])


def later(engine: Engine, seconds: float) -> None:
    assert isinstance(engine.clock, SetClock)
    engine.clock.advance(timedelta(seconds=seconds))


def last(engine: Engine) -> dict[str, Any]:
    return rows(engine.database, "SELECT * FROM decisions ORDER BY id DESC LIMIT 1")[0]


async def test_a_handler_that_is_switched_off_proposes_nothing_more(engine: Engine) -> None:
    notice(engine)
    assert last(engine)["triggers"] == ["sudden_drop_poll", "sudden_drop_chat_prompt"]
    await engine.change_settings("acme", NO_PROMPT)
    later(engine, 200)
    notice(engine)
    assert last(engine)["triggers"] == ["sudden_drop_poll"]
    await engine.undo_configuration("acme", 1)
    later(engine, 200)
    notice(engine)
    assert len(last(engine)["triggers"]) == 2


async def test_the_ledger_says_by_which_version_a_session_was_decided_about(engine: Engine) -> None:
    notice(engine)
    before = last(engine)["id"]
    await engine.change_settings("acme", {CONTROL.name: 0.5, COOLDOWN["POLL"].name: 300})
    later(engine, 200)
    notice(engine)
    version = "SELECT own_upto FROM ticks WHERE id = %s"
    assert one(engine.database, version, last(engine)["tick_id"]) == one(
        engine.database, "SELECT max(id) FROM own_settings"
    )
    words = [await engine.explain_decision("acme", number) for number in (before, last(engine)["id"])]
    assert [each["own_version"] for each in words] == [0, 1]
    bit = 1 << 0
    assert last(engine)["verdicts"][last(engine)["kinds"].index("POLL")] & bit


@pytest.mark.parametrize(("own", "silent"), [({LEAST_VIEWERS.name: 100}, True), ({COOLDOWN["POLL"].name: 0}, False)])
async def test_another_organisations_sessions_are_decided_about_as_before(
    own: dict[str, Any], silent: bool, engine: Engine
) -> None:
    await begin(engine, "elsewhere", organisation="bravo")
    await engine.change_settings("acme", own)
    for name, expected in (("keynote", silent), ("elsewhere", False)):
        notice(engine, name)
        assert (last(engine)["result"] == "silent") is expected


async def test_suggestions_wait_as_long_as_is_set(engine: Engine) -> None:
    await begin(engine, "careful", mode="manual")
    await engine.change_settings("acme", {EXPIRY.name: 30})
    notice(engine, "careful")
    [told] = await engine.suggestions("acme", "careful")
    assert told["expires_at"] - told["suggested_at"] == timedelta(seconds=30)


async def test_polls_show_results_as_is_set_and_what_is_set_off_by_hand_keeps_own_cooldowns(engine: Engine) -> None:
    await engine.change_settings("acme", {POLL_RESULTS.name: "closed", COOLDOWN["POLL"].name: 900})
    told: dict[str, Any] = {"reason": "they ask", "context": {"question": "Go on?", "options": ["yes", "no"]}}
    await engine.set_off("acme", "keynote", "conference", "POLL", **told)
    poll = await engine.open_poll("acme", "keynote", question="And now?", options=["this", "that"])
    assert {row["results"] for row in rows(engine.database, "SELECT results FROM polls")} == {"closed"}
    assert poll["question"] == "And now?"
    later(engine, 600)
    with pytest.raises(Conflict):
        await engine.set_off("acme", "keynote", "conference", "POLL", **told)


async def test_own_words_of_templates_and_added_ones_are_said_and_those_switched_off_are_not(engine: Engine) -> None:
    templates = (await engine.templates("acme"))["templates"]
    polls = [row["name"] for row in templates if row["kind"] == "POLL"]
    word = {"question": "<i>Still</i> with us?", "options": ["Yes", "No"]}
    for name in polls:
        if name != "live.engaging_word":
            await engine.change_template("acme", name, {"on": False})
    await engine.change_template("acme", "live.pulse_speed.campus", {"en": word, "de": word})
    notice(engine)
    said = one(engine.database, "SELECT question FROM polls")
    facts = last(engine)["facts"]
    assert facts["template"] in ("pulse_speed.campus", "engaging_word")
    await engine.change_template("acme", "live.engaging_word", {"on": False})
    later(engine, 200)
    notice(engine)
    assert last(engine)["facts"]["template"] == "pulse_speed.campus"
    told = rows(engine.database, "SELECT question FROM polls ORDER BY opened_at DESC LIMIT 1")[0]
    assert told["question"] == word["question"]
    assert said
