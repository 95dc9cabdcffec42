"""What is too much to work out while somebody waits: worked out by a worker, by night or because somebody asked."""

from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.store.settings import AT_ONCE
from tests.console.conftest import Operators
from tests.console.looking import decisions, people


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    """Everything is too much."""
    return {AT_ONCE.name: 0}


async def test_too_much_to_work_out_at_once_is_worked_out_by_night(engine: Engine, operator: Operators) -> None:
    one, viewer = await operator("large"), await operator("large", "viewer")
    await people(engine, "large")
    await decisions(engine, "large", 20)
    page = (await one.see("helped")).text
    assert "was not worked out yet" in page
    assert "Work it out now" in page
    assert "Work it out now" not in (await viewer.see("helped")).text
    assert (await viewer.send("helped/reckon")).status_code == 403
    assert (await one.send("helped/reckon")).status_code == 303
    waiting = (await one.see("helped")).text
    assert "It waits for a worker." in waiting
    assert "htmx.min.js" in waiting
    assert await engine.carry_out_errands() == 1
    done = (await one.see("helped")).text
    assert "Everything is worked out as of then." in done
    assert "was not worked out yet" not in done
    assert "htmx.min.js" not in done
    assert (await one.see("acts")).text.count("ask for reckon") >= 1


async def test_an_errand_is_asked_for_once_and_done_once(engine: Engine) -> None:
    await people(engine, "errands")
    assert await engine.send_for("errands", "reckon") is True
    assert await engine.send_for("errands", "reckon") is False
    assert await engine.carry_out_errands() == 1
    assert await engine.carry_out_errands() == 0
    assert await engine.send_for("errands", "reckon") is True
    await engine.carry_out_errands()
