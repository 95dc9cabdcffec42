"""Milestones in the console: how they do, and how they are tried out, added, changed and switched off."""

from datetime import timedelta

from tactful.bootstrap import Engine
from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tests.console.conftest import Operators

WEEK = {
    "milestone_name": "power_user_week", "display_name": "Power <b>User", "metric_name": "consecutive_active_days",
    "target_value": "7", "category": "engagement", "difficulty_level": "3", "points": "",
}  # fmt: skip


async def come(engine: Engine, organisation: str, person: str, days: int) -> None:
    now = SystemClock().now()
    told = [Event(f"{person}-{day}", person, "visit", now - timedelta(days=day)) for day in range(days)]
    await engine.accept(organisation, told)
    await engine.milestones(organisation, person)


async def test_one_of_their_own_is_tried_out_added_changed_and_removed(engine: Engine, operator: Operators) -> None:
    admin = await operator("celebrating", "organiser")
    await come(engine, "celebrating", "ana", 7)
    tried = await admin.send("milestones/write", do="try", **WEEK)
    assert "<b>1</b> of 1 people have Power &lt;b&gt;User already" in tried.text
    assert len(await engine.milestone_definitions("celebrating")) == 32
    added = await admin.send("milestones/write", do="write", **WEEK)
    assert added.status_code == 303
    page = (await admin.see("milestones")).text
    assert "1 person has it already, and got it in silence." in page
    assert "Power &lt;b&gt;User" in page
    form = (await admin.see("milestones", name="power_user_week")).text
    assert 'value="50"' in form
    await admin.send("milestones/write", do="write", there="power_user_week", target_value="8")
    (own,) = [row for row in await engine.milestone_definitions("celebrating") if row["source"] == "own"]
    assert (own["target_value"], own["points"]) == (8.0, 50)
    await admin.send("milestones/remove", name="power_user_week")
    assert len(await engine.milestone_definitions("celebrating")) == 32
    acts = [each["act"] for each in (await engine.acts("celebrating"))[0]]
    assert acts[:3] == ["remove milestone", "change milestone", "add milestone"]


async def test_what_cannot_be_is_told_and_kept_for_correction(operator: Operators) -> None:
    admin = await operator("mistaken")
    for wrong in ({"target_value": "many"}, {"target_value": "-1"}, {"milestone_name": "Two Words"}):
        answer = await admin.send("milestones/write", do="write", **(WEEK | wrong))
        assert answer.status_code == 422
        assert next(iter(wrong)) in answer.text
        assert 'value="Power &lt;b&gt;User"' in answer.text


async def test_who_may_only_look_sees_figures_and_changes_nothing(engine: Engine, operator: Operators) -> None:
    await come(engine, "looking", "ana", 3)
    admin, viewer = await operator("looking"), await operator("looking", "viewer")
    page = (await viewer.see("milestones")).text
    assert "Three days in a row" in page
    assert "Switch off" not in page
    assert (await viewer.send("milestones/switch", name="three_in_a_row")).status_code == 403
    await admin.send("milestones/switch", name="three_in_a_row")
    assert "Switch on" in (await admin.see("milestones")).text
    assert "three_in_a_row,Three days in a row" in (await viewer.see("milestones", csv="milestones")).text


async def test_the_page_of_a_person_tells_what_they_reached(engine: Engine, operator: Operators) -> None:
    await come(engine, "reaching", "ana", 3)
    admin = await operator("reaching")
    assert "Reached a milestone: Three days in a row." in (await admin.see("person", id="ana")).text
