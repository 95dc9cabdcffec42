"""What is set, and what is said: changed in the console with a check, tried out, taken back, and nobody else's."""

from typing import Any

import pytest

from tactful.bootstrap import Engine
from tests.console.conftest import Browser, Operators

HOLDOUT, EVENING = "decide.holdout", "decide.on_evening_reflection"


async def value(engine: Engine, organisation: str, name: str) -> Any:
    """What holds for an organisation."""
    rows = (await engine.configuration(organisation))["settings"]
    return next(row["value"] for row in rows if row["name"] == name)


async def change(browser: Browser, engine: Engine, organisation: str, **values: str) -> Any:
    """Send the form of the settings with these fields; `do` and `version` too, if they are to be otherwise."""
    version = str((await engine.configuration(organisation))["version"])
    names = {name for name in values if "." in name and not name.startswith(("common.", "shown."))}
    shown = {f"shown.{name}": "1" for name in names} | {"version": version, "do": "change"}
    return await browser.send("settings/change", **shown | values)


async def test_a_change_is_in_force_versioned_and_undone(engine: Engine, operator: Operators) -> None:
    admin = await operator("setting")
    assert (await change(admin, engine, "setting", **{HOLDOUT: "0.25", "note": "<i>more</i>"})).status_code == 303
    assert await value(engine, "setting", HOLDOUT) == 0.25
    page = (await admin.see("settings")).text
    assert "&lt;i&gt;more" in page
    assert "yours, version 1" in page
    assert (await admin.send("settings/undo", version="1")).status_code == 303
    assert await value(engine, "setting", HOLDOUT) == 0.0
    assert [row["undoes"] for row in await engine.configuration_history("setting")] == [1, None]


async def test_a_box_that_is_not_ticked_switches_off(engine: Engine, operator: Operators) -> None:
    admin = await operator("boxes")
    await change(admin, engine, "boxes", **{f"shown.{EVENING}": "1"})
    assert await value(engine, "boxes", EVENING) is False
    await change(admin, engine, "boxes", **{f"shown.{EVENING}": "1", f"common.{EVENING}": "on"})
    assert await value(engine, "boxes", EVENING) is True
    # What the form did not show is left alone.
    assert await value(engine, "boxes", HOLDOUT) == 0.0


@pytest.mark.parametrize("wrong", ["0.9", "-1", "lots", "", "nan"])
async def test_what_cannot_be_is_told_beside_its_field_and_changes_nothing(
    engine: Engine, operator: Operators, wrong: str
) -> None:
    name = f"mistaken-{len(wrong)}-{wrong[:1].isalpha()}"
    admin = await operator(name)
    answer = await change(admin, engine, name, **{HOLDOUT: wrong})
    assert answer.status_code == 422
    assert HOLDOUT in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert (await engine.configuration(name))["version"] == 0


async def test_who_comes_second_is_told_and_changes_nothing(engine: Engine, operator: Operators) -> None:
    admin = await operator("second")
    await engine.change_settings("second", {HOLDOUT: 0.1})
    answer = await change(admin, engine, "second", **{HOLDOUT: "0.2", "version": "0"})
    assert answer.status_code == 409
    assert await value(engine, "second", HOLDOUT) == 0.1


async def test_trying_out_says_what_would_come_of_it_and_changes_nothing(engine: Engine, operator: Operators) -> None:
    admin = await operator("trial")
    answer = await change(admin, engine, "trial", **{HOLDOUT: "0.5", "do": "try"})
    assert answer.status_code == 200
    assert "What would come of it" in answer.text
    assert 'value="0.5"' in answer.text
    assert (await engine.configuration("trial"))["version"] == 0


async def test_nobody_but_admins_changes_and_nothing_of_others(engine: Engine, operator: Operators) -> None:
    await operator("calm")
    viewer, other = await operator("calm", "viewer"), await operator("loud")
    assert "Change</button>" not in (await viewer.see("settings")).text
    assert (await change(viewer, engine, "calm", **{HOLDOUT: "0.5"})).status_code == 403
    assert (await viewer.send("wordings/change", name="people.gentle_nudge", do="common")).status_code == 403
    await change(other, engine, "loud", **{HOLDOUT: "0.5"})
    assert await value(engine, "calm", HOLDOUT) == 0.0


async def test_a_wording_is_read_before_it_is_said_and_taken_back_after(engine: Engine, operator: Operators) -> None:
    admin = await operator("saying")
    page = (await admin.see("wordings")).text
    assert "gentle nudge" in page
    form = {"name": "people.gentle_nudge", "version": "0"}
    words = {"en:title.0": "Hello <b>you</b>", "en:body.0": "We miss you.", "en:action.0": "resume"}
    tried = await admin.send("wordings/change", **form, **words, do="try")
    assert "How it would be read" in tried.text
    assert "Hello &lt;b&gt;you" in tried.text
    assert (await engine.templates("saying"))["version"] == 0
    await admin.send("wordings/change", **form, **words, do="change")
    rows = (await engine.templates("saying"))["templates"]
    assert next(row["content"] for row in rows if row["name"] == form["name"])["en"][0]["body"] == "We miss you."
    await admin.send("wordings/undo", version="1")
    rows = (await engine.templates("saying"))["templates"]
    assert not next(row["own"] for row in rows if row["name"] == form["name"])


async def test_a_wording_with_a_name_nobody_knows_is_refused(operator: Operators) -> None:
    admin = await operator("strange")
    form = {"name": "people.gentle_nudge", "version": "0", "do": "change"}
    answer = await admin.send(
        "wordings/change", **form, **{"de:title.0": "Hi {nonsense}", "de:body.0": "x", "de:action.0": "start"}
    )
    assert answer.status_code == 422
    assert "nonsense" in answer.text
    assert (await admin.see("wordings", name="people.nothing")).status_code == 404


async def test_what_was_emptied_by_mistake_can_be_filled_in_again(operator: Operators) -> None:
    admin = await operator("emptied")
    form = {"name": "live.engaging_drink", "version": "0", "do": "try"}
    answer = await admin.send("wordings/change", **form, **{"en:question": "", "en:options": "Tea\nWater"})
    assert answer.status_code == 422
    assert 'name="en:question"' in answer.text
    assert "Tea\nWater</textarea>" in answer.text


async def test_every_wording_there_is_can_be_looked_at(engine: Engine, operator: Operators) -> None:
    viewer = await operator("reading")
    for row in (await engine.templates("reading"))["templates"]:
        page = await viewer.see("wordings", name=row["name"])
        assert page.status_code == 200, row["name"]
        assert "How it is read" in page.text
