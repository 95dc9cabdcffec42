"""The page of own kinds: written, checked, tried, saved, put live, switched off, by who may."""

from tactful.bootstrap import Engine
from tests.api.own_kinds_calls import FILE
from tests.console.conftest import Operators


async def test_kinds_are_written_tried_and_put_live(engine: Engine, operator: Operators) -> None:
    admin = await operator("writing")
    page = (await admin.see("own-kinds")).text
    assert "Write your first" in page
    assert "days since they were last active" in page
    wrong = await admin.send("own-kinds/write", file=FILE.replace("days_quiet", "<days>"), do="save")
    assert wrong.status_code == 422
    assert "&#39;&lt;&#39; at letter 1" in wrong.text
    assert (await admin.send("own-kinds/write", file=FILE, do="save", note="autumn")).status_code == 303
    assert "Put live untried" in (await admin.see("own-kinds")).text
    tried = await admin.send("own-kinds/write", file=FILE.replace("\n", "\r\n"), do="try", saved="1")
    assert "What it would have done" in tried.text
    assert "long_quiet fits 0 of" in tried.text
    assert "Put live untried" not in (await admin.see("own-kinds")).text
    assert (await admin.send("own-kinds/live", version="1")).status_code == 303
    assert "Version 1 of your own kinds decides" in (await admin.see("own-kinds")).text
    await admin.send("own-kinds/switch", name="long_quiet", on="no")
    assert "Switch on" in (await admin.see("own-kinds")).text
    assert "a text of" in (await admin.see("settings")).text
    acts = [each["act"] for each in (await engine.acts("writing"))[0]]
    assert {"save own kinds", "try own kinds", "put own kinds live", "switch own kind off"} <= set(acts)


async def test_who_may_only_look_changes_nothing(engine: Engine, operator: Operators) -> None:
    await operator("reading")
    viewer = await operator("reading", "viewer")
    await engine.save_own_kinds("reading", FILE)
    page = (await viewer.see("own-kinds")).text
    assert "Version 1" in page
    assert "Put live" not in page
    for act in ("write", "live", "switch"):
        assert (await viewer.send(f"own-kinds/{act}", file=FILE, version="1")).status_code == 403
