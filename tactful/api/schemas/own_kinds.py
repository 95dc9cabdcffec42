"""Kinds and triggers that an organisation writes itself."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from tactful.api.schemas.wire import NO_NUL, Count, Instant, Name, Short, Told, Wire, example
from tactful.sense.limits import LARGEST_COUNT
from tactful.sense.yaml_file import MOST_BYTES

File = Annotated[str, StringConstraints(min_length=1, max_length=MOST_BYTES, pattern=NO_NUL)]
SHORT_FILE = """triggers:
  long_quiet:
    kind: check_in
    when: days_quiet >= 10 and active_days >= 5
"""


class OwnKindsCheckedIn(Wire):
    """A file of kinds and triggers, as YAML (docs/guides/own-kinds.md)."""

    model_config = example(file=SHORT_FILE)
    file: File


class OwnKindsIn(Wire):
    """A file to be kept as the next version. expected_version: the one that was looked at before."""

    model_config = example(file=SHORT_FILE, note="for the autumn")
    file: File
    note: Short = ""
    expected_version: Count | None = None


class TriedIn(Wire):
    """What is tried on the past: a version (the newest when left out), or a file that is not saved.

    days: how far back; every_hours: how often everybody is looked at; people: at most so many, by lot.
    """

    model_config = example(days=7, every_hours=3)
    version: Annotated[int, Field(ge=1, le=LARGEST_COUNT)] | None = None
    file: File | None = None
    days: Annotated[int, Field(ge=1, le=60)] = 7
    every_hours: Annotated[int, Field(ge=1, le=24)] = 3
    people: Annotated[int, Field(ge=1, le=1000)] = 500


class LiveIn(Wire):
    """The version that decides from now on; 0 for none. untried: also where nobody has tried it on the past.

    expected_version: of the organisation's settings, as it was looked at before.
    """

    model_config = example(version=0, note="over for this term")
    version: Count
    untried: bool = False
    note: Short = ""
    expected_version: Count | None = None


class BackIn(Wire):
    """Why what was live before is to be live again."""

    model_config = example(note="too many")
    note: Short = ""


class SwitchedIn(Wire):
    """A trigger of what is live, to be off or on."""

    model_config = example(name="long_quiet", on=False)
    name: Name
    on: bool
    note: Short = ""


class FaultOut(Told):
    """What is wrong with a file. line: counted from 1; field: its path."""

    line: int
    field: str
    problem: str


class OwnKindsCheckedOut(Told):
    """Whether a file could be saved, and the kinds and triggers it has."""

    fine: bool
    faults: list[FaultOut]
    kinds: list[str]
    triggers: list[str]


class TriedDayOut(Told):
    """A day of people's own calendars: how many it fitted, and how often it would have been sent."""

    day: date
    fitting: int
    sent: int


class TriedTriggerOut(Told):
    """What a trigger would have done. fitting, reached: people; fitting_days: days of people on which it fitted.

    examples: ids of some who would have been reached; by_hour: times sent in each hour of their own clocks. withheld:
    guard rails, with the days of people on which each stood against it to the end; outdone: kinds that were chosen
    although it was allowed.
    """

    trigger: str
    kind: str
    initiative: str
    fitting: int
    fitting_days: int
    reached: int
    sent: int
    most_for_one: int
    examples: list[str]
    by_day: list[TriedDayOut]
    by_hour: list[int]
    withheld: list[dict[str, Any]]
    outdone: list[dict[str, Any]]


class TriedOut(Told):
    """What would have come of it. people: of `everybody`, those looked at; instead: kinds sent now, and then."""

    version: int | None
    since: Instant
    until: Instant
    days: int
    every_hours: int
    people: int
    everybody: int
    triggers: list[TriedTriggerOut]
    instead: list[dict[str, Any]]
    words: list[str]


class SavedOut(Told):
    """A version of the file. changes: kinds and triggers that differ from the version before it.

    tried: what trying it on the past said last, null where nobody has.
    """

    version: int
    at: Instant
    actor: str
    note: str
    live: bool
    changes: list[str]
    tried: dict[str, Any] | None


class OwnKindsOut(Told):
    """What is live, and every version. live, version: 0 for none."""

    live: int
    version: int
    kinds: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    versions: list[SavedOut]


class FileOut(Told):
    """A version as it was saved."""

    version: int
    at: Instant
    actor: str
    note: str
    file: str


class LiveOut(Told):
    """The version that decides now. settings_version: of the organisation's settings, where that is written."""

    live: int
    settings_version: int
    changed: bool
