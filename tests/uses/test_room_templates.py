"""Templates in live sessions: what has been found to work is said more often, and nothing is never said."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from tactful.compose.polls import Context, suitable
from tactful.decide.live.rules import rules
from tactful.kernel.settings import Settings
from tactful.learn.arms import TEMPLATES, Arms
from tactful.uses.rooms.cases import NOTHING, Case, Deciding, worded
from tactful.uses.rooms.noticed import Noticed
from tactful.uses.rooms.settling import gain
from tactful.uses.rooms.settling import worded as worded_beliefs

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTEXT = "SUDDEN_DROP/medium/middle"
RULES = rules(Settings({}))
NOTICED = Noticed(1, 40, AT, "SUDDEN_DROP", "high", 0.9, 0.3, 0.5, -60.0, "They fell silent.", {})


def case(session: int, **room: Any) -> Case:
    """A poll chosen in a room."""
    known = {"side": "audience", "context": CONTEXT}
    told = {"chosen": "POLL", "result": "acted", "priority": 9}
    place = {
        "live_session_id": session, "organisation_id": 1, "seed": 7, "viewers": 200,
        "started_at": AT - timedelta(hours=1), "ends_at": AT + timedelta(hours=1),
        "topic": "", "title": "", "language": "en", "templates": [], "own_templates": "",
    }  # fmt: skip
    return Case(NOTICED, "a", place | room, known, told, None, RULES, AT)


def said(deciding: Deciding, number: int = 2_000) -> Counter[str]:
    """How often each template is taken in so many rooms."""
    cases = worded([case(session) for session in range(number)], 1_700_000_000, deciding)
    return Counter(each.template.name for each in cases if each.template is not None)


def family() -> list[str]:
    """The templates that fit best."""
    fitting = suitable("POLL", Context("SUDDEN_DROP", "high", 200, "middle"))
    return [each.name for each in fitting if each.family == fitting[0].family]


def test_templates_of_which_nothing_is_known_are_said_alike() -> None:
    found = said(Deciding(rules(Settings({})), NOTHING))
    assert set(found) == set(family())
    assert max(found.values()) < 2 * min(found.values())


def test_what_worked_is_said_most_and_nothing_is_never_said() -> None:
    best, *others = family()
    moments = pl.DataFrame(
        [
            {"at": AT, "context": CONTEXT, "template": name, "acted": acted, "expected": 0.4, "after": 0.4 + gain}
            for name, gain in ((best, 0.2), *((other, 0.0) for other in others))
            for acted, gain in ((True, gain), (False, 0.0))
            for _ in range(30)
        ]
    )
    learned = Arms.unlearned(Settings({}), steps=TEMPLATES).learned(moments, AT.timestamp(), arm="template")
    found = said(Deciding(rules(Settings({})), NOTHING, {1: learned.beliefs(lambda *_: 0.0)}))
    assert found.most_common(1)[0][0] == best
    assert found[best] > 2 * max(count for name, count in found.items() if name != best)
    assert set(found) == set(family())


def test_what_any_poll_does_is_no_reason_to_say_those_again_that_were_said_first() -> None:
    first, *others = family()
    moments = pl.DataFrame(
        [
            {"at": AT, "context": CONTEXT, "kind": "POLL", "template": first, "acted": acted, "expected": 0.4,
             "after": 0.4 + gain}
            for acted, gain in ((True, 0.2), (False, 0.0))
            for _ in range(200)
        ]
    )  # fmt: skip
    kinds = Arms.unlearned(Settings({})).learned(moments, AT.timestamp())
    templates = Arms.unlearned(Settings({}), steps=TEMPLATES).learned(moments, AT.timestamp(), arm="template")
    beliefs = worded_beliefs(templates, kinds)
    assert beliefs.of(CONTEXT, first).mean == pytest.approx(0.2, abs=0.02)
    assert {round(beliefs.of(CONTEXT, other).mean, 6) for other in others} == {
        round(kinds.beliefs(gain).of(CONTEXT, "POLL").mean, 6)
    }
    found = said(Deciding(rules(Settings({})), NOTHING, {1: beliefs}))
    assert found[first] < 2 * sum(found[other] for other in others) / len(others)
    assert set(found) == set(family())


def test_a_room_says_the_same_alone_and_among_others() -> None:
    deciding = Deciding(rules(Settings({})), NOTHING)
    together = worded([case(session) for session in range(30)], 1_700_000_000, deciding)
    alone = [worded([case(session)], 1_700_000_000, deciding)[0] for session in range(30)]
    assert together == alone
