"""Choosing in live sessions: what each anomaly is a reason for, what forbids it, and what becomes of it."""

from typing import Any

import polars as pl
import pytest

from tactful.decide.live.choosing import CHOSEN, LIVE_MOMENT, Known, choose
from tactful.decide.live.handlers import ANOMALIES, ESCALATED, HANDLERS
from tactful.decide.live.kinds import CHAT_PROMPT, GAMIFICATION, NOTIFICATION, POLL
from tactful.decide.live.rules import rules
from tactful.decide.live.settings import CONTROL, LAST_SECONDS, LEAST_VIEWERS, PER_HOUR
from tactful.kernel.settings import Setting, Settings

TICK = 1_700_000_000
RULES = rules(Settings({CONTROL.name: 0.0}))
NOTHING: Known = {}
MOMENT: dict[str, Any] = {
    "live_session_id": 1, "organisation_id": 1, "seed": 7, "mode": "automatic", "anomaly_type": "SUDDEN_DROP",
    "side": "audience", "severity": "medium", "engagement": 0.4, "viewers": 100, "on_agenda": "talk",
    "seconds_left": None, "last_by_kind": "{}", "acted_last_hour": 0, "open_kinds": [], "paused_kinds": [],
    "paused_channels": [], "shadow_kinds": [], "context": "SUDDEN_DROP/100/middle",
}  # fmt: skip


