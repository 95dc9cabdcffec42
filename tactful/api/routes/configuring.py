"""What an organisation sets for itself while the engine runs."""

from typing import Annotated

from fastapi import Query

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.organisations import ADMINS
from tactful.api.routes.risk import READERS
from tactful.api.schemas.configuring import (
    RehearsedIn,
    RehearsedOut,
    RehearsedTickOut,
    SettingsIn,
    SettingsOut,
    UndoIn,
    VersionOut,
    VersionsOut,
)
from tactful.kernel.errors import Conflict, NotFound
from tactful.sense.limits import LARGEST_COUNT

Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[int | None, Query(ge=0, le=LARGEST_COUNT, description="Below this version only.")]


async def read_settings(call: Caller) -> SettingsOut:
    """Every setting that the organisation may have of its own: what holds, since when, what else it could be."""
    return SettingsOut(**await call.engine.configuration(call.organisation))


async def write_settings(call: Caller, body: SettingsIn) -> VersionOut:
    """Change settings of the organisation: all that are named or none. In force everywhere at once.

    A tick that has begun goes on as it began. With `expected_version`, who comes second is answered with 409.
    """
    row = await call.engine.change_settings(
        call.organisation, body.settings, note=body.note, expected_version=body.expected_version, actor=call.actor
    )
    return VersionOut(**row)


async def list_versions(call: Caller, limit: Limit = 50, before: Before = None) -> VersionsOut:
    """What was changed, by whom and why, newest first."""
    rows = await call.engine.configuration_history(call.organisation, limit=limit, before=before)
    return VersionsOut(versions=[VersionOut(**row) for row in rows])


async def undo_settings(call: Caller, body: UndoIn) -> VersionOut:
    """Take back what one version changed, as a new version. What was changed once more since is answered with 409."""
    row = await call.engine.undo_configuration(
        call.organisation, body.version, note=body.note, expected_version=body.expected_version, actor=call.actor
    )
    return VersionOut(**row)


async def rehearse_settings(call: Caller, body: RehearsedIn) -> RehearsedOut:
    """Whom a tick over everybody would reach as things are, and whom with these settings; nothing is written."""
    told = await call.engine.rehearse_settings(call.organisation, body.settings)
    parts = {part: {name: told[part][name] for name in RehearsedTickOut.model_fields} for part in ("now", "then")}
    return RehearsedOut(**{part: RehearsedTickOut(**row) for part, row in parts.items()})


ROUTES = (
    Address("GET", "/api/v1/settings", read_settings, "settings", READERS, raises=(NotFound,)),
    Address("PUT", "/api/v1/settings", write_settings, "settings", ADMINS, raises=(NotFound, Conflict)),
    Address("GET", "/api/v1/settings/history", list_versions, "settings", READERS, raises=(NotFound,)),
    Address("POST", "/api/v1/settings/undo", undo_settings, "settings", ADMINS, raises=(NotFound, Conflict)),
    Address("POST", "/api/v1/settings/rehearse", rehearse_settings, "settings", ADMINS, raises=(NotFound,)),
)
