"""A test before it begins: held to what it needs, so that it says something when it is over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tactful.compose.templates.own import contents
from tactful.compose.templates.wordings import WORDINGS
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.described.experiments import WORDING, Plan

# What can be tried out. Another one: what its content is goes to `_content`, and where it is looked at, to `words`.
WHATS = (WORDING,)
FEWEST, MOST = 2, 6
# Shares are told to the thousandth.
PARTS = 1000
LONGEST = timedelta(days=365)
VARIANT = {"name", "share", "content"}


def planned(
    told: Mapping[str, Any], *, at: datetime, harm_margin: float, promote_winner: bool, own: Iterable[str] = ()
) -> Plan:
    """What is kept of a test. told: name, kind, variants (name, share and content of each, the control first); perhaps
    what, ends_at, harm_margin, promote_winner.

    content: a list of wordings (title, body, action), one for each language, or None for what is said without the test.
    harm_margin, promote_winner: what holds where nothing is told. own: kinds that the organisation made.

    raises: BadInput naming the field.
    """
    _known(told, {"name", "what", "kind", "variants", "ends_at", "harm_margin", "promote_winner"}, "")
    limits.key(told.get("name"), "name")
    what, kind = told.get("what", WORDING), told.get("kind")
    if what not in WHATS:
        raise BadInput(f"what must be one of {', '.join(WHATS)}.", fields=["what"])
    known = sorted({*WORDINGS, *own})
    if kind not in known:
        raise BadInput(f"kind must be one of {', '.join(known)}.", fields=["kind"])
    margin = told.get("harm_margin", harm_margin)
    limits.within(margin, "harm_margin", 0.0, 1.0)
    promote = told.get("promote_winner", promote_winner)
    if not isinstance(promote, bool):
        raise BadInput("promote_winner must be true or false.", fields=["promote_winner"])
    variants = _variants(told.get("variants"))
    return Plan(told["name"], what, kind, variants, float(margin), promote, _end(told.get("ends_at"), at))


def _variants(told: Any) -> list[dict[str, Any]]:
    if not isinstance(told, Sequence) or isinstance(told, str) or not FEWEST <= len(told) <= MOST:
        raise BadInput(f"variants must be a list of {FEWEST} to {MOST}, the control first.", fields=["variants"])
    kept = [_variant(each, f"variants.{number}") for number, each in enumerate(told)]
    if sum(each["part"] for each in kept) != PARTS:
        raise BadInput("variants: their shares must add up to 1.", fields=["variants"])
    for name in ("name", "content"):
        for number, each in enumerate(kept):
            if any(each[name] == other[name] for other in kept[:number]):
                path = f"variants.{number}.{name}"
                raise BadInput(f"{path} is that of another variant; nothing could be told apart.", fields=[path])
    return kept


def _variant(told: Any, path: str) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise BadInput(f"{path} must have name, share and content.", fields=[path])
    _known(told, VARIANT, f"{path}.")
    limits.name(told.get("name"), f"{path}.name")
    share, content = told.get("share"), told.get("content")
    limits.within(share, f"{path}.share", 1 / PARTS, 1.0)
    part = round(float(share or 0) * PARTS)
    if abs(float(share or 0) * PARTS - part) > 1e-6:
        raise BadInput(f"{path}.share may have three decimals.", fields=[f"{path}.share"])
    kept = None if content is None else contents(content, f"{path}.content", every=True)
    return {"name": told["name"], "part": part, "content": kept}


def _end(value: Any, at: datetime) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None or not at < value <= at + LONGEST:
        raise BadInput("ends_at must be a time with its zone, within a year from now.", fields=["ends_at"])
    return value


def _known(told: Mapping[str, Any], names: set[str], path: str) -> None:
    strange = sorted(set(told) - names)
    if strange:
        field = f"{path}{strange[0]}"
        raise BadInput(f"{field} is not known; known are {', '.join(sorted(names))}.", fields=[field])
