"""What an organisation sets for itself, held to what the start holds settings to: type, range, choices, agreements.

Pure. The body of a version is all that is the organisation's own, by name; what is not in it is as everybody has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tactful.kernel.errors import BadInput, BadSetting, Conflict
from tactful.kernel.settings import Agreement, Setting, Settings

# How errors call where a value comes from.
SENT = "what was sent"
Body = dict[str, Any]
# name -> from and to; None stands for what everybody has.
Changes = dict[str, list[Any]]


def changed(
    rows: Sequence[Setting[Any]], agreements: Iterable[Agreement], common: Settings, body: Body, wanted: Any
) -> Body:
    """The body after `wanted` (setting -> value, None for what everybody has) came to `body`.

    rows: settings that organisations may have of their own; common: what everybody has.
    raises: BadInput naming the setting.

    >>> ROW = Setting("demo.size", 3, "How many.", high=9, own=True)
    >>> changed([ROW], [], Settings({}), {}, {"demo.size": 4})
    {'demo.size': 4}
    """
    known = {row.name: row for row in rows if row.own}
    if not isinstance(wanted, Mapping) or not wanted:
        raise BadInput("settings must map names of settings to values, at least one.", fields=["settings"])
    after = dict(body)
    for name, value in wanted.items():
        if name not in known:
            called = str(name)[:60]
            raise BadInput(f"{called} is no setting that an organisation may have of its own.", fields=[called])
        if value is None:
            after.pop(name, None)
        else:
            after[name] = _fitting(known[name], value)
    return held(known, agreements, common, after)


def held(rows: Mapping[str, Setting[Any]], agreements: Iterable[Agreement], common: Settings, body: Body) -> Body:
    """`body`, where it agrees with itself and with what everybody has. raises: BadInput naming the settings."""
    settings = Settings({**{name: common[row] for name, row in rows.items()}, **body})
    try:
        for agreement in agreements:
            if all(row.name in rows for row in agreement.rows):
                agreement.hold(settings)
    except BadSetting as error:
        raise BadInput(error.detail, fields=error.fields) from None
    return body


def _fitting(row: Setting[Any], value: Any) -> Any:
    # Unlike in a file or the environment, where all is text: a number is a number here.
    kinds = (int, float) if isinstance(row.default, float) else type(row.default)
    if isinstance(value, bool) is not isinstance(row.default, bool) or not isinstance(value, kinds):
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}.get(type(row.default), "text")
        raise BadInput(f"{row.name} must be {wanted}.", fields=[row.name])
    try:
        return row.parse(value, source=SENT)
    except BadSetting as error:
        raise BadInput(error.detail, fields=error.fields) from None
    except OverflowError:
        raise BadInput(f"{row.name} is far too large.", fields=[row.name]) from None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What changed from one body to another: name -> [from, to]. None: as everybody has it.

    >>> differences({"a": 1, "b": 2}, {"b": 3, "c": 4})
    {'a': [1, None], 'b': [2, 3], 'c': [None, 4]}
    """
    names = sorted(before.keys() | after.keys())
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def undone(body: Mapping[str, Any], changes: Mapping[str, Sequence[Any]]) -> Body:
    """`body` with these changes taken back. raises: Conflict naming what has been changed once more since.

    >>> undone({"b": 3, "c": 4, "d": 5}, {"b": [2, 3], "c": [None, 4]})
    {'b': 2, 'd': 5}
    """
    moved = [name for name, (_, to) in changes.items() if body.get(name) != to]
    if moved:
        raise Conflict(f"{', '.join(moved)} changed again since; undo that first, or set it anew.", fields=moved)
    kept = {name: value for name, value in body.items() if name not in changes}
    return dict(sorted({**kept, **{name: old for name, (old, _) in changes.items() if old is not None}}.items()))
