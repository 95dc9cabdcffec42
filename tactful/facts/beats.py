"""What becomes of presence beats."""

from enum import StrEnum


class Heard(StrEnum):
    """What became of a beat; nothing is stored of any but the first."""

    OK = "ok"
    NO_CONSENT = "no_consent"
    ERASED = "erased"
    TOO_OLD = "too_old"
