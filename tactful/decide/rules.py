"""Everything a decision depends on besides the person and the instant, in one frozen value."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from tactful.decide.guardrails import BINDS, RAILS, Bounds, Rail, verdicts
from tactful.decide.guardrails.base import EPOCH
from tactful.decide.kinds import kinds
from tactful.decide.localtime import minute_of
from tactful.decide.policies import RANKED, Policy
from tactful.decide.settings import (
    ALERTS_AGAIN,
    ALERTS_PER_DAY,
    CONSENT_DEFAULT,
    CRITICAL_PER_DAY,
    HOLDOUT,
    HOURS_BETWEEN,
    IN_CONTEXT_PER_DAY,
    MAX_PER_DAY,
    OUTREACH_PER_DAY,
    QUIET_END,
    QUIET_START,
    SETTINGS,
)
from tactful.decide.triggers import Trigger, triggers
from tactful.kernel.records import Defaults, Kind, Limits, Telling
from tactful.kernel.settings import Settings


@dataclass(frozen=True)
class Rules:
    """Kinds, triggers, guard rails, policy and limits.

    >>> Rules.from_settings(Settings({})).print == Rules.from_settings(Settings({})).print
    True
    """

    kinds: dict[str, Kind]
    triggers: tuple[Trigger, ...]
    rails: tuple[Rail, ...]
    policy: Policy
    defaults: Defaults
    limits: Limits
    holdout: float
    values: dict[str, Any]

    @classmethod
    def from_settings(cls, settings: Settings) -> "Rules":
        """The rules these settings make."""
        return cls(
            kinds=kinds(settings),
            triggers=triggers(settings),
            rails=RAILS,
            policy=RANKED,
            defaults=_defaults(settings),
            limits=Limits(
                outreach_per_day=settings[OUTREACH_PER_DAY],
                hours_between=settings[HOURS_BETWEEN],
                in_context_per_day=settings[IN_CONTEXT_PER_DAY],
                critical_per_day=settings[CRITICAL_PER_DAY],
            ),
            holdout=settings[HOLDOUT],
            values=settings.public(SETTINGS),
        )

    @property
    def policy_name(self) -> str:
        """Name and version of the policy."""
        return self.policy.label

    @property
    def telling(self) -> Telling:
        """How educators are told who is critical."""
        settings = Settings(self.values)
        return Telling(per_day=settings[ALERTS_PER_DAY], again_days=settings[ALERTS_AGAIN])

    @cached_property
    def asked(self) -> frozenset[str]:
        """The columns that guard rails look at."""
        bounds = self.bounds(EPOCH)
        looks = [rail.forbids(bounds) for rail in self.rails] + [rail.ends(bounds) for rail in self.rails if rail.ends]
        return frozenset(name for look in looks for name in look.meta.root_names())

    @cached_property
    def verdict(self) -> pl.Expr:
        """Verdicts of candidates whose times are told as seconds from the instant on: the same at every instant."""
        among = {kind.initiative for kind in self.kinds.values()}
        return verdicts(self.rails, self.bounds(EPOCH), among=among).alias("verdict")

    @cached_property
    def print(self) -> str:
        """A fingerprint of the configuration: equal rules, equal print."""
        text = json.dumps(self.configuration(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def configuration(self) -> dict[str, Any]:
        """What is stored once, so that any decision can be worked out again."""
        return {
            "policy": self.policy_name,
            "rails": [rail.name for rail in self.rails],
            "binds": {name.value: sorted(rails) for name, rails in BINDS.items()},
            "triggers": [[each.name, each.kind, each.priority] for each in self.triggers],
            "kinds": sorted(self.kinds),
            "settings": self.values,
        }

    def stored(self) -> tuple[str, dict[str, Any]]:
        """Fingerprint and configuration."""
        return self.print, self.configuration()

    def bounds(self, at: datetime) -> Bounds:
        """What guard rails may look at, at an instant."""
        return Bounds(at, self.limits, self.holdout, tuple(self.kinds))

    def replace(self, **parts: Any) -> "Rules":
        """A copy with parts exchanged, for trying other rules on the same past."""
        return replace(self, **parts)


def _defaults(settings: Settings) -> Defaults:
    start, end = minute_of(settings[QUIET_START]), minute_of(settings[QUIET_END])
    # Half a window is none here: nobody chose it for themselves.
    none = start is None or end is None
    return Defaults(
        consented=settings[CONSENT_DEFAULT],
        quiet_start=None if none else start,
        quiet_end=None if none else end,
        max_per_day=settings[MAX_PER_DAY],
    )
