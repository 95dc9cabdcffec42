"""Everything a decision depends on besides the person and the instant, in one frozen value."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from tactful.decide.guardrails import BINDS, RAILS, Bounds, Rail, verdicts
from tactful.decide.guardrails.base import EPOCH
from tactful.decide.kinds import kinds
from tactful.decide.localtime import minute_of
from tactful.decide.own import OWN_KINDS, OwnKinds, read, written
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
    QUIETER,
    ROLLOUT,
    SETTINGS,
)
from tactful.decide.triggers import Trigger, triggers
from tactful.decide.triggers.settings import SWITCHES
from tactful.facts.allowances import Defaults, Limits, Telling
from tactful.facts.milestones import KEPT
from tactful.facts.polishing import POLISH, TONE
from tactful.facts.streaks import REST_DAYS
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Settings

# Rules of organisations with values of their own that are kept beside the common ones; all are made anew beyond.
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Rules:
    """Kinds, triggers, guard rails, policy and limits.

    channels: those outside the product that are set up.
    own: the rules of organisations with values of their own, by our number of each; `upto` says which values these
    are: all that were written up to that number (`store.described.own`). made: what an organisation wrote itself; its
    kinds and triggers are among `kinds` and `triggers`.

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
    make: "Callable[[Settings], Rules]"
    channels: frozenset[str] = frozenset()
    made: OwnKinds = field(default_factory=OwnKinds)
    own: "Mapping[int, Rules]" = field(default_factory=dict)
    upto: int = 0
    _kept: "dict[str, Rules]" = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Rules":
        """The rules these settings make."""
        mine = written(settings)
        made = read(mine)
        return cls(
            kinds={**kinds(settings), **made.kinds},
            triggers=(*triggers(settings), *made.triggers),
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
            values=settings.public((*SETTINGS, *SWITCHES.values(), REST_DAYS, KEPT, POLISH, TONE)) | {OWN_KINDS: mine},
            make=cls.from_settings,
            made=made,
        )

    @property
    def policy_name(self) -> str:
        """Name and version of the policy."""
        return self.policy.label

    @property
    def rest_days(self) -> int:
        """Days off of any seven that streaks are allowed."""
        return Settings(self.values)[REST_DAYS]

    @property
    def reasons(self) -> dict[str, str]:
        """Why each trigger proposes something, in words."""
        return {each.name: each.why for each in self.triggers}

    @property
    def telling(self) -> Telling:
        """How educators are told who is critical."""
        settings = Settings(self.values)
        return Telling(per_day=settings[ALERTS_PER_DAY], again_days=settings[ALERTS_AGAIN])

    @property
    def switched_on(self) -> list[str]:
        """Kinds that somebody may get to see, unless they switch them off: those that some trigger proposes, and help.

        >>> from tactful.decide.triggers.settings import SWITCHES
        >>> rules = Rules.from_settings(Settings({SWITCHES["morning_ritual"].name: False}))
        >>> rules.switched_on[:3]
        ['inline_help', 'foreseen_help', 'evening_reflection']
        """
        settings = Settings(self.values)
        proposed = {each.kind for each in self.triggers if each.name not in SWITCHES or settings[SWITCHES[each.name]]}
        in_context = [name for name, kind in self.kinds.items() if kind.initiative is Initiative.IN_CONTEXT]
        helps = in_context if self.limits.in_context_per_day else []
        return [*helps, *(name for name in self.kinds if name in proposed)]

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
            "channels": sorted(self.channels),
            "settings": self.values,
        }

    def stored(self) -> tuple[str, dict[str, Any]]:
        """Fingerprint and configuration."""
        return self.print, self.configuration()

    def bounds(self, at: datetime) -> Bounds:
        """What guard rails may look at, at an instant."""
        return Bounds(at, self.limits, self.holdout, tuple(self.kinds), **self._reserve)

    @cached_property
    def _reserve(self) -> dict[str, Any]:
        """With how much reserve kinds of outreach are used: after being ignored, and while they are new."""
        settings = Settings(self.values)
        shares = (*((kind, settings[share]) for kind, share in ROLLOUT.items()), *self.made.shares.items())
        return {"quieter": settings[QUIETER], "shares": tuple(each for each in shares if each[1] < 1)}

    def with_own(self, values: Mapping[int, Mapping[str, Any]], *, upto: int) -> "Rules":
        """These rules, and beside them those of organisations that have values of their own, by our number of each.

        >>> rules = Rules.from_settings(Settings({})).with_own({7: {"decide.holdout": 0.2}}, upto=1)
        >>> rules.of(7).holdout, rules.of(8).holdout
        (0.2, 0.05)
        """
        return self.replace(own={whose: self._with(told) for whose, told in values.items()}, upto=upto)

    def theirs(self, part: str) -> dict[int, Any]:
        """A part (limits, defaults, telling) of the rules of those who have their own, by our number of each."""
        return {whose: getattr(each, part) for whose, each in self.own.items()}

    def of(self, organisation: int) -> "Rules":
        """The rules of one organisation, by our number of it."""
        return self.own.get(organisation, self)

    def parts(self, organisations: pl.Series) -> "list[tuple[Rules, pl.Series]]":
        """Which rules hold for which rows of `organisations` (our numbers of them): the numbers of these rows."""
        numbers = {id(each): number for number, each in enumerate(self.own.values(), 1)}
        place = {whose: numbers[id(each)] for whose, each in self.own.items()}
        places = organisations.replace_strict(place, default=0, return_dtype=pl.Int32).alias("part")
        parts = pl.DataFrame([places]).with_row_index("row").group_by("part").agg("row").sort("part")
        known = {numbers[id(each)]: each for each in self.own.values()}
        return [(known.get(part, self), rows) for part, rows in zip(parts["part"], parts["row"], strict=True)]

    def _with(self, told: Mapping[str, Any]) -> "Rules":
        """The rules of who has these values instead; the same values are the same rules."""
        mine = {name: value for name, value in told.items() if name in self.values}
        if not mine:
            return self
        key = json.dumps(mine, sort_keys=True)
        if (known := self._kept.get(key)) is not None:
            return known
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        values = {**self.values, **mine}
        # Whatever else was exchanged stays so: guard rails and the choice of a policy are everybody's.
        policy = self.policy.by(Settings(values)) if self.policy.by else self.policy
        made = self.make(Settings(values)).replace(policy=policy, rails=self.rails, values=values)
        made = made.replace(channels=self.channels)
        return self._kept.setdefault(key, made)

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