def moments(*changes: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([MOMENT | each for each in changes], schema=LIVE_MOMENT)


def chosen(share: float = 0.0, tick: int = TICK, **changes: Any) -> dict[str, Any]:
    by = RULES if share == 0.0 else rules(Settings({CONTROL.name: share}))
    return choose(moments(changes), tick=tick, rules=by, known=NOTHING).row(0, named=True)


@pytest.mark.parametrize("anomaly", ANOMALIES)
def test_every_anomaly_is_a_reason_for_what_its_handlers_say(anomaly: str) -> None:
    told = chosen(anomaly_type=anomaly)
    assert set(told["kinds"]) == {each.kind for each in HANDLERS if (each.anomaly, each.side) == (anomaly, "audience")}
    assert told["result"] == "acted"


def test_numbers_of_handlers_are_the_seeds() -> None:
    assert {round(each.expected, 2) for each in HANDLERS} <= {0.08, 0.10, 0.12, 0.15, 0.18}
    assert all(0.70 <= each.confidence <= each.confidence + each.severe <= 0.90 for each in HANDLERS)
    assert {each.kind for each in HANDLERS} == {POLL, CHAT_PROMPT, NOTIFICATION, GAMIFICATION}


def test_organisers_are_told_of_a_mass_exit_at_once_in_every_mode() -> None:
    for mode in ("manual", "semi_automatic", "automatic"):
        told = chosen(share=0.5, anomaly_type="MASS_EXIT", side="organisers", mode=mode)
        assert (told["chosen"], told["result"], told["propensity"]) == (NOTIFICATION, "acted", 1.0)


@pytest.mark.parametrize(
    ("changes", "confidence"),
    [({}, 0.85), ({"severity": "critical"}, 0.90), ({"engagement": ESCALATED}, 0.90), ({"engagement": None}, 0.85)],
)
def test_what_is_bad_is_believed_more(changes: dict[str, Any], confidence: float) -> None:
    assert chosen(**changes)["confidence"] == pytest.approx(confidence)


@pytest.mark.parametrize(("kind", "seconds"), [(POLL, 120), (CHAT_PROMPT, 60)])
def test_a_kind_rests_for_its_cooldown(kind: str, seconds: int) -> None:
    def allowed(ago: int) -> bool:
        told = chosen(last_by_kind=f'{{"{kind}": {TICK - ago}}}')
        return bool(told["verdicts"][told["kinds"].index(kind)] == 0)

    assert not allowed(seconds - 1)
    assert allowed(seconds)


@pytest.mark.parametrize(
    ("changes", "rail"),
    [
        ({"on_agenda": "break"}, "agenda"),
        ({"on_agenda": "questions"}, "agenda"),
        ({"seconds_left": 100.0}, "agenda"),
        ({"viewers": 4}, "audience"),
        ({"acted_last_hour": 12}, "live_hourly"),
        ({"paused_kinds": [""]}, "paused"),
        ({"open_kinds": [POLL, CHAT_PROMPT]}, "repeat"),
    ],
)
def test_what_a_guard_rail_forbids_is_not_done(changes: dict[str, Any], rail: str) -> None:
    told = chosen(**changes)
    bit = [each.name for each in RULES.rails].index(rail)
    assert (told["result"], told["chosen"]) == ("silent", None)
    assert all(verdict & 1 << bit for verdict in told["verdicts"])


@pytest.mark.parametrize(
    ("setting", "value", "column", "forbidden", "allowed"),
    [
        (LAST_SECONDS, None, "seconds_left", 119.9, 120.0),
        (LAST_SECONDS, 600, "seconds_left", 599.9, 600.0),
        (LAST_SECONDS, 0, "seconds_left", -0.1, 0.0),
        (LEAST_VIEWERS, None, "viewers", 4, 5),
        (LEAST_VIEWERS, 30, "viewers", 29, 30),
        (PER_HOUR, None, "acted_last_hour", 12, 11),
        (PER_HOUR, 3, "acted_last_hour", 3, 2),
    ],
)
def test_where_a_guard_rail_begins_is_a_setting(
    setting: Setting[Any], value: int | None, column: str, forbidden: float, allowed: float
) -> None:
    by = rules(Settings({CONTROL.name: 0.0} | ({} if value is None else {setting.name: value})))
    told = choose(moments({column: forbidden}, {column: allowed}), tick=TICK, rules=by, known=NOTHING)
    assert told["result"].to_list() == ["silent", "acted"]
    # What decided stands in the ledger's configuration.
    assert by.configuration()["settings"][setting.name] == (setting.default if value is None else value)


@pytest.mark.parametrize(
    ("mode", "results"),
    [
        ("manual", {POLL: "suggested", CHAT_PROMPT: "suggested"}),
        ("semi_automatic", {POLL: "suggested", CHAT_PROMPT: "acted"}),
        ("automatic", {POLL: "acted", CHAT_PROMPT: "acted"}),
    ],
)
def test_the_mode_says_what_waits_for_an_organiser(mode: str, results: dict[str, str]) -> None:
    for kind, other in ((POLL, CHAT_PROMPT), (CHAT_PROMPT, POLL)):
        told = chosen(mode=mode, paused_kinds=[other])
        assert (told["chosen"], told["result"]) == (kind, results[kind])


def test_a_share_of_moments_is_left_alone_with_known_chance() -> None:
    told = choose(
        moments(*({"live_session_id": each} for each in range(2_000))), tick=TICK, known=NOTHING,
        rules=rules(Settings({CONTROL.name: 0.2})),
    )  # fmt: skip
    aside = told.filter(pl.col("result") == "control")
    assert 340 < aside.height < 460
    assert set(aside["propensity"]) == {0.2}
    assert set(told.filter(pl.col("result") == "acted")["propensity"]) == {0.8}


def test_nothing_is_left_alone_where_an_organiser_decides_anyway() -> None:
    told = choose(
        moments(*({"live_session_id": each, "mode": "manual"} for each in range(200))), tick=TICK, known=NOTHING,
        rules=rules(Settings({CONTROL.name: 0.5})),
    )  # fmt: skip
    assert set(told["result"]) == {"suggested"}


def test_a_room_is_decided_alike_alone_and_among_others() -> None:
    many = [{"live_session_id": each, "anomaly_type": ANOMALIES[each % 4], "viewers": each} for each in range(40)]
    by = rules(Settings({CONTROL.name: 0.3}))
    together = choose(moments(*many), tick=TICK, rules=by, known=NOTHING).drop("row")
    alone = [choose(moments(each), tick=TICK, rules=by, known=NOTHING).drop("row") for each in many]
    assert pl.concat(alone).equals(together)


def test_nothing_noticed_is_nothing_chosen() -> None:
    told = choose(moments(), tick=TICK, rules=RULES, known=NOTHING)
    assert told.height == 0
    assert told.schema == pl.Schema(CHOSEN)
