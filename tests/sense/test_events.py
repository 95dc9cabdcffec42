"""What the library lets in."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tactful.facts.beats import Beat
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.sense.events import batch, beat, meant

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = Event("1", "ana", "answer", NOW, properties={"score": 0.5, "note": "fine", "ok": True})
BEAT = Beat("ana", "lesson", NOW, time_on_page=3.5)


def checked(**changes: Any) -> Event:
    return batch([GOOD, replace(GOOD, **changes)], now=NOW)[1]


def test_a_good_event_comes_through_with_its_time_in_utc_and_empty_subjects_as_none() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5)))
    event = checked(occurred_at=local, content_id="", skill_id="s")
    assert event == replace(GOOD, skill_id="s")
    assert event.occurred_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"person": "  "}, "person"),
        ({"person": "a\0b"}, "person"),
        ({"kind": "x" * 65}, "kind"),
        ({"kind": "watched it"}, "kind"),
        ({"kind": "answer\n"}, "kind"),
        ({"kind": 7}, "kind"),
        ({"topic": "line\nbreak"}, "topic"),
        ({"skill_id": "\ud800"}, "skill_id"),
        ({"occurred_at": NOW.replace(tzinfo=None)}, "occurred_at"),
        ({"occurred_at": "2026-01-01"}, "occurred_at"),
        ({"occurred_at": NOW + timedelta(days=1, seconds=1)}, "occurred_at"),
        ({"occurred_at": datetime(1969, 12, 31, tzinfo=UTC)}, "occurred_at"),
        ({"properties": [1]}, "properties"),
        ({"properties": {"score": 1.1}}, "properties.score"),
        ({"properties": {"score": True}}, "properties.score"),
        ({"properties": {"sentiment": -2}}, "properties.sentiment"),
        ({"properties": {"seconds": -1}}, "properties.seconds"),
        ({"properties": {"correct": "yes"}}, "properties.correct"),
        ({"properties": {"completed": 1}}, "properties.completed"),
        ({"properties": {"n": math.inf}}, "properties.n"),
        ({"properties": {"n": math.nan}}, "properties.n"),
        ({"properties": {"n": 10**400}}, "properties.n"),
        ({"properties": {"t": "x" * 2001}}, "properties.t"),
        ({"properties": {"t": "a\0"}}, "properties.t"),
        ({"properties": {"t": "\udfff"}}, "properties.t"),
        ({"properties": {"t": NOW}}, "properties.t"),
        ({"properties": {"a": {"b": 1}}}, "properties.a"),
        ({"properties": {"a": [1]}}, "properties.a"),
        ({"properties": {"a": None}}, "properties.a"),
        ({"properties": {"": 1}}, "properties."),
        ({"properties": {"a b": 1}}, "properties.a b"),
        ({"properties": {7: 1}}, "properties.7"),
        ({"properties": {f"p{number}": 1 for number in range(33)}}, "properties"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_path_of_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(**changes)
    assert refused.value.fields == [f"events.1.{field}"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"page": ""}, "page"),
        ({"person": "x" * 256}, "person"),
        ({"time_on_page": -1.0}, "time_on_page"),
        ({"time_on_page": math.nan}, "time_on_page"),
        ({"scroll_count": 2**31}, "scroll_count"),
        ({"mouse_hesitations": True}, "mouse_hesitations"),
        ({"at": NOW.replace(tzinfo=None)}, "at"),
    ],
)
def test_beats_that_do_not_fit_are_refused_with_the_field(changes: dict[str, Any], field: str) -> None:
    assert beat(replace(BEAT, topic=""), now=NOW) == BEAT
    with pytest.raises(BadInput) as refused:
        beat(replace(BEAT, **changes), now=NOW)
    assert refused.value.fields == [field]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=80,
)


@given(properties=st.dictionaries(st.text(), JSON, max_size=5))
def test_whatever_comes_is_taken_as_it_is_or_refused_by_name(properties: dict[str, Any]) -> None:
    refused: list[str] = []
    try:
        assert checked(properties=properties).properties is properties
    except BadInput as error:
        refused = error.fields
    assert all(field.startswith("events.1.properties") for field in refused)
    assert json.loads(json.dumps(properties)) == properties or refused


MEANT = st.dictionaries(
    st.sampled_from(["score", "sentiment", "seconds", "correct", "completed", "note"]),
    st.booleans() | st.integers(-2, 90_000) | st.floats(-2, 2) | st.sampled_from(["", "true", "1"]),
    max_size=4,
)


@given(said=st.lists(MEANT, max_size=5))
def test_many_at_once_are_held_to_what_each_alone_is(said: list[dict[str, Any]]) -> None:
    events = [replace(GOOD, properties=properties) for properties in said]
    answers: list[list[str]] = []
    judges: list[Callable[[], object]] = [lambda: meant(events), lambda: batch(events, now=NOW)]
    for judge in judges:
        try:
            judge()
            answers.append([])
        except BadInput as error:
            answers.append(error.fields)
    assert answers[0] == answers[1]
