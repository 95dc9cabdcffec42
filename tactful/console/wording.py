"""What is said? The wordings of an organisation: looked at as they would be read, changed, taken back."""

from collections.abc import Mapping
from typing import Any

from tactful.console.pages import ADMIN, Act, Page
from tactful.console.visit import MISTAKES, Answer, Gone, Shown, Visit
from tactful.kernel.errors import Conflict, NotFound, TactfulError

PARTS_OF_A_MESSAGE = ("title", "body", "action")
# Wordings of one kind that the page has room for beyond those there are.
MORE = 1
VERSIONS = 20
# Wordings of one kind that are looked at.
MOST = 50


async def _show(visit: Visit) -> Shown:
    name = visit.text("name")
    return await _one(visit, name) if name else await _all(visit)


async def _all(visit: Visit) -> Shown:
    told = await visit.engine.templates(visit.organisation)
    history = await visit.engine.template_history(visit.organisation, limit=VERSIONS)
    return Shown("wordings.html", {"rows": told["templates"], "history": history})


async def _one(
    visit: Visit, name: str, *, content: Any = None, read: Any = None, error: TactfulError | None = None
) -> Shown:
    """One template. content: what somebody has typed and is not in force; read: how that would be read."""
    told = await visit.engine.templates(visit.organisation)
    row = next((each for each in told["templates"] if each["name"] == name), None)
    if row is None:
        raise NotFound(f"There is no template {name}.")
    if read is None and error is None:
        read = await visit.engine.preview_template(visit.organisation, name)
    shown: Any = row["content"] if content is None else content
    if row["about"] == "people":
        shown = {language: _with_room(said) for language, said in _by_language(shown, row["common"]).items()}
    elif content is not None:
        shown = _as_typed(row["content"], content)
    values = {
        "row": row,
        "version": told["version"],
        "content": shown,
        "read": read,
        "tried": content is not None and error is None,
        "error": error,
        "note": visit.form.get("note", ""),
        "fields": PARTS_OF_A_MESSAGE,
        "actions": _actions(told["templates"]),
    }
    return Shown("wording.html", values, status=error.status if error else 200)


def _actions(templates: list[dict[str, Any]]) -> list[str]:
    """Everything that a message to a person can lead to."""
    common = (row["common"] for row in templates if row["about"] == "people")
    ours = (each for told in common for several in told.values() for each in several)
    return sorted({each["action"] for each in ours})


def _as_typed(known: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Every field there is, with what was typed into it; one that was left empty stays to be filled in.

    >>> _as_typed({"on": True, "en": {"question": "Well?", "options": ["Yes"]}}, {"en": {"options": ["No"]}})
    {'on': True, 'en': {'question': '', 'options': ['No']}}
    """
    if "on" in typed:
        return dict(known)

    def fields(language: str, words: Any) -> Any:
        if not isinstance(words, Mapping):
            return words
        empty = {part: [] if isinstance(text, list) else "" for part, text in words.items()}
        return empty | typed.get(language, {})

    return {language: fields(language, words) for language, words in known.items()}


def _by_language(content: Any, common: Mapping[str, Any]) -> dict[str, Any]:
    """What is said in each language; what is said in every one stands in each."""
    if isinstance(content, Mapping):
        return {language: content.get(language, []) for language in common}
    return dict.fromkeys(common, content)


def _with_room(wordings: list[dict[str, str]]) -> list[dict[str, str]]:
    return [*wordings, *(dict.fromkeys(PARTS_OF_A_MESSAGE, "") for _ in range(MORE))]


async def _change(visit: Visit) -> Answer:
    name, what = visit.form.get("name", ""), visit.form.get("do", "")
    content = None if what == "common" else _sent(name, visit.form)
    try:
        if what == "try":
            read = await visit.engine.preview_template(visit.organisation, name, content)
            return await _one(visit, name, content=content, read=read)
        row = await visit.engine.change_template(
            visit.organisation,
            name,
            content,
            note=visit.form.get("note", "").strip(),
            expected_version=visit.number("version"),
            actor=visit.operator.actor,
        )
    except MISTAKES as error:
        return await _one(visit, name, content=content, error=error)
    return Gone("wordings", f"Said so from now on, as version {row['version']}. It can be undone below.")


def _sent(name: str, form: Mapping[str, str]) -> Any:
    """What was typed, as the engine takes it; wordings that were left empty are none."""
    if name.startswith("people."):
        return {language: _wordings(language, form) for language in sorted({*_languages(form)})}
    if form.get("off"):
        return {"on": False}
    told: dict[str, dict[str, Any]] = {}
    for key, value in form.items():
        language, dot, part = key.partition(":")
        if dot and value.strip():
            lines = [line.strip() for line in value.splitlines() if line.strip()]
            told.setdefault(language, {})[part] = lines if part == "options" else value.strip()
    return told


def _languages(form: Mapping[str, str]) -> list[str]:
    """Of those in which something was sent, field by field."""
    return [key.partition(":")[0] for key in form if ":body." in key]


def _wordings(language: str, form: Mapping[str, str]) -> list[dict[str, str]]:
    start = f"{language}:body."
    places = sorted({int(key[len(start) :]) for key in form if key.startswith(start) and key[len(start) :].isdecimal()})
    rows = [
        {part: form.get(f"{language}:{part}.{n}", "").strip() for part in PARTS_OF_A_MESSAGE} for n in places[:MOST]
    ]
    return [row for row in rows if any(row.values())]


async def _undo(visit: Visit) -> Answer:
    version = visit.number("version")
    try:
        row = await visit.engine.undo_template(visit.organisation, version, actor=visit.operator.actor)
    except Conflict as error:
        return Gone("wordings", error.detail)
    return Gone("wordings", f"Version {version} is undone; this is version {row['version']}.")


PARTS = (
    Page("wordings", _show),
    Act("wordings/change", _change, ADMIN),
    Act("wordings/undo", _undo, ADMIN),
)
