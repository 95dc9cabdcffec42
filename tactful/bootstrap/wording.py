"""What is said to people and in live rooms, as one organisation has it: listed, tried out, changed, taken back."""

import json
from collections.abc import Mapping
from typing import Any

from tactful.bootstrap.owning import Owning
from tactful.bootstrap.reaching import IN_PROCESS
from tactful.compose import preview
from tactful.compose.languages import LANGUAGES
from tactful.compose.polls import Template, library
from tactful.compose.polls import changed as rooms
from tactful.compose.polls.changed import library_of, like, made
from tactful.compose.polls.rewording import KNOWN as SAID_IN_ROOMS
from tactful.compose.polls.rewording import words
from tactful.compose.polls.template import MULTIPLE_CHOICE
from tactful.compose.templates import own as people
from tactful.compose.templates.wordings import WORDINGS
from tactful.compose.templates.wordings import library as library_in
from tactful.compose.variables import KNOWN as SAID_TO_PEOPLE
from tactful.kernel.errors import BadInput, NotFound
from tactful.sense import limits
from tactful.store.described import own
from tactful.store.described.own import TEMPLATES
from tactful.store.steps import run_async

# Templates of its own that an organisation may have.
MOST_OWN = 300


class Wording(Owning):
    """Templates of one organisation."""

    async def templates(self, organisation: str) -> dict[str, Any]:
        """Everything that can be said, as it is said for the organisation now, and the `version` that is at.

        Of each: name (people.KIND, live.NAME, or live.NAME.WORD for one that it has added), about (people or live),
        content as `change_template` takes it, own (whether it is the organisation's), since (the version that set it
        last), on, variables. raises: BadInput, NotFound.
        """
        async with self._office(organisation) as connection:
            now = await run_async(connection, own.version(organisation, TEMPLATES))
            since = await run_async(connection, own.last_changed(organisation, TEMPLATES))
        body = now["body"]
        added = [each for each in library_of(json.dumps(body)) if "." in each.name]
        told = [*(_of_people(kind, body) for kind in sorted(WORDINGS)), *(_of_rooms(each, body) for each in library())]
        rows = [*told, *(_of_rooms(each, body) for each in added)]
        for row in rows:
            row["since"] = since.get(row["name"]) if row["own"] else None
        return {"version": now["version"], "templates": rows}

    async def change_template(
        self,
        organisation: str,
        name: str,
        content: Any,
        *,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Say it otherwise from now on, by `name` as `templates` tells it; None for as everybody has it.

        content: of people.KIND a list of wordings (title, body, action), which are said instead of ours, or such a list
        for each language; of live.NAME the parts of each language, or {"on": false}; live.NAME.WORD is one more that
        fits where live.NAME does.
        Answers as `change_settings`. raises: BadInput naming the field; NotFound; Conflict.
        """
        limits.name(name, "name")
        kept = _checked(name, content)
        changing = self._own_changing(organisation, TEMPLATES, note=note, expected=expected_version)
        async with changing as (connection, before):
            after = {each: told for each, told in before["body"].items() if each != name}
            after |= {} if kept is None else {name: kept}
            if len(after) > MOST_OWN:
                raise BadInput(f"name: there are {MOST_OWN} templates of your own already.", fields=["name"])
            return await self._own_write(connection, organisation, TEMPLATES, before, after, actor=actor, note=note)

    async def preview_template(self, organisation: str, name: str, content: Any = None) -> dict[str, Any]:
        """What would be read, rendered as it is served: of somebody everything is known of, and of whom nothing is.

        content: as in `change_template`; as it stands now when left out. By language known and nothing; of people each
        is a list of messages. raises: BadInput naming the field; NotFound.
        """
        limits.name(name, "name")
        kept = _checked(name, content)
        async with self._office(organisation) as connection:
            body = (await run_async(connection, own.version(organisation, TEMPLATES)))["body"]
        told = body.get(name) if kept is None else kept
        if told is None and name.count(".") > 1:
            raise NotFound(f"There is no template {name}.", fields=["name"])
        if name.startswith(people.PREFIX):
            return preview.to_people(name.removeprefix(people.PREFIX), told, self.clock.now())
        return dict(preview.to_rooms(made(like(name.removeprefix(rooms.PREFIX)), told or {})))

    async def template_history(
        self, organisation: str, *, limit: int = 50, before: int | None = None
    ) -> list[dict[str, Any]]:
        """What was changed of templates, newest first, as `configuration_history`. raises: BadInput, NotFound."""
        return await self._own_versions(organisation, TEMPLATES, limit, before)

    async def undo_template(
        self,
        organisation: str,
        version: int,
        *,
        note: str = "",
        expected_version: int | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Take back what that version of the templates changed, as `undo_configuration`."""
        return await self._own_undo(organisation, TEMPLATES, version, note=note, expected=expected_version, actor=actor)


def _checked(name: str, content: Any) -> Any:
    """What is kept of `content`; None for none. raises: BadInput naming the field; NotFound for a name nobody knows."""
    about, _, which = name.partition(".")
    if about == "people" and which in WORDINGS:
        return None if content is None else people.contents(content, "content")
    if about == "live":
        like(which)
        return None if content is None else words(which, content, "content")
    raise NotFound(f"There is no template {name}.", fields=["name"])


def _of_people(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    name = people.PREFIX + kind
    ours = {
        language: [
            {"title": each.title, "body": each.body, "action": each.action} for each in library_in(language)[kind]
        ]
        for language in LANGUAGES
    }
    kept = body.get(name, {})
    content = {**ours, **kept} if isinstance(kept, Mapping) else kept
    row = {"name": name, "about": "people", "kind": kind, "content": content, "common": ours}
    return row | {"own": name in body, "on": True, "variables": sorted(SAID_TO_PEOPLE)}


def _of_rooms(template: Template, body: Mapping[str, Any]) -> dict[str, Any]:
    name = rooms.PREFIX + template.name
    kept = body.get(name, {})
    row = {"name": name, "about": "live", "kind": template.kind, "content": _written(made(template, kept))}
    common = None if "." in template.name else _written(template)
    return row | {
        "common": common, "own": name in body, "on": kept != rooms.OFF, "variables": sorted(SAID_IN_ROOMS),
    }  # fmt: skip


def _written(template: Template) -> dict[str, Any]:
    """A template as `change_template` takes it."""
    told: dict[str, Any] = {}
    for language, wording in template.wordings.items():
        parts = {part: texts[0].words for part, texts in wording.parts.items()}
        plain = {f"{part}_plain": texts[-1].words for part, texts in wording.parts.items() if len(texts) > 1}
        options = {"options": list(wording.options)} if template.type == MULTIPLE_CHOICE else {}
        told[language] = parts | plain | options
    return told
