"""Can we trust the models? What came of beliefs, what serves and why, and an admin who sets a version back."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tactful.bootstrap import Engine
from tactful.facts.chain import Chain
from tactful.kernel.errors import BadInput, Conflict, NotFound
from tactful.store.learned import versions
from tests.console.conftest import Browser, Operators
from tests.console.looking import asked, people

# Ten instants a week apart; the score of every person is what came of them, more or less.
PREDICTIONS = """
INSERT INTO predictions (organisation_id, person_id, capability, asked_at, due_at, score, probability, confidence,
                         truth)
SELECT p.organisation_id, p.id, 'dropout', w.at, w.at + interval '30 days', s.score, NULL, 0.6,
       CASE WHEN w.n > 5 THEN (p.external_id::int * 7 + w.n) %% 20 < 20 * s.score END
  FROM people p JOIN organisations o ON o.id = p.organisation_id
 CROSS JOIN LATERAL (SELECT p.external_id::int / 20.5 AS score) s
 CROSS JOIN LATERAL (SELECT n, now() - make_interval(days => 7 * n) AS at FROM generate_series(1, 10) AS n) w
 WHERE o.name = %s
"""


async def believed(engine: Engine, organisation: str) -> None:
    """People of whom something was believed each week, half of it judged."""
    await people(engine, organisation)
    async with engine.database.service() as connection:
        await connection.execute(PREDICTIONS, (organisation,))


async def learned(engine: Engine, organisation: str, *served: bool) -> None:
    """A version a day, the last one today; each says whether it began to serve."""
    whose = await engine.require(organisation)
    for number, promoted in enumerate(served, 1):
        at = engine.clock.now() - timedelta(days=len(served) - number)
        taught = versions.Taught(whose, "dropout", at, at, 100 * number, 10, f"print {number}")
        reason = f"Version {number} <b>because</b>."
        with engine.database.batch() as connection:
            decision = versions.Decision(at, promoted=promoted, by="schedule", reason=reason)
            versions.record(connection, taught, Chain(), {}, decision)


async def table(browser: Browser, name: str, **more: Any) -> list[dict[str, str]]:
    """A table of the page as it is saved."""
    answer = await browser.see("models", csv=name, **more)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_nothing_known_is_said_with_what_to_do(engine: Engine, operator: Operators) -> None:
    one = await operator("blank")
    page = (await one.see("models")).text
    assert "Nothing that was believed can be judged yet." in page
    assert "first-day rule" in page
    assert "tactful train" in page
    assert [row["auc"] for row in await table(one, "beliefs")] == [""] * 6


async def test_beliefs_are_told_as_monitoring_tells_them(engine: Engine, operator: Operators) -> None:
    one = await operator("told")
    await believed(engine, "told")
    told = await engine.monitoring("told")
    mine = next(row for row in await table(one, "beliefs") if row["belief"] == "dropout")
    assert (int(mine["due"]), int(mine["judged"])) == (told["beliefs"], told["settled"]) == (120, 100)
    assert float(mine["auc"]) == pytest.approx(told["figures"]["cold"]["auc"]["value"])
    assert float(mine["ece"]) == pytest.approx(told["figures"]["cold"]["ece"]["value"])
    assert len(await table(one, "over_time")) == len(told["over_time"]) == 5
    assert [int(row["people"]) for row in await table(one, "calibration")] == [
        row["people"] for row in told["calibration"]["cold"]
    ]
    page = (await one.see("models")).text
    assert "what was said against what came" in page.lower()
    assert page.count('<circle class="dot first"') == len(told["calibration"]["cold"])


async def test_every_version_is_listed_with_why_it_serves_or_not(engine: Engine, operator: Operators) -> None:
    one = await operator("versions")
    await learned(engine, "versions", True, False, True)
    page = (await one.see("models")).text
    assert page.count("Version 2 &lt;b&gt;because&lt;/b&gt;.") == 1
    assert "<b>because" not in page
    assert "never served" in page
    assert [row["version"] for row in await table(one, "versions")] == ["3", "2", "1"]


async def test_an_admin_sets_a_version_back_and_says_why(engine: Engine, operator: Operators) -> None:
    one = await operator("back")
    await learned(engine, "back", True, True)
    form = {"capability": "dropout", "version": 1}
    unsaid = await one.send("models/set-back", **form, reason=" ")
    assert unsaid.status_code == 422
    assert "Say why" in unsaid.text
    assert (await one.send("models/set-back", **form, reason="Alarms <i>rose</i>.")).status_code == 303
    serving = (await engine.serving("back"))["dropout"]
    assert (serving["version"], serving["lessons"]) == (3, 100)
    assert "Set back to version 1 by operator:admin" in serving["reason"]
    page = (await one.see("models")).text
    assert "Alarms &lt;i&gt;rose&lt;/i&gt;." in page
    acts = await asked(engine, "back", "SELECT detail FROM audit_log WHERE act = 'set back model'")
    assert acts[0]["detail"]["now"] == 3


async def test_the_rule_serves_again_once_everything_is_set_back(engine: Engine) -> None:
    await people(engine, "cold")
    await learned(engine, "cold", True)
    assert await engine.set_back("cold", "dropout", 0) == 0
    assert await engine.serving("cold") == {}
    with pytest.raises(Conflict):
        await engine.set_back("cold", "dropout", 0)


async def test_a_version_that_never_served_cannot_be_set_back_to(engine: Engine) -> None:
    await people(engine, "never")
    await learned(engine, "never", True, False)
    for version in (1, 2, 9):
        with pytest.raises(Conflict):
            await engine.set_back("never", "dropout", version)
    with pytest.raises(NotFound):
        await engine.set_back("never", "weather", 1)
    with pytest.raises(BadInput):
        await engine.set_back("never", "dropout", -1)
    assert (await engine.serving("never"))["dropout"]["version"] == 1


async def test_chances_are_told_on_the_scale_of_the_version_that_is_set_back(engine: Engine) -> None:
    await people(engine, "scaled")
    await learned(engine, "scaled", True, True)
    async with engine.database.service() as connection:
        await connection.execute(
            """INSERT INTO risk_scales (organisation_id, at, medium, high, critical)
               SELECT organisation_id, promoted_at, version / 10.0, version / 5.0, 0.9 FROM model_versions v
                 JOIN organisations o ON o.id = v.organisation_id WHERE o.name = 'scaled'"""
        )
    await engine.set_back("scaled", "dropout", 1)
    async with engine.database.service() as connection:
        found = await connection.execute(
            """SELECT medium FROM risk_scales s JOIN organisations o ON o.id = s.organisation_id
                WHERE o.name = 'scaled' ORDER BY at DESC, s.id DESC LIMIT 1"""
        )
        assert (await found.fetchone() or {})["medium"] == 0.1


async def test_only_admins_train_and_set_back(engine: Engine, operator: Operators) -> None:
    admin = await operator("trained")
    await learned(engine, "trained", True)
    for role in ("viewer", "organiser"):
        other = await operator("trained", role)
        page = (await other.see("models")).text
        assert "Train now" not in page
        assert "Why version 1" not in page
        assert (await other.send("models/train")).status_code == 403
        form = {"capability": "dropout", "version": 0, "reason": "no"}
        assert (await other.send("models/set-back", **form)).status_code == 403
    assert (await admin.send("models/train")).status_code == 303
    waiting = await admin.see("models", part="errand")
    assert "It waits for a worker." in waiting.text
    assert "<html" not in waiting.text
    await engine.carry_out_errands()
    done = (await admin.see("models", part="errand")).text
    assert "There is nothing to learn from yet" in done
    assert "hx-get" not in done


async def test_versions_of_others_are_neither_seen_nor_set_back(engine: Engine, operator: Operators) -> None:
    await operator("owner")
    await learned(engine, "owner", True, True)
    other = await operator("stranger")
    assert await table(other, "versions") == []
    answer = await other.send("models/set-back", capability="dropout", version=1, reason="mine")
    assert answer.status_code == 409
    assert (await engine.serving("owner"))["dropout"]["version"] == 2


async def test_a_belief_that_nobody_holds_is_named(operator: Operators) -> None:
    answer = await (await operator("beliefs")).see("models", belief="weather")
    assert answer.status_code == 422
    assert "belief must be one of" in answer.text
