"""The frame that help in context is decided from: one row for each question, where somebody is and what they do there.

Like MOMENT, but only what binds help in context is known, and what the page told. A column that is null is unknown.
"""

from dataclasses import dataclass

import polars as pl
from polars._typing import PolarsDataType

# What the page told: where they are, and what they did on the section they are looking at.
BEHAVIOUR: dict[str, PolarsDataType] = {
    "page": pl.String,
    "topic": pl.String,
    "content_id": pl.String,
    "concept": pl.String,
    # what help would be about: the concept, or what stands for it; always told, in small letters
    "about": pl.String,
    # seconds on the section; bursts of scrolling; times the pointer rested on a control without pressing it
    "time_on_section": pl.Float64,
    "scroll_count": pl.Int64,
    "mouse_hesitations": pl.Int64,
}

# What is stored of them, as of the instant; names as in MOMENT.
KNOWN: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    "zone": pl.String,
    "locale": pl.String,
    "seed": pl.Int64,
    "consented": pl.Boolean,
    "dnd": pl.Boolean,
    "max_per_day": pl.Int32,
    "disabled_kinds": pl.List(pl.String),
    "disabled_channels": pl.List(pl.String),
    "attention_day": pl.Date,
    "in_context_today": pl.Int32,
    "critical_today": pl.Int32,
    "last_by_kind": pl.String,
    "paused_kinds": pl.List(pl.String),
    "paused_channels": pl.List(pl.String),
    "shadow_kinds": pl.List(pl.String),
    # what the catalogue calls the content
    "content_title": pl.String,
    # whether they have tried this content before
    "attempted": pl.Boolean,
    # the latest belief of today that they will struggle with it (0..1), how sure that is (0..1), and its number
    "prediction_id": pl.Int64,
    "struggle_probability": pl.Float64,
    "struggle_confidence": pl.Float64,
    # whether they dismissed help about the same on their present local day
    "dismissed_today": pl.Boolean,
    # of the last row that the ledger has about help for them
    "ledger_print": pl.Int64,
}

# Whether that belief is reason to offer help.
FORESEEN = {"foreseen": pl.Boolean}
LOCAL = {"local_day": pl.Date, "local_minute": pl.Int32}
# Always null: quiet hours do not bind help in context, and nothing of it waits for their end.
QUIET = {"quiet_start": pl.Int32, "quiet_end": pl.Int32}

HERE: dict[str, PolarsDataType] = {**KNOWN, **BEHAVIOUR, **FORESEEN, **LOCAL, **QUIET}

# What the ledger keeps of it: enough to tell every reason again.
TOLD = (
    *BEHAVIOUR, "attempted", "prediction_id", "struggle_probability", "struggle_confidence", "foreseen",
    "dismissed_today", "in_context_today", "local_minute",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A page asks whether to help somebody there.

    time_on_section: seconds. scroll_count: bursts of scrolling on it. mouse_hesitations: times the pointer rested on a
    control without pressing it.
    """

    organisation: str
    person: str
    page: str
    topic: str | None = None
    content_id: str | None = None
    concept: str | None = None
    time_on_section: float = 0.0
    scroll_count: int = 0
    mouse_hesitations: int = 0

    @property
    def about(self) -> str:
        """What help would be about: the concept, or what stands for it."""
        return (self.concept or self.content_id or self.topic or self.page).strip().casefold()
