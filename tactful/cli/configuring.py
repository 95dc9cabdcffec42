"""Commands about what an organisation sets for itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tactful.bootstrap import Engine
from tactful.bootstrap.owning import own_rows
from tactful.cli.arguments import Arguments
from tactful.cli.running import show, with_engine
from tactful.kernel.errors import BadInput, BadSetting

ACTOR = "command line"
LONGEST_VALUE = 200


def settings(arguments: Arguments) -> None:
    """Show what an organisation sets for itself, set it (NAME=VALUE), reset it (NAME), list versions, undo one."""
    do, words = arguments.do, arguments.words

    async def run(engine: Engine) -> None:
        whose, note = arguments.organisation, {"note": arguments.note, "actor": ACTOR}
        if do == "show":
            told = await engine.configuration(whose)
            show(told, _shown(told, words), as_json=arguments.json)
        elif do == "history":
            rows = await engine.configuration_history(whose)
            show(rows, _versions(rows), as_json=arguments.json)
        elif do == "undo":
            row = await engine.undo_configuration(whose, _number(words), **note)
            show(row, _versions([row]), as_json=arguments.json)
        else:
            row = await engine.change_settings(whose, _wanted(words) if do == "set" else _reset(words), **note)
            show(row, _versions([row]), as_json=arguments.json)

    with_engine(run)


def _wanted(words: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE as settings are read from the environment."""
    rows, wanted = {row.name: row for row in own_rows()}, {}
    for word in words:
        name, given, value = word.partition("=")
        if not given:
            raise BadInput(f"{word[:60]}: write it like decide.holdout=0.1.", fields=[name[:60]])
        try:
            wanted[name] = rows[name].parse(value, source="the command line") if name in rows else value
        except BadSetting as error:
            raise BadInput(error.detail, fields=error.fields) from None
    return wanted


def _reset(words: Sequence[str]) -> dict[str, Any]:
    return dict.fromkeys(words)


def _number(words: Sequence[str]) -> int:
    if len(words) != 1 or not words[0].isdecimal():
        raise BadInput("Say which version is to be undone, by its number.", fields=["version"])
    return int(words[0])


def _shown(told: Mapping[str, Any], words: Sequence[str]) -> Iterator[str]:
    yield f"Version {told['version']}."
    for row in told["settings"]:
        if words and not row["name"].startswith(tuple(words)):
            continue
        since = f"own, since version {row['since']}" if row["source"] == "own" else row["source"]
        yield f"{row['name']} = {_value(row['value'])} ({since})"


def _versions(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "Nothing was ever changed."
    for row in rows:
        if not row["changes"]:
            yield f"Nothing is different; version {row['version']} stands."
            continue
        undid = f", undoing version {row['undoes']}" if row["undoes"] else ""
        note = f": {row['note']}" if row["note"] else "."
        yield f"Version {row['version']} of {row['at']:%Y-%m-%d %H:%M} UTC by {row['actor']}{undid}{note}"
        yield from (
            f"    {name}: {_value(old)} -> {_value(new)}" for name, (old, new) in sorted(row["changes"].items())
        )


def _value(value: Any) -> str:
    return (
        "as everybody"
        if value is None
        else {True: "on", False: "off"}[value]
        if isinstance(value, bool)
        else _short(str(value))
    )


def _short(value: str) -> str:
    """Kinds of their own are a document; `tactful kinds list` tells them."""
    return value if len(value) <= LONGEST_VALUE else f"a text of {len(value)} letters"
