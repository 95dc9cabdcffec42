"""A file of kinds and triggers, held to everything it must be before it can be kept: each fault with line and field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tactful.compose.templates.own import MOST_WORDINGS, wordings
from tactful.decide.inline_help import TYPES
from tactful.decide.own import NAMES
from tactful.decide.own.kinds import PROPOSABLE
from tactful.decide.own.language import parsed
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Initiative
from tactful.sense.yaml_file import Node, read

T = TypeVar("T")
# Kinds, and triggers, of one file; and own wordings of a kind in each language.
MOST, FEWEST_WORDINGS = 50, 4
NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
LONGEST_BECAUSE = 160
# What time is written in, in seconds.
DURATION = re.compile(r"(\d{1,6})\s*(m|minutes?|h|hours?|d|days?|w|weeks?)")
SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# Least and most, and what holds where nothing is said [s].
EXPIRES, RESTS = (900, 30 * 86_400), (3_600, 365 * 86_400)
WEEK = 7 * 86_400
INITIATIVES = (Initiative.NUDGE.value, Initiative.OUTREACH.value)
TAKEN = NAMES | set(TYPES)
WHEN = {"when", "priority", "expected", "today", "because"}
OF_KIND = {"initiative", "expires", "cooldown", "waits", "share", "words"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. line: of the file, from 1; field: its path, like kinds.quiet_week.when."""

    line: int
    field: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.problem}."


@dataclass(slots=True)
class Checked:
    """What a file says. kinds, triggers: as `decide.own.kept` takes them; faults: all that is wrong with it."""

    kinds: dict[str, Any] = field(default_factory=dict)
    triggers: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def checked(text: Any) -> Checked:
    """A file without any fault. raises: BadInput naming the line and the field of each fault."""
    found = check(text)
    if found.faults:
        told = " ".join(str(each) for each in found.faults)
        raise BadInput(told[0].upper() + told[1:], fields=list(dict.fromkeys(each.field for each in found.faults)))
    return found


def check(text: Any) -> Checked:
    """What a file says and everything that is wrong with it. raises: BadInput for what is no YAML at all."""
    tree, found = read(text), Checked()
    top = _mapping(found, tree, "file", {"kinds", "triggers"})
    kinds = _mapping(found, top.get("kinds", Node({}, 1)), "kinds", None)
    triggers = _mapping(found, top.get("triggers", Node({}, 1)), "triggers", None)
    if not kinds and not triggers and not found.faults:
        _fault(found, tree, "file", "it has neither kinds nor triggers")
    for part, several in (("kinds", kinds), ("triggers", triggers)):
        if len(several) > MOST:
            _fault(found, top[part], part, f"there are {len(several)}, and {MOST} at most")
    for name, node in list(kinds.items())[:MOST]:
        _named(found, node, f"kinds.{name}", name)
        _kind(found, node, name, proposed=_proposed(triggers, name))
    for name, node in list(triggers.items())[:MOST]:
        _further(found, node, name)
    return found


def _further(found: Checked, node: Node, name: str) -> None:
    """A trigger by itself."""
    path = f"triggers.{name}"
    _named(found, node, path, name)
    if name in found.kinds:
        _fault(found, node, path, "a kind is called so already, and its `when` is the trigger of that name")
    told = _mapping(found, node, path, {*WHEN, "kind"})
    _trigger(found, node, told, path, name=name, kind=_which(found, node, told, path))


def _proposed(triggers: Mapping[str, Node], kind: str) -> bool:
    told = (each.value for each in triggers.values() if isinstance(each.value, dict))
    return any(each["kind"].value == kind for each in told if "kind" in each)


def _fault(found: Checked, node: Node, path: str, problem: str) -> None:
    found.faults.append(Fault(node.line, path, problem.rstrip(".")))


def _mapping(found: Checked, node: Node, path: str, known: set[str] | None) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        _fault(found, node, path, "it must be names with something behind each")
        return {}
    for name, each in node.value.items():
        if known is not None and name not in known:
            _fault(found, each, f"{path}.{name[:60]}", f"it is not known; known are {', '.join(sorted(known))}")
    return node.value


def _named(found: Checked, node: Node, path: str, name: str) -> None:
    if not NAME.fullmatch(name):
        _fault(found, node, path[:80], "a name has 3 to 40 small letters, digits and underscores, a letter first")
    elif name in TAKEN:
        _fault(found, node, path, "everybody has something of that name; call it otherwise")


def _kind(found: Checked, node: Node, name: str, *, proposed: bool) -> None:
    path = f"kinds.{name}"
    told = _mapping(found, node, path, WHEN | OF_KIND)
    initiative = _one(found, node, told, path, "initiative", _initiative, None)
    kind = {
        "initiative": initiative,
        "expires": _one(found, node, told, path, "expires", _between(*EXPIRES), None),
        "cooldown": _one(found, node, told, path, "cooldown", _between(*RESTS), WEEK),
        "waits": _one(found, node, told, path, "waits", _yes_no, initiative == Initiative.OUTREACH),
        "share": _one(found, node, told, path, "share", _rollout, 1.0),
        "words": _one(found, node, told, path, "words", _words, None),
    }
    found.kinds[name] = kind
    if "when" in told:
        _trigger(found, node, told, path, name=name, kind=name)
    elif not proposed:
        _fault(found, node, path, "it has no `when`, and no trigger proposes it, so nobody would ever get it")


