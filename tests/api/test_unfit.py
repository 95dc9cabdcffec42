"""What does not fit is named by the client's own path, each once, in words without a validator's inside."""

import json
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from tactful.api.app import create_app
from tactful.api.errors import translate
from tactful.api.schemas.events import EventsIn
from tactful.api.schemas.timing import TimingCheckIn
from tactful.api.schemas.wire import Wire
from tactful.api.unfit import PATTERNS, unfit
from tactful.bootstrap import Engine
from tactful.kernel.errors import TactfulError
from tactful.kernel.settings import Settings

GOOD = {"id": "1", "user_id": "ana", "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}


def refused(**wrong: Any) -> TactfulError:
    with pytest.raises(ValidationError) as told:
        EventsIn.model_validate_json(json.dumps({"events": [GOOD | wrong]}))
    return unfit(told.value.errors(include_url=False, include_input=False))


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"user_id": "a\x01b"}, "user_id", "must be text that can be read, without control characters"),
        ({"user_id": 1.5}, "user_id", "must be text or a whole number"),
        ({"user_id": -1}, "user_id", "must be at least 0"),
        ({"id": ""}, "id", "must have at least 1 character."),
        ({"kind": "a b"}, "kind", "must be up to 64 letters, digits, dots, hyphens and underscores"),
        ({"occurred_at": "2026-01-31T08:00:00"}, "occurred_at", "must be a time with its zone"),
        ({"occurred_at": 5}, "occurred_at", "must be a time with its zone"),
        ({"strange": 1}, "strange", "is not asked for here"),
        ({"properties": {"int": []}}, "properties.int", "must be a number or true or false or text"),
        ({"properties": {"note": "x\0"}}, "properties.note", "must not have a NUL character"),
    ],
)
def test_a_field_that_does_not_fit_is_told_in_words(wrong: dict[str, Any], field: str, words: str) -> None:
    told = refused(**wrong)
    assert told.fields == [f"events.0.{field}"]
    assert told.detail.startswith(f"events.0.{field} {words}")
    assert told.detail.endswith(".")
    assert "\\x" not in told.detail


def patterns(value: Any) -> set[str]:
    """Every pattern anywhere in a description."""
    if isinstance(value, list):
        return set().union(*map(patterns, value))
    if not isinstance(value, dict):
        return set()
    own = {value["pattern"]} if isinstance(value.get("pattern"), str) else set()
    names = set(value["patternProperties"]) if "patternProperties" in value else set()
    return own.union(names, *map(patterns, value.values()))


def test_every_way_to_write_something_is_said_in_words() -> None:
    described = patterns(create_app(Engine(Settings({}))).openapi())
    assert len(described) > 5
    assert described <= set(PATTERNS)


def test_every_field_is_named_once_and_the_rest_is_counted() -> None:
    told = refused(user_id=1.5, kind=7, id=None)
    assert sorted(told.fields) == ["events.0.id", "events.0.kind", "events.0.user_id"]
    assert told.detail.endswith(" And 2 more: events.0.kind, events.0.user_id.")
    five = refused(user_id=1.5, kind=7, id=None, topic=1, skill_id=1)
    assert five.detail.endswith(" And 4 more: events.0.kind, events.0.user_id, events.0.skill_id and others.")


def test_a_bound_is_told_as_it_is_written() -> None:
    problem = {"loc": ("body", "score"), "msg": "x", "type": "greater_than_equal", "ctx": {"ge": 0.0}}
    assert unfit([problem]).detail == "score must be at least 0."
    assert unfit([{**problem, "ctx": {"ge": 0.5}}]).detail == "score must be at least 0.5."


def test_who_sends_a_field_that_is_none_reads_which_there_are() -> None:
    with pytest.raises(ValidationError) as told:
        TimingCheckIn.model_validate_json('{"mood": "good"}')
    known = "known: current_time, intervention_type, zone, user_id"
    assert unfit(told.value.errors(), TimingCheckIn).detail == f"mood is not asked for here; {known}."
    with pytest.raises(ValidationError) as inside:
        EventsIn.model_validate_json(json.dumps({"events": [GOOD | {"strange": 1}]}))
    assert "not asked for here; known: id, kind, occurred_at" in unfit(inside.value.errors(), EventsIn).detail


def test_a_field_that_is_called_like_a_type_keeps_its_name() -> None:
    class Message(Wire):
        bool: int

    with pytest.raises(ValidationError) as told:
        Message.model_validate_json('{"bool": "x"}')
    assert unfit(told.value.errors()).fields == ["bool"]


def test_where_it_stood_in_the_request_is_left_out() -> None:
    problem = {"loc": ("query", "limit"), "msg": "x", "type": "greater_than_equal", "ctx": {"ge": 1}}
    told = translate(RequestValidationError([problem]))
    assert (told.fields, told.detail) == (["limit"], "limit must be at least 1.")
