"""A language model is asked once, answers in the shape that was asked for, and whatever goes wrong is an outcome."""

import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from tactful.deliver import language_model
from tactful.deliver.language_model.settings import (
    ANSWER_BYTES,
    ANTHROPIC,
    ANTHROPIC_KEY,
    API_KEY,
    BASE_URL,
    COMPATIBLE,
    MODEL,
    OPENAI,
    OPENAI_KEY,
    PROVIDER,
    SECONDS,
)
from tactful.facts.writing import CHAT_PROMPT, POLL, Answer, Draft, Order, Outcome
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings
from tactful.testing.language_models import Fault, Provider

pytest.importorskip("pydantic_ai", reason="the extra tactful[llm] is not installed")
pytestmark = pytest.mark.anyio

PROVIDERS = (ANTHROPIC, OPENAI, COMPATIBLE)
each_provider = pytest.mark.parametrize("provider", PROVIDERS)
ORDER = Order(POLL, "Write a poll.", json.dumps({"topic": "Tides"}))
MESSAGE = Order(CHAT_PROMPT, "Write a message.", json.dumps({"topic": "Tides"}))


def settings(served: Provider, provider: str, **more: Any) -> Settings:
    named = {PROVIDER.name: provider, MODEL.name: "small-1", API_KEY.name: "s3cret-key"}
    named[BASE_URL.name] = f"{served.url}/v1"
    return Settings(named).replace(**more)


async def ask(
    served: Provider, provider: str, order: Order = ORDER, *, more: Mapping[str, Any] = MappingProxyType({})
) -> Answer:
    writer = language_model.build(settings(served, provider, **more))
    try:
        return await writer.write(order)
    finally:
        await writer.close()


@each_provider
async def test_a_poll_comes_back_with_its_tokens(provider: str) -> None:
    with Provider() as served:
        answer = await ask(served, provider)
    assert answer.draft == Draft("Which part should be shown again?", "multiple_choice", ("First", "Last"))
    assert (answer.outcome, answer.error) == (Outcome.WRITTEN, "")
    assert answer.input_tokens > 0
    assert answer.output_tokens > 0
    assert 0 < answer.seconds < 3


@each_provider
async def test_a_message_comes_back_too(provider: str) -> None:
    with Provider() as served:
        answer = await ask(served, provider, MESSAGE)
    assert answer.draft == Draft("Which part would you like to see again?")


@each_provider
async def test_it_is_asked_once_for_one_tool_with_the_key_and_the_orders_apart_from_the_data(provider: str) -> None:
    with Provider() as served:
        await ask(served, provider)
    (heard,) = served.heard
    assert heard.path == ("/v1/messages" if provider == ANTHROPIC else "/v1/chat/completions")
    assert (heard.key, heard.tool, heard.body["model"]) == ("s3cret-key", "poll", "small-1")
    assert "Write a poll." in heard.system
    assert heard.about == '{"topic": "Tides"}'
    assert "Tides" not in heard.system


FAULTS = [
    (Fault.SLOW, Outcome.LATE),
    (Fault.DRIP, Outcome.LATE),
    (Fault.BUSY, Outcome.BUSY),
    (Fault.DENIED, Outcome.DENIED),
    (Fault.UNKNOWN, Outcome.DENIED),
    (Fault.BROKEN, Outcome.FAILED),
    (Fault.MOVED, Outcome.FAILED),
    (Fault.GARBLED, Outcome.FAILED),
    (Fault.CUT, Outcome.FAILED),
    (Fault.HUGE, Outcome.FAILED),
    (Fault.PACKED, Outcome.FAILED),
    (Fault.WRONG, Outcome.MALFORMED),
    (Fault.TALK, Outcome.MALFORMED),
    (Fault.REFUSAL, Outcome.REFUSED),
]


@each_provider
@pytest.mark.parametrize(("fault", "outcome"), FAULTS)
async def test_every_fault_is_an_outcome_in_time_and_never_tried_again(
    provider: str, fault: Fault, outcome: Outcome
) -> None:
    with Provider(fault=fault) as served:
        began = time.perf_counter()
        answer = await ask(served, provider, more={SECONDS.name: 0.6})
        # Far less than the providers' own patience of minutes, and than the server that does not answer.
        assert time.perf_counter() - began < 20
    assert answer.outcome is outcome, answer.error
    assert answer.draft is None
    assert answer.error
    assert len(served.heard) == 1
    assert served.heard[0].path != "/elsewhere"


@each_provider
async def test_no_more_is_read_than_an_answer_may_have(provider: str) -> None:
    with Provider(fault=Fault.HUGE) as served:
        await ask(served, provider)
    # What lies in the buffers of the two ends is all beyond the limit.
    assert served.sent < 50_000_000
    with Provider(lambda heard: {"text": "x" * 5000}) as served:
        answer = await ask(served, provider, MESSAGE, more={ANSWER_BYTES.name: 4096})
    assert answer.outcome is Outcome.FAILED


@each_provider
@pytest.mark.parametrize(
    "said",
    [
        {"question": "Why?", "type": "multiple_choice", "options": ["a", "b"]},
        {"question": "x" * 141, "type": "open_ended", "options": []},
        {"question": "Which one is it?", "type": "quiz", "options": ["a", "b"]},
        {"question": "Which one is it?", "type": "multiple_choice", "options": ["a", "x" * 61]},
        {"question": "Which one is it?", "type": "multiple_choice", "options": list("abcdefg")},
        {"question": "Which one is it?", "type": "multiple_choice", "options": ["a", "b"], "run": "rm"},
        {"question": ["Which one is it?"], "type": "open_ended", "options": []},
    ],
)
async def test_what_has_another_shape_is_refused_by_the_schema_and_its_tokens_count(
    provider: str, said: dict[str, Any]
) -> None:
    with Provider(lambda heard: said) as served:
        answer = await ask(served, provider)
    assert (answer.outcome, answer.draft) == (Outcome.MALFORMED, None)
    assert answer.output_tokens > 0


async def test_errors_give_away_neither_the_key_nor_what_was_said() -> None:
    for fault in (Fault.DENIED, Fault.BROKEN, Fault.TALK, Fault.WRONG):
        with Provider(fault=fault) as served:
            answer = await ask(served, OPENAI)
        assert "s3cret" not in answer.error
        assert "nice poll" not in answer.error


async def test_nobody_listening_is_an_outcome_too() -> None:
    with Provider() as served:
        gone = served
    answer = await ask(gone, COMPATIBLE)
    assert answer.outcome is Outcome.FAILED


def test_a_providers_own_key_goes_nowhere_else() -> None:
    named = Settings({PROVIDER.name: OPENAI, MODEL.name: "m", OPENAI_KEY.name: "theirs", ANTHROPIC_KEY.name: "other"})
    assert language_model.key(named) == "theirs"
    assert language_model.key(named.replace(**{BASE_URL.name: "http://elsewhere/v1"})) == ""
    assert language_model.key(named.replace(**{PROVIDER.name: COMPATIBLE})) == ""
    assert language_model.key(named.replace(**{API_KEY.name: "ours", BASE_URL.name: "http://elsewhere/v1"})) == "ours"


@pytest.mark.parametrize("provider", [ANTHROPIC, OPENAI])
def test_without_a_key_it_says_which_variable_to_set(provider: str) -> None:
    named = Settings({PROVIDER.name: provider, MODEL.name: "m"})
    with pytest.raises(CannotStart, match=f"set {provider.upper()}_API_KEY or TACTFUL_LLM_API_KEY"):
        language_model.build(named)
