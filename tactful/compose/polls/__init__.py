"""What is said to a live audience and to its organisers: polls, prompts, notices, achievements.

`suitable` answers what fits a moment, `render` puts it into words. Templates are data, in `texts/`.
"""

from tactful.compose.polls.choosing import suitable
from tactful.compose.polls.library import library, named
from tactful.compose.polls.rendering import render
from tactful.compose.polls.template import (
    CHAT_PROMPT,
    GAMIFICATION,
    KINDS,
    NOTIFICATION,
    POLL,
    Context,
    Template,
)

__all__ = [
    "CHAT_PROMPT",
    "GAMIFICATION",
    "KINDS",
    "NOTIFICATION",
    "POLL",
    "Context",
    "Template",
    "library",
    "named",
    "render",
    "suitable",
]
