"""What a validation found, in the client's own terms: the path of each part that does not fit, and a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from tactful.api.fields import known_at
from tactful.api.schemas import people as schemas
from tactful.api.schemas.live import LANGUAGE
from tactful.api.schemas.risk import PLACE
from tactful.api.schemas.wire import NAMED, NO_NUL, REMARK
from tactful.kernel.errors import BadInput, BadRequest, TactfulError
from tactful.sense import limits, people
from tactful.sense.limits import KEY

# More named fields than this help nobody.
MOST_FIELDS, MOST_NAMED = 20, 3
TIME = "a time with its zone, like 2026-01-31T08:00:00Z"
# How a validator calls the branches of what may be one thing or another; no part of the client's path.
BRANCHES = {
    "constrained-str": "text",
    "str": "text",
    "constrained-int": "a whole number",
    "int": "a whole number",
    "constrained-float": "a number",
    "float": "a number",
    "bool": "true or false",
}
PATTERNS = {
    NO_NUL: "must not have a NUL character",
    NAMED: "must be text that can be read, without control characters",
    REMARK: limits.told_of_remarks(),
    KEY: f"must be {limits.told_of_keys()}",
    limits.MINUTE: f"must be {limits.told_of_minutes()}",
    schemas.KEY: f"must be {people.told_of_entries()}",
    schemas.ZONE: f"must be {limits.told_of_zones()}",
    schemas.LOCALE: f"must be {people.told_of_locales()}",
    LANGUAGE: "must be a language like en or de-AT",
    PLACE: "must be what the page before called next",
}
WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not asked for here",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "may have at most {max_length} characters",
    "too_short": "must have at least {min_length} entries",
    "too_long": "may have at most {max_length} entries",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "datetime_type": f"must be {TIME}",
    "datetime_parsing": f"must be {TIME}",
    "datetime_from_date_parsing": f"must be {TIME}",
    "datetime_object_invalid": f"must be {TIME}",
    "timezone_aware": f"must be {TIME}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be above {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be below {lt}",
    "uuid_parsing": "must be an id like 6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "uuid_type": "must be an id like 6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}
Problem = Mapping[str, Any]


def unfit(problems: Sequence[Problem], model: type[BaseModel] | None = None) -> TactfulError:
    """What a validation found, in one sentence with every field named, each once.

    model: what was asked for; where it has few fields, one that is not among them is told which are.

    >>> unfit([{"loc": ("body", "events", 3, "id"), "msg": "Field required", "type": "missing"}]).detail
    'events.3.id is missing.'
    """
    first = problems[0]
    if first["type"] == "json_invalid":
        return BadRequest(f"The body is not valid JSON: {first['msg'].removeprefix('Invalid JSON: ')}.")
    found = _by_path(problems)
    (path, mine), *others = found.items()
    known = known_at(model, mine[0]["loc"]) if model is not None else ()
    fields = [path for path in found if path][:MOST_FIELDS]
    return BadInput(f"{path or 'The body'} {_said(mine, known)}.{_more([each for each, _ in others])}", fields=fields)


def _more(paths: Sequence[str]) -> str:
    """How many parts more do not fit, and the first of them by their paths."""
    named = ", ".join(path or "the body" for path in paths[:MOST_NAMED])
    return f" And {len(paths)} more: {named}{' and others' if len(paths) > MOST_NAMED else ''}." if paths else ""


def _by_path(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    branches: dict[tuple[int | str, ...], set[Any]] = {}
    for problem in problems:
        branches.setdefault(tuple(problem["loc"][:-1]), set()).add(problem["loc"][-1] if problem["loc"] else None)
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        steps = tuple(problem["loc"])
        beside = branches[steps[:-1]]
        # One thing or another: it failed as each of them. A field of that name would stand alone.
        if len(beside) > 1 and beside <= BRANCHES.keys():
            steps = steps[:-1]
        found.setdefault(_path(steps), []).append(problem)
    return found


def _path(steps: Iterable[int | str]) -> str:
    # The first word says where it stood (body, query, path), and [key] that a name is meant; clients know that.
    return ".".join(str(step)[:100] for step in steps if step not in ("body", "query", "path", "[key]"))


def _said(problems: Sequence[Problem], known: Sequence[str]) -> str:
    """In words what is wrong with one part. Several problems: it may be one thing or another and is neither.

    known: fields that there are in place of one that is not asked for.
    """
    near = [problem for problem in problems if not problem["type"].endswith("_type")]
    if len(problems) > 1 and not near:
        kinds = dict.fromkeys(BRANCHES.get(problem["loc"][-1], "") for problem in problems)
        return f"must be {' or '.join(kind for kind in kinds if kind)}"
    problem = (near or problems)[0]
    context = problem.get("ctx") or {}
    if problem["type"] == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    if problem["type"] == "extra_forbidden" and known:
        return f"{WORDS['extra_forbidden']}; known: {', '.join(known)}"
    if problem["type"] in WORDS:
        told = WORDS[problem["type"]].format_map({name: _whole(value) for name, value in context.items()})
        return told.replace(" 1 characters", " 1 character").replace(" 1 entries", " 1 entry")
    said = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ").rstrip(".")
    return f"does not fit: {said}"


def _whole(value: Any) -> Any:
    """A bound as it is written: 0, not 0.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
