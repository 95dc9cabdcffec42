"""Can we trust the models? What each belief says and what came of it, what serves and why, and learning anew."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tactful.console.looking_back import errands
from tactful.console.looking_back.beliefs import BELIEFS, CURVE, MEASURES, NAMES, POINT, Judged
from tactful.console.pages import ADMIN, ORGANISER, Act, Page, Question
from tactful.console.tables import Table
from tactful.console.visit import Answer, Gone, Shown, Visit
from tactful.kernel.errors import BadInput, Conflict
from tactful.learn.drifting import OTHERS
from tactful.learn.monitoring import CASES, LEAST
from tactful.learn.promotion import FEWEST
from tactful.learn.promotion import LEAST as JUDGED
from tactful.uses.errands import RECKON, TRAIN

QUESTION = Question("models", "Can we trust the models?", "model")
# What is usual of people's hours is learned, too, and stands behind timing; it is no belief of its own.
HOURS = "hours"
CHOICES = tuple(belief.name for belief in BELIEFS)
MOST_VERSIONS = 50
OVERVIEW = ("belief", "serves", "since", "due", "judged", "came_true", *MEASURES, "covered", "warnings")
VERSION = (
    "capability",
    "version",
    "trained_at",
    "promoted_at",
    "retired_at",
    "lessons",
    "people",
    "decided_by",
    "reason",
)


async def _show(visit: Visit) -> Answer:
    if (alone := await errands.part(visit, TRAIN)) is not None:
        return alone
    return await _shown(visit)


async def _shown(visit: Visit, error: Exception | None = None) -> Shown:
    chosen = visit.choice("belief", CHOICES)
    engine, organisation = visit.engine, visit.organisation
    told = [await engine.belief(organisation, belief.name) for belief in BELIEFS]
    serving, known, versions, train, reckon = await asyncio.gather(
        engine.serving(organisation),
        engine.effects(organisation, days=30),
        engine.learned(organisation),
        errands.errand(visit, TRAIN),
        errands.errand(visit, RECKON),
    )
    judged = [
        Judged(belief, each["at"], each["body"], each["kept"]) for belief, each in zip(BELIEFS, told, strict=True)
    ]
    coverage = known["body"]["coverage"] if known["body"] else {}
    ours = [
        row for row in versions if row["capability"] == chosen or (chosen == "timing" and row["capability"] == HOURS)
    ]
    values = {
        "judged": judged,
        "chosen": next(each for each in judged if each.belief.name == chosen),
        "serving": serving,
        "coverage": coverage,
        "versions": ours[: visit.rows],
        "shared": [row for row in serving.values() if row["shared"]],
        "measures": MEASURES,
        "said_by": NAMES,
        "errand": train if train and (train["open"] or not reckon or not reckon["open"]) else reckon,
        "error": error,
        "least": {"interval": CASES, "warning": LEAST, "cases": JUDGED, "people": FEWEST, "drift": OTHERS},
    }
    return Shown("models.html", values, _tables(values, versions), status=getattr(error, "status", 200))


def _tables(values: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]) -> list[Table]:
    chosen: Judged = values["chosen"]
    return [
        Table("beliefs", OVERVIEW, [_overview(each, values) for each in values["judged"]]),
        Table("versions", VERSION, [[row[name] for name in VERSION] for row in versions]),
        Table("over_time", POINT, [[row[name] for name in POINT] for row in chosen.points]),
        Table("calibration", CURVE, [[row[name] for name in CURVE] for row in chosen.curve]),
    ]


def _overview(each: Judged, values: Mapping[str, Any]) -> list[Any]:
    name, body = each.belief.name, each.body or {}
    serves, coverage = values["serving"].get(name), values["coverage"]
    figures = [each.figures.get(measure, {}).get("value") for measure in MEASURES]
    covered = coverage[name] / coverage["active"] if coverage.get("active") else None
    version = ["rule", None] if serves is None else [f"version {serves['version']}", serves["promoted_at"]]
    return [
        name,
        *version,
        body.get("beliefs"),
        body.get("settled"),
        body.get("left"),
        *figures,
        covered,
        each.warnings,
    ]


async def _train(visit: Visit) -> Answer:
    return await errands.ask(visit, TRAIN, "models")


async def _reckon(visit: Visit) -> Answer:
    return await errands.ask(visit, RECKON, "models")


async def _set_back(visit: Visit) -> Answer:
    capability, reason = visit.form.get("capability", ""), visit.form.get("reason", "")
    version, actor = visit.number("version"), visit.operator.actor
    try:
        if not reason.strip():
            raise BadInput("Say why it is set back; others will ask.", fields=["reason"])
        made = await visit.engine.set_back(visit.organisation, capability, version, reason=reason, actor=actor)
    except (BadInput, Conflict) as error:
        return await _shown(visit, error)
    what = f"version {version}, as version {made}" if made else "what was told before anything was learned"
    return Gone(f"models?belief={capability if capability in CHOICES else CHOICES[0]}", f"Serving now: {what}.")


PARTS = (
    Page("models", _show),
    Act("models/train", _train, ADMIN),
    Act("models/reckon", _reckon, ORGANISER),
    Act("models/set-back", _set_back, ADMIN),
)
