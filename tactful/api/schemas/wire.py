"""What every message has in common: strict types, no unknown fields, bounded text without NUL."""

import re
from datetime import UTC, datetime, time
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from tactful.sense.limits import LARGEST_COUNT, LONGEST_NAME, LONGEST_TEXT, MINUTE

# Largest whole number that JSON carries unharmed to every client.
LARGEST = 2**53 - 1

NO_NUL = r"^[^\x00]*$"
# Something readable in it, nothing that hides: no control characters, not only spaces.
NAMED = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
# Nothing at all, or something besides blanks.
REMARK = r"^([^\x00]*[^\x00\s][^\x00]*)?$"

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=NO_NUL)]
Remark = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=REMARK)]
Short = Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=NAMED)]
Whole = Annotated[int, Field(ge=0, le=LARGEST)]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
Share = Annotated[float, Field(ge=0, le=1)]
# Somebody's id in the product: text, or a whole number.
UserId = Name | Whole
At = AwareDatetime

EPOCH = re.compile(r"[\s0-9.eE+-]*")
# A zone whose + became a blank on the way.
LOST_PLUS = re.compile(r":[0-9.]+ [0-9]{2}(:?[0-9]{2})?$")
DIGITS = re.compile(r"0|[1-9][0-9]{0,14}")


def shown(external_id: str) -> str | int:
    """A product's id as the wire shows it: a number when it is all digits.

    >>> shown("42"), shown("007"), shown("ana")
    (42, '007', 'ana')
    """
    return int(external_id) if DIGITS.fullmatch(external_id) else external_id


def _seconds(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


# A time of the person's own day, which has no zone.
WallTime = Annotated[str, StringConstraints(pattern=MINUTE), Field(examples=["22:00"])]


def _written(value: object) -> object:
    if isinstance(value, str) and not EPOCH.fullmatch(value):
        if LOST_PLUS.search(value):
            raise ValueError("a + in an address means a blank; send it as %2B, or write the time with Z")
        return value
    raise ValueError("write it like 2026-01-31T08:00:00Z")


# In a query, where everything is text, digits alone are no time.
WrittenAt = Annotated[AwareDatetime, BeforeValidator(_written), Field(examples=["2026-01-31T08:00:00Z"])]
ShownId = str | int
# Not JSON Schema's "time", which wants a zone.
ShownTime = Annotated[time, PlainSerializer(time.isoformat, return_type=str, when_used="json")]
Instant = Annotated[datetime, PlainSerializer(_seconds, return_type=str, when_used="json")]


class Wire(BaseModel):
    """A message to us: nothing unknown, nothing coerced, no infinite numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The message in a body. raises: ValidationError for everything in it that does not fit."""
        return cls.model_validate_json(raw)


class Told(BaseModel):
    """A message from us."""

    model_config = ConfigDict(extra="forbid")


def example(**values: Any) -> ConfigDict:
    """The model configuration that shows `values` in the API description."""
    return ConfigDict(json_schema_extra={"example": values})


def exemplary(model: type[BaseModel]) -> Any:
    """The example of a model, for the examples of others that hold one."""
    extra: Any = model.model_config["json_schema_extra"]
    return extra["example"]
