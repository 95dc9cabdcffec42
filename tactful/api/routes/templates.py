"""What is said to people and in live rooms, as an organisation has it."""

from typing import Annotated

from fastapi import Path

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.configuring import Before, Limit
from tactful.api.routes.organisations import ADMINS
from tactful.api.routes.risk import READERS
from tactful.api.schemas.configuring import (
    PreviewIn,
    PreviewOut,
    TemplateIn,
    TemplatesOut,
    UndoIn,
    VersionOut,
    VersionsOut,
)
from tactful.api.schemas.wire import Name
from tactful.kernel.errors import Conflict, NotFound

TemplateName = Annotated[Name, Path(alias="id", description="people.KIND, live.NAME, or live.NAME.WORD of your own.")]


async def list_templates(call: Caller) -> TemplatesOut:
    """Everything that can be said, as it is said for the organisation now, beside what everybody has."""
    return TemplatesOut(**await call.engine.templates(call.organisation))


async def write_template(call: Caller, name: TemplateName, body: TemplateIn) -> VersionOut:
    """Say something otherwise from now on; with null as everybody has it."""
    row = await call.engine.change_template(
        call.organisation,
        name,
        body.content,
        note=body.note,
        expected_version=body.expected_version,
        actor=call.actor,
    )
    return VersionOut(**row)


async def preview_template(call: Caller, name: TemplateName, body: PreviewIn) -> PreviewOut:
    """What would be read, rendered as it is served."""
    return PreviewOut(preview=await call.engine.preview_template(call.organisation, name, body.content))


async def list_template_versions(call: Caller, limit: Limit = 50, before: Before = None) -> VersionsOut:
    """What was changed of templates, by whom and why, newest first."""
    rows = await call.engine.template_history(call.organisation, limit=limit, before=before)
    return VersionsOut(versions=[VersionOut(**row) for row in rows])


async def undo_templates(call: Caller, body: UndoIn) -> VersionOut:
    """Take back what one version of the templates changed, as a new version."""
    row = await call.engine.undo_template(
        call.organisation, body.version, note=body.note, expected_version=body.expected_version, actor=call.actor
    )
    return VersionOut(**row)


ROUTES = (
    Address("GET", "/api/v1/templates", list_templates, "templates", READERS, raises=(NotFound,)),
    Address("GET", "/api/v1/templates/history", list_template_versions, "templates", READERS, raises=(NotFound,)),
    Address("POST", "/api/v1/templates/undo", undo_templates, "templates", ADMINS, raises=(NotFound, Conflict)),
    Address("PUT", "/api/v1/templates/{id}", write_template, "templates", ADMINS, raises=(NotFound, Conflict)),
    Address("POST", "/api/v1/templates/{id}/preview", preview_template, "templates", READERS, raises=(NotFound,)),
)
