"""Tests of variants in the console: begun, told, stopped and promoted."""

from tactful.bootstrap import Engine
from tests.api.experiment_calls import HELLO
from tests.console.conftest import Operators
from tests.console.trying import try_out

FORM = {"name": "warmer", "kind": "gentle_nudge", **HELLO}


async def test_a_wording_is_tried_out_and_stopped(engine: Engine, operator: Operators) -> None:
    admin = await operator("trying")
    assert "Nothing is tried out yet." in (await admin.see("experiments")).text
    assert (await admin.send("experiments/begin", **(FORM | {"title": "Say <b>"}))).status_code == 303
    page = (await admin.see("experiments")).text
    assert "warmer has begun" in page
    assert "Too early: 50 more answers of &#34;as now&#34;" in page
    one = (await admin.see("experiments", name="warmer")).text
    assert "Say &lt;b&gt;" in one
    assert "Stop it now" in one
    await admin.send("experiments/stop", name="warmer")
    assert "Stop it now" not in (await admin.see("experiments", name="warmer")).text
    acts = [each["act"] for each in (await engine.acts("trying"))[0]]
    assert acts[:2] == ["stop experiment", "begin experiment"]


async def test_a_winner_is_told_in_words_and_numbers_and_said_to_everybody(engine: Engine, operator: Operators) -> None:
    admin = await operator("winning")
    try_out(engine.database, "winning")
    page = (await admin.see("experiments", name="warmer_hello")).text
    assert "&#34;warmer&#34; surely does better than the control" in page
    assert "How much more often warmer is taken up than as now" in page
    assert "It is not sure that it does better." not in page
    csv = (await admin.see("experiments", name="warmer_hello", csv="over_time")).text
    assert len(csv.splitlines()) == 15
    assert (await admin.send("experiments/promote", name="warmer_hello", variant="warmer")).status_code == 303
    assert "said to everybody" in (await admin.see("experiments", name="warmer_hello")).text
    (own,) = [row for row in (await engine.templates("winning"))["templates"] if row["own"]]
    assert own["content"] == [HELLO]


async def test_what_cannot_be_is_told_and_kept_for_correction(operator: Operators) -> None:
    admin = await operator("mistaking")
    answer = await admin.send("experiments/begin", **(FORM | {"body": "For {weather}"}))
    assert answer.status_code == 422
    assert "is no variable" in answer.text
    assert 'value="For {weather}"' in answer.text


async def test_who_may_only_look_begins_stops_and_promotes_nothing(engine: Engine, operator: Operators) -> None:
    await operator("viewing")
    viewer = await operator("viewing", "viewer")
    try_out(engine.database, "viewing")
    page = (await viewer.see("experiments", name="warmer_hello")).text
    assert "surely does better" in page
    assert "Stop it" not in page
    assert "Say it" not in page
    for act in ("begin", "stop", "promote"):
        assert (await viewer.send(f"experiments/{act}", name="warmer_hello", variant="warmer")).status_code == 403