def _which(found: Checked, node: Node, told: Mapping[str, Node], path: str) -> str:
    known = [*found.kinds, *PROPOSABLE]

    def kind(value: Any) -> str:
        if value not in known:
            raise BadInput(f"it must be one of your own or one of {', '.join(PROPOSABLE)}")
        return str(value)

    return str(_one(found, node, told, path, "kind", kind, None))


def _trigger(found: Checked, node: Node, told: Mapping[str, Node], path: str, *, name: str, kind: str) -> None:
    found.triggers[name] = {
        "kind": kind,
        "when": _one(found, node, told, path, "when", _when, None),
        "priority": _one(found, node, told, path, "priority", _priority, 5),
        "expected": _one(found, node, told, path, "expected", _share, 0.1),
        "today": _one(found, node, told, path, "today", _yes_no, False),
        "because": _one(found, node, told, path, "because", _because, ""),
    }


def _one(
    found: Checked,
    node: Node,
    told: Mapping[str, Node],
    path: str,
    name: str,
    reader: Callable[[Any], T],
    otherwise: T | None,
) -> T | None:
    """One field, read; what is wrong with it is kept. otherwise: where it is left out; None for what must be there."""
    here = f"{path}.{name}"
    if name not in told:
        if otherwise is None:
            _fault(found, node, here, "it is left out, and must be there")
        return otherwise
    try:
        return reader(told[name].plain())
    except BadInput as error:
        line, rest = _place(told[name], error)
        problem = error.detail.removeprefix(error.fields[0] if error.fields else "").lstrip(": ")
        _fault(found, Node(None, line), f"{here}{rest}", problem)
        return None


def _place(node: Node, error: BadInput) -> tuple[int, str]:
    """The line that an error is about, as near as the field that it names says, and the rest of the path."""
    steps = error.fields[0].split(".") if error.fields else []
    line = node.line
    for step in steps:
        inner = node.value
        if isinstance(inner, dict) and step in inner:
            node = inner[step]
        elif isinstance(inner, list) and step.isdecimal() and int(step) < len(inner):
            node = inner[int(step)]
        else:
            break
        line = node.line
    return line, "".join(f".{step}" for step in steps)


def _initiative(value: Any) -> str:
    if value not in INITIATIVES:
        raise BadInput(f"it must be {' or '.join(INITIATIVES)}: whether it waits until they are here, or goes to them")
    return str(value)


def _between(low: int, high: int) -> Callable[[Any], int]:
    def seconds(value: Any) -> int:
        match = DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
        found = int(match.group(1)) * SECONDS[match.group(2)[0]] if match else 0
        if not match or not low <= found <= high:
            raise BadInput(f"it must be a time like 90m, 36h or 2d, from {_told(low)} to {_told(high)}")
        return found

    return seconds


def _told(seconds: int) -> str:
    unit = next(name for name, size in (("d", 86_400), ("h", 3_600), ("m", 60)) if seconds % size == 0)
    return f"{seconds // SECONDS[unit]}{unit}"


def _yes_no(value: Any) -> bool:
    if value not in (True, False, "yes", "no") or isinstance(value, int) is not isinstance(value, bool):
        raise BadInput("it must be yes or no")
    return value in (True, "yes")


def _priority(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10:
        raise BadInput("it must be a whole number from 1 (may wait) to 10 (first)")
    return value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadInput("it must be a number from 0 (no good) to 1 (all the good there is)")
    return float(value)


def _rollout(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadInput("it must be a number from 0 (nobody) to 1 (everybody)")
    return float(value)


def _because(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_BECAUSE or "\n" in value.strip():
        raise BadInput(f"it must be text in one line of at most {LONGEST_BECAUSE} letters")
    return value.strip()


def _when(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput("it must be a condition, like days_quiet >= 7 and mood < 0.3")
    said = " ".join(value.split())
    parsed(said)
    return said


def _words(value: Any) -> dict[str, list[dict[str, str]]]:
    if not isinstance(value, dict) or not value:
        raise BadInput("it must be languages, like en, with a list of wordings behind each")
    return {name: _language(name, several) for name, several in value.items()}


def _language(name: str, several: Any) -> list[dict[str, str]]:
    if not LANGUAGE.fullmatch(name):
        raise BadInput(f"{name[:20]} is no language like en or de-AT", fields=[name])
    if not isinstance(several, list) or not FEWEST_WORDINGS <= len(several) <= MOST_WORDINGS:
        raise BadInput(f"it must be a list of {FEWEST_WORDINGS} to {MOST_WORDINGS} wordings", fields=[name])
    found = wordings(several, name)
    titles = [each["title"] for each in found]
    if len({(each["title"], each["body"]) for each in found}) < len(titles):
        raise BadInput("two wordings say the same", fields=[name])
    return found
