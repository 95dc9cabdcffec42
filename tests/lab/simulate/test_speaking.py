"""What made-up audiences do arrives as signals that the engine takes, each counted once."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tactful.lab.simulate.audience import Audience
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.scenarios import SCENARIOS
from tactful.lab.simulate.speaking import PARTS, REST, present, spoken
from tactful.sense.signals import batch

AT = datetime(2026, 3, 4, 18, tzinfo=UTC)
NAMES = ["keynote", "workshop", "panel"]


def test_signals_add_up_to_what_was_heard_and_who_is_there() -> None:
    audience = Audience(SCENARIOS["mixed"], Luck.of(2, 0, len(NAMES)))
    told = present(audience, NAMES, AT)
    heard = np.zeros(len(NAMES))
    for second in range(1, 241):
        audience.advance(1)
        now = audience.hear(1)
        heard += now
        told += spoken(audience, NAMES, AT + timedelta(seconds=second), now)
    assert len({(each.session, each.id) for each in told}) == len(told)
    assert len(batch(told, now=AT + timedelta(seconds=300))) == len(told)
    for number, name in enumerate(NAMES):
        mine = [each for each in told if each.session == name]
        many = {kind: sum(each.count for each in mine if each.kind == kind) for kind in (*PARTS, REST, "join", "leave")}
        assert many["join"] - many["leave"] == audience.viewers[number]
        assert sum(many[kind] for kind in (*PARTS, REST)) == heard[number]
    chats, everything = (
        sum(each.count for each in told if each.kind in kinds) for kinds in (("chat",), (*PARTS, REST))
    )
    assert chats / everything == pytest.approx(PARTS["chat"], abs=0.05)
