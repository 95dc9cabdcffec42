"""What is kept of an organisation's own kinds, and the kinds and triggers it makes.

It is one of the values that an organisation has of its own, so whatever asks which rules held when (ticks, the ledger,
explanations of the past) has these among them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import polars as pl

from tactful.decide.kinds import TABLE
from tactful.decide.live.kinds import NAMES as LIVE
from tactful.decide.own.compiling import conditions, opens, reason, to_them
from tactful.decide.own.language import parsed
from tactful.decide.triggers import NAMES as OURS
from tactful.decide.triggers import Trigger, off
from tactful.kernel.errors import TactfulError
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Setting, Settings

# What it is called among the values of an organisation. No setting that anybody may write: only what was checked as a
# file gets there.
OWN_KINDS = "own_kinds"
# Names that are taken: of kinds and triggers that everybody has.
NAMES = frozenset({*TABLE, *OURS, *(name.lower() for name in LIVE)})
# A kind that everybody has may be proposed by a trigger of one's own if it is one that we start.
PROPOSABLE = tuple(
    name for name, (initiative, _, _) in TABLE.items() if initiative in (Initiative.NUDGE, Initiative.OUTREACH)
)


@dataclass(frozen=True, slots=True)
class OwnKinds:
    """What an organisation made. words: kind -> language -> wordings (title, body, action). because: trigger -> why,
    said to the person. version: of the file it came from; off: triggers that are switched off; shares: of people
    that kinds go to so far, 0..1; broken: what can be read no more, and why.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    triggers: tuple[Trigger, ...] = ()
    words: Mapping[str, Mapping[str, Sequence[Mapping[str, str]]]] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    off: frozenset[str] = frozenset()
    shares: Mapping[str, float] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def written(settings: Settings) -> str:
    """What of their own is live under these settings, as `kept` keeps it; nothing where nothing is."""
    return settings[Setting(OWN_KINDS, "", "")]


def kept(kinds: Mapping[str, Any], triggers: Mapping[str, Any], *, version: int, off: Iterable[str] = ()) -> str:
    """What is kept of checked kinds and triggers; nothing where there are none. off: triggers that find no reason."""
    body = {"kinds": kinds, "triggers": triggers, "version": version, "off": sorted(set(off) & set(triggers))}
    return json.dumps(body, sort_keys=True, ensure_ascii=False) if kinds or triggers else ""


def read(text: str) -> OwnKinds:
    """What `kept` kept. A trigger that can be read no more proposes nothing, and all else goes on.

    >>> read("").triggers
    ()
    """
    body = json.loads(text) if text else {}
    told: dict[str, Any] = body.get("kinds", {})
    kinds, triggers, because, broken = {name: _kind(name, each) for name, each in told.items()}, [], {}, {}
    for name, each in body.get("triggers", {}).items():
        try:
            made = _trigger(name, each)
            triggers.append(off(made, f"{OWN_KINDS}: {name}") if name in body["off"] else made)
            because[name] = each["because"] or to_them(parsed(each["when"]))
        except TactfulError as error:
            broken[name] = error.detail
    words = {name: each["words"] for name, each in told.items()}
    return OwnKinds(
        kinds,
        tuple(triggers),
        words,
        because,
        body.get("version", 0),
        frozenset(body.get("off", ())),
        {name: each["share"] for name, each in told.items()},
        broken,
    )


def _kind(name: str, told: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        Initiative(told["initiative"]),
        cooldown=timedelta(seconds=told["cooldown"]),
        lifetime=timedelta(seconds=told["expires"]),
        deferrable=told["waits"],
    )


def _trigger(name: str, told: Mapping[str, Any]) -> Trigger:
    said = parsed(told["when"])
    expected = pl.lit(float(told["expected"]))
    return Trigger(
        name, told["kind"], conditions(said), told["priority"], expected, reason(said), opens(said), told["today"]
    )
