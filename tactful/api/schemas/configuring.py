"""What an organisation sets for itself: settings and templates, and their versions."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from tactful.api.schemas.wire import Count, Instant, Short, Told, Wire, example
from tactful.sense.limits import LARGEST_COUNT, LONGEST_NAME

SettingName = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
Wanted = Annotated[dict[SettingName, Any], Field(min_length=1, max_length=200)]
Version = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]


class SettingsIn(Wire):
    """Settings by name; null for what everybody has. expected_version: the one that was looked at before."""

    model_config = example(settings={"decide.holdout": 0.1, "decide.on_risk_medium": False}, note="winter term")
    settings: Wanted
    note: Short = ""
    expected_version: Count | None = None


class RehearsedIn(Wire):
    """Settings as they would be."""

    model_config = example(settings={"decide.max_notifications_per_day": 2})
    settings: Wanted


class TemplateIn(Wire):
    """What is said instead: of people.KIND wordings, of live.NAME its parts by language or {"on": false}.

    Wordings are a list for every language, or a list for each.

    Null for what everybody has. expected_version: of the templates, as it was looked at before.
    """

    model_config = example(content=[{"title": "Good day", "body": "One small task is waiting.", "action": "start"}])
    content: Any
    note: Short = ""
    expected_version: Count | None = None


class PreviewIn(Wire):
    """What would be said, as in `TemplateIn`; as it stands now when left out."""

    model_config = example(content=[{"title": "Good day", "body": "One small task is waiting.", "action": "start"}])
    content: Any = None


class UndoIn(Wire):
    """The version whose changes are taken back."""

    model_config = example(version=3, note="too many")
    version: Version
    note: Short = ""
    expected_version: Count | None = None


class SettingOut(Told):
    """One setting as it holds now. source: default, start (the file or the environment) or own (since a version).

    common: what holds unless it is own.
    """

    name: str
    value: Any
    source: Literal["default", "start", "own"]
    since: int | None
    common: Any
    default: Any
    kind: Literal["true_or_false", "whole_number", "number", "text"]
    unit: str
    low: float | None
    high: float | None
    choices: list[str]
    help: str


class SettingsOut(Told):
    """Every setting that the organisation may have of its own. version: 0 where it never changed any."""

    version: int
    at: Instant | None
    actor: str | None
    settings: list[SettingOut]


class VersionOut(Told):
    """A version. changes: name -> from and to, null for what everybody has; body: all that was its own after it."""

    version: int
    at: Instant | None = None
    actor: str | None = None
    note: str = ""
    changes: dict[str, list[Any]]
    body: dict[str, Any]
    undoes: int | None = None


class VersionsOut(Told):
    """Versions, newest first."""

    versions: list[VersionOut]


class RehearsedTickOut(Told):
    """What a tick over everybody would do."""

    at: Instant
    people: int
    reached: int
    decisions: list[dict[str, Any]]


class RehearsedOut(Told):
    """Whom the settings of now would reach, and whom those that were sent."""

    now: RehearsedTickOut
    then: RehearsedTickOut


class TemplateOut(Told):
    """What can be said, as it is said for the organisation now. common: as everybody has it; null where it added it."""

    name: str
    about: Literal["people", "live"]
    kind: str
    content: Any
    common: Any
    own: bool
    since: int | None
    on: bool
    variables: list[str]


class TemplatesOut(Told):
    """Everything that can be said."""

    version: int
    templates: list[TemplateOut]


class PreviewOut(Told):
    """What would be read, by language: where everything is known, and where nothing is."""

    preview: dict[str, Any]
