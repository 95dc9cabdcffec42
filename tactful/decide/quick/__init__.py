"""Quick actions: which there are, and in which order somebody sees them. Pure, and the same alone as among many.

An action stands higher the more it is due for the person, the better it fits the page and the concept, and the more
often it was chosen: by the person here and at this time of the day, which counts for more the more of it there is, and
else by the people of the organisation.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import polars as pl

from tactful.decide.guardrails import ASKED_RAILS
from tactful.decide.quick.settings import ACTIONS
from tactful.decide.rules import Rules
from tactful.facts.quick import Action
from tactful.kernel.settings import Settings

BUILT_IN, SETTINGS, HOST = KINDS = ("built-in", "settings", "host")
KIND = "quick_action"
# The built-in ones in the order in which they stand where nothing is known. Their words are in compose.quick.
REVIEW, STREAK, CONTINUE, EXPLAIN = "review_fading", "keep_streak", "continue", "explain_concept"
PROGRESS, PREFERENCES, QUIET = "see_progress", "preferences", "quiet"
OURS = tuple(
    Action(name, "", BUILT_IN, action=action)
    for name, action in (
        (REVIEW, "review"), (STREAK, "start"), (CONTINUE, "resume"), (EXPLAIN, "explain"),
        (PROGRESS, "progress"), (PREFERENCES, "preferences"), (QUIET, "quiet"),
    )
)  # fmt: skip
NAMES = frozenset(each.id for each in OURS)
# How much what is due weighs beside shares of choices, which sum to 1; and what fits.
DUE = {REVIEW: 0.6, STREAK: 0.5}
FITS_CONCEPT, FITS_PAGE = 0.3, 0.2
# So many choices of somebody's own weigh as much as what others choose.
PRIOR = 4.0


def registry(settings: Settings, host: Iterable[Action] = ()) -> list[Action]:
    """Every action, ours first, then those of the settings, then the page's own.

    One of the page that has the id of another stands in its place, so that a page may say where ours lead to.
    """
    found = {each.id: each for each in (*OURS, *of_settings(settings[ACTIONS]))}
    return list((found | {each.id: each for each in host}).values())


def of_settings(text: str) -> tuple[Action, ...]:
    """The actions that a setting names; the setting was checked when it was read."""
    rows: list[dict[str, Any]] = json.loads(text) if text else []
    return tuple(Action(kind=SETTINGS, **row) for row in rows)


def rules(made: Rules) -> Rules:
    """The rules by which something due is raised: guard rails of what is asked for, and no trigger of a tick."""
    return made.replace(rails=ASKED_RAILS)


def fits(action: Action, page: str, concept: str | None) -> float:
    """How well an action fits a page and a concept [0..1].

    >>> fits(Action("forum", "Ask", SETTINGS, keywords=["limits"]), "lesson", "Limits")
    0.3
    """
    words = set(re.findall(r"\w+", (concept or "").casefold()))
    named = {word for keyword in action.keywords for word in re.findall(r"\w+", keyword.casefold())}
    about = bool(concept) and (action.id == EXPLAIN or bool(words & named))
    return FITS_CONCEPT * about + FITS_PAGE * (page in action.pages)


def rank(items: pl.DataFrame) -> pl.DataFrame:
    """`items`, lines of ITEM, with `share` (0..1) and `score`; of each `number` the best first.

    Shares are those of choices among what is listed, each kind shrunk to a broader one: those of everybody to an equal
    share, on this page to those, the person's own to that, and so on. Of like score the registry's order counts.
    """
    even = 1.0 / pl.len().over("number")
    share = even
    for column in ("others", "others_here", "own", "own_here", "own_now"):
        share = (pl.col(column) + PRIOR * share) / (pl.col(column).sum().over("number") + PRIOR)
    scored = items.with_columns(share.alias("share"))
    scored = scored.with_columns((pl.col("due") + pl.col("fits") + pl.col("share")).round(9).alias("score"))
    return scored.sort("number", "score", "place", descending=[False, True, False])
