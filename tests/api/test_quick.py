"""The quick look at a batch of events takes in nothing that the model would refuse or read another way."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tactful.api.schemas import quick
from tactful.api.schemas.events import EventIn, EventsIn
from tactful.api.schemas.wire import Wire
from tests.often import often

PLAIN = {"id": "1", "kind": "visit", "occurred_at": "2026-01-31T08:00:00Z"}
WORDS = st.text(max_size=6) | st.sampled_from(["", " ", "  ", " a", "a\x7f", "é", "x" * 255, "x" * 256])
SCALARS = (
    WORDS
    | st.integers()
    | st.floats(width=64)
    | st.booleans()
    | st.none()
    | st.sampled_from([0, -1, 2**53 - 1, 2**53, 1e15, 1.1e15, 10**400, "x" * 2000, "x" * 2001])
)
TIMES = st.sampled_from(
    [
        "2026-01-31T08:00:00Z",
        "2026-01-31 08:00:00+02:00",
        "2026-01-31T08:00:00.123456789-05:30",
        "2026-01-31T08:00:00",
        "2026-01-31",
        "2026-01-31T24:00:00Z",
        "2026-02-30T08:00:00Z",
        "2016-12-31T23:59:60Z",
        "1769846400",
        "0001-01-01T00:00:00+14:00",
        "2026-01-31t08:00z",
    ]
)
KEYS = st.sampled_from(["score", "a.b-c", "", "1a", "x" * 64, "x" * 65, "a b", "é", "a\n"]) | st.text(max_size=4)
EVENTS = st.fixed_dictionaries(
    {"id": WORDS | SCALARS, "kind": KEYS, "occurred_at": TIMES | SCALARS},
    optional={
        "user_id": SCALARS,
        "content_id": SCALARS,
        "skill_id": WORDS,
        "topic": WORDS,
        "properties": st.dictionaries(KEYS, SCALARS, max_size=4) | SCALARS,
        "more": st.just(1),
    },
)


def body(*events: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"events": list(events)} | more, ensure_ascii=False).encode("utf-8", "surrogatepass")


def same(raw: bytes) -> bool:
    """Whether the model reads what the quick look took in, and reads it the same way."""
    told, judged = quick.read(raw), Wire.read.__func__(EventsIn, raw)  # type: ignore[attr-defined]
    assert told is not None
    names = EventIn.model_fields
    return [[getattr(one, name) for name in names] for one in told] == [
        [getattr(one, name) for name in names] for one in judged.events
    ]


@given(st.lists(EVENTS, max_size=3))
@settings(max_examples=often(1500))
def test_whatever_it_takes_in_the_model_reads_the_same_way(events: list[dict[str, Any]]) -> None:
    raw = body(*events)
    assert quick.read(raw) is None or same(raw)


@given(st.binary(max_size=8), st.integers(min_value=0, max_value=70))
@settings(max_examples=often(1000))
def test_also_when_the_bytes_are_no_json_at_all(noise: bytes, place: int) -> None:
    whole = body(PLAIN)
    raw = whole[:place] + noise + whole[place:]
    assert quick.read(raw) is None or same(raw)


@pytest.mark.parametrize(
    "more",
    [
        {"user_id": 42},
        {"user_id": "anna"},
        {"content_id": None, "skill_id": "s", "topic": "größer"},
        {"properties": {"score": 1, "correct": True, "answer": "yes", "seconds": 1.5}},
    ],
)
def test_ordinary_events_are_taken_in_at_a_glance(more: dict[str, Any]) -> None:
    raw = body(PLAIN | more)
    assert quick.read(raw) is not None
    assert same(raw)


@pytest.mark.parametrize("events", [[], [PLAIN] * 1001])
def test_an_empty_batch_and_one_too_long_are_left_to_the_model(events: list[dict[str, Any]]) -> None:
    assert quick.read(body(*events)) is None
    with pytest.raises(ValidationError):
        EventsIn.read(body(*events))


def test_what_it_does_not_take_in_the_model_still_does() -> None:
    raw = json.dumps({"events": [PLAIN | {"topic": 'a "quoted" word'}]}).encode()
    assert quick.read(raw) is None
    assert EventsIn.read(raw).events[0].topic == 'a "quoted" word'
